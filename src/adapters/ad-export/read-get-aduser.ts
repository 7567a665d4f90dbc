/**
 * Reads what `Get-ADUser | Export-Csv` writes.
 *
 * Export-Csv writes one text a cell, so a value of several texts or of bytes becomes the name of its type unless
 * Select-Object has joined or converted it. Such a column says nothing about anybody; it is left out, and that is said.
 * Its columns are those of the first user alone: an attribute without a column may be empty or not. A column that nobody
 * fills is one that Select-Object was told of and Get-ADUser was not.
 *
 * Source: Export-Csv and Get-ADUser of Windows PowerShell 5.1 and PowerShell 7 (Microsoft Learn); "Active Directory:
 * PowerShell AD Module Properties" (archived TechNet wiki, article 12031); exports in public repositories, such as
 * stamler/psFUN users_with_consistencyGuid.ps1 (base64 and BitConverter forms) and freethewhat/myScripts
 * get-aduser_with_ProxyAddresses.ps1 (joined by `;`). Checked 2026-11; no PowerShell was at hand.
 */
import { parseGuid } from "../../core/guid.ts";
import {
  type AttributeName,
  attributeNamed,
  attributeOfProperty,
  hasSeveralValues,
  OFTEN_EMPTY,
} from "./attributes.ts";
import type { ExportEntry, ExportValue } from "./export-entry.ts";
import type { ExportFile } from "./export-file.ts";
import { type ExportProblems, quoteValue } from "./export-problems.ts";
import { bytesOfBase64, bytesOfCell } from "./octets-text.ts";
import { readRecords } from "./read-records.ts";
import { type Columns, fitsHeader, requireColumns } from "./table-header.ts";

/** The name of a type where a value should be. */
const TYPE_NAME = /^(?:Microsoft\.ActiveDirectory\.Management\.AD\w+|System\.\w+\[\])$/;
/** What stands above the header: PowerShell 5's type line, Excel's separator line. */
const ABOVE_HEADER = /^(?:#TYPE |sep=)/;
const NO_SIGNS: ReadonlySet<string> = new Set();

/**
 * Hands every entry to `take`, in order.
 *
 * @returns The attributes of which the file says what everybody has: those with a column that somebody fills, or that
 *   nobody need fill, and in which no value was lost.
 * @throws {BatchError} input: as {@link readRecords} and {@link requireColumns}.
 */
export async function readGetAdUser(
  file: ExportFile,
  delimiter: string,
  problems: ExportProblems,
  take: (entry: ExportEntry) => void,
): Promise<ReadonlySet<AttributeName>> {
  let columns: Columns | null = null;
  const lost = new Set<AttributeName>();
  const filled = new Set<AttributeName>(OFTEN_EMPTY);
  for await (const { line, cells } of readRecords(file, delimiter)) {
    if (columns === null && ABOVE_HEADER.test(cells[0] ?? "")) continue;
    if (columns === null) {
      columns = columnsOf(cells);
      requireColumns(file.path, line, columns, "Get-ADUser");
    } else if (fitsHeader(line, cells, columns, problems)) {
      const values = readValues(line, cells, columns, { problems, lost });
      for (const attribute of values.keys()) filled.add(attribute);
      take({ line, values, signs: NO_SIGNS });
    }
  }
  const held = columns?.filter((column) => column !== null) ?? [];
  return new Set(held.filter((column) => filled.has(column) && !lost.has(column)));
}

/** A column under the attribute's own name is taken rather than the property that shows the same: mail, EmailAddress. */
function columnsOf(headings: readonly string[]): Columns {
  const named = headings.map(attributeNamed);
  return headings.map((heading, index) => {
    const shown = attributeOfProperty(heading);
    return named[index] ?? (shown === null || named.includes(shown) ? null : shown);
  });
}

function readValues(
  line: number,
  cells: readonly string[],
  columns: Columns,
  { problems, lost }: { readonly problems: ExportProblems; readonly lost: Set<AttributeName> },
): Map<AttributeName, ExportValue[]> {
  const values = new Map<AttributeName, ExportValue[]>();
  for (const [index, cell] of cells.entries()) {
    const attribute = columns[index] ?? null;
    if (attribute === null || cell.trim() === "") continue;
    if (TYPE_NAME.test(cell)) {
      lost.add(attribute);
      continue;
    }
    const read = readCell(attribute, cell);
    if (typeof read === "string") problems.add(line, attribute, `found ${quoteValue(cell)}; ${read}`);
    else values.set(attribute, read);
  }
  return values;
}

/** The values of a cell, or what to do about it. */
function readCell(attribute: AttributeName, cell: string): ExportValue[] | string {
  if (attribute === "objectGUID") {
    const bytes = parseGuid(cell) === null ? bytesOfBase64(cell) : null;
    return [bytes ?? cell];
  }
  if (attribute === "mS-DS-ConsistencyGuid") {
    const bytes = bytesOfCell(cell);
    return bytes === null ? "write its bytes in base64, as [Convert]::ToBase64String does" : [bytes];
  }
  if (!hasSeveralValues(attribute)) return [cell];
  // an X400 address holds semicolons of its own; behind the one that parts two addresses there is a scheme
  const parts = attribute === "proxyAddresses" ? cell.split(/;(?=\s*[a-z0-9]+:)/i) : cell.split(";");
  const texts = parts.map((part) => part.trim()).filter((part) => part !== "");
  const unparted = attribute === "proxyAddresses" && texts.some((text) => /^smtp:.*[\s,|;]/i.test(text));
  return unparted ? "join the addresses with -join ';'" : texts;
}
