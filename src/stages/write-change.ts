/**
 * Brings one change from wherever the journal says it stands to where it can go no further.
 *
 * The order is the whole safety of the program: settle what is open, read, compare, promise on disk, send,
 * record. A write whose answer was lost is settled by two equal reads, never by sending again at once.
 */
import { type Change, facetOf, isIrreversible } from "../core/change.ts";
import type { Attempt, AttemptPurpose } from "../core/journal.ts";
import type { Clock } from "../ports/clock.ts";
import type { HeldValue, WritableSide, WriteAnswer } from "../ports/writable-side.ts";
import type { LiveJournal } from "./live-journal.ts";
import type { SuspendWatch } from "./suspend-watch.ts";

export type WriterLimits = {
  /** Most changes under way at once. */
  readonly inFlight: number;
  /** Between the two equal reads that settle a lost answer. */
  readonly settleMs: number;
  /** Before a different value may follow a write that was undecided. */
  readonly quarantineMs: number;
};

/** Times one write is sent before it is left undecided for a later resume. */
const MOST_ATTEMPTS = 5;
/** How old the read may be that a write rests on. */
const FRESH_FOR_MS = 30_000;
/** Reads that may disagree before settling gives up for now. */
const MOST_SETTLING_READS = 10;
/** How far a copy of the directory may lag behind what has landed. */
const LAG_MS = 120_000;
/** Pause before the n-th new try after a conflict with a value that this run has just freed. */
const CONFLICT_PAUSE_MS = 2_000;

type OneWrite = {
  readonly change: Change;
  readonly purpose: AttemptPurpose;
  readonly before: string | null;
  readonly after: string | null;
  readonly giveUp: AbortSignal;
};

export class ChangeWriter {
  readonly #side: WritableSide;
  readonly #journal: LiveJournal;
  readonly #clock: Clock;
  readonly #limits: WriterLimits;
  /** Objects that this batch frees a value from: a conflict with one of them passes. */
  readonly #releasers: ReadonlySet<string>;
  readonly #abort: AbortSignal;
  readonly #saveObject: (change: Change, whole: unknown) => void;
  readonly #watch: SuspendWatch;

  constructor(world: {
    readonly side: WritableSide;
    readonly journal: LiveJournal;
    readonly clock: Clock;
    readonly limits: WriterLimits;
    readonly releasers: ReadonlySet<string>;
    readonly abort: AbortSignal;
    /** Makes an object's last state durable; called before an irreversible step. */
    readonly saveObject: (change: Change, whole: unknown) => void;
    /** Started by whoever made it. */
    readonly watch: SuspendWatch;
  }) {
    this.#side = world.side;
    this.#journal = world.journal;
    this.#clock = world.clock;
    this.#limits = world.limits;
    this.#releasers = world.releasers;
    this.#abort = world.abort;
    this.#saveObject = world.saveObject;
    this.#watch = world.watch;
  }

  /**
   * Writes the change, unless the journal says that it is written or can never be.
   *
   * @param giveUp When it fires, what was sent is left as it stands, undecided where its answer was lost: a later
   *   apply goes on with it. A write that is on its way is not cut off.
   * @returns Whether the run may go on: false when the service asked for a pause that is too long to wait, or
   *   nothing could be sent at all.
   * @throws {BatchError} tenant or directory: the object cannot be read. Whatever was sent stays recorded.
   */
  async write(change: Change, giveUp: AbortSignal): Promise<boolean> {
    return this.#write({ change, purpose: "change", before: change.before, after: change.after, giveUp });
  }

  /**
   * Proves on a row that was just written that the way back works: writes the old value, then the new one
   * again, each read back.
   *
   * @returns Whether both worked; the journal says what did not.
   */
  async proveRollback(change: Change, giveUp: AbortSignal): Promise<boolean> {
    const { before, after } = change;
    const back = await this.#write({ change, purpose: "canary-back", before: after, after: before, giveUp });
    if (!back || this.#journal.progressOf(change)?.status !== "pending") return false;
    // A tenant may answer yes and do nothing, and a copy that lags would show the new value as if it were back.
    if (!(await this.#showsValue(change, before, giveUp))) return false;
    const again = await this.#write({ change, purpose: "canary-again", before, after, giveUp });
    return again && (await this.readBack(change, giveUp));
  }

  /**
   * Reads an accepted change back until the tenant shows it, at 0, 2, 4, 8 ... seconds, for ten minutes at most
   * and until `giveUp` fires; then it stays `accepted`.
   *
   * @returns Whether it ended as verified.
   */
  async readBack(change: Change, giveUp: AbortSignal): Promise<boolean> {
    if (this.#journal.progressOf(change)?.status !== "accepted")
      return this.#journal.progressOf(change)?.status === "verified";
    let foreign: string | null | undefined;
    for (const pauseMs of readBackPausesMs()) {
      if (!(await this.#pause(pauseMs, giveUp))) return false;
      const held = await this.#read(change);
      if (held !== null && held.value === change.after) {
        this.#journal.observe(change, "verified", { value: held.value });
        this.#noteTakeover(change, held);
        return true;
      }
      // A copy of the directory may lag and show the old value; a third value twice is somebody else's.
      const seen = held === null ? undefined : held.value;
      if (held === null || (seen !== change.before && seen === foreign)) {
        const message =
          held === null ? "the user was deleted after the write" : "somebody else changed the value after the write";
        this.#journal.observe(change, "mismatch", { value: seen ?? null, message });
        return false;
      }
      foreign = seen;
    }
    return false;
  }

  /** Whether the tenant comes to show this value, read as in {@link readBack}. */
  async #showsValue(change: Change, value: string | null, giveUp: AbortSignal): Promise<boolean> {
    for (const pauseMs of readBackPausesMs()) {
      if (!(await this.#pause(pauseMs, giveUp))) return false;
      const held = await this.#read(change);
      if (held === null) return false;
      if (held.value === value) return true;
    }
    return false;
  }

  /** @returns false when `giveUp` has fired, at once where it comes in the pause. */
  async #pause(ms: number, giveUp: AbortSignal): Promise<boolean> {
    if (ms <= 0) return true;
    if (giveUp.aborted) return false;
    try {
      await this.#clock.sleep(ms, AbortSignal.any([this.#abort, giveUp]));
    } catch (error) {
      if (this.#abort.aborted || !giveUp.aborted) throw error;
    }
    return !giveUp.aborted;
  }

  async #write({ change, purpose, before, after, giveUp }: OneWrite): Promise<boolean> {
    for (let sent = 0; ; ) {
      if (sent > 0 && giveUp.aborted) return true;
      const open = this.#journal.progressOf(change)?.open ?? null;
      if (open !== null && !(await this.#settle(change, open, giveUp))) return true;
      await this.#awaitLateLanding(change, after);
      if (!this.#mayWrite(change, purpose)) return true;
      if (!(await this.#waitForQuarantine(change, after, giveUp))) return true;
      const awake = this.#watch.awake();
      if (!(await this.#isAsPlanned(change, purpose, before, after))) return true;
      if (sent >= MOST_ATTEMPTS) return true;
      if (isIrreversible(change.kind)) await this.#save(change);
      if (this.#watch.hasSleptSince(awake)) continue;
      sent += 1;
      const attempt = this.#journal.intend(change, purpose, before, after);
      const answer = await this.#send(change, attempt, awake);
      if (answer.meaning === "too-late") {
        // The service held everything for a while: the user may have changed meanwhile, so look again first.
        this.#journal.observe(change, "not-sent", { answer, attempt });
        sent -= 1;
        continue;
      }
      const conflict = answer.meaning === "refused" ? answer.conflict : null;
      if (conflict === null) {
        this.#journal.observe(change, answer.meaning, { answer, attempt });
        if (answer.meaning === "not-sent") return false;
        if (answer.meaning === "accepted") return true;
      } else {
        this.#journal.observe(change, "conflict", { answer, attempt });
        const passing = conflict.holderId !== null && this.#releasers.has(conflict.holderId);
        if (!passing || sent >= MOST_ATTEMPTS) {
          this.#journal.observe(change, "drift", {
            answer,
            message: `another object holds the value: ${conflict.holderId ?? "Graph does not say which"}`,
          });
          return true;
        }
        await this.#pause(CONFLICT_PAUSE_MS * sent, giveUp);
      }
    }
  }

  /**
   * Sends the write, and gives it up when the machine turns out to have slept: what was under way then is undecided,
   * whatever came back, and what had not left yet has to be read for again.
   */
  async #send(change: Change, { after, clientRequestId }: Attempt, awake: AbortSignal): Promise<WriteAnswer> {
    const stop = new AbortController();
    const giveUp = () => stop.abort(this.#abort.aborted ? this.#abort.reason : awake.reason);
    const signals = [this.#abort, awake];
    for (const signal of signals) signal.addEventListener("abort", giveUp, { once: true });
    if (this.#abort.aborted) giveUp();
    try {
      const answer = await this.#side.writeValue(
        { objectId: change.objectId, after, kind: change.kind, freshForMs: FRESH_FOR_MS },
        clientRequestId,
        stop.signal,
      );
      return this.#watch.hasSleptSince(awake) ? doubt(answer) : answer;
    } finally {
      for (const signal of signals) signal.removeEventListener("abort", giveUp);
    }
  }

  /** The state of the journal from which this write may be made. */
  #mayWrite(change: Change, purpose: AttemptPurpose): boolean {
    const status = this.#journal.progressOf(change)?.status ?? "pending";
    return purpose === "canary-back" ? status === "verified" || status === "accepted" : status === "pending";
  }

  /** @returns Whether it is over. */
  async #waitForQuarantine(change: Change, after: string | null, giveUp: AbortSignal): Promise<boolean> {
    const waitMs = this.#journal.quarantineLeftMs(change.objectId, after, this.#limits.quarantineMs);
    return this.#pause(waitMs, giveUp);
  }

  /** A fresh read just before the write: whatever moved since the plan leaves the row alone. */
  async #isAsPlanned(
    change: Change,
    purpose: AttemptPurpose,
    before: string | null,
    after: string | null,
  ): Promise<boolean> {
    const held = await this.#readPastSetBack(change, after);
    if (held === null) return this.#leave(change, "the user no longer exists", null);
    if (held.value === after && purpose !== "canary-back") {
      const ours = this.#journal.findUnclear(change.objectId, after);
      if (ours === undefined) this.#journal.observe(change, "already", { value: held.value });
      else this.#journal.observe(change, "settled-applied", { value: held.value, attempt: ours });
      this.#noteTakeover(change, held);
      return false;
    }
    if (held.value !== before) return this.#leave(change, "the value was changed since the plan", held.value);
    // What lies in the recycle bin is known by its id: its name there is the service's own making.
    if (held.name !== change.name && held.value !== "deleted")
      return this.#leave(change, `the user was renamed to ${held.name}`, held.value);
    if (held.synced) {
      const message = "sync has taken the user over since the plan";
      this.#journal.observe(change, "overtaken", { message, value: held.value });
      return false;
    }
    return true;
  }

  /**
   * After a canary's set-back the old value is there. A copy that lags would show the new one, and a process that
   * died in between would take the row for done: so the read is made again until it shows something else.
   */
  async #readPastSetBack(change: Change, after: string | null): Promise<HeldValue | null> {
    let held = await this.#read(change);
    if (this.#journal.progressOf(change)?.attempts.at(-1)?.purpose !== "canary-back") return held;
    for (const pauseMs of readBackPausesMs()) {
      if (held?.value !== after) return held;
      await this.#clock.sleep(pauseMs, this.#abort);
      held = await this.#read(change);
    }
    return held;
  }

  /** Sync that is at work while a run writes closes the way back: the run must not end without a word about it. */
  #noteTakeover(change: Change, { synced, value }: HeldValue): void {
    if (synced) this.#journal.observe(change, "sync-matched", { value, message: "sync has taken the user over" });
  }

  #leave(change: Change, message: string, value: string | null): false {
    this.#journal.observe(change, "drift", { message, value });
    return false;
  }

  /**
   * Settles an attempt whose answer was lost: two equal reads, `settleMs` apart.
   *
   * @returns Whether it is settled.
   */
  async #settle(change: Change, attempt: Attempt, giveUp: AbortSignal): Promise<boolean> {
    // A set-back that lands late would undo a row that counts as done: it must be past landing first.
    if (attempt.purpose === "canary-back" && !(await this.#waitForQuarantine(change, change.after, giveUp)))
      return false;
    let previous: HeldValue | null | undefined;
    for (let read = 0; read < MOST_SETTLING_READS; read += 1) {
      if (read > 0 && !(await this.#pause(this.#limits.settleMs, giveUp))) return false;
      const held = await this.#read(change);
      if (previous === undefined || previous?.value !== held?.value) {
        previous = held;
        continue;
      }
      const value = held?.value ?? null;
      if (held === null)
        this.#journal.observe(change, "settled-drift", { attempt, message: "the user no longer exists" });
      else if (value === attempt.after) this.#journal.observe(change, "settled-applied", { attempt, value });
      else if (value === attempt.before) this.#journal.observe(change, "settled-not-applied", { attempt, value });
      else
        this.#journal.observe(change, "settled-drift", {
          attempt,
          value,
          message: "neither the old nor the new value",
        });
      return true;
    }
    return false;
  }

  /**
   * A write that was refused is surely not there, but an earlier one of the same value whose answer was lost may still
   * land: only when it can no longer is the row said to have failed.
   */
  async #awaitLateLanding(change: Change, after: string | null): Promise<void> {
    if (this.#journal.progressOf(change)?.status !== "failed") return;
    const attempt = this.#journal.findUnclear(change.objectId, after);
    if (attempt === undefined) return;
    const waitMs = this.#journal.landingLeftMs(attempt, this.#limits.quarantineMs);
    if (waitMs > 0) await this.#clock.sleep(waitMs, this.#abort);
    for (const pauseMs of readBackPausesMs(LAG_MS)) {
      if (pauseMs > 0) await this.#clock.sleep(pauseMs, this.#abort);
      const held = await this.#read(change);
      if (held?.value !== after) continue;
      this.#journal.observe(change, "settled-applied", { attempt, value: after });
      return;
    }
  }

  /** The object's last state, on disk before the step that destroys it. */
  async #save(change: Change): Promise<void> {
    this.#saveObject(change, await this.#side.readWhole(change.objectId, this.#abort));
  }

  /** A read that the machine slept through shows what was before. */
  async #read(change: Change): Promise<HeldValue | null> {
    for (;;) {
      const awake = this.#watch.awake();
      const held = await this.#side.readValue(change.objectId, this.#abort, facetOf(change.kind));
      if (!this.#watch.hasSleptSince(awake)) return held;
    }
  }
}

/** An answer that came over a sleep: who knows what the network made of the request meanwhile. */
function doubt(answer: WriteAnswer): WriteAnswer {
  if (answer.meaning === "not-sent" || answer.meaning === "too-late") return { ...answer, meaning: "too-late" };
  return { ...answer, meaning: "undecided", conflict: null, message: "the machine slept before the answer was read" };
}

/** 0, then 2, 4, 8 ... seconds, together at most `mostMs`. */
function* readBackPausesMs(mostMs = 600_000): Generator<number> {
  yield 0;
  let waitedMs = 0;
  for (let pauseMs = 2_000; waitedMs + pauseMs <= mostMs; pauseMs *= 2) {
    waitedMs += pauseMs;
    yield pauseMs;
  }
}
