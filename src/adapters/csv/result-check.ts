/**
 * The check at the end of each line of `results.csv`.
 *
 * A spreadsheet that opens and saves the file may turn an ID into a formula's result, drop a zero or
 * rewrite a time. A rollback from such a line would write the wrong value back; so each line carries a
 * check over its machine columns, and one that does not fit is never used. It finds damage, not forgery:
 * whoever edits a line on purpose can compute a new one.
 */
import { createHash } from "node:crypto";

const HEX_DIGITS = 20;

/**
 * @param cells The machine columns in the order of RESULT_COLUMNS, unguarded.
 * @returns `v1-` and 20 hex digits of SHA-256. The cells are hashed as a JSON array, so that text
 *   moved from one cell to the next is seen; a lone surrogate, which UTF-8 cannot hold, never fits.
 */
export function checkOf(cells: readonly string[]): string {
  return `v1-${createHash("sha256").update(JSON.stringify(cells)).digest("hex").slice(0, HEX_DIGITS)}`;
}
