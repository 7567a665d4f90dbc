import { describe, expect, test } from "vitest";
import { chooseRows, parseRowRanges, writeRowRanges } from "../../src/cli/row-ranges.ts";

describe("a choice of rows", () => {
  test.each([
    ["17", "17"],
    ["17,40-52", "17,40-52"],
    [" 3 , 5 - 7 ", "3,5-7"],
    ["8-8", "8"],
  ])("%o is read as %o", (typed, meant) => {
    const ranges = parseRowRanges(typed);
    expect(ranges === null ? null : writeRowRanges(ranges)).toBe(meant);
  });

  test.each(["", ",", "3,", "0", "7-3", "a", "1-2-3", "-4", "1.5", "12345678901"])("%o is none", (typed) => {
    expect(parseRowRanges(typed)).toBeNull();
  });

  test("names the rows that there are, and the parts that name none", () => {
    const ranges = parseRowRanges("2-4,9,2000000") ?? [];
    const { rows, empty } = chooseRows(ranges, [2, 2, 4, 5]);
    expect([...rows]).toEqual([2, 4]);
    expect(writeRowRanges(empty)).toBe("9,2000000");
  });
});
