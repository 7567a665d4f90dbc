/**
 * An open run folder: the one truth about a run, and the only way to change it.
 *
 * A change is refused when the folder is no longer the one that was opened, and after a failure of the
 * disk nothing more is changed: a write to the tenant must never follow an intent that may not be durable.
 */

import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { BreakerOpening } from "../../core/breaker-openings.ts";
import type { Quota } from "../../core/effort.ts";
import { BatchError } from "../../core/errors.ts";
import type { Attempt, Journal, Observation } from "../../core/journal.ts";
import { canonicalJson, type Decisions, type Plan } from "../../core/plan.ts";
import type { Clock } from "../../ports/clock.ts";
import type { NewAttempt, NewObservation, RunAbout, RunStore } from "../../ports/run-store.ts";
import { describeSqliteTrouble } from "./disk-trouble.ts";
import { GroupCommit } from "./group-commit.ts";
import { type FileIdentity, identifyFile, isSameFile } from "./own-files.ts";
import { decisionsSchema, mappingOriginSchema, openingsSchema } from "./plan-schema.ts";
import { readFileSafely } from "./read-file-safely.ts";
import { commitTogether, getMeta, putMeta, requireMeta } from "./run-database.ts";
import type { HeldLock } from "./run-lock.ts";
import { lastSeqOf, loadJournal, storeEvents } from "./stored-journal.ts";
import { loadHeader, loadPlan } from "./stored-plan.ts";
import { parseStored } from "./stored-text.ts";
import { writeFileSafely } from "./write-file-safely.ts";

export const DATABASE_FILE = "run.sqlite";
export const LOCK_FILE = "run.lock";

/** How the last command that worked on a run ended. */
export type RunEnd = { readonly reason: string; readonly at: string };

export type OpenParts = {
  readonly folder: string;
  readonly database: DatabaseSync;
  /** The file that `database` is. */
  readonly identity: FileIdentity;
  /** `null` where nothing can be changed. */
  readonly lock: HeldLock | null;
  readonly heldBy: string | null;
  /** The plan, where it was stored a moment ago: a large one would else be in memory twice. */
  readonly plan?: Plan | undefined;
  /** Lets the disk rest between commits. */
  readonly clock?: Clock | undefined;
};

const endSchema = z.strictObject({ reason: z.string(), at: z.string(), seq: z.int().nonnegative() });

/** @see RunStore */
export class SavedRun implements RunStore {
  readonly folder: string;
  readonly about: RunAbout;
  readonly writable: boolean;
  readonly heldBy: string | null;
  readonly #parts: OpenParts;
  readonly #lines: GroupCommit<Attempt | Observation>;
  #lastSeq: number;
  #plan: Plan | null;
  /** The failure of the disk after which nothing more is changed. */
  #failure: BatchError | null = null;

  constructor(parts: OpenParts) {
    this.#parts = parts;
    this.#plan = parts.plan ?? null;
    this.#lines = new GroupCommit((lines) => this.#storeLines(lines), parts.clock);
    this.folder = parts.folder;
    this.writable = parts.lock !== null;
    this.heldBy = parts.heldBy;
    this.about = readAbout(parts.database);
    this.#lastSeq = lastSeqOf(parts.database);
  }

  /** Read and checked once: a saved plan never changes, and of a very large one that takes seconds. */
  readPlan(): Plan {
    this.#plan ??= this.#read("The plan cannot be read", () => loadPlan(this.#parts.database));
    return this.#plan;
  }

  readDecisions(): Decisions | null {
    return this.#read("The decisions cannot be read", () => {
      const stored = getMeta(this.#parts.database, "decisions");
      return stored === null ? null : parseStored(stored, decisionsSchema, "the decisions");
    });
  }

  storeDecisions(decisions: Decisions): void {
    const text = canonicalJson(decisions);
    const stored = this.readDecisions();
    if (stored !== null && canonicalJson(stored) !== text) {
      throw new BatchError(
        "refused",
        "This run was started with other decisions. Nothing was written.",
        "Go on with the decisions of the first apply, or plan again.",
        { details: [`stored: ${canonicalJson(stored)}`, `now: ${text}`] },
      );
    }
    this.#change("The decisions were not saved", () => {
      if (stored === null) putMeta(this.#parts.database, "decisions", text);
    });
  }

  readOpenings(): readonly BreakerOpening[] {
    return this.#read("What the breaker has said cannot be read", () => {
      const stored = getMeta(this.#parts.database, "breaker");
      return stored === null ? [] : parseStored(stored, openingsSchema, "what the breaker has said");
    });
  }

  storeOpenings(openings: readonly BreakerOpening[]): void {
    this.#lines.flush();
    this.#change("What the breaker says was not saved", () =>
      putMeta(this.#parts.database, "breaker", canonicalJson(openings)),
    );
  }

  async intend(attempt: NewAttempt): Promise<Attempt> {
    const { runId } = this.about;
    this.#requireChangeable();
    const intent: Attempt = this.#append({ ...attempt, kind: "intent", runId, seq: this.#lastSeq + 1 });
    await this.#lines.settle();
    return intent;
  }

  observe(observation: NewObservation): Observation {
    if (this.#parts.lock === null) this.#requireWritable();
    // It is true whether or not it can be saved: whoever asks what was done must hear of it.
    const learned = this.#append({ ...observation, seq: this.#lastSeq + 1 });
    this.#requireChangeable();
    return learned;
  }

  /** Where the disk has failed, with what was learned and could not be saved any more: it is true all the same. */
  readJournal(): Journal {
    this.#flushLines();
    const saved = this.#read("The journal cannot be read", () => loadJournal(this.#parts.database, this.about.runId));
    return [...saved, ...this.#lines.waiting.filter(({ kind }) => kind !== "intent")];
  }

  recordEnd(reason: string, at: string): void {
    this.#lines.flush();
    const text = canonicalJson({ reason, at, seq: this.#lastSeq });
    this.#change("The end of the run was not saved", () => putMeta(this.#parts.database, "end", text));
  }

  /** `null` when the run has not ended, or was cut off after it had been taken up again. */
  readEnd(): RunEnd | null {
    this.#flushLines();
    return this.#read("The end of the run cannot be read", () => {
      const stored = getMeta(this.#parts.database, "end");
      if (stored === null) return null;
      const { reason, at, seq } = parseStored(stored, endSchema, "the end of the run");
      return seq === lastSeqOf(this.#parts.database) ? { reason, at } : null;
    });
  }

  publish(fileName: string, texts: Iterable<string>): string {
    if (/^run\./i.test(fileName)) throw new Error(`a projection must not be named ${fileName}`);
    this.#requireWritable();
    if (this.#failure === null) this.#lines.flush();
    return writeFileSafely(this.folder, fileName, texts);
  }

  readPublished(fileName: string): string | null {
    return readFileSafely(this.folder, fileName);
  }

  close(): void {
    const { database, lock } = this.#parts;
    try {
      // Where that fails, whoever recorded the end has heard of it; a resume reads what was lost again.
      this.#flushLines();
    } finally {
      try {
        if (database.isOpen) database.close();
      } finally {
        lock?.release();
      }
    }
  }

  #append<Event extends Attempt | Observation>(event: Event): Event {
    this.#lastSeq = event.seq;
    this.#lines.add(event);
    return event;
  }

  /** Saves what waits, for a reader: a failure of the disk stops the next change, not the reading. */
  #flushLines(): void {
    if (this.#failure !== null) return;
    try {
      this.#lines.flush();
    } catch (error) {
      if (!(error instanceof BatchError) || error.code !== "disk") throw error;
      this.#failure = error;
    }
  }

  #storeLines(lines: readonly (Attempt | Observation)[]): void {
    const promised = lines.some(({ kind }) => kind === "intent");
    const what = promised ? "The intent was not saved, so nothing was sent" : "What was learned was not saved";
    this.#change(what, () => storeEvents(this.#parts.database, this.about.runId, lines));
  }

  #read<T>(what: string, read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw describeSqliteTrouble(error, what);
    }
  }

  #change(what: string, statements: () => void): void {
    this.#requireChangeable();
    try {
      commitTogether(this.#parts.database, what, statements);
    } catch (error) {
      if (error instanceof BatchError && error.code === "disk") this.#failure = error;
      throw error;
    }
  }

  #requireChangeable(): void {
    if (this.#failure !== null) throw this.#failure;
    this.#requireWritable();
  }

  #requireWritable(): void {
    const { lock, heldBy, identity, folder } = this.#parts;
    if (lock === null) {
      const why = heldBy === null ? "its folder is read-only" : `${heldBy} works on it`;
      throw new BatchError(
        "refused",
        `This run cannot be changed: ${why}.`,
        "Wait until the other command has ended, or copy the folder to where it can be written.",
      );
    }
    if (lock.isInPlace() && isSameFile(identity, identifyFile(join(folder, DATABASE_FILE)))) return;
    throw new BatchError(
      "disk",
      `${folder} was moved, deleted or replaced while it was in use.`,
      "Put the folder back, then run the same command again: it goes on where it stopped.",
    );
  }
}

const quotaSchema: z.ZodType<Quota> = z.strictObject({
  writes: z.int().positive(),
  windowSeconds: z.number().positive(),
});

function readAbout(database: DatabaseSync): RunAbout {
  const header = loadHeader(database);
  return {
    runId: requireMeta(database, "runId"),
    createdAt: requireMeta(database, "createdAt"),
    programVersion: requireMeta(database, "programVersion"),
    servers: parseStored(requireMeta(database, "servers"), z.array(z.string()), "the list of servers"),
    tenantName: parseStored(requireMeta(database, "tenantName"), z.string().nullable(), "the tenant's name"),
    quota: parseStored(requireMeta(database, "quota"), quotaSchema, "the quota"),
    delimiter: requireMeta(database, "delimiter"),
    mapping: parseStored(requireMeta(database, "mapping"), mappingOriginSchema, "how the mapping was read"),
    planHash: requireMeta(database, "planHash"),
    kind: header.kind,
    tenantId: header.tenantId,
  };
}

/** Stores what is known of a new run beside its plan, and that its journal is empty. */
export function storeAbout(database: DatabaseSync, about: Omit<RunAbout, "planHash" | "kind" | "tenantId">): void {
  putMeta(database, "runId", about.runId);
  putMeta(database, "createdAt", about.createdAt);
  putMeta(database, "programVersion", about.programVersion);
  putMeta(database, "servers", canonicalJson(about.servers));
  putMeta(database, "quota", canonicalJson(about.quota));
  putMeta(database, "tenantName", canonicalJson(about.tenantName));
  putMeta(database, "delimiter", about.delimiter);
  putMeta(database, "mapping", canonicalJson(about.mapping));
  putMeta(database, "lastSeq", "0");
}
