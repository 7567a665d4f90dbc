/**
 * Everything that is wrong with an export, collected before anybody is told.
 *
 * The file is used whole or not at all: an account that was left out would be reported as missing in AD, and the row
 * next to it as fine.
 */
import { basename } from "node:path";
import { BatchError } from "../../core/errors.ts";
import { countOf } from "../../core/words.ts";

const MOST_PROBLEMS_LISTED = 50;
const LONGEST_SHOWN = 60;

export class ExportProblems {
  readonly #path: string;
  readonly #details: string[] = [];
  #count = 0;

  /** @param path The file as it is configured. */
  constructor(path: string) {
    this.#path = path;
  }

  get count(): number {
    return this.#count;
  }

  /**
   * @param attribute Where there is one to blame.
   * @param text What was found, as it follows "old-users.csv:17 objectGUID: ".
   */
  add(line: number, attribute: string | null, text: string): void {
    this.#count += 1;
    if (this.#details.length >= MOST_PROBLEMS_LISTED) return;
    this.#details.push(`${basename(this.#path)}:${line}${attribute === null ? "" : ` ${attribute}`}: ${text}`);
  }

  /** @throws {BatchError} input: there is a problem; `details` names each, in file order. */
  throwIfAny(hint: string): void {
    if (this.#count === 0) return;
    const more = this.#count - this.#details.length;
    throw new BatchError(
      "input",
      `${this.#path} cannot be used as a directory: ${countOf(this.#count, "problem")}. Nothing was written.`,
      hint,
      { details: more > 0 ? [...this.#details, `and ${more} more`] : this.#details },
    );
  }
}

/** A file that cannot be read at all: one problem, and nothing else to say about it. */
export function refuseExport(path: string, problem: string, hint: string, cause?: unknown): BatchError {
  return new BatchError("input", `${path}: ${problem}. Nothing was written.`, hint, { cause });
}

/** A value in quotes, cut at 60 characters. What cannot be seen is made visible where it is shown. */
export function quoteValue(text: string): string {
  const letters = Array.from(text.slice(0, LONGEST_SHOWN * 2));
  return `"${letters.slice(0, LONGEST_SHOWN).join("")}${letters.length > LONGEST_SHOWN ? "…" : ""}"`;
}
