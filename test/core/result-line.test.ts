import { expect, test } from "vitest";
import { describeMissingLines } from "../../src/core/result-line.ts";

for (const [first, last, afterRow, beforeRow, words] of [
  [
    3,
    3,
    4,
    6,
    "line 3 of 9 is missing, after a line of row 4 and before a line of row 6: what stood there is not known",
  ],
  [
    3,
    4,
    4,
    6,
    "lines 3 to 4 of 9 are missing, after a line of row 4 and before a line of row 6: what stood there is not known",
  ],
  [8, 9, 4, null, "lines 8 to 9 of 9 are missing, after a line of row 4: what stood there is not known"],
  [1, 2, null, 6, "lines 1 to 2 of 9 are missing, before a line of row 6: what stood there is not known"],
  [1, 9, null, null, "lines 1 to 9 of 9 are missing: what stood there is not known"],
] as const) {
  test(`missing lines in words: ${words}`, () => {
    expect(describeMissingLines({ first, last, total: 9, afterRow, beforeRow })).toBe(words);
  });
}
