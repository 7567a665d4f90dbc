/** A very large run that is taken up again, in a process of its own whose heap is bounded. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openDatabase } from "../../../src/adapters/run-folder/run-database.ts";
import { storeEvents } from "../../../src/adapters/run-folder/stored-journal.ts";
import { makeFolderShelf } from "./folder-shelf.ts";
import { ABOUT, ATTEMPT, guidOf, OBSERVATION, planOf } from "./sample-run.ts";

/** `npm run reliability:cases` takes 100,000, which need half a minute to be made. */
const ROWS = Number(process.env.HARDMATCH_LARGE_ROWS ?? 20_000);
/** Of the heap; a row, its change and three lines of the journal are some 5 KiB of objects. */
const MOST_HEAP_MIB = 64 + Math.ceil((ROWS * 6) / 1024);
const MOST_RESIDENT_MIB = MOST_HEAP_MIB + 200;

const made = makeFolderShelf();
afterAll(() => made.remove());

/** Every row was sent, accepted and read back, but for the last, of which only the intent is there. */
function makeLargeRun(folder: string): void {
  made.shelf.create(folder, planOf(ROWS), ABOUT).close();
  const database = openDatabase(join(folder, "run.sqlite"), "write");
  database.exec("BEGIN IMMEDIATE");
  let seq = 0;
  for (let row = 2; row < ROWS + 2; row += 1) {
    seq += 1;
    const attempt = seq;
    const intent = {
      ...ATTEMPT,
      row,
      objectId: guidOf(row + 0x1000),
      kind: "intent",
      runId: ABOUT.runId,
      seq,
    } as const;
    storeEvents(database, ABOUT.runId, [intent]);
    if (row === ROWS + 1) break;
    for (const kind of ["accepted", "verified"] as const) {
      seq += 1;
      storeEvents(database, ABOUT.runId, [{ ...OBSERVATION, row, kind, attempt, seq }]);
    }
  }
  database.exec("COMMIT");
  database.close();
}

test(`D30: a resume of a run of ${ROWS} rows reads plan and journal within ${MOST_RESIDENT_MIB} MiB`, () => {
  const folder = made.folderOf("large");
  makeLargeRun(folder);
  const child = join(import.meta.dirname, "children/load-run.ts");
  const words = [`--max-old-space-size=${MOST_HEAP_MIB}`, child, folder];
  const startMs = performance.now();
  const { lines, verified, residentMib } = JSON.parse(execFileSync(process.execPath, words, { encoding: "utf8" }));
  console.info(`${ROWS} rows: ${Math.round(residentMib)} MiB, ${Math.round(performance.now() - startMs)} ms`);
  expect([lines, verified]).toEqual([3 * ROWS - 2, ROWS - 1]);
  expect(residentMib).toBeLessThan(MOST_RESIDENT_MIB);
}, 300_000);
