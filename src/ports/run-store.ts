/**
 * A run that was saved: the plan, what the operator decided, and the journal. It alone is the truth; every
 * file for people is made from it.
 *
 * Every implementation passes `test/conformance/run-store.ts`. A method that changes something has it on
 * disk, fsynced, when it is over: the writer sends a write only after `intend` has resolved. Only what was observed may
 * come to disk a moment later, and never after a later intent: so nothing is sent ahead of what was learned before.
 */
import type { BreakerOpening } from "../core/breaker-openings.ts";
import type { Quota } from "../core/effort.ts";
import type { Attempt, Journal, Observation } from "../core/journal.ts";
import type { MappingOrigin } from "../core/mapping.ts";
import type { Decisions, Plan } from "../core/plan.ts";

/** What is known of a run before its plan is read. */
export type RunAbout = {
  readonly runId: string;
  /** ISO time at which the plan was saved. */
  readonly createdAt: string;
  readonly programVersion: string;
  readonly planHash: string;
  readonly kind: "apply" | "rollback";
  readonly tenantId: string;
  /** As the tenant called itself when the plan was made; `null` where nobody asked. */
  readonly tenantName: string | null;
  /** Servers that answered when the plan was made, for the record. */
  readonly servers: readonly string[];
  /** Writes that the tenant grants, as configured when the plan was made: what its least time was reckoned with. */
  readonly quota: Quota;
  /** Of the CSV files for people: the one of the mapping, or of the record that a rollback was made from. */
  readonly delimiter: string;
  /**
   * Which mapping file it was and how it was read; `null` for a rollback. Beside the plan, because the same rows saved in another
   * encoding are the same plan.
   */
  readonly mapping: MappingOrigin | null;
};

export type NewAttempt = Omit<Attempt, "seq" | "kind" | "runId">;
export type NewObservation = Omit<Observation, "seq">;

export interface RunStore {
  readonly folder: string;
  readonly about: RunAbout;
  /** false when another process holds the run or the folder is read-only: nothing can then be changed. */
  readonly writable: boolean;
  /** Who holds the lock, where it is not us: for the message. */
  readonly heldBy: string | null;

  /** @throws {BatchError} refused: the plan's bytes are not those that were saved. */
  readPlan(): Plan;
  readDecisions(): Decisions | null;
  /** Stores the decisions of the first apply. @throws {BatchError} refused: others are stored already. */
  storeDecisions(decisions: Decisions): void;

  /** Each time that the breaker of the run opened, the first one first. */
  readOpenings(): readonly BreakerOpening[];
  /** Stores them in place of those that stood there: the next wave must find the verdict and the operator's word. */
  storeOpenings(openings: readonly BreakerOpening[]): void;

  /**
   * Makes an intent durable, and everything that was observed before it. Only then may the write be sent.
   * @throws {BatchError} disk, refused
   */
  intend(attempt: NewAttempt): Promise<Attempt>;
  /**
   * Adds what was learned. It is durable within a second or so, and before anything later that this store makes durable
   * or reads. @throws {BatchError} disk: something could not be saved, now or before. refused
   */
  observe(observation: NewObservation): Observation;
  /** @throws {BatchError} refused: a line of the journal is damaged; its place is named. */
  readJournal(): Journal;

  /** Records that the run ended, and how: a run without it was cut off. */
  recordEnd(reason: string, at: string): void;

  /**
   * Writes a file for people, whole or not at all.
   * @returns The name it was written under: another one when a program holds the file open.
   */
  publish(fileName: string, texts: Iterable<string>): string;
  /** Text of a published file; `null` when there is none. */
  readPublished(fileName: string): string | null;

  /** Releases the lock. */
  close(): void;
}

/** Makes and opens runs. */
export interface RunShelf {
  /**
   * Saves a new run in a folder that must not exist: a whole plan or nothing.
   * @throws {BatchError} usage: the folder exists. disk: it cannot be written.
   */
  create(folder: string, plan: Plan, about: Omit<RunAbout, "planHash" | "kind" | "tenantId">): RunStore;
  /**
   * Opens a run.
   * @param access `write` takes the lock; `read` takes it if it is free and goes on without it if not.
   * @throws {BatchError} usage: there is no run. refused: held by another process (write), or made by a
   *   newer program.
   */
  open(folder: string, access: "write" | "read"): RunStore;
}
