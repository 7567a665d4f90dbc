/**
 * Cuts bytes into physical lines, and a line's bytes into text.
 *
 * Cut first and decode afterwards: so a line that is not valid in the file's encoding is found by number, and
 * no letter silently becomes U+FFFD, which would make one name of two.
 */

import type { LineDecoder } from "./line-decoder.ts";
import { refuseFile } from "./problem-list.ts";

export type LineEnding = "\r\n" | "\n" | "\r" | "";

/** One physical line. */
export type TextLine = {
  /** From 1, every line counted. */
  readonly line: number;
  /** Without its ending and without the file's byte order mark. */
  readonly text: string;
  readonly ending: LineEnding;
  /** The first place that the encoding does not know: the text before it, and the byte. `null` in a sound line. */
  readonly badByte: { readonly before: string; readonly byte: number } | null;
};

/** The bytes of one physical line, without its ending; valid until the next one is taken. */
export type LineBytes = { readonly line: number; readonly bytes: Buffer; readonly ending: LineEnding };

/** How many bytes the characters that end a line take, and in which order: all that cutting has to know. */
export type LineUnits = { readonly unitBytes: 1 | 2; readonly bigEndian: boolean };

const LF = 0x0a;
const CR = 0x0d;

/**
 * @param mostBytes A longer line is not one that this program or a spreadsheet has written.
 * @throws {BatchError} input: a line is longer; or whatever `take` throws.
 */
export async function cutLines(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  { unitBytes, bigEndian }: LineUnits,
  mostBytes: number,
  take: (line: LineBytes) => void,
): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 0;
  // The unit whose low byte is there and whose high byte is zero; with one byte, every unit is its own low byte.
  const low = unitBytes === 2 && bigEndian ? 1 : 0;
  const unitAt = (bytes: Buffer, at: number): number =>
    unitBytes === 1 || bytes[at + 1 - low] === 0 ? (bytes[at + low] ?? -1) : -1;

  const cut = (bytes: Buffer, scanned: number, atEnd: boolean): Buffer => {
    let start = 0;
    for (let end = scanned; end + unitBytes <= bytes.length; end += unitBytes) {
      const unit = unitAt(bytes, end);
      if (unit !== LF && unit !== CR) continue;
      const next = end + unitBytes;
      // Whether a CR at the end of a piece stands alone is seen only with the next one.
      if (unit === CR && next + unitBytes > bytes.length && !atEnd) break;
      const ending =
        unit === LF ? "\n" : next + unitBytes <= bytes.length && unitAt(bytes, next) === LF ? "\r\n" : "\r";
      line += 1;
      if (end - start > mostBytes) throw tooLong(path, line, mostBytes);
      take({ line, bytes: bytes.subarray(start, end), ending });
      end += (ending.length - 1) * unitBytes;
      start = end + unitBytes;
    }
    return bytes.subarray(start);
  };

  for await (const piece of pieces) {
    const bytes = Buffer.concat([rest, piece]);
    // What was looked at already needs no second look, but for a CR at its end.
    const scanned = Math.max(0, rest.length - (rest.length % unitBytes) - unitBytes);
    rest = Buffer.from(cut(bytes, scanned, false));
    if (rest.length > mostBytes) throw tooLong(path, line + 1, mostBytes);
  }
  rest = cut(rest, 0, true);
  if (rest.length > 0) take({ line: line + 1, bytes: rest, ending: "" });
}

function tooLong(path: string, line: number, mostBytes: number): Error {
  return refuseFile(
    path,
    `line ${line} is longer than ${mostBytes.toLocaleString("en")} bytes`,
    "This is hardly a mapping: look at that line.",
  );
}

/** The text of a line. */
export function decodeLine({ line, bytes, ending }: LineBytes, decoder: LineDecoder): TextLine {
  const withoutMark = (text: string) => (line === 1 && text.startsWith("\uFEFF") ? text.slice(1) : text);
  const text = decoder.decode(bytes);
  if (text !== null) return { line, text: withoutMark(text), ending, badByte: null };
  const { before, byte } = decoder.locate(bytes);
  return { line, text: withoutMark(before), ending, badByte: { before: withoutMark(before), byte } };
}
