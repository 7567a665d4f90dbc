/**
 * Finds the lines of a results file that are not there.
 *
 * A line whose check fits says which it is; a damaged one still stands for the place that it names, or else for the
 * one after the line above it. Places that no line stands for are missing. The order of the lines does not matter: a
 * spreadsheet may have sorted them.
 */
import type { MissingLines } from "../../core/result-line.ts";
import type { LinePlace } from "./result-check.ts";

/** One line, in the order of the file. */
export type SeenLine = {
  /** Physical line. */
  readonly line: number;
  readonly row: number | null;
  /** What its check names; `null` where not even that can be read. */
  readonly place: LinePlace | null;
  /** Whether the check fits, so that the place is sure. */
  readonly whole: boolean;
};

/** @param seen Every line but the header. @returns The gaps in order; none where no line is whole. */
export function findMissingLines(seen: readonly SeenLine[]): MissingLines[] {
  const total = seen.find(({ whole }) => whole)?.place?.total;
  if (total === undefined) return [];
  const rowAt = placeLines(seen, total);
  const gaps: MissingLines[] = [];
  let before = 0;
  for (const position of [...[...rowAt.keys()].sort((left, right) => left - right), total + 1]) {
    if (position > before + 1) {
      const around = { afterRow: rowAt.get(before) ?? null, beforeRow: rowAt.get(position) ?? null };
      gaps.push({ first: before + 1, last: position - 1, total, ...around });
    }
    before = position;
  }
  return gaps;
}

/** The row of the line at each place that a line stands for. */
function placeLines(seen: readonly SeenLine[], total: number): ReadonlyMap<number, number | null> {
  const rowAt = new Map<number, number | null>();
  for (const { place, row, whole } of seen) if (whole && place !== null) rowAt.set(place.position, row);
  let above = 0;
  for (const { place, row, whole } of seen) {
    const named = place !== null && place.total === total ? place.position : above + 1;
    if (!whole && !rowAt.has(named)) rowAt.set(named, row);
    above = named;
  }
  return rowAt;
}
