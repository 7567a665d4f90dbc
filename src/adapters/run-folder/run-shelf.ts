/**
 * Makes and opens run folders.
 *
 * A run is built under another name and gets its own in one rename, so that whatever opens is whole:
 * a plan that was cut off leaves a folder without a run, never half a plan.
 */
import { randomBytes } from "node:crypto";
import { closeSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { BatchError } from "../../core/errors.ts";
import { canonicalJson, type Plan } from "../../core/plan.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RunAbout, RunShelf } from "../../ports/run-store.ts";
import { describeSqliteTrouble, SQLITE, sqliteCodeOf } from "./disk-trouble.ts";
import {
  createPrivateFile,
  identifyFile,
  isSameFile,
  makeNewFolder,
  syncFile,
  syncFolder,
  undoAfter,
} from "./own-files.ts";
import {
  commitTogether,
  createTables,
  getMeta,
  openDatabase,
  putMeta,
  requireRun,
  SCHEMA_VERSION,
} from "./run-database.ts";
import { describeHolder, type HeldLock, type LockHolder, takeLock } from "./run-lock.ts";
import { DATABASE_FILE, LOCK_FILE, type OpenParts, SavedRun, storeAbout } from "./saved-run.ts";
import { storePlan } from "./stored-plan.ts";
import { parseStored } from "./stored-text.ts";

/** Who opens runs, and when. */
export type ShelfUser = {
  readonly now: () => Date;
  readonly programVersion: string;
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** Lets the disk rest between commits; without it each commit follows the last one at once. */
  readonly clock?: Clock;
};

type NewRun = Omit<RunAbout, "planHash" | "kind" | "tenantId">;

const holderSchema: z.ZodType<LockHolder & { readonly programVersion: string }> = z.strictObject({
  pid: z.int(),
  host: z.string(),
  user: z.string(),
  since: z.string(),
  programVersion: z.string(),
});

/** A shelf on this host's file system. Its runs also tell how they ended: {@link SavedRun.readEnd}. */
export type FolderShelf = {
  create(folder: string, plan: Plan, about: NewRun): SavedRun;
  open(folder: string, access: "write" | "read"): SavedRun;
};

/** @see RunShelf */
export function openRunShelf(user: ShelfUser): FolderShelf {
  const shelf: FolderShelf = {
    create: (folder, plan, about) => createRun(folder, plan, about, user),
    open: (folder, access) => openRun(folder, access, user),
  };
  return shelf satisfies RunShelf;
}

function createRun(folder: string, plan: Plan, about: NewRun, user: ShelfUser): SavedRun {
  const made = makeNewFolder(folder);
  const temporary = `${DATABASE_FILE}.${randomBytes(8).toString("hex")}.tmp`;
  let lock: HeldLock | null = null;
  try {
    const path = realpathSync(made.path);
    const taken = takeLock(join(path, LOCK_FILE));
    if (typeof taken === "string") {
      throw new BatchError(
        "disk",
        `${folder} was made but cannot be written.`,
        "Give a folder on a disk that can be written.",
      );
    }
    lock = taken;
    buildDatabase(join(path, temporary), plan, about, user);
    renameSync(join(path, temporary), join(path, DATABASE_FILE));
    syncFolder(path);
    made.sync();
    return openLocked(path, lock, user, plan);
  } catch (error) {
    lock?.release();
    const ours = [
      temporary,
      `${temporary}-journal`,
      DATABASE_FILE,
      `${DATABASE_FILE}-journal`,
      LOCK_FILE,
      `${LOCK_FILE}-journal`,
    ];
    throw undoAfter(describeSqliteTrouble(error, "The plan was not saved"), () => {
      for (const name of ours) rmSync(join(made.path, name), { force: true });
      made.undo();
    });
  }
}

function buildDatabase(path: string, plan: Plan, about: NewRun, user: ShelfUser): void {
  closeSync(createPrivateFile(path));
  const database = openDatabase(path, "write");
  try {
    commitTogether(database, "The plan was not saved", () => {
      createTables(database);
      putMeta(database, "schemaVersion", String(SCHEMA_VERSION));
      storeAbout(database, about);
      storePlan(database, plan);
      putHolder(database, user);
    });
  } finally {
    database.close();
  }
  syncFile(path);
}

function openRun(folder: string, access: "write" | "read", user: ShelfUser): SavedRun {
  const path = locateRun(folder);
  const lock = takeLock(join(path, LOCK_FILE));
  if (typeof lock !== "string") {
    const run = openHeld(path, lock, user);
    if (run !== "read-only") return run;
  }
  if (access === "read") return openUnlocked(path, lock === "busy");
  if (lock !== "busy") {
    throw new BatchError(
      "disk",
      `${folder} is read-only: this run cannot go on there.`,
      "Make the folder and its files writable for you, or copy the folder to where it can be written.",
    );
  }
  const held = openUnlocked(path, true);
  held.close();
  throw new BatchError(
    "refused",
    `${held.heldBy ?? describeHolder(null)} works on this run. Nothing was changed now.`,
    "Wait until it has ended. `status` shows how far it is.",
  );
}

/** Opens a run whose lock we hold; gives the lock back where the file turns out to be read-only. */
function openHeld(path: string, lock: HeldLock, user: ShelfUser): SavedRun | "read-only" {
  try {
    return openLocked(path, lock, user);
  } catch (error) {
    lock.release();
    const cause = error instanceof BatchError ? error.cause : error;
    if (sqliteCodeOf(cause) === SQLITE.readOnly) return "read-only";
    throw error;
  }
}

function openLocked(path: string, lock: HeldLock, user: ShelfUser, plan?: Plan): SavedRun {
  return openChecked(path, "write", (database) => {
    commitTogether(database, "The run cannot be opened", () => putHolder(database, user));
    return { lock, heldBy: null, plan, clock: user.clock };
  });
}

function openUnlocked(path: string, isHeld: boolean): SavedRun {
  return openChecked(path, "read", (database) => ({ lock: null, heldBy: isHeld ? readHolder(database) : null }));
}

function openChecked(
  folder: string,
  access: "write" | "read",
  prepare: (database: DatabaseSync) => Pick<OpenParts, "lock" | "heldBy" | "plan" | "clock">,
): SavedRun {
  const file = join(folder, DATABASE_FILE);
  const identity = identifyFile(file);
  if (identity === null) throw noRunIn(folder);
  let database: DatabaseSync | null = null;
  try {
    database = openDatabase(file, access);
    requireRun(database);
    const run = new SavedRun({ folder, database, identity, ...prepare(database) });
    if (isSameFile(identity, identifyFile(file))) return run;
    throw new BatchError(
      "refused",
      `${file} was replaced while it was being opened. Nothing was changed now.`,
      "Find out what else works in that folder, then run the same command again.",
    );
  } catch (error) {
    database?.close();
    throw describeSqliteTrouble(error, "The run cannot be opened");
  }
}

/** @returns The folder's real path, so that a link that is changed later leads nowhere else. */
function locateRun(folder: string): string {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) {
    throw new BatchError(
      "usage",
      `${folder} is a file, and a run is a folder.`,
      "Give the folder that `plan` made; a mapping is for `plan`.",
    );
  }
  if (found === undefined) {
    throw new BatchError(
      "usage",
      `There is no run folder ${folder}.`,
      "Give the folder that `plan` made; it named it at its end.",
    );
  }
  const path = realpathSync(folder);
  if (identifyFile(join(path, DATABASE_FILE)) === null) throw noRunIn(folder);
  return path;
}

/** A plan that was cut off leaves a lock and a half-made database; a folder with anything else in it is somebody's own. */
function noRunIn(folder: string): BatchError {
  const isLeftOver = readdirSync(folder).every((name) => name.startsWith("run."));
  return new BatchError(
    "usage",
    `There is no run in ${folder}: run.sqlite is missing.`,
    isLeftOver
      ? "If `plan` was cut off there, delete the folder and plan again."
      : "Give the folder of a run: `plan` names the one that it makes at its end.",
  );
}

function putHolder(database: DatabaseSync, { now, pid, host, user, programVersion }: ShelfUser): void {
  putMeta(database, "holder", canonicalJson({ pid, host, user, since: now().toISOString(), programVersion }));
}

function readHolder(database: DatabaseSync): string {
  const stored = getMeta(database, "holder");
  return describeHolder(stored === null ? null : parseStored(stored, holderSchema, "the holder of the lock"));
}
