/**
 * A lock that one process holds and the kernel frees when it dies: an open exclusive transaction on a
 * small SQLite file of its own.
 *
 * Lock files with a time-out let a second writer in after a pause of seconds; this one is held through a
 * suspension and freed by kill -9. Nothing but SQLite may ever open the file: on POSIX, closing any other
 * descriptor of it in the same process silently drops the lock. It is looked at by path only.
 *
 * Source: https://www.sqlite.org/howtocorrupt.html 2.2, https://www.sqlite.org/lockingv3.html, checked 2026-11.
 */
import { accessSync, closeSync, constants } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { BatchError } from "../../core/errors.ts";
import { describeSqliteTrouble, SQLITE, sqliteCodeOf, systemCodeOf } from "./disk-trouble.ts";
import { createPrivateFile, identifyFile, isSameFile } from "./own-files.ts";

/** Who holds a lock: for messages only, the lock itself is the kernel's. */
export type LockHolder = { readonly pid: number; readonly host: string; readonly user: string; readonly since: string };

export type HeldLock = {
  /** Whether the file at the lock's path is still the one that is held. */
  isInPlace(): boolean;
  release(): void;
};

/**
 * Long enough for several processes that start at once to sort themselves out: each backs off while it
 * waits, so one of them gets the lock.
 */
const SORT_OUT_MS = 500;

/**
 * Takes the lock at `path`, making the file where there is none.
 *
 * @returns `busy` when another process, or another part of this one, holds it; `read-only` when the
 *   file or its folder cannot be written.
 * @throws {BatchError} refused: what is there is no lock file, or it was swapped meanwhile. disk: it fails.
 */
export function takeLock(path: string): HeldLock | "busy" | "read-only" {
  if (!makeLockFile(path) || !canWrite(dirname(path)) || !canWrite(path)) return "read-only";
  const before = identifyFile(path);
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { timeout: SORT_OUT_MS });
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database?.close();
    const code = sqliteCodeOf(error);
    if (code === SQLITE.busy) return "busy";
    if (code === SQLITE.readOnly) return "read-only";
    if (code === SQLITE.notDatabase) {
      throw new BatchError(
        "refused",
        `${path} is not a lock file. Nothing was changed now.`,
        "Make sure that no other command works on this run, delete that file, then run the same command again.",
      );
    }
    throw describeSqliteTrouble(error, `${path} cannot be locked`);
  }
  const held = database;
  if (!isSameFile(before, identifyFile(path))) {
    held.close();
    throw new BatchError(
      "refused",
      `${path} was replaced while it was being locked. Nothing was changed now.`,
      "Make sure that no other command works on this run, then run the same command again.",
    );
  }
  return {
    isInPlace: () => isSameFile(before, identifyFile(path)),
    release: () => {
      if (held.isOpen) held.close();
    },
  };
}

/** The holder in words: `process 4711 of ada on host adm01 since 2026-11-02T20:15:00.000Z`. */
export function describeHolder(holder: LockHolder | null): string {
  if (holder === null) return "another process";
  return `process ${holder.pid} of ${holder.user} on host ${holder.host} since ${holder.since}`;
}

/** @returns false where the file cannot be made because nothing can be written there. */
function makeLockFile(path: string): boolean {
  if (identifyFile(path) !== null) return true;
  try {
    // Nobody can hold a lock on a file that does not exist yet, so closing this descriptor drops none.
    closeSync(createPrivateFile(path));
    return true;
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "EEXIST") return true;
    if (code === "EROFS" || code === "EACCES" || code === "EPERM") return false;
    throw describeSqliteTrouble(error, `${path} cannot be made`);
  }
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "EROFS" || code === "EACCES" || code === "EPERM") return false;
    throw describeSqliteTrouble(error, `${path} cannot be used`);
  }
}
