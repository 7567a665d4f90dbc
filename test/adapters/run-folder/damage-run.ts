/**
 * A run whose files are damaged in every way that a disk has, and what a reader then sees: a state that was committed, a
 * refusal, or, which must never be, anything else.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BatchError } from "../../../src/core/errors.ts";
import { drawNumber } from "../../../src/sim/company/person.ts";
import { type FolderTestShelf, startChild } from "./folder-shelf.ts";
import { ABOUT, ATTEMPT, DECISIONS, OBSERVATION, planOf } from "./sample-run.ts";

/** Page size of a run's database: SQLite's default. */
const PAGE_BYTES = 4096;

export type Verdicts = {
  readonly tried: number;
  /** Opened, at a state that had been committed. */
  readonly whole: number;
  readonly refused: number;
  /** Neither: each with the place of the damage. */
  readonly wrong: readonly string[];
};

export type DamagedRun = {
  readonly folder: string;
  readonly file: string;
  /** run.sqlite as it was committed. */
  readonly committed: Buffer;
  /** What was left of it by a process that died in the middle of a transaction, and its rollback journal. */
  readonly torn: Buffer;
  readonly journal: Buffer;
  /** Everything the run says, or the message of its refusal. @throws Whatever is no refusal. */
  read(): unknown;
  /** Puts these bytes in place and judges what a reader sees. */
  judge(place: string, database: Buffer, journal?: Buffer): void;
  readonly verdicts: Verdicts;
};

export async function makeDamagedRun(made: FolderTestShelf, name = "run"): Promise<DamagedRun> {
  const folder = made.folderOf(name);
  const file = join(folder, "run.sqlite");
  const journalFile = `${file}-journal`;
  const run = made.shelf.create(folder, planOf(12), ABOUT);
  run.storeDecisions(DECISIONS);
  await run.intend({ ...ATTEMPT, before: "the-old-value" });
  run.observe(OBSERVATION);
  for (let line = 0; line < 40; line += 1) await run.intend(ATTEMPT);
  run.close();
  const read = () => readAll(made, folder);
  const whole = JSON.stringify(read());
  const committed = readFileSync(file);
  const { signal, errors } = await startChild("die-in-transaction.ts", file, "43").ended;
  if (signal !== "SIGKILL") throw new Error(`the child was not killed: ${errors}`);
  const [torn, journal] = [readFileSync(file), readFileSync(journalFile)];
  if (torn.equals(committed)) throw new Error("the child died before it had written a page");
  let [tried, opened, refused] = [0, 0, 0];
  const wrong: string[] = [];
  return {
    ...{ folder, file, committed, torn, journal, read },
    judge(place, database, withJournal) {
      writeFileSync(file, database);
      if (withJournal === undefined) rmSync(journalFile, { force: true });
      else writeFileSync(journalFile, withJournal);
      tried += 1;
      const seen = read();
      if (typeof seen === "string") refused += 1;
      else if (JSON.stringify(seen) === whole) opened += 1;
      else wrong.push(`${place}: ${JSON.stringify(seen).slice(0, 200)}`);
    },
    get verdicts() {
      return { tried, whole: opened, refused, wrong };
    },
  };
}

function readAll(made: FolderTestShelf, folder: string): unknown {
  try {
    const run = made.shelf.open(folder, "read");
    try {
      return [run.about, run.readPlan(), run.readDecisions(), run.readJournal(), run.readEnd()];
    } finally {
      run.close();
    }
  } catch (error) {
    if (error instanceof BatchError) return error.message;
    throw error;
  }
}

/** Power fails before the journal is on disk: of it there is a part, and of the new pages nothing. */
export function cutUnsyncedJournal({ judge, committed, journal }: DamagedRun, stepBytes: number): void {
  for (let length = 0; length <= journal.length; length += stepBytes) {
    judge(`${length} bytes of the journal`, committed, journal.subarray(0, length));
  }
}

/** Power fails while pages are written: each is old or new, in any mixture, and the journal is whole. */
export function mixPages({ judge, committed, torn, journal }: DamagedRun, mixtures: number, seed: number): void {
  for (let mixture = 0; mixture < mixtures; mixture += 1) {
    const mixed = Buffer.from(committed);
    for (let start = 0; start < committed.length; start += PAGE_BYTES) {
      if (drawNumber(seed, `mixture ${mixture}, page ${start}`, 2) === 0) continue;
      // A page may be torn in itself: the disk keeps whole sectors only.
      const bytes = 512 * (1 + drawNumber(seed, `mixture ${mixture}, sectors of ${start}`, 8));
      torn.copy(mixed, start, start, Math.min(start + bytes, committed.length));
    }
    judge(`mixture ${mixture}`, mixed, journal);
  }
}

/** The journal that leads back is cut although pages were written: more than a power cut can do. */
export function cutNeededJournal({ judge, torn, journal }: DamagedRun, stepBytes: number): void {
  for (let length = 0; length < journal.length; length += stepBytes) {
    judge(`${length} bytes of the needed journal`, torn, journal.subarray(0, length));
  }
}

/** run.sqlite itself is cut off. */
export function cutDatabase({ judge, committed }: DamagedRun, stepBytes: number): void {
  for (let length = 0; length < committed.length; length += stepBytes) {
    judge(`${length} bytes of run.sqlite`, committed.subarray(0, length));
  }
}

/** One bit in each of the bytes is flipped. */
export function flipBits({ judge, committed }: DamagedRun, stepBytes: number, firstByte = 0): void {
  for (let place = firstByte; place < committed.length; place += stepBytes) {
    const flipped = Buffer.from(committed);
    flipped[place] = (flipped[place] ?? 0) ^ (1 << (place % 8));
    judge(`byte ${place} flipped`, flipped);
  }
}

/** The journal is gone, which is all that a copy of run.sqlite alone would show. */
export function loseJournal({ judge, torn }: DamagedRun): void {
  judge("the journal is gone", torn);
}
