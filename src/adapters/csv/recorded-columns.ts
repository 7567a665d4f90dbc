/**
 * Tells a results file from a mapping by its header: both name accounts and users, and one in the place of the other is
 * an easy slip at night.
 */
import { CHECK_COLUMN, foldHeading } from "../../core/columns.ts";

/** Columns of every results file. An operator may have a column of one such name, hardly of all. */
const RECORDED = ["step", "previousWas", "runId", CHECK_COLUMN.heading].map(foldHeading);

/** How many of the columns that only a run writes are among these headings. */
export function countRecordedColumns(headings: readonly string[]): number {
  const folded = new Set(headings.map(foldHeading));
  return RECORDED.filter((heading) => folded.has(heading)).length;
}

/** Whether a header is that of a results file. */
export function isResultsHeader(headings: readonly string[]): boolean {
  return countRecordedColumns(headings) === RECORDED.length;
}
