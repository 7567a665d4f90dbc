/**
 * What keeps a line of a mapping from being split into fields at all: bytes that mean nothing, half a letter, a
 * quote that is left open, a line that is no line of a table.
 */
import type { TextEncoding } from "../../core/text-encodings.ts";
import { fieldAtEnd, fieldOfOpenQuote, type LineGroup } from "./group-lines.ts";
import { findHalfCharacter, nameCharacter } from "./show-text.ts";

/** Split, a line of nothing but delimiters takes a hundred times its room. */
const MOST_DELIMITERS = 50_000;

/** `field` counts from 1; `null` where the whole line is meant. */
export type Breakage = { readonly field: number | null; readonly problem: string };

/** @returns `null` for a line that can be split. */
export function findBreakage(
  { line, lastLine, text, unclosed, badByte }: LineGroup,
  delimiter: string,
  encoding: TextEncoding,
): Breakage | null {
  if (badByte !== null)
    return { field: fieldAtEnd(badByte.before, delimiter), problem: describeByte(badByte.byte, encoding) };
  const half = findHalfCharacter(text);
  if (half !== null) {
    const name = `half a character (${nameCharacter(half.character)})`;
    const problem = `found ${name}, which a program has cut; write the field anew`;
    return { field: fieldAtEnd(half.before, delimiter), problem };
  }
  if (text.length > MOST_DELIMITERS && text.split(delimiter, MOST_DELIMITERS).length === MOST_DELIMITERS) {
    const most = MOST_DELIMITERS.toLocaleString("en");
    return { field: null, problem: `found a line with ${most} delimiters or more; this is hardly a mapping` };
  }
  if (unclosed) {
    const problem = "found a quote that is never closed; close it, or take it out";
    return { field: fieldOfOpenQuote(text, delimiter), problem };
  }
  if (line === lastLine) return null;
  return {
    field: fieldOfOpenQuote(text.split(/[\r\n]/, 1)[0] ?? "", delimiter),
    problem: `found a line break inside a field, which ends in line ${lastLine}; write the field on one line`,
  };
}

function describeByte(value: number, encoding: TextEncoding): string {
  const byte = `0x${value.toString(16).toUpperCase().padStart(2, "0")}`;
  return encoding === "utf-8"
    ? `found the byte ${byte}, which is not UTF-8; save the file as UTF-8 (in Excel: "CSV UTF-8")`
    : `found the byte ${byte}, which has no meaning in ${encoding}; save the file anew, or say with --encoding what it is`;
}
