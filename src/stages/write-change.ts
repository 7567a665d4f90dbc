/**
 * Brings one change from wherever the journal says it stands to where it can go no further.
 *
 * The order is the whole safety of the program: settle what is open, read, compare, promise on disk, send,
 * record. A write whose answer was lost is settled by two equal reads, never by sending again at once.
 */
import { type Change, isIrreversible, OBJECT_NOUNS } from "../core/change.ts";
import type { Attempt, AttemptPurpose } from "../core/journal.ts";
import type { Clock } from "../ports/clock.ts";
import type { HeldValue, WritableSide, WriteAnswer } from "../ports/writable-side.ts";
import type { LiveJournal } from "./live-journal.ts";
import { PatientReader } from "./patient-reader.ts";
import { type SettlingLimits, WriteSettler } from "./settle-write.ts";
import type { SuspendWatch } from "./suspend-watch.ts";

export type WriterLimits = SettlingLimits & {
  /** Most changes under way at once. */
  readonly inFlight: number;
};

/** Times one write is sent before it is left undecided for a later resume. */
const MOST_ATTEMPTS = 5;
/** How old the read may be that a write rests on. */
const FRESH_FOR_MS = 30_000;
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
  readonly #reader: PatientReader;
  readonly #settler: WriteSettler;
  /** Objects that this batch frees a value from: a conflict with one of them passes. */
  readonly #releasers: ReadonlySet<string>;
  readonly #intoAd: ReadonlySet<number>;
  readonly #abort: AbortSignal;
  readonly #saveObject: (change: Change, whole: unknown) => void;
  readonly #watch: SuspendWatch;

  constructor(world: {
    readonly side: WritableSide;
    readonly journal: LiveJournal;
    readonly clock: Clock;
    readonly limits: WriterLimits;
    readonly releasers: ReadonlySet<string>;
    /** Rows that write into AD: sync has owned their cloud users all along, which is no takeover. */
    readonly intoAd: ReadonlySet<number>;
    readonly abort: AbortSignal;
    /** Makes an object's last state durable; called before an irreversible step. */
    readonly saveObject: (change: Change, whole: unknown) => void;
    /** Started by whoever made it. */
    readonly watch: SuspendWatch;
  }) {
    this.#side = world.side;
    this.#journal = world.journal;
    this.#reader = new PatientReader(world);
    this.#settler = new WriteSettler(world.journal, this.#reader, world.limits);
    this.#releasers = world.releasers;
    this.#intoAd = world.intoAd;
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
    for await (const held of this.#reader.looks(change, giveUp)) {
      if (held !== null && held.value === change.after) {
        this.#journal.observe(change, "verified", { value: held.value });
        this.#noteTakeover(change, held);
        return true;
      }
      // A copy of the directory may lag and show the old value; a third value twice is somebody else's.
      const seen = held === null ? undefined : held.value;
      if (held === null || (seen !== change.before && seen === foreign)) {
        const message =
          held === null
            ? `the ${OBJECT_NOUNS[change.side]} was deleted after the write`
            : "somebody else changed the value after the write";
        this.#journal.observe(change, "mismatch", { value: seen ?? null, message });
        return false;
      }
      foreign = seen;
    }
    return false;
  }

  /** Whether the tenant comes to show this value, read as in {@link readBack}. */
  async #showsValue(change: Change, value: string | null, giveUp: AbortSignal): Promise<boolean> {
    for await (const held of this.#reader.looks(change, giveUp)) {
      if (held === null) return false;
      if (held.value === value) return true;
    }
    return false;
  }

  async #write(write: OneWrite): Promise<boolean> {
    const { change, purpose, before, after, giveUp } = write;
    for (let sent = 0; ; ) {
      if (sent > 0 && giveUp.aborted) return true;
      if (!(await this.#settler.settle(change, giveUp))) return true;
      if (!(await this.#settler.awaitLateLanding(change, after, giveUp))) return true;
      if (!this.#mayWrite(change, purpose)) return true;
      if (!(await this.#settler.outlastOthers(change, after, giveUp))) return true;
      const awake = this.#watch.awake();
      if (!(await this.#isAsPlanned(write))) return true;
      if (sent >= MOST_ATTEMPTS) return true;
      if (isIrreversible(change.kind)) await this.#save(change);
      if (this.#watch.hasSleptSince(awake)) continue;
      sent += 1;
      const attempt = await this.#journal.intend(change, purpose, before, after);
      const answer = await this.#send(write, attempt, awake);
      if (answer.meaning === "too-late") {
        // The service held everything for a while: the user may have changed meanwhile, so look again first.
        this.#journal.observe(change, "not-sent", { answer, attempt });
        if (giveUp.aborted) return true;
        sent -= 1;
        continue;
      }
      if (answer.meaning === "changed-meanwhile") {
        // The side has compared what the read before has shown: the next read tells by whom, or that it was a write of ours.
        this.#journal.observe(change, "conflict", { answer, attempt });
        continue;
      }
      const { conflict } = answer;
      if (conflict === null) {
        this.#journal.observe(change, answer.meaning, { answer, attempt });
        if (answer.meaning === "not-sent") return false;
        if (answer.meaning === "accepted") return true;
        // The row stands as it was written: only its way back was refused, and would be again.
        if (answer.meaning === "refused" && purpose === "canary-back") return true;
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
        await this.#reader.pause(CONFLICT_PAUSE_MS * sent, giveUp);
      }
    }
  }

  /**
   * Sends the write, and gives it up when the machine turns out to have slept: what was under way then is undecided,
   * whatever came back, and what had not left yet has to be read for again.
   */
  async #send(
    { change, giveUp }: OneWrite,
    { before, after, clientRequestId }: Attempt,
    awake: AbortSignal,
  ): Promise<WriteAnswer> {
    const stop = new AbortController();
    const cutOff = () => stop.abort(this.#abort.aborted ? this.#abort.reason : awake.reason);
    const signals = [this.#abort, awake];
    for (const signal of signals) signal.addEventListener("abort", cutOff, { once: true });
    if (this.#abort.aborted || this.#watch.hasSleptSince(awake)) cutOff();
    try {
      const { objectId, kind } = change;
      const answer = await this.#side.writeValue(
        { objectId, before, after, kind, freshForMs: FRESH_FOR_MS, giveUp },
        clientRequestId,
        stop.signal,
      );
      return this.#watch.hasSleptSince(awake) ? doubt(answer) : answer;
    } finally {
      for (const signal of signals) signal.removeEventListener("abort", cutOff);
    }
  }

  /** The state of the journal from which this write may be made. */
  #mayWrite(change: Change, purpose: AttemptPurpose): boolean {
    const status = this.#journal.progressOf(change)?.status ?? "pending";
    return purpose === "canary-back" ? status === "verified" || status === "accepted" : status === "pending";
  }

  /** A fresh read just before the write: whatever moved since the plan leaves the row alone. */
  async #isAsPlanned({ change, purpose, before, after, giveUp }: OneWrite): Promise<boolean> {
    const held = await this.#readPastOwnWrites(change, before, giveUp);
    if (held === undefined) return false;
    if (held === null) return this.#leave(change, `the ${OBJECT_NOUNS[change.side]} no longer exists`, null);
    if (held.value === after && purpose !== "canary-back") {
      const ours = this.#journal.findUnclear(change.objectId, after);
      if (ours === undefined) this.#journal.observe(change, "already", { value: held.value });
      else this.#journal.observe(change, "settled-applied", { value: held.value, attempt: ours });
      this.#noteTakeover(change, held);
      return false;
    }
    if (held.value !== before)
      return this.#leave(change, `the value was changed since the plan: now ${held.value ?? "empty"}`, held.value);
    // What lies in the recycle bin is known by its id: its name there is the service's own making.
    if (held.name !== change.name && held.value !== "deleted")
      return this.#leave(change, `the ${OBJECT_NOUNS[change.side]} was renamed to ${held.name}`, held.value);
    if (this.#isTakenOver(change, held)) {
      const message = "sync has taken the user over since the plan";
      this.#journal.observe(change, "overtaken", { message, value: held.value });
      return false;
    }
    return true;
  }

  /**
   * A copy of the directory that lags shows a value that a write of ours has taken away: the first one of an open
   * cycle, or a canary's set-back. That is no drift, nor is a set-back undone: the read is made again until it shows
   * something else.
   *
   * @returns `undefined` when `giveUp` fired before it did.
   */
  async #readPastOwnWrites(change: Change, before: string | null, giveUp: AbortSignal) {
    let held: HeldValue | null | undefined;
    for await (held of this.#reader.looks(change, giveUp)) {
      const isOutdated = held !== null && held.value !== before && this.#journal.hasTakenAway(change, held.value);
      if (!isOutdated) return held;
    }
    // No copy has come to show anything else: that value is there, or nobody waits for it any longer.
    return giveUp.aborted ? undefined : held;
  }

  /** Sync that is at work while a run writes closes the way back: the run must not end without a word about it. */
  #noteTakeover(change: Change, held: HeldValue): void {
    if (!this.#isTakenOver(change, held)) return;
    this.#journal.observe(change, "sync-matched", { value: held.value, message: "sync has taken the user over" });
  }

  #isTakenOver({ row }: Change, { synced }: HeldValue): boolean {
    return synced && !this.#intoAd.has(row);
  }

  #leave(change: Change, message: string, value: string | null): false {
    this.#journal.observe(change, "drift", { message, value });
    return false;
  }

  /** The object's last state, on disk before the step that destroys it. */
  async #save(change: Change): Promise<void> {
    this.#saveObject(change, await this.#side.readWhole(change.objectId, this.#abort));
  }
}

/** An answer that came over a sleep: who knows what the network made of the request meanwhile. */
function doubt(answer: WriteAnswer): WriteAnswer {
  if (answer.meaning === "not-sent" || answer.meaning === "too-late") return { ...answer, meaning: "too-late" };
  return { ...answer, meaning: "undecided", conflict: null, message: "the machine slept before the answer was read" };
}
