/**
 * Finds out what became of writes whose answer was lost, and keeps what may still land from doing harm.
 *
 * The same value is sent again only after two equal reads; a different one only when the lost write can no longer land.
 */
import { type Change, OBJECT_NOUNS } from "../core/change.ts";
import { mayLandThoughRefused } from "../core/change-progress.ts";
import type { Attempt } from "../core/journal.ts";
import type { HeldValue } from "../ports/writable-side.ts";
import type { LiveJournal } from "./live-journal.ts";
import type { PatientReader } from "./patient-reader.ts";

export type SettlingLimits = {
  /** Between the two equal reads that settle a lost answer. */
  readonly settleMs: number;
  /** Before a different value may follow a write that was undecided. */
  readonly quarantineMs: number;
};

/** Reads that may disagree before settling gives up for now. */
const MOST_SETTLING_READS = 10;
/** How far a copy of the directory may lag behind what has landed. */
const LAG_MS = 120_000;

export class WriteSettler {
  readonly #journal: LiveJournal;
  readonly #reader: PatientReader;
  readonly #limits: SettlingLimits;

  constructor(journal: LiveJournal, reader: PatientReader, limits: SettlingLimits) {
    this.#journal = journal;
    this.#reader = reader;
    this.#limits = limits;
  }

  /**
   * Settles what is open of this change: two equal reads, `settleMs` apart.
   *
   * @returns Whether nothing is open any more; false when the reads disagree for too long, or `giveUp` fired.
   * @throws {BatchError} tenant or directory: the object cannot be read.
   */
  async settle(change: Change, giveUp: AbortSignal): Promise<boolean> {
    const attempt = this.#journal.progressOf(change)?.open ?? null;
    if (attempt === null) return true;
    // A set-back that lands late would undo a row that counts as done: it must be past landing first.
    if (attempt.purpose === "canary-back" && !(await this.outlastOthers(change, change.after, giveUp))) return false;
    let previous: HeldValue | null | undefined;
    for (let read = 0; read < MOST_SETTLING_READS; read += 1) {
      if (read > 0 && !(await this.#reader.pause(this.#limits.settleMs, giveUp))) return false;
      const held = await this.#reader.read(change, giveUp);
      if (held === undefined) return false;
      if (previous === undefined || previous?.value !== held?.value) {
        previous = held;
        continue;
      }
      this.#conclude(change, attempt, held);
      return true;
    }
    return false;
  }

  #conclude(change: Change, attempt: Attempt, held: HeldValue | null): void {
    const value = held?.value ?? null;
    if (held === null)
      this.#journal.observe(change, "settled-drift", {
        attempt,
        message: `the ${OBJECT_NOUNS[change.side]} no longer exists`,
      });
    else if (value === attempt.after) this.#journal.observe(change, "settled-applied", { attempt, value });
    else if (value === attempt.before) this.#journal.observe(change, "settled-not-applied", { attempt, value });
    else
      this.#journal.observe(change, "settled-drift", { attempt, value, message: "neither the old nor the new value" });
  }

  /**
   * A write that was refused is surely not there, but an earlier one of the same value whose answer was lost may still
   * land: only when it can no longer is the row said to have failed. Until then it is undecided, also for whoever
   * comes after a process that died while it waited.
   *
   * @returns false when `giveUp` fired first: a later apply goes on with it.
   */
  async awaitLateLanding(change: Change, after: string | null, giveUp: AbortSignal): Promise<boolean> {
    const progress = this.#journal.progressOf(change);
    if (progress === undefined || !mayLandThoughRefused(progress)) return true;
    const earlier = this.#journal.findUnclear(change.objectId, after);
    const waitMs = earlier === undefined ? 0 : this.#journal.landingLeftMs(earlier, this.#limits.quarantineMs);
    if (!(await this.#reader.pause(waitMs, giveUp))) return false;
    for await (const held of this.#reader.looks(change, giveUp, LAG_MS)) {
      if (held?.value !== after) continue;
      this.#journal.observe(change, "settled-applied", { value: after, ...(earlier && { attempt: earlier }) });
      return true;
    }
    if (giveUp.aborted) return false;
    const { answer } = progress;
    const refused = progress.attempts.at(-1);
    this.#journal.observe(change, "settled-refused", {
      ...(refused && { attempt: refused }),
      ...(answer && { answer }),
    });
    return true;
  }

  /**
   * Waits until no write of another value to the same object can land any more.
   *
   * @returns false when `giveUp` fired first.
   */
  async outlastOthers(change: Change, after: string | null, giveUp: AbortSignal): Promise<boolean> {
    const waitMs = this.#journal.quarantineLeftMs(change.objectId, after, this.#limits.quarantineMs);
    return this.#reader.pause(waitMs, giveUp);
  }
}
