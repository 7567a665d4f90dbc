import fc from "fast-check";
import { expect, test } from "vitest";
import { guardCell, unguardCell } from "../../../src/adapters/csv/cells.ts";

const CASES: readonly { readonly text: string; readonly cell: string }[] = [
  { text: "", cell: "" },
  { text: "ada", cell: "ada" },
  { text: "+4sGd==", cell: "'+4sGd==" },
  { text: '=HYPERLINK("http://x")', cell: `'=HYPERLINK("http://x")` },
  { text: "-1", cell: "'-1" },
  { text: "@SUM(A1)", cell: "'@SUM(A1)" },
  { text: "\t=1", cell: "'\t=1" },
  { text: "\r=1", cell: "'\r=1" },
  { text: "\n=1", cell: "'\n=1" },
  { text: "\uFF1D1+1", cell: "'\uFF1D1+1" },
  { text: "\uFF0B1", cell: "'\uFF0B1" },
  { text: "\uFF0D1", cell: "'\uFF0D1" },
  { text: "\uFF20x", cell: "'\uFF20x" },
  { text: "'", cell: "''" },
  { text: "'=1", cell: "''=1" },
  { text: "''", cell: "'''" },
];

test("A20: a cell that a spreadsheet would run, or that begins with an apostrophe, gets one", () => {
  for (const { text, cell } of CASES) {
    expect(guardCell(text)).toBe(cell);
    expect(unguardCell(cell)).toBe(text);
  }
});

test("an apostrophe that guards nothing stays", () => {
  expect(unguardCell("'plain")).toBe("'plain");
  expect(unguardCell("'")).toBe("'");
});

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(fc.constantFrom("'", "=", "+", "-", "@", "\t", "\r", "\n", "a", "\uFF1D"), { maxLength: 5 })
    .map((parts) => parts.join("")),
);

test("A20: every text comes back, and no cell begins with what would be run", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const cell = guardCell(text);
      expect(unguardCell(cell)).toBe(text);
      expect(cell).not.toMatch(/^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/);
    }),
    { numRuns: 2000 },
  );
});
