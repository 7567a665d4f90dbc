/** Plain tables: columns aligned by spaces, readable in a terminal, a log and a mail. */
import { formatCount } from "../../core/words.ts";
import { showVisibly } from "./visible-text.ts";

export { countOf, formatCount, formatDuration } from "../../core/words.ts";

export type Table = {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
};

/** @returns One line each; numbers stand on the right of their column. */
export function renderTable({ headings, rows }: Table, indent = "  "): string[] {
  const texts = rows.map((row) =>
    row.map((cell) => (cell === null ? "" : showVisibly(typeof cell === "number" ? formatCount(cell) : cell))),
  );
  const widths = headings.map((heading, column) =>
    texts.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), heading.length),
  );
  const isNumeric = headings.map(
    (_heading, column) => rows.length > 0 && rows.every((row) => typeof row[column] === "number"),
  );
  const line = (cells: readonly string[]) =>
    `${indent}${cells.map((cell, column) => (isNumeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join("  ")}`.trimEnd();
  return [line(headings), ...texts.map(line)];
}

/** Labels and what they say, one a line, the second column aligned. */
export function renderPairs(pairs: readonly (readonly [string, string])[], indent = "  "): string[] {
  const width = pairs.reduce((widest, [label]) => Math.max(widest, label.length), 0);
  return pairs.map(([label, text]) => `${indent}${label.padEnd(width)}  ${showVisibly(text)}`.trimEnd());
}

/** The first lines of a list, and how many more there are and where. */
export function cutList<Value>(
  values: readonly Value[],
  most: number,
  whereTheRestIs: string,
  render: (value: Value) => string,
): string[] {
  const shown = values.slice(0, most).map(render);
  return values.length > most
    ? [...shown, `  and ${formatCount(values.length - most)} more: see ${whereTheRestIs}`]
    : shown;
}
