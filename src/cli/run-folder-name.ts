/** Names of new run folders: `runs/people-20261122T014500Z`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { BatchError } from "../core/errors.ts";

export const RUNS_FOLDER = "runs";
/** Begins the folder's name of every rollback that was not given one. */
export const ROLLBACK_PREFIX = "rollback-";

const LONGEST_NAME = 80;

/**
 * The folder of a new run, and what to take where somebody else has just taken that: two plans can begin in one second.
 *
 * @param name Of the mapping file; only letters, digits, `.`, `_` and `-` of it are kept.
 */
export function* listRunFolders(name: string, now: Date): Generator<string, never> {
  const kept = name
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[.-]+/, "")
    .slice(0, LONGEST_NAME);
  const stamp = now.toISOString().replaceAll(/[-:]|\.[0-9]+/g, "");
  const first = join(RUNS_FOLDER, `${kept === "" ? "run" : kept}-${stamp}`);
  yield first;
  for (let count = 2; ; count += 1) yield `${first}-${count}`;
}

/**
 * Makes something in the first of these folders that is free.
 *
 * @param folders The last one is taken or refused; without an end, some name is free sooner or later.
 * @throws Whatever `make` throws for another reason than that its folder exists.
 */
export function makeInFreeFolder<Made>(
  folders: Iterable<string>,
  make: (folder: string) => Made,
): { readonly made: Made; readonly folder: string } {
  let refusal: unknown = new RangeError("no folder to make a run in");
  for (const folder of folders) {
    const existed = existsSync(folder);
    try {
      return { made: make(folder), folder };
    } catch (error) {
      // Where the folder came up between the look and the attempt, somebody else has made it.
      const taken = error instanceof BatchError && error.code === "usage" && (existed || existsSync(folder));
      if (!taken) throw error;
      refusal = error;
    }
  }
  throw refusal;
}

/** Asks early what `RunShelf.create` would refuse late. @throws {BatchError} usage: something is there already. */
export function requireNewFolder(folder: string): void {
  if (!existsSync(folder)) return;
  throw new BatchError(
    "usage",
    `${folder} exists already, and a run folder is always a new one.`,
    "Name another folder with --run, or leave --run out.",
  );
}
