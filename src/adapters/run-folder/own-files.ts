/**
 * Files of the run folder, made and recognised without following what somebody else has put there.
 *
 * A symbolic link planted under one of our names would let a run overwrite any file of the operator, and
 * a folder swapped while a run is open would get the journal of another. So a file of ours is made
 * exclusively, and one that is there already must be an ordinary file with a single name.
 */
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmdirSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { BatchError, describeError } from "../../core/errors.ts";
import { describeFileTrouble, systemCodeOf } from "./disk-trouble.ts";

export const PRIVATE_FILE = 0o600;
export const PRIVATE_FOLDER = 0o700;

/** Names a file for as long as it exists, whatever its path is. */
export type FileIdentity = { readonly device: bigint; readonly inode: bigint };

/**
 * Looks at a file of ours without opening it: on POSIX, closing any descriptor of a file drops the locks
 * that this process holds on it.
 *
 * @returns `null` when there is none.
 * @throws {BatchError} refused: it is a link, a folder, a device or has a second name.
 */
export function identifyFile(path: string): FileIdentity | null {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (found === undefined) return null;
  if (!found.isFile() || found.nlink > 1n) {
    const what = found.isSymbolicLink()
      ? "a symbolic link"
      : found.isFile()
        ? "a file with a second name"
        : "not a file";
    throw new BatchError(
      "refused",
      `${path} is ${what}. Nothing was changed now.`,
      "Find out who put it there. Remove it, or give another folder.",
    );
  }
  return { device: found.dev, inode: found.ino };
}

/** Whether both are the same existing file. */
export function isSameFile(left: FileIdentity | null, right: FileIdentity | null): boolean {
  return left !== null && right !== null && left.device === right.device && left.inode === right.inode;
}

/**
 * Makes a new file that only we can read, whatever the umask.
 *
 * @returns Its descriptor, for writing.
 * @throws System error EEXIST where anything has that name, a dangling link too.
 */
export function createPrivateFile(path: string): number {
  const noFollow = constants.O_NOFOLLOW ?? 0;
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | noFollow, PRIVATE_FILE);
  try {
    fchmodSync(descriptor, PRIVATE_FILE);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  return descriptor;
}

/** Makes the bytes of a closed file durable. Never for a lock file: see {@link identifyFile}. */
export function syncFile(path: string): void {
  const descriptor = openSync(path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes the names in a folder durable. Windows keeps them durable itself and cannot be asked to. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0));
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A folder that was made, and the way to take it back while nothing else is in it. */
export type NewFolder = { readonly path: string; undo(): void; sync(): void };

/**
 * Longest path of a run folder, in bytes: SQLite opens no file whose path has more than 511, and Windows without its
 * long paths none of more than 259. The longest name in the folder takes 40.
 *
 * Source: MAX_PATHNAME in SQLite's os_unix.c; "Maximum Path Length Limitation", learn.microsoft.com; checked 2026-11.
 */
const MOST_PATH_BYTES = process.platform === "win32" ? 219 : 470;

/** @throws {BatchError} usage */
function requireShortPath(path: string): void {
  const bytes = Buffer.byteLength(path);
  if (bytes <= MOST_PATH_BYTES) return;
  throw new BatchError(
    "usage",
    `The path of the run folder is too long: ${bytes} bytes, and ${MOST_PATH_BYTES} are the most in which a run can be kept. Nothing was written.`,
    "Name a folder with a shorter path: --run <folder>",
  );
}

/**
 * Makes a folder that must not exist, mode 0700 whatever the umask, and the folders above it.
 *
 * @throws {BatchError} usage: it exists, or its path is too long. disk: it cannot be made; whatever was made is gone again.
 */
export function makeNewFolder(folder: string): NewFolder {
  const path = resolve(folder);
  requireShortPath(path);
  const made: string[] = [];
  const undo = () => {
    while (made.length > 0) rmdirSync(made.pop() ?? path);
  };
  try {
    for (const parent of missingParents(path)) if (makeParent(parent)) made.push(parent);
    mkdirSync(path, PRIVATE_FOLDER);
    made.push(path);
    chmodSync(path, PRIVATE_FOLDER);
  } catch (error) {
    undo();
    if (systemCodeOf(error) === "EEXIST") {
      throw new BatchError(
        "usage",
        `${folder} exists already. Nothing was written.`,
        "Give a folder that does not exist yet: every run has its own.",
      );
    }
    throw describeFileTrouble(
      error,
      `${folder} was not made, so nothing was saved`,
      "Name a folder that can be made with --run, then run the same command again.",
    );
  }
  return {
    path,
    undo,
    sync: () => {
      for (const each of made) syncFolder(dirname(each));
    },
  };
}

/** @returns false where another process has made it meanwhile: then it is not ours to remove. */
function makeParent(path: string): boolean {
  try {
    mkdirSync(path, PRIVATE_FOLDER);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === "EEXIST") return false;
    throw error;
  }
}

function missingParents(path: string): string[] {
  const missing: string[] = [];
  for (
    let parent = dirname(path);
    lstatSync(parent, { throwIfNoEntry: false }) === undefined;
    parent = dirname(parent)
  ) {
    missing.unshift(parent);
  }
  return missing;
}

/** Runs a step that takes something back, and keeps the error that made it necessary in front. */
export function undoAfter(error: unknown, undo: () => void): unknown {
  try {
    undo();
    return error;
  } catch (second) {
    if (!(error instanceof BatchError)) return new AggregateError([error, second], describeError(error));
    const details = [...error.details, `What was made could not be removed: ${describeError(second)}`];
    return new BatchError(error.code, error.message, error.hint, { details, cause: error });
  }
}
