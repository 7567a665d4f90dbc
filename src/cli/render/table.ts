/** Plain tables: columns aligned by spaces, readable in a terminal, a log and a mail. */
import { showVisibly } from "./visible-text.ts";

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

/** `12,345`: the same everywhere, whatever the machine's locale. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 row`, `12,345 rows`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `8 s`, `3 min 20 s`, `2 h 5 min`; rounded up, so that nobody is promised too little time. */
export function formatDuration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours > 0) return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
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
