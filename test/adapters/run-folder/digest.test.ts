import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { checkFields, digest } from "../../../src/adapters/run-folder/digest.ts";

test("digest is the SHA-256 of all texts together, however they are cut", () => {
  const known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  expect([digest(["abc"]), digest(["a", "", "bc"])]).toEqual([known, known]);
  expect(digest([])).toBe(createHash("sha256").digest("hex"));
  expect(digest(["é\n"])).toBe(
    createHash("sha256")
      .update(Buffer.from([0xc3, 0xa9, 0x0a]))
      .digest("hex"),
  );
});

test("checkFields differs whenever a field differs or moves", () => {
  const sets: (string | number)[][] = [
    ["a", "b"],
    ["ab", ""],
    ["", "ab"],
    ["a", "b", ""],
    ["b", "a"],
    ["a,b"],
    ['a","b'],
    [1, 23],
    [12, 3],
    ["1", "23"],
  ];
  expect(new Set(sets.map(checkFields)).size).toBe(sets.length);
  expect(checkFields(["a", 1])).toMatch(/^[0-9a-f]{32}$/);
});
