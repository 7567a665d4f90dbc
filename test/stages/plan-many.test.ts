/** A large plan in a process of its own whose heap is bounded. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROWS = 20_000;
/** Of the heap; a row takes some 0.4 KiB of it, and what is packed lies outside. 28 MiB were too few, 32 were enough. */
const MOST_HEAP_MIB = 40;
/** Node itself, the heap, garbage that stands for a moment, and the packed users and accounts. */
const MOST_RESIDENT_MIB = 300;

test(`a plan of ${ROWS} rows fits into a heap of ${MOST_HEAP_MIB} MiB`, () => {
  const child = join(import.meta.dirname, "children/plan-many.ts");
  const words = [`--max-old-space-size=${MOST_HEAP_MIB}`, child, String(ROWS)];
  const { changes, residentMib } = JSON.parse(execFileSync(process.execPath, words, { encoding: "utf8" }));
  console.info(`${ROWS} rows: ${Math.round(residentMib)} MiB`);
  expect(changes).toBe(ROWS);
  expect(residentMib).toBeLessThan(MOST_RESIDENT_MIB);
}, 300_000);
