/**
 * The header of a mapping: where each of our columns stands, and which belong to the operator. Everything that is
 * not ours is kept.
 */
import {
  type ColumnChoice,
  foldHeading,
  MAPPING_COLUMNS,
  type MappingColumn,
  type MappingField,
} from "../../core/columns.ts";
import type { MappingFile } from "../../core/mapping.ts";
import { DELIMITERS, type Delimiter, type HeaderReading } from "./choose-delimiter.ts";
import { MAPPING_FIELDS, stripInvisible } from "./find-columns.ts";
import { readOperatorHeading } from "./operator-columns.ts";
import type { ProblemList } from "./problem-list.ts";
import { findControlCharacter, findInvisibleCharacter, nameCharacter, showText } from "./show-text.ts";

/** Where each column stands, as an index from 0. */
export type MappingHeader = {
  readonly line: number;
  readonly delimiter: Delimiter;
  /** Headings as written, without the blank ends. */
  readonly headings: readonly string[];
  readonly at: {
    readonly account: number;
    readonly upn: number;
    readonly domain: number | null;
    readonly onConflict: number | null;
    readonly writeTo: number | null;
  };
  readonly passedOver: MappingFile["passedOver"];
  readonly extraAt: readonly number[];
  readonly extraColumns: readonly string[];
  /** Columns without a heading behind the last one: Excel writes them, and no row may hold anything there. */
  readonly blankEnds: number;
};

/** Excel itself ends at 16,384; a mapping needs a handful. */
const MOST_COLUMNS = 1000;

/**
 * @param reading The header under its delimiter.
 * @returns `null` when the rows cannot be understood with it; then a problem was added.
 */
export function buildHeader(
  line: number,
  reading: HeaderReading,
  choice: ColumnChoice,
  problems: ProblemList,
): MappingHeader | null {
  const before = problems.count;
  const { delimiter, split } = reading;
  if (split.fields === null) {
    problems.add({ line, field: split.field }, `${split.problem}; write the heading without quotes`);
    return null;
  }
  const atPosition = Object.values(choice).map((place) => ("position" in place ? place.position : 0));
  const width = Math.max(reading.headings.findLastIndex((heading) => heading !== "") + 1, ...atPosition);
  const headings = reading.headings.slice(0, width);
  if (width > MOST_COLUMNS) {
    problems.add({ line }, `found ${width} columns; keep ${MOST_COLUMNS} at most`);
    return null;
  }
  checkHeadings(line, headings, reading, problems);
  const at = Object.fromEntries(
    MAPPING_FIELDS.map((field) => [field, chooseColumn(field, line, reading, { choice, problems })]),
  ) as Record<MappingField, number | null>;
  refuseSharedColumn(line, at, headings, problems);
  const extraAt = [...headings.keys()].filter((index) => !Object.values(at).includes(index));
  const extraColumns = extraAt.map((index) => readOperatorHeading(headings[index] ?? ""));
  const ours = new Set(Object.values(reading.columns).flatMap(({ indexes }) => indexes));
  refuseTwins(
    line,
    extraAt.filter((index) => !ours.has(index)),
    headings,
    problems,
  );
  const { account, upn } = at;
  if (problems.count > before || account === null || upn === null) return null;
  const blankEnds = split.fields.length - width;
  const passedOver = MAPPING_FIELDS.flatMap((field) =>
    reading.columns[field].passedOver.map((index) => ({
      heading: headings[index] ?? "",
      column: MAPPING_COLUMNS[field].heading,
    })),
  );
  return { line, delimiter, headings, at: { ...at, account, upn }, passedOver, extraAt, extraColumns, blankEnds };
}

/** A field's one column; `null` where it has none, and two of a kind are refused, both named. */
function chooseColumn(
  field: MappingField,
  line: number,
  { columns, headings, delimiter }: HeaderReading,
  { choice, problems }: { readonly choice: ColumnChoice; readonly problems: ProblemList },
): number | null {
  const { heading, aliases, required }: MappingColumn = MAPPING_COLUMNS[field];
  const [first, second] = columns[field].indexes;
  if (first !== undefined && second === undefined) return first;
  const place = choice[field];
  if (second !== undefined) {
    const { indexes } = columns[field];
    const named = indexes.map((index) => `${showText(headings[index] ?? "")} (field ${index + 1})`).join(" and ");
    problems.add(
      { line, field: second + 1 },
      `found ${indexes.length} columns for ${heading}: ${named}; keep one, and call it ${heading}, or say which by --columns ${heading}=#${indexes[0] === undefined ? 1 : indexes[0] + 1}`,
    );
  } else if (place !== undefined) {
    const wanted = "position" in place ? `field ${place.position}` : `the heading ${showText(place.heading)}`;
    const found = `${headings.length} ${headings.length === 1 ? "field" : "fields"} separated by the ${DELIMITERS[delimiter]}`;
    const shown = headings.slice(0, 5).map(showText).join(", ");
    problems.add(
      { line },
      `found ${found} (${shown}) and not ${wanted}, which --columns names for ${heading}; write the heading as it stands in the file`,
    );
  } else if (required) {
    const accepted = `${aliases.join(", ")} are accepted too`;
    problems.add({ line }, `found no column ${heading}; add it (${accepted}), or say with --columns which one it is`);
  }
  return null;
}

/** A position and a heading of `--columns` can lead to one column. */
function refuseSharedColumn(
  line: number,
  at: Readonly<Record<MappingField, number | null>>,
  headings: readonly string[],
  problems: ProblemList,
): void {
  for (const field of MAPPING_FIELDS) {
    const index = at[field];
    const first = MAPPING_FIELDS.find((other) => at[other] === index);
    if (index === null || first === undefined || first === field) continue;
    const both = `${MAPPING_COLUMNS[first].heading} and ${MAPPING_COLUMNS[field].heading}`;
    problems.add(
      { line, field: index + 1 },
      `found ${showText(headings[index] ?? "")}, which --columns names for both ${both}; name a column of its own for each`,
    );
  }
}

function checkHeadings(
  line: number,
  headings: readonly string[],
  { columns }: HeaderReading,
  problems: ProblemList,
): void {
  const byName = Object.values(columns).filter(({ by }) => by === "canonical" || by === "alias");
  const ours = new Set(byName.flatMap(({ indexes }) => indexes));
  for (const [index, heading] of headings.entries()) {
    const place = { line, field: index + 1 };
    const control = findControlCharacter(heading);
    const invisible = findInvisibleCharacter(heading);
    if (heading === "") problems.add(place, "found a column without a heading; name it, or delete the column");
    else if (control !== null) {
      const found = `the control character ${nameCharacter(control)} in the heading ${showText(heading)}`;
      problems.add(place, `found ${found}; take it out`);
    } else if (invisible !== null && ours.has(index) && foldHeading(stripInvisible(heading)) !== foldHeading(heading))
      problems.add(place, `found ${nameCharacter(invisible)} in the heading ${showText(heading)}; take it out`);
  }
}

/** Two columns of the operator's that would come back under one name. */
function refuseTwins(line: number, extraAt: readonly number[], headings: readonly string[], problems: ProblemList) {
  const firstAt = new Map<string, number>();
  for (const index of extraAt) {
    const name = readOperatorHeading(headings[index] ?? "");
    const first = firstAt.get(name);
    if (first === undefined) firstAt.set(name, index);
    else if (name !== "")
      problems.add(
        { line, field: index + 1 },
        `found the heading ${showText(name)} a second time, first in field ${first + 1}; rename one`,
      );
  }
}
