/**
 * The SQLite file of a run: how it is opened, its tables, and its table of named values.
 *
 * Rollback journal and synchronous=EXTRA: one file is the whole run, and what a transaction wrote is on
 * disk when it returns. SQLite pages have no checksums of their own, so the pages are checked when a run
 * is opened and every stored row carries a check.
 *
 * Source: https://www.sqlite.org/pragma.html, https://www.sqlite.org/security.html, checked 2026-11.
 */
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { BatchError } from "../../core/errors.ts";
import { checkFields } from "./digest.ts";
import { damaged, describeSqliteTrouble } from "./disk-trouble.ts";
import { undoAfter } from "./own-files.ts";

/** "HMTR" in SQLite's header: how a run is told from any other database. */
export const APPLICATION_ID = 0x48_4d_54_52;
/** Raised whenever an older program would misread what a newer one has stored. */
export const SCHEMA_VERSION = 1;

/** How long to wait for a reader of run.sqlite to finish. */
const PATIENCE_MS = 10_000;

const TABLES = `
  CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL, "check" TEXT NOT NULL) STRICT;
  CREATE TABLE row(row INTEGER PRIMARY KEY, position INTEGER NOT NULL UNIQUE, body TEXT NOT NULL) STRICT;
  CREATE TABLE change(row INTEGER NOT NULL, step INTEGER NOT NULL, position INTEGER NOT NULL UNIQUE, body TEXT NOT NULL,
    PRIMARY KEY (row, step)) STRICT;
  CREATE TABLE finding(position INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE attempt(seq INTEGER PRIMARY KEY, body TEXT NOT NULL, "check" TEXT NOT NULL) STRICT;
  CREATE TABLE observation(seq INTEGER PRIMARY KEY, body TEXT NOT NULL, "check" TEXT NOT NULL) STRICT;
`;

/** Names in the table `meta`. */
export type MetaKey =
  | "schemaVersion"
  | "runId"
  | "createdAt"
  | "programVersion"
  | "servers"
  | "quota"
  | "tenantName"
  | "delimiter"
  | "mapping"
  | "planHash"
  | "header"
  | "lastSeq"
  | "decisions"
  | "breaker"
  | "holder"
  | "end";

/** Opens an existing file. It is not yet known to be a run: see {@link requireRun}. */
export function openDatabase(path: string, access: "write" | "read"): DatabaseSync {
  const database = new DatabaseSync(path, {
    readOnly: access === "read",
    timeout: PATIENCE_MS,
    enableDoubleQuotedStringLiterals: false,
    defensive: true,
  });
  try {
    database.exec("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0");
    if (access === "write") database.exec("PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA fullfsync=ON");
    requireAnswer(database, "PRAGMA journal_mode", "delete");
    if (access === "write") requireAnswer(database, "PRAGMA synchronous", 3);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Makes the tables in an empty file. */
export function createTables(database: DatabaseSync): void {
  database.exec(`PRAGMA application_id=${APPLICATION_ID}`);
  database.exec(TABLES);
}

/**
 * @throws {BatchError} refused: the file is no run, a newer program made it, or its pages are damaged.
 */
export function requireRun(database: DatabaseSync): void {
  if (firstValue(database, "PRAGMA application_id") !== APPLICATION_ID) {
    throw new BatchError(
      "refused",
      "run.sqlite was not made by this program. Nothing was changed now.",
      "Give the folder of a run: `plan` made it.",
    );
  }
  const version = Number(firstValue(database, "SELECT value FROM meta WHERE key = 'schemaVersion'"));
  if (version > SCHEMA_VERSION) {
    const maker = String(
      firstValue(database, "SELECT value FROM meta WHERE key = 'programVersion'") ?? "a newer version",
    );
    throw new BatchError(
      "refused",
      `This run was made by ${maker} of the program, which stores runs in a newer way (${version}, known here: ${SCHEMA_VERSION}). Nothing was changed now.`,
      `Use version ${maker} or newer of the program for this run.`,
    );
  }
  const verdict = firstValue(database, "PRAGMA quick_check(1)");
  if (verdict !== "ok") throw damaged(String(verdict));
}

/**
 * Runs statements that come to stand together or not at all, and are on disk on return.
 *
 * @param what Sentence for the error, without its end: "The plan was not saved".
 */
export function commitTogether<T>(database: DatabaseSync, what: string, statements: () => T): T {
  try {
    database.exec("BEGIN IMMEDIATE");
    const result = statements();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // A disk that has failed may fail at this too, and what it failed at first is what the operator must hear.
    throw undoAfter(describeSqliteTrouble(error, what), () => {
      if (database.isOpen && database.isTransaction) database.exec("ROLLBACK");
    });
  }
}

/** Stores a named value with its check, in place of an earlier one. */
export function putMeta(database: DatabaseSync, key: MetaKey, value: string): void {
  database
    .prepare(`INSERT INTO meta(key, value, "check") VALUES (?, ?, ?)
              ON CONFLICT(key) DO UPDATE SET value = excluded.value, "check" = excluded."check"`)
    .run(key, value, checkFields(["meta", key, value]));
}

/**
 * @returns `null` when nothing is stored under that name.
 * @throws {BatchError} refused: the value is damaged.
 */
export function getMeta(database: DatabaseSync, key: MetaKey): string | null {
  const found = database.prepare(`SELECT value, "check" FROM meta WHERE key = ?`).get(key);
  if (found === undefined) return null;
  const { value, check } = found;
  if (typeof value !== "string" || check !== checkFields(["meta", key, value])) {
    throw damaged(`The value "${key}" in the table meta is not what was saved`);
  }
  return value;
}

/** @throws {BatchError} refused: there is no such value, or it is damaged. */
export function requireMeta(database: DatabaseSync, key: MetaKey): string {
  const value = getMeta(database, key);
  if (value === null) throw damaged(`The value "${key}" in the table meta is missing`);
  return value;
}

function requireAnswer(database: DatabaseSync, question: string, expected: SQLOutputValue): void {
  const answer = firstValue(database, question);
  if (answer === expected) return;
  throw new BatchError(
    "refused",
    `run.sqlite cannot be used safely here: ${question} gives ${String(answer)}, not ${String(expected)}.`,
    "Copy the run folder to a local disk and use it there.",
  );
}

function firstValue(database: DatabaseSync, sql: string): SQLOutputValue | undefined {
  const found = database.prepare(sql).get();
  return found === undefined ? undefined : Object.values(found)[0];
}
