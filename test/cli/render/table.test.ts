import { describe, expect, test } from "vitest";
import { renderCommandLine } from "../../../src/cli/render/command-line.ts";
import {
  countOf,
  cutList,
  formatCount,
  formatDuration,
  renderPairs,
  renderTable,
} from "../../../src/cli/render/table.ts";
import { showVisibly, writeJson } from "../../../src/cli/render/visible-text.ts";

test("columns are aligned, numbers on the right", () => {
  const rows = [
    ["source-not-found", 3, null],
    ["x", 1200, "y"],
  ];
  expect(renderTable({ headings: ["code", "rows", "why"], rows }, "")).toEqual([
    "code               rows  why",
    "source-not-found      3",
    "x                 1,200  y",
  ]);
});

test("pairs are aligned", () => {
  expect(
    renderPairs(
      [
        ["a", "1"],
        ["bcd", "2"],
      ],
      "",
    ),
  ).toEqual(["a    1", "bcd  2"]);
});

test.each([
  [0, "0"],
  [999, "999"],
  [1000, "1,000"],
  [1234567, "1,234,567"],
])("%i is written %o", (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test("one row is not rows", () => {
  expect([countOf(1, "row"), countOf(0, "row"), countOf(2, "user is", "users are")]).toEqual([
    "1 row",
    "0 rows",
    "2 users are",
  ]);
});

test.each([
  [0, "0 s"],
  [0.2, "1 s"],
  [59, "59 s"],
  [60, "1 min"],
  [61, "1 min 1 s"],
  [3600, "1 h"],
  [7260, "2 h 1 min"],
])("%d seconds are %o", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test("a long list says how many more there are and where", () => {
  expect(cutList([1, 2, 3], 2, "plan.csv", String)).toEqual(["1", "2", "  and 1 more: see plan.csv"]);
  expect(cutList([1, 2], 2, "plan.csv", String)).toEqual(["1", "2"]);
});

describe("text from outside", () => {
  test.each([
    ["a\u001b[2Jb", "a<U+001B>[2Jb"],
    ["a\nb\tc", "a<U+000A>b<U+0009>c"],
    ["\u202eevil", "<U+202E>evil"],
    ["\u200b\u00ad\ufeff\u00a0", "<U+200B><U+00AD><U+FEFF><U+00A0>"],
    ["\u{e0041}", "<U+E0041>"],
    ["Zoë Müller 李", "Zoë Müller 李"],
  ])("%o is shown as %o", (text, shown) => {
    expect(showVisibly(text)).toBe(shown);
  });

  test("JSON keeps the exact value and holds nothing that a terminal obeys", () => {
    const value = { name: "\u001b[2J\u202e\u009b\u{e0041}é" };
    const json = writeJson(value);
    expect(JSON.parse(json)).toEqual(value);
    expect(json).toMatch(/^[\n -~é]*$/);
  });
});

test.each([
  [["apply", "runs/a-1"], "apply runs/a-1"],
  [["apply", "my runs/a"], 'apply "my runs/a"'],
  [["apply", "runs\\a"], "apply runs\\a"],
  [["apply", "it's $5"], "apply 'it'\\''s $5'"],
])("%j is typed as %s", (words, line) => {
  expect(renderCommandLine(words)).toBe(line);
});
