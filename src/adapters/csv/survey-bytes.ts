/**
 * The first look at a mapping: is all of it UTF-8, how many rows can it have, what is its hash.
 *
 * Which encoding a file is in may show in its last line only, and must be known for its first. So the bytes
 * are gone through once before anything is made of them; that also refuses five million rows before there
 * are five million rows in memory.
 */
import { isUtf8 } from "node:buffer";
import { cutLines, type LineUnits } from "./cut-lines.ts";
import { type ByteSource, hashPieces, startHash } from "./ordinary-file.ts";
import { refuseFile } from "./problem-list.ts";

export type Survey = {
  readonly sha256: string;
  /** First line that is not valid UTF-8; `null` when every one is. Means nothing for text of two-byte letters. */
  readonly notUtf8At: number | null;
  /** Lines that hold more than blanks, quotes and delimiters. */
  readonly filledLines: number;
};

export type SurveyLimits = {
  readonly lineBytes: number;
  /** Blank ones included: a file of line endings alone is a file without end. */
  readonly lines: number;
  readonly filledLines: number;
};

/** Blank, tab, quote, comma, semicolon, pipe, and the empty byte of a two-byte letter. */
const EMPTY_BYTES: ReadonlySet<number> = new Set([0x00, 0x20, 0x09, 0x22, 0x2c, 0x3b, 0x7c]);

/** @throws {BatchError} input: the file cannot be read, or exceeds a limit. */
export async function surveyBytes(
  path: string,
  source: ByteSource,
  units: LineUnits,
  limits: SurveyLimits,
): Promise<Survey> {
  const hash = startHash();
  let notUtf8At: number | null = null;
  let filledLines = 0;
  await cutLines(path, hashPieces(source, hash), units, limits.lineBytes, ({ line, bytes }) => {
    if (!bytes.every((byte) => EMPTY_BYTES.has(byte))) filledLines += 1;
    if (line > limits.lines) throw tooMany(path, limits.lines, "lines");
    if (filledLines > limits.filledLines) throw tooMany(path, limits.filledLines, "lines that are not blank");
    if (notUtf8At === null && !isUtf8(bytes)) notUtf8At = line;
  });
  return { sha256: hash.digest("hex"), notUtf8At, filledLines };
}

function tooMany(path: string, most: number, what: string): Error {
  return refuseFile(path, `more than ${most.toLocaleString("en")} ${what}`, "Split it into several files.");
}
