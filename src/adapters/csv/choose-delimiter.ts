/**
 * Finds the delimiter of a mapping: the one under which a line has our columns.
 *
 * How often a sign stands in the data proves nothing: a column of notes may be full of semicolons. So the header
 * alone decides, and where it could be read in two ways the file is refused.
 */
import type { ColumnChoice, MappingField } from "../../core/columns.ts";
import { unguardCell } from "./cells.ts";
import { type ColumnCandidates, findColumns } from "./find-columns.ts";
import { type FieldSplit, splitRecord } from "./split-fields.ts";

/** Every delimiter that is read, the likeliest first, and its name in a message. */
export const DELIMITERS = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe" } as const;
export type Delimiter = keyof typeof DELIMITERS;

/** A line as a header under one delimiter. */
export type HeaderReading = {
  readonly delimiter: Delimiter;
  readonly split: FieldSplit;
  /** Unguarded, without blanks around them. Empty where the line cannot be split. */
  readonly headings: readonly string[];
  readonly columns: Readonly<Record<MappingField, ColumnCandidates>>;
};

export function isDelimiter(sign: string): sign is Delimiter {
  return Object.hasOwn(DELIMITERS, sign);
}

/** A line as a header, once for every delimiter. */
export function readUnderEach(text: string, choice: ColumnChoice): readonly HeaderReading[] {
  return (Object.keys(DELIMITERS) as Delimiter[]).map((delimiter) => {
    const split = splitRecord(text, delimiter);
    const headings = (split.fields ?? []).map((heading) => unguardCell(heading.trim()));
    return { delimiter, split, headings, columns: findColumns(headings, choice) };
  });
}

/** Both columns without which there is no mapping. */
export function hasRequired({ columns }: HeaderReading): boolean {
  return columns.account.indexes.length > 0 && columns.upn.indexes.length > 0;
}

/** Some column of ours that is there by its name: a position proves nothing. */
export function hasOurs({ columns }: HeaderReading): boolean {
  return countNamed(columns) > 0;
}

/** Whether nobody can take the line for anything but a header: so that text above it may be passed over. */
export function isUnmistakable({ columns }: HeaderReading): boolean {
  const required = [columns.account, columns.upn];
  return (
    required.every(({ by, indexes }) => indexes.length > 0 && by !== "alias") &&
    required.some(({ by }) => by !== "position")
  );
}

/** The reading with the most of our columns; the likelier delimiter where two have as many. */
export function bestReading(readings: readonly HeaderReading[]): HeaderReading | null {
  const best = readings.toSorted((left, right) => countNamed(right.columns) - countNamed(left.columns))[0];
  return best !== undefined && hasOurs(best) ? best : null;
}

function countNamed(columns: HeaderReading["columns"]): number {
  return Object.values(columns).filter(({ by, indexes }) => indexes.length > 0 && by !== "position").length;
}
