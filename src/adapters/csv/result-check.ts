/**
 * The check at the end of each line of `results.csv`.
 *
 * A spreadsheet that opens and saves the file may turn an ID into a formula's result, drop a zero or
 * rewrite a time. A rollback from such a line would write the wrong value back; so each line carries a
 * check over its machine columns, and one that does not fit is never used. A line that is not there at all
 * cannot fail its own check: so each one also says which it is, of how many. It finds damage, not forgery:
 * whoever edits a line on purpose can compute a new one.
 */
import { createHash } from "node:crypto";

const HEX_DIGITS = 20;
const CHECK = /^v1-[0-9a-f]{20}n([1-9][0-9]{0,8})of([1-9][0-9]{0,8})$/;

/** Which line of how many, the header not counted, from 1. */
export type LinePlace = { readonly position: number; readonly total: number };

/**
 * @param cells The machine columns in the order of RESULT_COLUMNS, unguarded.
 * @returns `v1-`, 20 hex digits of SHA-256 over cells and place, and the place: `v1-e6a3f9ea4e12429856bdn12of264`.
 *   The cells are hashed as a JSON array, so that text moved from one cell to the next is seen; a lone surrogate,
 *   which UTF-8 cannot hold, never fits.
 */
export function checkOf(cells: readonly string[], { position, total }: LinePlace): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([position, total, ...cells]))
    .digest("hex");
  return `v1-${digest.slice(0, HEX_DIGITS)}n${position}of${total}`;
}

/** The place that a check names, whether or not the check fits its line; `null` where it names none. */
export function readPlace(check: string): LinePlace | null {
  const [, position, total] = CHECK.exec(check) ?? [];
  if (position === undefined || total === undefined || Number(position) > Number(total)) return null;
  return { position: Number(position), total: Number(total) };
}
