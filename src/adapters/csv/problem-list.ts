/**
 * Everything that is wrong with a file, collected before anybody is told.
 *
 * An operator who mends one problem at a time runs the program fifty times; so a reader goes on after a
 * problem and this list throws once, at the end.
 */
import { basename } from "node:path";
import { BatchError } from "../../core/errors.ts";
import { showText } from "./show-text.ts";

/** Problems that are listed one by one; the others are counted. */
export const MOST_PROBLEMS_LISTED = 100;

/** Where a problem is. `field` counts from 1; `heading` is the field's own. */
export type Place = { readonly line: number; readonly field?: number; readonly heading?: string };

type Problem = Place & { readonly text: string };

/** Problems of one file, in the form `mapping.csv:17:3 userPrincipalName: found "…"; write …`. */
export class ProblemList {
  readonly #path: string;
  readonly #problems: Problem[] = [];
  #count = 0;

  /** @param path The file as the operator named it. */
  constructor(path: string) {
    this.#path = path;
  }

  get count(): number {
    return this.#count;
  }

  /** @param text What was found and what to do, `found …; write …`. */
  add(place: Place, text: string): void {
    this.#count += 1;
    if (this.#problems.length < MOST_PROBLEMS_LISTED) this.#problems.push({ ...place, text });
  }

  /** @throws {BatchError} input: there is a problem; `details` names each, in file order. */
  throwIfAny(hint: string): void {
    if (this.#count === 0) return;
    const details = this.#problems
      .toSorted((left, right) => left.line - right.line || (left.field ?? 0) - (right.field ?? 0))
      .map((problem) => `${escapeName(basename(this.#path))}${placeText(problem)}: ${problem.text}`);
    if (this.#count > details.length) details.push(`and ${this.#count - details.length} more`);
    throw new BatchError(
      "input",
      `${escapeName(this.#path)} cannot be used: ${this.#count} ${this.#count === 1 ? "problem" : "problems"}. Nothing was written.`,
      hint,
      { details },
    );
  }
}

/** A file that cannot be read at all: one problem, and nothing else to say about it. */
export function refuseFile(path: string, problem: string, hint: string, cause?: unknown): BatchError {
  return new BatchError("input", `${escapeName(path)}: ${problem}. Nothing was written.`, hint, { cause });
}

function placeText({ line, field, heading }: Problem): string {
  return `:${line}${field === undefined ? "" : `:${field}`}${heading === undefined ? "" : ` ${escapeName(heading)}`}`;
}

/** A name as it stands, its unseen characters shown; long paths are not cut. */
function escapeName(name: string): string {
  return (name.match(/.{1,50}/gsu) ?? []).map((part) => showText(part).slice(1, -1)).join("");
}
