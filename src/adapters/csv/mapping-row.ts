/**
 * One record of a mapping, made into a Mapping or into all that is wrong with it.
 */
import { MAPPING_COLUMNS, type MappingField } from "../../core/columns.ts";
import type { Mapping } from "../../core/mapping.ts";
import { foldCase } from "../../core/names.ts";
import type { SourceKey } from "../../core/source-key.ts";
import { unguardCell } from "./cells.ts";
import { type CellReading, readDomain, readOnConflict, readUpn } from "./mapping-cells.ts";
import type { MappingHeader } from "./mapping-header.ts";
import type { ProblemList } from "./problem-list.ts";
import { findControlCharacter, nameCharacter, showText } from "./show-text.ts";
import { readSourceKey } from "./source-key-cell.ts";

/** What the reading of every row of a file shares. */
export type RowReading = {
  readonly header: MappingHeader;
  /** What stands in the account column. */
  readonly sourceKey: SourceKey;
  readonly problems: ProblemList;
};

/** @returns `null` when a problem was added. */
export function readMappingRow(
  row: number,
  fields: readonly string[],
  { header, sourceKey, problems }: RowReading,
): Mapping | null {
  const before = problems.count;
  if (!hasEveryField(row, fields, header, problems)) return null;
  refuseControlCharacters(row, fields, header, problems);
  if (problems.count > before) return null;

  const placeOf = (field: MappingField) => {
    const index = header.at[field] ?? 0;
    return { line: row, field: index + 1, heading: header.headings[index] ?? "" };
  };
  const read = <Value>(field: MappingField, reader: (cell: string) => CellReading<Value>): Value | null => {
    const index = header.at[field];
    const cell = index === null ? "" : ownCell(fields[index] ?? "");
    if (cell === "") {
      if (MAPPING_COLUMNS[field].required) {
        problems.add(placeOf(field), `found nothing; write the ${WHAT[field]}, or delete the row`);
      }
      return null;
    }
    const reading = reader(cell);
    if (reading.problem !== null) problems.add(placeOf(field), reading.problem);
    return reading.value;
  };
  const named = read("account", (cell) => readSourceKey(sourceKey, cell));
  const upn = read("upn", readUpn);
  const domain = read("domain", readDomain);
  const onConflict = read("onConflict", readOnConflict) ?? [];
  if (domain !== null && named !== null && named.domain !== null && foldCase(domain) !== foldCase(named.domain)) {
    problems.add(
      placeOf("domain"),
      `found ${showText(domain)}, but ${showText(named.domain)} in front of the account; write the same domain in both, or in one alone`,
    );
  }
  if (problems.count > before || named === null || upn === null) return null;
  const extra = header.extraAt.map((index) => unguardCell(fields[index] ?? ""));
  return { row, account: named.account, domain: domain ?? named.domain, upn, onConflict, extra };
}

const WHAT: Readonly<Record<MappingField, string>> = {
  account: "AD account",
  upn: "cloud user",
  domain: "domain",
  onConflict: "decision",
};

/** Excel leaves spaces around a name without showing them; nothing else is taken off. */
function ownCell(field: string): string {
  return unguardCell(field.replace(/^ +| +$/g, ""));
}

/** A row of bare delimiters: Excel writes them for rows that were emptied. */
export function isBlankRow(fields: readonly string[]): boolean {
  return fields.every((field) => /^ *$/.test(field));
}

function hasEveryField(
  row: number,
  fields: readonly string[],
  { headings }: MappingHeader,
  problems: ProblemList,
): boolean {
  const [found, wanted] = [fields.length, headings.length];
  if (found === wanted) return true;
  const heading = headings[found];
  const place =
    found < wanted
      ? { line: row, field: found + 1, ...(heading === undefined ? {} : { heading }) }
      : { line: row, field: wanted + 1 };
  const mend =
    found < wanted
      ? "write every field of the row, empty ones too"
      : "write a field that holds a comma in quotes, and delete what is too much";
  problems.add(place, `found ${found} ${found === 1 ? "field" : "fields"} where the header has ${wanted}; ${mend}`);
  return false;
}

function refuseControlCharacters(
  row: number,
  fields: readonly string[],
  { headings }: MappingHeader,
  problems: ProblemList,
): void {
  for (const [index, field] of fields.entries()) {
    const control = findControlCharacter(field);
    if (control === null) continue;
    problems.add(
      { line: row, field: index + 1, heading: headings[index] ?? "" },
      `found the control character ${nameCharacter(control)} in ${showText(field)}; write the field without it`,
    );
  }
}
