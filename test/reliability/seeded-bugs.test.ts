import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SEEDED_BUGS } from "./seeded-bugs.ts";

test.each(SEEDED_BUGS)("the seeded bug $name fits the source in exactly one place", ({ file, edits, caughtBy }) => {
  const source = readFileSync(file, "utf8");
  for (const { find } of edits) expect(source.split(find)).toHaveLength(2);
  expect(existsSync(caughtBy)).toBe(true);
});

test("seeded bugs have names of their own", () => {
  expect(new Set(SEEDED_BUGS.map(({ name }) => name)).size).toBe(SEEDED_BUGS.length);
});
