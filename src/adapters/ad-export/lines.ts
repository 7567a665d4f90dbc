/** Cuts text that comes in pieces into lines, whatever ends them: CRLF, LF or CR. */

export class LineCutter {
  #rest = "";

  /** @returns The lines that this piece completes, without their ends. */
  push(piece: string): string[] {
    const text = this.#rest + piece;
    // whether a CR at the end stands alone is seen only with the next piece
    const end = text.endsWith("\r") ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n|\n|\r/);
    this.#rest = `${lines.pop() ?? ""}${text.slice(end)}`;
    return lines;
  }

  /** @returns What no line end follows; empty when the text ended with one. */
  end(): string {
    const rest = this.#rest;
    this.#rest = "";
    return rest.endsWith("\r") ? "" : rest;
  }
}
