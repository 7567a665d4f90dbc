/**
 * What the operating system or SQLite says when the disk fails, in the words of an operator.
 *
 * A full disk must stop the run and nothing more: what was durable stays, and the message says so. Errors
 * are told apart by their code, never by their text.
 *
 * Source: https://www.sqlite.org/rescode.html (checked 2026-11).
 */
import { BatchError, describeError } from "../../core/errors.ts";

const WORDS_OF_CODE: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file is larger than this system allows",
  EROFS: "the file system is read-only",
  EACCES: "access is denied",
  EPERM: "access is denied",
  EIO: "the disk reported a read or write error",
  EMFILE: "this process has too many files open",
  ENFILE: "the system has too many files open",
  ENOENT: "the folder is gone",
  ENOTDIR: "a part of its path is not a folder",
  ELOOP: "it is a symbolic link",
  ENAMETOOLONG: "a part of its path is too long",
};

const FREE_SPACE =
  "Free space on that disk, then run the same command again: it goes on where it stopped. What was saved before is undamaged.";
const MEND_DISK =
  "Mend what the message names, then run the same command again: it goes on where it stopped. What was saved before is undamaged.";

/** SQLite does not say which of these it was. */
const LOOK_AT_DISK =
  "See whether the disk fails, is full, read-only or over a quota, or whether a file may not grow or be opened (ulimit -a), then run the same command again: it goes on where it stopped. What was saved before is undamaged.";

/** Code of a system error such as `ENOSPC`; `null` for anything else. */
export function systemCodeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

/**
 * Makes a BatchError of a failed file operation.
 *
 * @param what Sentence without its end: "results.csv was not written".
 * @param mend What to do, unless space must be freed.
 * @returns The error itself where it is a BatchError already, or where it is none of the system's: a bug.
 */
export function describeFileTrouble(error: unknown, what: string, mend = MEND_DISK): unknown {
  if (error instanceof BatchError) return error;
  const code = systemCodeOf(error);
  if (code === null || !/^E[A-Z0-9]+$/.test(code)) return error;
  const full = code === "ENOSPC" || code === "EDQUOT";
  const words = WORDS_OF_CODE[code] ?? describeError(error);
  return new BatchError("disk", `${what}: ${words} (${code}).`, full ? FREE_SPACE : mend, { cause: error });
}

/** SQLite's primary result codes that are told apart here. */
export const SQLITE = {
  busy: 5,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notDatabase: 26,
} as const;

/** Primary result code of an error that node:sqlite threw; `null` for anything else. */
export function sqliteCodeOf(error: unknown): number | null {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode & 0xff
    : null;
}

/**
 * Makes a BatchError of a failure of SQLite.
 *
 * @param what Sentence without its end: "The plan was not saved".
 * @returns The error itself where it did not come from SQLite.
 */
export function describeSqliteTrouble(error: unknown, what: string): unknown {
  const code = sqliteCodeOf(error);
  if (code === null) return describeFileTrouble(error, what);
  const text = describeError(error);
  switch (code) {
    case SQLITE.full:
      return new BatchError("disk", `${what}: the disk is full.`, FREE_SPACE, { cause: error });
    case SQLITE.busy:
      return new BatchError(
        "refused",
        `${what}: another program holds run.sqlite open and does not let go.`,
        "Close whatever reads run.sqlite (a backup, a database viewer), then run the same command again.",
        { cause: error },
      );
    case SQLITE.corrupt:
    case SQLITE.notDatabase:
      return damaged(`${what}: ${text}`, error);
    default:
      return new BatchError("disk", `${what}: ${text}.`, LOOK_AT_DISK, { cause: error });
  }
}

/**
 * The refusal of a run whose stored bytes are not those that were saved. Whether the run has written before cannot be
 * told from a damaged record, so the message speaks of this command alone.
 */
export function damaged(what: string, cause?: unknown): BatchError {
  return new BatchError(
    "refused",
    `run.sqlite is damaged. ${what}. Nothing was changed now.`,
    "Put back a copy of run.sqlite, or plan again. To undo what this run wrote: hardmatch rollback <run folder>/results.csv",
    cause === undefined ? {} : { cause },
  );
}
