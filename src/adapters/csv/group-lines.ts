/**
 * Puts physical lines together to the text of records.
 *
 * A record goes on into the next line only inside quotes, and a line with an even number of quotes closes
 * every one that it opened. Counting quotes first keeps a quote that was never closed from swallowing the
 * five hundred rows after it, and keeps every record's line number exact.
 */
import type { TextLine } from "./cut-lines.ts";

export type LineGroup = {
  /** Line on which the record begins, and the last one that belongs to it. */
  readonly line: number;
  readonly lastLine: number;
  /** Line endings inside quotes are kept as they are. */
  readonly text: string;
  /** A quote opens here that no line closes. */
  readonly unclosed: boolean;
  readonly badByte: TextLine["badByte"];
};

/** No note in a cell is longer: beyond it, a quote counts as never closed. */
const MOST_LINES_IN_QUOTES = 1000;
const MOST_LETTERS_IN_QUOTES = 1024 * 1024;

export class LineGrouper {
  #open: TextLine[] = [];
  #openLetters = 0;

  /** @returns The records that this line completes: none inside quotes, many when a quote proves unclosed. */
  push(line: TextLine): readonly LineGroup[] {
    const odd = countQuotes(line.text) % 2 === 1;
    if (this.#open.length === 0 && !odd) return [groupOf([line], false)];
    this.#open.push(line);
    this.#openLetters += line.text.length;
    if (this.#open.length === 1) return [];
    if (odd) return [groupOf(this.#takeOpen(), false)];
    const tooLong = this.#open.length > MOST_LINES_IN_QUOTES || this.#openLetters > MOST_LETTERS_IN_QUOTES;
    return tooLong ? this.end() : [];
  }

  /** @returns What is left: the line whose quote is open, then the lines after it, each on its own. */
  end(): readonly LineGroup[] {
    return this.#takeOpen().map((line, index) => groupOf([line], index === 0));
  }

  #takeOpen(): TextLine[] {
    const open = this.#open;
    this.#open = [];
    this.#openLetters = 0;
    return open;
  }
}

function groupOf(lines: readonly TextLine[], unclosed: boolean): LineGroup {
  const first = lines[0];
  const last = lines.at(-1);
  const text = lines.map((line) => (line === last ? line.text : line.text + line.ending)).join("");
  const badByte = lines.find((line) => line.badByte !== null)?.badByte ?? null;
  return { line: first?.line ?? 0, lastLine: last?.line ?? 0, text, unclosed, badByte };
}

function countQuotes(text: string): number {
  let quotes = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) quotes += 1;
  return quotes;
}

/** Number, from 1, of the field in which a text that is the beginning of a record ends. */
export function fieldAtEnd(text: string, delimiter: string): number {
  let field = 1;
  let quoted = false;
  for (const letter of text) {
    if (letter === '"') quoted = !quoted;
    else if (letter === delimiter && !quoted) field += 1;
  }
  return field;
}

/** Number of the field that holds the quote which a text leaves open. */
export function fieldOfOpenQuote(text: string, delimiter: string): number {
  return fieldAtEnd(text.slice(0, text.lastIndexOf('"')), delimiter);
}
