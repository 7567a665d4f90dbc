/** The header of an export in CSV: which columns are read, which must be there, and rows that do not fit it. */

import { type AttributeName, REQUIRED_ATTRIBUTES } from "./attributes.ts";
import { EXPORT_COMMANDS, type ExportFormat } from "./export-formats.ts";
import { type ExportProblems, quoteValue, refuseExport } from "./export-problems.ts";

/** What each column holds; `null` for one that is not read. */
export type Columns = readonly (AttributeName | null)[];

/**
 * Refuses a header that leads nowhere.
 *
 * @throws {BatchError} input: attributes without which nothing can be found are no columns, all of them named; or two
 *   columns are the same one, of which only a guess could say which counts.
 */
export function requireColumns(path: string, line: number, columns: Columns, format: ExportFormat): void {
  const read = columns.filter((column) => column !== null);
  const twice = read.find((column, index) => read.indexOf(column) !== index);
  if (twice !== undefined) {
    throw refuseExport(path, `line ${line} has two columns ${twice}`, "Take the wrong one out, or export again.");
  }
  refuseMissing(path, new Set(read), format);
}

/** @throws {BatchError} input: not everything that is needed is among the `known` attributes. */
export function refuseMissing(path: string, known: ReadonlySet<AttributeName>, format: ExportFormat): void {
  const missing = REQUIRED_ATTRIBUTES.filter((name) => !known.has(name));
  if (missing.length === 0) return;
  throw refuseExport(
    path,
    `the export does not hold ${missing.join(", ")}`,
    `Export again: ${EXPORT_COMMANDS[format]}`,
  );
}

/** @returns Whether the row has as many cells as the header; a problem is added when not. */
export function fitsHeader(
  line: number,
  cells: readonly string[],
  columns: Columns,
  problems: ExportProblems,
): boolean {
  if (cells.length === columns.length) return true;
  problems.add(
    line,
    null,
    `found ${cells.length} fields under ${columns.length} headings, beginning with ${quoteValue(cells[0] ?? "")}: the line was cut or changed`,
  );
  return false;
}
