/** Every case of the catalogue of faults has a test that is named for it, or says why it has none. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AREA_SIZES, CATALOGUE, type CatalogueId, MOST_NOT_ON_CI, NOT_ON_CI, PENDING } from "./catalogue.ts";

const ALL = Object.keys(CATALOGUE);

/** A text that begins as a title does, `A07: ...` or `A05, A06: ...` where one test shows two cases; or a table's cell of it. */
const TITLE = /["'`]((?:[A-Z]\d\d, )*[A-Z]\d\d)(?:: \S|["'`])/g;

/** Which files have titles with each number: tests, and the suites that several tests share. */
function findTitles(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts") || name.startsWith("catalogue.")) continue;
    for (const [, ids = ""] of readFileSync(join(import.meta.dirname, name), "utf8").matchAll(TITLE)) {
      for (const id of ids.split(", ")) found.set(id, [...(found.get(id) ?? []), name]);
    }
  }
  return found;
}

const titles = findTitles();
const outside = new Set<string>([...PENDING, ...Object.keys(NOT_ON_CI)]);

test("every case of the catalogue stands in the title of a test, is pending, or cannot run on CI", () => {
  const missing = ALL.filter((id) => !titles.has(id) && !outside.has(id));
  const tested = ALL.filter((id) => titles.has(id)).length;
  console.log(
    `catalogue of faults: ${tested} of ${ALL.length} cases have a test by their number, ${PENDING.length} pending, ${Object.keys(NOT_ON_CI).length} not on CI`,
  );
  expect(missing.map((id) => `${id}: ${CATALOGUE[id as CatalogueId]}`)).toEqual([]);
});

test("a case that has a test is not pending any more, and no pending case is listed twice", () => {
  expect(PENDING.filter((id) => titles.has(id))).toEqual([]);
  expect(new Set(PENDING).size).toBe(PENDING.length);
});

test("no title names a case that the catalogue does not know", () => {
  const unknown = [...titles].filter(([id]) => !Object.hasOwn(CATALOGUE, id));
  expect(unknown).toEqual([]);
});

test("the catalogue has all its cases, numbered through, each with a meaning of its own", () => {
  const expected = Object.entries(AREA_SIZES).flatMap(([area, size]) =>
    Array.from({ length: size }, (_, index) => `${area}${String(index + 1).padStart(2, "0")}`),
  );
  expect(ALL).toEqual(expected);
  expect(new Set(Object.values(CATALOGUE)).size).toBe(ALL.length);
});

test("what cannot run on CI is about disk, process and time, has no test, and says what stands in for it", () => {
  const entries = Object.entries(NOT_ON_CI);
  expect(entries.length).toBeLessThanOrEqual(MOST_NOT_ON_CI);
  for (const [id, { reason, standIn }] of entries) {
    expect(id).toMatch(/^D/);
    expect([titles.has(id), PENDING.includes(id as CatalogueId)], id).toEqual([false, false]);
    expect(reason.length * standIn.length, id).toBeGreaterThan(0);
  }
});
