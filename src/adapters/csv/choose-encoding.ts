/**
 * Decides how the bytes of a file are read: what the operator says, the mark at its beginning, or UTF-8.
 *
 * A file without a mark that is not UTF-8 comes, nearly always, from Excel's plain "CSV" on a machine of Western
 * Europe or America; it is read as Windows-1252, and that this was assumed is said and never used for a name.
 */
import type { TextEncoding } from "../../core/text-encodings.ts";
import { unitsOf } from "./line-decoder.ts";
import { refuseFile } from "./problem-list.ts";
import { findRefusedContent, findUnmarkedUtf16, isNoText } from "./refused-content.ts";

/** Bytes of a file's beginning that {@link chooseEncoding} wants to see. */
export const HEAD_BYTES = 16;

export const ASSUMED_ENCODING: TextEncoding = "windows-1252";

const MARKS: readonly (readonly [encoding: TextEncoding, ...bytes: number[]])[] = [
  ["utf-8", 0xef, 0xbb, 0xbf],
  ["utf-16le", 0xff, 0xfe],
  ["utf-16be", 0xfe, 0xff],
];

/** @returns The encoding that a byte order mark names; `null` without one. */
export function readMark(head: Uint8Array): TextEncoding | null {
  const marked = MARKS.find(([, ...bytes]) => bytes.every((byte, index) => head[index] === byte));
  return marked?.[0] ?? null;
}

/**
 * @param declared What the operator says, `null` for nothing.
 * @returns `null` when the bytes themselves have to tell: UTF-8 if they are, else {@link ASSUMED_ENCODING}.
 * @throws {BatchError} input: an archive, a workbook, UTF-32, UTF-16 that nothing says to be, or a mark that
 *   contradicts the operator.
 */
export function chooseEncoding(path: string, head: Uint8Array, declared: TextEncoding | null): TextEncoding | null {
  const refused = findRefusedContent(head);
  if (refused !== null) throw refuseFile(path, refused.problem, refused.hint);
  const mark = readMark(head);
  if (mark !== null && declared !== null && mark !== declared) {
    const problem = `its first bytes are the mark of ${mark}, but --encoding says ${declared}`;
    throw refuseFile(path, problem, "Leave out --encoding: the mark says what the file is.");
  }
  if (mark === null && declared === null) {
    const unmarked = findUnmarkedUtf16(head);
    if (unmarked !== null) {
      const problem = `this is UTF-16 text (${unmarked === "utf-16le" ? "little" : "big"}-endian) without a mark that says so`;
      throw refuseFile(path, problem, `Plan with --encoding ${unmarked}, or save it again as UTF-8.`);
    }
  }
  const encoding = declared ?? mark;
  if (unitsOf(encoding ?? "utf-8").unitBytes === 1 && isNoText(head))
    throw refuseFile(
      path,
      "its first bytes are no text, so this is not a CSV file",
      "Name the file that holds the mapping.",
    );
  return encoding;
}
