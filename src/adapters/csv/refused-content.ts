/**
 * Recognises by its first bytes a file that is no UTF-8 text, and says what it is instead.
 *
 * Excel's "Unicode text", PowerShell 5's `>` and a workbook renamed to .csv all reach us under the name
 * of a CSV file. "Line 1: invalid byte" would help nobody.
 */

export type RefusedContent = { readonly problem: string; readonly hint: string };

const SAVE_AS_UTF8 =
  'Save it again as UTF-8: in Excel as "CSV UTF-8 (comma delimited)", in PowerShell with -Encoding utf8.';
const SAVE_FROM_EXCEL = 'Open it in Excel and save it as "CSV UTF-8 (comma delimited)".';

const SIGNATURES: readonly (RefusedContent & { readonly bytes: readonly number[] })[] = [
  { bytes: [0xff, 0xfe, 0x00, 0x00], problem: "this is UTF-32 text, not UTF-8", hint: SAVE_AS_UTF8 },
  { bytes: [0x00, 0x00, 0xfe, 0xff], problem: "this is UTF-32 text, not UTF-8", hint: SAVE_AS_UTF8 },
  { bytes: [0xff, 0xfe], problem: "this is UTF-16 text (little-endian), not UTF-8", hint: SAVE_AS_UTF8 },
  { bytes: [0xfe, 0xff], problem: "this is UTF-16 text (big-endian), not UTF-8", hint: SAVE_AS_UTF8 },
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
];

/** @param head The file's first bytes, four at least where it has so many. */
export function findRefusedContent(head: Uint8Array): RefusedContent | null {
  const signature = SIGNATURES.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte));
  if (signature !== undefined) return signature;
  if (head.length < 4) return null;
  // Every second byte empty: text of two bytes a letter whose mark at the beginning is missing.
  const [first, second, third, fourth] = head;
  if (second === 0 && fourth === 0 && first !== 0 && third !== 0) {
    return { problem: "this is UTF-16 text (little-endian, without a mark), not UTF-8", hint: SAVE_AS_UTF8 };
  }
  if (first === 0 && third === 0 && second !== 0 && fourth !== 0) {
    return { problem: "this is UTF-16 text (big-endian, without a mark), not UTF-8", hint: SAVE_AS_UTF8 };
  }
  return null;
}
