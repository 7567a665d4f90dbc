/**
 * One record of a mapping, made into a Mapping or into all that is wrong with it.
 */
import { MAPPING_COLUMNS, type MappingField } from "../../core/columns.ts";
import type { Mapping } from "../../core/mapping.ts";
import { foldCase } from "../../core/names.ts";
import type { SourceKey } from "../../core/source-key.ts";
import { findDamage } from "./cell-damage.ts";
import { unguardCell } from "./cells.ts";
import { DELIMITERS } from "./choose-delimiter.ts";
import { ASSUMED_ENCODING } from "./choose-encoding.ts";
import { type CellReading, readDomain, readOnConflict, readUpn, readWriteTo } from "./mapping-cells.ts";
import type { MappingHeader } from "./mapping-header.ts";
import type { ProblemList } from "./problem-list.ts";
import { findControlCharacter, nameCharacter, showText } from "./show-text.ts";
import { readSourceKey } from "./source-key-cell.ts";

/** What every row of a file is read with. */
export type RowContext = {
  readonly header: MappingHeader;
  /** What stands in the account column. */
  readonly sourceKey: SourceKey;
  /** First line that is not UTF-8, where nobody has said what its letters are: none beyond ASCII may name a person. */
  readonly encodingAssumedAt: number | null;
  /** Longest field, in characters of two bytes. */
  readonly fieldLetters: number;
  readonly problems: ProblemList;
};

/** @returns `null` when a problem was added. */
export function readMappingRow(row: number, fields: readonly string[], context: RowContext): Mapping | null {
  const { header, sourceKey, problems } = context;
  const before = problems.count;
  if (isHeaderAgain(fields, header)) {
    problems.add({ line: row }, `found the header of line ${header.line} again; delete the line`);
    return null;
  }
  refuseFieldContent(row, fields, context);
  if (problems.count > before || !hasEveryField(row, fields, header, problems)) return null;

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
    const prose = field === "account" && sourceKey === "distinguishedName";
    const damage =
      field === "onConflict" || field === "writeTo" ? null : findUnsure(cell, context.encodingAssumedAt, prose);
    const reading = damage === null ? reader(cell) : { problem: damage, value: null };
    if (reading.problem !== null) problems.add(placeOf(field), reading.problem);
    return reading.value;
  };
  const named = read("account", (cell) => readSourceKey(sourceKey, cell));
  const upn = read("upn", readUpn);
  const domain = read("domain", readDomain);
  const onConflict = read("onConflict", readOnConflict) ?? NOTHING;
  const writeTo = read("writeTo", readWriteTo);
  if (domain !== null && named !== null && named.domain !== null && foldCase(domain) !== foldCase(named.domain)) {
    problems.add(
      placeOf("domain"),
      `found ${showText(domain)}, but ${showText(named.domain)} in front of the account; write the same domain in both, or in one alone`,
    );
  }
  if (problems.count > before || named === null || upn === null) return null;
  const extra = header.extraAt.length === 0 ? NOTHING : header.extraAt.map((index) => unguardCell(fields[index] ?? ""));
  return { row, account: named.account, domain: domain ?? named.domain, upn, onConflict, writeTo, extra };
}

/** One for all rows. */
const NOTHING: readonly never[] = [];

const WHAT: Readonly<Record<MappingField, string>> = {
  account: "AD account",
  upn: "cloud user",
  domain: "domain",
  onConflict: "decision",
  writeTo: "side",
};

/** Excel leaves spaces around a name without showing them; nothing else is taken off. */
function ownCell(field: string): string {
  return unguardCell(field.replace(/^ +|(?<! ) +$/g, ""));
}

/** A row of bare delimiters: Excel writes them for rows that were emptied. */
export function isBlankRow(fields: readonly string[]): boolean {
  return fields.every(isBlank);
}

function isBlank(field: string): boolean {
  return /^ *$/.test(field);
}

/** What keeps a name from being certain. In an assumed encoding, a byte beyond ASCII may mean any letter. */
function findUnsure(cell: string, encodingAssumedAt: number | null, prose: boolean): string | null {
  if (encodingAssumedAt === null || /^[ -~]*$/.test(cell)) return findDamage(cell, prose);
  return `found ${showText(cell)}, but the file is not UTF-8 (line ${encodingAssumedAt}) and nothing says that it is ${ASSUMED_ENCODING}; plan with --encoding ${ASSUMED_ENCODING} if the name is right, else with the encoding that it is in, or save the file as UTF-8 (in Excel: "CSV UTF-8")`;
}

/** Where files were joined. */
function isHeaderAgain(fields: readonly string[], { headings, at }: MappingHeader): boolean {
  return [at.account, at.upn].every((index) => fields[index]?.trim() === headings[index]);
}

function hasEveryField(
  row: number,
  fields: readonly string[],
  { headings, delimiter, blankEnds }: MappingHeader,
  problems: ProblemList,
): boolean {
  const [found, wanted] = [fields.length, headings.length];
  const heading = headings[found];
  if (heading !== undefined) {
    problems.add(
      { line: row, field: found + 1, heading },
      `found ${countFields(found)} where the header has ${wanted}; write every field of the row, empty ones too`,
    );
    return false;
  }
  // Excel writes blank fields behind the last one, in some rows and not in others; they shift nothing.
  const tooMuch = fields.findIndex((field, index) => index >= wanted && !isBlank(field));
  if (tooMuch === -1) return true;
  const place = { line: row, field: tooMuch + 1 };
  if (tooMuch < wanted + blankEnds) {
    const content = showText(fields[tooMuch] ?? "");
    problems.add(place, `found ${content} in a column without a heading; name the column, or delete it`);
  } else {
    const mend = `write a field that holds a ${DELIMITERS[delimiter]} in quotes, and delete what is too much`;
    problems.add(place, `found ${countFields(found)} where the header has ${wanted}; ${mend}`);
  }
  return false;
}

function countFields(count: number): string {
  return `${count} ${count === 1 ? "field" : "fields"}`;
}

/** What no field may hold, the operator's own included. */
function refuseFieldContent(
  row: number,
  fields: readonly string[],
  { header: { headings }, problems, fieldLetters }: RowContext,
): void {
  for (const [index, heading] of headings.entries()) {
    const field = fields[index] ?? "";
    const place = { line: row, field: index + 1, heading };
    const control = findControlCharacter(field);
    if (control !== null) {
      const found = `the control character ${nameCharacter(control)} in ${showText(field)}`;
      problems.add(place, `found ${found}; write the field without it`);
    } else if (field.length > fieldLetters) {
      const [found, most] = [field.length, fieldLetters].map((count) => count.toLocaleString("en"));
      problems.add(place, `found a field of ${found} characters; write ${most} at most`);
    }
  }
}
