/**
 * Reads one of our own files as physical lines: UTF-8 only, as we have written it, within bounds.
 */
import { chooseEncoding, HEAD_BYTES } from "./choose-encoding.ts";
import { cutLines, decodeLine, type TextLine } from "./cut-lines.ts";
import { createLineDecoder, unitsOf } from "./line-decoder.ts";
import { openOrdinaryFile } from "./ordinary-file.ts";
import { refuseFile } from "./problem-list.ts";

export type TextLimits = {
  readonly fileBytes: number;
  /** A longer line is not one that this program or a spreadsheet has written. */
  readonly lineBytes: number;
};

/**
 * Hands every line of the file to `take`, in order; a line that is not UTF-8 says so itself.
 *
 * @param path The file as the operator named it; a symbolic link to a file is followed.
 * @throws {BatchError} input: missing, unreadable, no ordinary file, larger than a limit, or of a kind
 *   that is refused (UTF-16, an archive, a workbook); or whatever `take` throws.
 */
export async function readLines(path: string, limits: TextLimits, take: (line: TextLine) => void): Promise<void> {
  const file = await openOrdinaryFile(path, limits.fileBytes);
  try {
    const encoding = chooseEncoding(path, await file.head(HEAD_BYTES), null) ?? "utf-8";
    if (encoding !== "utf-8") {
      throw refuseFile(path, `this is ${encoding} text, not UTF-8`, "Take the file as the program wrote it.");
    }
    const decoder = createLineDecoder(encoding);
    await cutLines(path, file.pieces(), unitsOf(encoding), limits.lineBytes, (line) => take(decodeLine(line, decoder)));
  } finally {
    await file.close();
  }
}
