/**
 * Recognises by its first bytes a file that is no text that we read, and says what it is instead.
 *
 * A workbook or an archive renamed to .csv reaches us under the name of a CSV file. "Line 1: invalid byte" would
 * help nobody.
 */
import type { TextEncoding } from "../../core/text-encodings.ts";

export type RefusedContent = { readonly problem: string; readonly hint: string };

const SAVE_AS_UTF8 =
  'Save it again as UTF-8: in Excel as "CSV UTF-8 (comma delimited)", in PowerShell with -Encoding utf8.';
const SAVE_FROM_EXCEL = 'Open it in Excel and save it as "CSV UTF-8 (comma delimited)".';
const UNPACK = "Unpack it first, and name the CSV file that was in it.";

const SIGNATURES: readonly (RefusedContent & { readonly bytes: readonly number[] })[] = [
  { bytes: [0xff, 0xfe, 0x00, 0x00], problem: "this is UTF-32 text, not UTF-8", hint: SAVE_AS_UTF8 },
  { bytes: [0x00, 0x00, 0xfe, 0xff], problem: "this is UTF-32 text, not UTF-8", hint: SAVE_AS_UTF8 },
  { bytes: [0x1f, 0x8b], problem: "this is a gzip archive, not a CSV file", hint: "Unpack it with gunzip first." },
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    problem: "this is a zip archive or an Excel workbook (.xlsx), not a CSV file",
    hint: `If it is an archive, unpack it; if it is a workbook: ${SAVE_FROM_EXCEL.charAt(0).toLowerCase()}${SAVE_FROM_EXCEL.slice(1)}`,
  },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0],
    problem: "this is an old Excel workbook (.xls), not a CSV file",
    hint: SAVE_FROM_EXCEL,
  },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], problem: "this is a 7-Zip archive, not a CSV file", hint: UNPACK },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], problem: "this is an xz archive, not a CSV file", hint: UNPACK },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], problem: "this is a zstd archive, not a CSV file", hint: UNPACK },
  {
    bytes: [0x25, 0x50, 0x44, 0x46, 0x2d],
    problem: "this is a PDF file, not a CSV file",
    hint: "Export the table that it was made of as CSV.",
  },
];

/** @param head The file's first bytes, five at least where it has so many. */
export function findRefusedContent(head: Uint8Array): RefusedContent | null {
  return SIGNATURES.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte)) ?? null;
}

/** The shortest header, `sam,upn`, has as many: what stands behind it is told by line and field. */
const BYTES_OF_A_HEADER = 7;

/** A program, a picture, a database: no header begins with a control character. */
export function isNoText(head: Uint8Array): boolean {
  return head
    .subarray(0, BYTES_OF_A_HEADER)
    .some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
}

/** Every second byte empty: text of two bytes a letter whose mark at the beginning is missing. */
export function findUnmarkedUtf16(head: Uint8Array): TextEncoding | null {
  if (head.length < 4) return null;
  const [first, second, third, fourth] = head;
  if (second === 0 && fourth === 0 && first !== 0 && third !== 0) return "utf-16le";
  if (first === 0 && third === 0 && second !== 0 && fourth !== 0) return "utf-16be";
  return null;
}
