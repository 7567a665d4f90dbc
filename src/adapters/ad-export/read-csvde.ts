/**
 * Reads what csvde writes: a header that begins with DN, commas, bytes as X'28d6...', several values joined by `;`.
 *
 * In a value `;` stands as `\;` and `\` as `\\`. Bytes are hexadecimal, and so is a text that csvde could not write in its
 * code page. Only the most special object class is named.
 *
 * Source: csvde is described ("Csvde", Microsoft Learn), its syntax of values is not. It was taken from files of real
 * domains in public repositories: IAMDbMsAdScriptTest.java, a log collector's test with a header, users and computers of
 * Windows Server 2008 R2 (X'...', several values, `\\`), and ad2aliases.py, a converter of `csvde -f` (X400 addresses with
 * `\;`). Checked 2026-11; no csvde was at hand. Whether DNs are escaped like values is not shown there, so both are read.
 */
import { parseDn } from "../../core/distinguished-name.ts";
import { type AttributeName, attributeNamed, hasSeveralValues, SIGNS_OF_EVERYTHING } from "./attributes.ts";
import type { ExportEntry, ExportValue } from "./export-entry.ts";
import type { ExportFile } from "./export-file.ts";
import { type ExportProblems, quoteValue } from "./export-problems.ts";
import { readRecords } from "./read-records.ts";
import { type Columns, fitsHeader, requireColumns } from "./table-header.ts";

const HEX = /^X'((?:[0-9a-f]{2})*)'$/i;

/**
 * Hands every entry to `take`, in order.
 *
 * @returns The attributes that have a column.
 * @throws {BatchError} input: as {@link readRecords} and {@link requireColumns}.
 */
export async function readCsvde(
  file: ExportFile,
  problems: ExportProblems,
  take: (entry: ExportEntry) => void,
): Promise<ReadonlySet<AttributeName>> {
  let columns: Columns | null = null;
  let signs: ReadonlySet<string> = new Set();
  for await (const { line, cells } of readRecords(file, ",")) {
    if (columns === null) {
      columns = ["distinguishedName", ...cells.slice(1).map(attributeOfColumn)];
      requireColumns(file.path, line, columns, "csvde");
      signs = new Set(
        cells.map((heading) => heading.toLowerCase()).filter((name) => SIGNS_OF_EVERYTHING.includes(name)),
      );
    } else if (fitsHeader(line, cells, columns, problems)) {
      const before = problems.count;
      const values = readValues(line, cells, columns, problems);
      if (problems.count === before) take({ line, values, signs });
    }
  }
  return new Set(columns?.filter((column) => column !== null));
}

/** The column distinguishedName says the first one again. */
function attributeOfColumn(heading: string): AttributeName | null {
  const attribute = attributeNamed(heading);
  return attribute === "distinguishedName" || attribute === "Enabled" ? null : attribute;
}

function readValues(
  line: number,
  cells: readonly string[],
  columns: Columns,
  problems: ExportProblems,
): Map<AttributeName, ExportValue[]> {
  const values = new Map<AttributeName, ExportValue[]>();
  for (const [index, cell] of cells.entries()) {
    const attribute = columns[index] ?? null;
    if (attribute === null || cell === "") continue;
    const written = hasSeveralValues(attribute) ? splitValues(cell) : [cell];
    const read = written.flatMap((value): ExportValue[] => {
      if (!/^X'/i.test(value)) return [index === 0 ? readDn(value) : unescapeValue(value)];
      const hex = HEX.exec(value)?.[1];
      if (hex !== undefined) return [Buffer.from(hex, "hex")];
      problems.add(line, attribute, `found ${quoteValue(value)}, which is not X'...' with pairs of hexadecimal digits`);
      return [];
    });
    if (read.length > 0) values.set(attribute, read);
  }
  return values;
}

/** A DN as written, or, where that is none, as it is if csvde has escaped it like a value: `CN=Smith\\, Ada`. */
function readDn(written: string): string {
  const unescaped = unescapeValue(written);
  return parseDn(written) === null && parseDn(unescaped) !== null ? unescaped : written;
}

/** At every `;` that no backslash stands before. */
function splitValues(cell: string): string[] {
  return cell.match(/(?:\\.|[^;\\])+/gs) ?? [];
}

function unescapeValue(value: string): string {
  return value.replace(/\\([\\;])/g, "$1");
}
