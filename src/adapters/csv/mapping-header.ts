/**
 * Finds our columns in the header of a mapping.
 *
 * The parser is not asked: it would let the last of two equal headings win, and the wrong column would
 * name the accounts. Everything that is not ours belongs to the operator and is kept.
 */
import { foldHeading, MAPPING_COLUMNS, type MappingField } from "../../core/columns.ts";
import { unguardCell } from "./cells.ts";
import { readOperatorHeading } from "./operator-columns.ts";
import type { ProblemList } from "./problem-list.ts";
import { findControlCharacter, findInvisibleCharacter, nameCharacter, showText } from "./show-text.ts";
import { splitRecord } from "./split-fields.ts";

/** Where each column stands, as an index from 0. */
export type MappingHeader = {
  readonly line: number;
  /** Headings as written, for messages. */
  readonly headings: readonly string[];
  readonly at: {
    readonly account: number;
    readonly upn: number;
    readonly domain: number | null;
    readonly onConflict: number | null;
  };
  readonly extraAt: readonly number[];
  readonly extraColumns: readonly string[];
};

/** Excel itself ends at 16,384; a mapping needs a handful. */
const MOST_COLUMNS = 1000;

const FIELDS = Object.keys(MAPPING_COLUMNS) as MappingField[];

const OTHER_DELIMITERS: Readonly<Record<string, string>> = { ";": "semicolons", "\t": "tabs", "|": "pipes" };

/**
 * @param text The first line of the file that is not blank.
 * @returns `null` when the rows cannot be understood with it; then a problem was added.
 */
export function readMappingHeader(
  line: number,
  text: string,
  delimiter: string,
  problems: ProblemList,
): MappingHeader | null {
  const before = problems.count;
  const split = refuseDialect(line, text, delimiter, problems) ? null : splitRecord(text, delimiter);
  if (split === null) return null;
  if (split.fields === null) {
    problems.add({ line, field: split.field }, `${split.problem}; write the heading without quotes`);
    return null;
  }
  if (split.fields.length > MOST_COLUMNS) {
    problems.add({ line }, `found ${split.fields.length} columns; keep ${MOST_COLUMNS} at most`);
    return null;
  }
  const headings = split.fields.map((heading) => unguardCell(heading.trim()));
  checkHeadings(line, headings, problems);
  const at = Object.fromEntries(FIELDS.map((field) => [field, findColumn(field, line, headings, problems)])) as Record<
    MappingField,
    number | null
  >;
  if (at.account === null && at.upn === null && problems.count === before) {
    problems.add(
      { line },
      `found no heading that names the accounts or the cloud users, but ${headings.slice(0, 5).map(showText).join(", ")}; the first line must be the header, with ${required()}`,
    );
    return null;
  }
  for (const field of ["account", "upn"] as const) {
    const { heading, aliases } = MAPPING_COLUMNS[field];
    // A heading that is there twice, or with an unseen character in it, has its own problem.
    if (headings.some((found) => fieldOf(stripInvisible(found)) === field)) continue;
    problems.add({ line }, `found no column ${heading}; add it (${aliases.join(", ")} are accepted too)`);
  }
  const extraAt = [...headings.keys()].filter((index) => !Object.values(at).includes(index));
  const extraColumns = extraAt.map((index) => readOperatorHeading(headings[index] ?? ""));
  refuseTwins(line, extraAt, extraColumns, problems);
  if (problems.count > before || at.account === null || at.upn === null) return null;
  return { line, headings, at: { ...at, account: at.account, upn: at.upn }, extraAt, extraColumns };
}

function required(): string {
  return `${MAPPING_COLUMNS.account.heading} and ${MAPPING_COLUMNS.upn.heading}`;
}

/** Says what a header of another dialect is, instead of that its one column is unknown. */
function refuseDialect(line: number, text: string, delimiter: string, problems: ProblemList): boolean {
  if (/^"?sep=/i.test(text)) {
    problems.add(
      { line },
      `found ${showText(text)}, a line that only Excel reads; take it out and separate the fields by commas`,
    );
    return true;
  }
  if (/^"?#TYPE\b/.test(text)) {
    problems.add(
      { line },
      `found ${showText(text)}, which PowerShell 5 writes; export with -NoTypeInformation, or take the line out`,
    );
    return true;
  }
  if (countOurs(text.split(delimiter)) > 0) return false;
  const other = Object.entries(OTHER_DELIMITERS).find(
    ([sign]) => countOurs(text.split(sign)) > 0 && text.includes(sign),
  );
  if (other === undefined) return false;
  problems.add(
    { line },
    `found fields separated by ${other[1]}; separate them by commas (in PowerShell: Export-Csv -Delimiter ",")`,
  );
  return true;
}

function countOurs(headings: readonly string[]): number {
  return headings.filter((heading) => fieldOf(heading.trim().replaceAll('"', "")) !== null).length;
}

function fieldOf(heading: string): MappingField | null {
  const folded = foldHeading(heading);
  return FIELDS.find((field) => isCanonical(field, heading) || isAlias(field, folded)) ?? null;
}

function isCanonical(field: MappingField, heading: string): boolean {
  return foldHeading(heading) === foldHeading(MAPPING_COLUMNS[field].heading);
}

function isAlias(field: MappingField, folded: string): boolean {
  const aliases: readonly string[] = MAPPING_COLUMNS[field].aliases;
  return aliases.includes(folded);
}

function findAliases(field: MappingField, headings: readonly string[]): number[] {
  return [...headings.keys()].filter((index) => isAlias(field, foldHeading(headings[index] ?? "")));
}

/** The canonical heading wins over every alias; two of a kind are refused, both named. */
function findColumn(
  field: MappingField,
  line: number,
  headings: readonly string[],
  problems: ProblemList,
): number | null {
  const canonical = [...headings.keys()].filter((index) => isCanonical(field, headings[index] ?? ""));
  const candidates = canonical.length > 0 ? canonical : findAliases(field, headings);
  const [first, second] = candidates;
  if (second === undefined) return first ?? null;
  const { heading } = MAPPING_COLUMNS[field];
  const named = candidates.map((index) => `${showText(headings[index] ?? "")} (field ${index + 1})`).join(" and ");
  problems.add(
    { line, field: second + 1 },
    `found ${candidates.length} columns for ${heading}: ${named}; keep one, and call it ${heading}`,
  );
  return null;
}

function checkHeadings(line: number, headings: readonly string[], problems: ProblemList): void {
  for (const [index, heading] of headings.entries()) {
    const place = { line, field: index + 1 };
    const control = findControlCharacter(heading);
    const invisible = findInvisibleCharacter(heading);
    if (heading === "") problems.add(place, "found a column without a heading; name it, or delete the column");
    else if (control !== null)
      problems.add(
        place,
        `found the control character ${nameCharacter(control)} in the heading ${showText(heading)}; take it out`,
      );
    else if (invisible !== null && fieldOf(heading) === null && fieldOf(stripInvisible(heading)) !== null) {
      problems.add(place, `found ${nameCharacter(invisible)} in the heading ${showText(heading)}; take it out`);
    }
  }
}

function stripInvisible(heading: string): string {
  return Array.from(heading)
    .filter((letter) => findInvisibleCharacter(letter) === null)
    .join("");
}

function refuseTwins(line: number, extraAt: readonly number[], names: readonly string[], problems: ProblemList): void {
  for (const [index, name] of names.entries()) {
    const first = names.indexOf(name);
    if (name === "" || first === index) continue;
    problems.add(
      { line, field: (extraAt[index] ?? 0) + 1 },
      `found the heading ${showText(name)} a second time, first in field ${(extraAt[first] ?? 0) + 1}; rename one`,
    );
  }
}
