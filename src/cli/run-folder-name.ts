/** Names of new run folders: `runs/people-20261122T014500Z`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { BatchError } from "../core/errors.ts";

export const RUNS_FOLDER = "runs";
/** Begins the folder's name of every rollback that was not given one. */
export const ROLLBACK_PREFIX = "rollback-";

const LONGEST_NAME = 80;

/** @param name Of the mapping file; only letters, digits, `.`, `_` and `-` of it are kept. */
export function nameRunFolder(name: string, now: Date): string {
  const kept = name
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[.-]+/, "")
    .slice(0, LONGEST_NAME);
  const stamp = now.toISOString().replaceAll(/[-:]|\.[0-9]+/g, "");
  return join(RUNS_FOLDER, `${kept === "" ? "run" : kept}-${stamp}`);
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
