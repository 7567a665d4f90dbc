/**
 * Writes a CSV file for people: UTF-8 with a byte order mark, without which Excel reads it as
 * Windows-1252; CRLF; every cell and every heading guarded against being run.
 *
 * Made in pieces, so that a million rows do not have to be one text.
 */
import { stringify } from "csv-stringify/sync";
import { guardCell } from "./cells.ts";

const BYTE_ORDER_MARK = "\uFEFF";
const RECORDS_PER_PIECE = 500;
const LINE_BREAK = /[\r\n]/;
/** The reader finds the delimiter in the header: no heading may look like a header of its own. */
const OTHER_DELIMITER = /[\r\n,;\t|]/;

/** @param records One text per cell, unguarded. @yields The header with the mark before it, then the records. */
export function* writeRecords(
  headings: readonly string[],
  records: Iterable<readonly string[]>,
  delimiter: string,
): Generator<string> {
  yield BYTE_ORDER_MARK + writePiece([headings], delimiter, OTHER_DELIMITER);
  let piece: (readonly string[])[] = [];
  for (const record of records) {
    piece.push(record);
    if (piece.length < RECORDS_PER_PIECE) continue;
    yield writePiece(piece, delimiter);
    piece = [];
  }
  if (piece.length > 0) yield writePiece(piece, delimiter);
}

function writePiece(records: readonly (readonly string[])[], delimiter: string, quoted = LINE_BREAK): string {
  return stringify(
    records.map((record) => record.map(guardCell)),
    { delimiter, record_delimiter: "\r\n", quoted_match: quoted },
  );
}

/** The text of a cell as our columns make it; `null` is an empty one. */
export function cellText(cell: string | number | null): string {
  return cell === null ? "" : String(cell);
}
