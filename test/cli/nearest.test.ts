import { expect, test } from "vitest";
import { countEdits, findNearest } from "../../src/cli/nearest.ts";

test.each([
  ["", "", 0],
  ["abc", "abc", 0],
  ["kitten", "sitting", 3],
  ["", "abc", 3],
  ["ab", "ba", 2],
])("from %o to %o it takes %i edits", (left, right, edits) => {
  expect(countEdits(left, right)).toBe(edits);
  expect(countEdits(right, left)).toBe(edits);
});

const KEYS = ["clientId", "certificateFile", "secretEnv", "tokenEnv"];
test.each([
  ["clientID", "clientId"],
  ["certifcateFile", "certificateFile"],
  ["secret_env", "secretEnv"],
  ["colour", null],
  ["", null],
])("the nearest to %o is %o", (word, nearest) => {
  expect(findNearest(word, KEYS)).toBe(nearest);
});
