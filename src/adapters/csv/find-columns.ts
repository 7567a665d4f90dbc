/**
 * Which of a header's columns are ours: by the operator's word, by canonical heading, or by alias.
 *
 * The parser is not asked: it would let the last of two equal headings win, and the wrong column would name the
 * accounts.
 */
import {
  type ColumnChoice,
  type ColumnPlace,
  foldHeading,
  MAPPING_COLUMNS,
  type MappingColumn,
  type MappingField,
} from "../../core/columns.ts";
import { findInvisibleCharacter } from "./show-text.ts";

export const MAPPING_FIELDS = Object.keys(MAPPING_COLUMNS) as MappingField[];

/** How a column was recognised, the surest first. */
export type Recognition = "position" | "chosen" | "canonical" | "alias";

/** Columns that may be the one of a field; more than one is a problem. Indexes count from 0. */
export type ColumnCandidates = {
  readonly by: Recognition;
  readonly indexes: readonly number[];
  /** Columns under an alias that lost to the canonical heading: they may hold the names that were meant. */
  readonly passedOver: readonly number[];
};

/** Every field's candidates. What the operator has named for one field is no candidate for another. */
export function findColumns(
  headings: readonly string[],
  choice: ColumnChoice,
): Readonly<Record<MappingField, ColumnCandidates>> {
  const taken = new Set(MAPPING_FIELDS.flatMap((field) => chosenIndexes(headings, choice[field])));
  const free = [...headings.keys()].filter((index) => !taken.has(index));
  const find = (field: MappingField): ColumnCandidates => {
    const place = choice[field];
    if (place !== undefined)
      return {
        by: "position" in place ? "position" : "chosen",
        indexes: chosenIndexes(headings, place),
        passedOver: [],
      };
    const { heading, aliases }: MappingColumn = MAPPING_COLUMNS[field];
    const having = (names: readonly string[]) =>
      free.filter((index) => names.includes(foldHeading(stripInvisible(headings[index] ?? ""))));
    const canonical = having([foldHeading(heading)]);
    const byAlias = having(aliases);
    // The canonical heading wins over every alias.
    return canonical.length > 0
      ? { by: "canonical", indexes: canonical, passedOver: byAlias }
      : { by: "alias", indexes: byAlias, passedOver: [] };
  };
  const found = MAPPING_FIELDS.map((field) => [field, find(field)] as const);
  return Object.fromEntries(found) as Record<MappingField, ColumnCandidates>;
}

function chosenIndexes(headings: readonly string[], place: ColumnPlace | undefined): number[] {
  if (place === undefined) return [];
  if ("position" in place) return place.position <= headings.length ? [place.position - 1] : [];
  const wanted = foldHeading(place.heading);
  return [...headings.keys()].filter((index) => foldHeading(headings[index] ?? "") === wanted);
}

/** A heading with an unseen character in it is found all the same: it gets a problem of its own. */
export function stripInvisible(heading: string): string {
  return Array.from(heading)
    .filter((letter) => findInvisibleCharacter(letter) === null)
    .join("");
}
