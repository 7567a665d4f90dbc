/** Cuts text that comes in pieces into lines, whatever ends them: CRLF, LF or CR. */
import { refuseExport } from "./export-problems.ts";

/** Longer than any value in AD: a file with such a line is something else. */
const MOST_LETTERS = 32 * 1024 * 1024;

export class LineCutter {
  readonly #path: string;
  #rest = "";

  /** @param path The file, for the message. */
  constructor(path: string) {
    this.#path = path;
  }

  /** @returns The lines that this piece completes, without their ends. @throws {BatchError} input: a line that does not end. */
  push(piece: string): string[] {
    const text = this.#rest + piece;
    // whether a CR at the end stands alone is seen only with the next piece
    const end = text.endsWith("\r") ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n|\n|\r/);
    this.#rest = `${lines.pop() ?? ""}${text.slice(end)}`;
    if (this.#rest.length <= MOST_LETTERS) return lines;
    throw refuseExport(
      this.#path,
      `there is a line of more than ${MOST_LETTERS / 1024 / 1024} million letters`,
      "Name the file that was exported, as it was exported.",
    );
  }

  /** @returns The last line, if only its CR was waited for, and what no line end follows. */
  end(): { readonly lines: readonly string[]; readonly rest: string } {
    const rest = this.#rest;
    this.#rest = "";
    return rest.endsWith("\r") ? { lines: [rest.slice(0, -1)], rest: "" } : { lines: [], rest };
  }
}
