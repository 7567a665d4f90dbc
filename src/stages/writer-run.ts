/** One apply on its way: which writes run side by side, when nothing more is begun, and why. */
import pLimit from "p-limit";
import { type BreakerVerdict, createBreaker } from "../core/breaker.ts";
import { type Change, keyOf, type Side } from "../core/change.ts";
import { BatchError, describeError } from "../core/errors.ts";
import { type ApprovedPlan, countRowsToWrite } from "../core/plan.ts";
import { formatDuration } from "../core/words.ts";
import type { TickingClock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Progress } from "../ports/progress.ts";
import type { WritableSide } from "../ports/writable-side.ts";
import { IntakeGate } from "./intake-gate.ts";
import type { LiveJournal } from "./live-journal.ts";
import { SuspendWatch } from "./suspend-watch.ts";
import { ChangeWriter, type WriterLimits } from "./write-change.ts";

/** How an operator stops a run: `drain` takes nothing new on, `abort` also gives up what is under way. */
export type StopSignals = { readonly drain: AbortSignal; readonly abort: AbortSignal };

/** What may be written; a side that no change of the plan writes to need not be there. */
export type SidesToWrite = Readonly<Partial<Record<Side, WritableSide>>>;

/** The system that the change writes to. */
export function sideOfChange({ side: name }: Pick<Change, "side">, sides: SidesToWrite): WritableSide {
  const side = sides[name];
  if (side === undefined) throw new RangeError(`no system is connected for the side ${name}`);
  return side;
}

export type WriterWorld = {
  readonly sides: SidesToWrite;
  readonly journal: LiveJournal;
  readonly clock: TickingClock;
  readonly log: Log;
  readonly progress: Progress;
  readonly limits: WriterLimits;
  readonly stop: StopSignals;
  /** Makes an object's last state durable before an irreversible step. */
  readonly saveObject: (change: Change, whole: unknown) => void;
  /**
   * Every check of these rows again, with both sides read anew: why they can no longer be done as planned, or
   * `null`.
   */
  readonly recheckRows: (rows: ReadonlySet<number>) => Promise<string | null>;
};

/** Why a run ended before its last row; `null` when it went through. */
export type EarlyEnd = string | null;

/** Changes that follow each other: a single row, a chain, a cycle. */
export type Unit = readonly Change[];

export class WriterRun {
  endedBy: EarlyEnd = null;
  /** To be started while the run is on. */
  readonly watch: SuspendWatch;
  readonly #world: WriterWorld;
  readonly #writers = new Map<Side, ChangeWriter>();
  readonly #changeByKey: ReadonlyMap<string, Change>;
  readonly #breaker;
  readonly #gate: IntakeGate;

  constructor(plan: ApprovedPlan, world: WriterWorld) {
    const { journal, limits, log, progress } = world;
    this.#world = world;
    this.#changeByKey = new Map(plan.changes.map((change) => [keyOf(change), change]));
    this.#breaker = createBreaker(countRowsToWrite(plan));
    this.#gate = new IntakeGate({
      inFlight: limits.inFlight,
      countUndecided: () => journal.undecided,
      isUndecided: (unit) => unit.some((change) => journal.isUndecided(change)),
      isStopped: () => this.mustStop(),
      note: (text) => progress.note(text),
    });
    this.watch = new SuspendWatch(world.clock, (gapMs) => {
      log.warn("suspended", { waitMs: Math.round(gapMs) });
      progress.note(
        `The machine slept for ${formatDuration(gapMs / 1000)}: what was under way is read again before anything more is sent.`,
      );
    });
    const releasers = new Set(plan.changes.filter(({ before }) => before !== null).map(({ objectId }) => objectId));
    const intoAd = new Set(plan.rows.filter(({ side }) => side === "ad").map(({ row }) => row));
    for (const [name, side] of Object.entries(world.sides) as [Side, WritableSide][]) {
      const { watch } = this;
      this.#writers.set(name, new ChangeWriter({ ...world, side, releasers, intoAd, watch, abort: world.stop.abort }));
    }
  }

  /** Runs the units of one wave side by side; the first failure lets the others finish what they have begun. */
  async wave(name: string, units: readonly Unit[]): Promise<void> {
    if (units.length === 0 || this.mustStop()) return;
    // What an earlier apply has done is no progress of this one; a wave that is done already is not shown at all.
    const toGo = new Set(units.flat().filter((change) => !this.isSettled(change)));
    const stage = toGo.size === 0 ? null : this.#world.progress.begin(name, toGo.size);
    const { drain } = this.#world.stop;
    const { inFlight } = this.#world.limits;
    const readingBack = pLimit(inFlight);
    const readBacks = new Set<Promise<void>>();
    let failure: { readonly error: unknown } | null = null;
    const fail = (error: unknown) => {
      this.end(describeError(error));
      // The service asks for a pause: the run stops as planned, and the rows not reached are pending.
      if (!(error instanceof BatchError && error.code === "paused")) failure ??= { error };
    };
    const runUnit = async (unit: Unit) => {
      const before = new Map<string, { readonly change: Change; readonly reading: Promise<void> }>();
      for (const change of unit) {
        const begun = FINISHED_ONCE_BEGUN.has(change.wave) && change !== unit[0];
        if (this.mustStop() && !begun) return;
        // A pivot's second write compares with what its first one left: a copy that lags would look like drift.
        const first = before.get(change.objectId);
        await first?.reading;
        if (first !== undefined && this.status(first.change) === "accepted") return;
        // An open cycle is brought to its end whatever that takes, but for the look at what its last step has left.
        const mustFinish = FINISHED_ONCE_BEGUN.has(change.wave);
        if (!(await this.#applyChange(change, mustFinish ? NEVER : drain))) return;
        if (toGo.delete(change)) stage?.advance(1);
        const mustKnow = mustFinish && change !== unit.at(-1);
        const reading = readingBack(() => this.#readBack(change, mustKnow ? NEVER : drain)).catch(fail);
        before.set(change.objectId, { change, reading });
        readBacks.add(reading);
        void reading.then(() => readBacks.delete(reading));
      }
    };
    this.#gate.expect(units);
    // A queue of all units would be a promise and a function for each of a hundred thousand.
    const waiting = units.values();
    const work = async () => {
      for (const unit of waiting) this.end(await this.#gate.take(unit, (each) => runUnit(each).catch(fail)));
    };
    await Promise.all(Array.from({ length: inFlight }, work));
    await Promise.all(readBacks);
    stage?.end();
    if (failure !== null) throw (failure as { readonly error: unknown }).error;
  }

  /** Ends the run, and keeps every later apply from going on until the operator says that it may. */
  openBreaker(verdict: BreakerVerdict): void {
    this.#world.journal.recordOpening(verdict);
    this.end(`stopped by the breaker: ${verdict.detail}`);
  }

  /** The first reason stays. */
  end(reason: EarlyEnd): void {
    this.endedBy ??= reason;
  }

  mustStop(): boolean {
    if (this.#world.stop.drain.aborted) this.end("stopped by a signal");
    return this.endedBy !== null;
  }

  status(change: Change): string {
    return this.#world.journal.progressOf(change)?.status ?? "pending";
  }

  /** Whether an apply finds nothing to do any more with this change. */
  isSettled(change: Change): boolean {
    return SETTLED.has(this.status(change));
  }

  writerFor(change: Change): ChangeWriter {
    const writer = this.#writers.get(change.side);
    if (writer === undefined) throw new RangeError(`no system is connected for the side ${change.side}`);
    return writer;
  }

  /** @returns Whether the changes that follow in the same unit may be looked at. */
  async #applyChange(change: Change, giveUp: AbortSignal): Promise<boolean> {
    const { waitsFor } = change;
    if (waitsFor !== null && this.#statusOf(keyOf(waitsFor)) === "pending") return false;
    if (waitsFor !== null && !APPLIED.has(this.#statusOf(keyOf(waitsFor)))) {
      if (this.#statusOf(keyOf(waitsFor)) === "undecided") return false;
      if (this.status(change) === "pending") {
        this.#world.journal.observe(change, "blocked", {
          message: `waits for row ${waitsFor.row}, which is ${this.#statusOf(keyOf(waitsFor))}`,
        });
      }
      return true;
    }
    const wasSettled = this.status(change) !== "pending" && this.status(change) !== "undecided";
    const goesOn = await this.writerFor(change).write(change, giveUp);
    if (!goesOn) this.end(this.#whyNotSent(change));
    this.#noteGivenUp(change, giveUp);
    if (!wasSettled) this.#judge(change);
    return true;
  }

  /** What stands in the way of every other write too: a pause, a token, a network. */
  #whyNotSent(change: Change): string {
    const why = this.#world.journal.progressOf(change)?.last?.message;
    return `row ${change.row} could not be written now, nor anything after it${why ? `: ${why}` : ""}`;
  }

  async #readBack(change: Change, giveUp: AbortSignal): Promise<void> {
    if (this.status(change) !== "accepted") return;
    await this.writerFor(change).readBack(change, giveUp);
    this.#noteGivenUp(change, giveUp);
    if (this.status(change) === "drift") this.#judge(change);
  }

  /** The last row of all may be the one that a signal kept from its end: the run has not gone through then. */
  #noteGivenUp(change: Change, giveUp: AbortSignal): void {
    if (giveUp.aborted && ON_ITS_WAY.has(this.status(change))) this.mustStop();
  }

  /** Logs where the change stands and lets the breaker see it. */
  #judge(change: Change): void {
    const { row, step, objectId } = change;
    const progress = this.#world.journal.progressOf(change);
    const { last } = progress ?? {};
    this.#world.log.info("change", {
      row,
      step,
      objectId,
      status: progress?.status ?? "pending",
      ...(last?.httpStatus != null && { httpStatus: last.httpStatus }),
      ...(last?.errorCode != null && { errorCode: last.errorCode }),
      ...(last?.requestId != null && { requestId: last.requestId }),
    });
    if (last === undefined || last === null) return;
    const verdict = this.#breaker.watch(last);
    if (verdict !== null) this.openBreaker(verdict);
  }

  /** As a row that waits for this one sees it: a value that was set back is not free any more. */
  #statusOf(key: string): string {
    const change = this.#changeByKey.get(key);
    if (change === undefined) return "blocked";
    const setBack = (this.#world.journal.progressOf(change)?.setBackAt ?? null) !== null;
    return setBack ? "set back" : this.status(change);
  }
}

const NEVER = new AbortController().signal;

/** Waves whose units are not left half done: somebody would be without an ID, or without a mailbox for nothing. */
const FINISHED_ONCE_BEGUN: ReadonlySet<string> = new Set(["cycle", "holder"]);

/** Statuses in which an apply finds nothing to do any more. */
const SETTLED: ReadonlySet<string> = new Set(["verified", "already", "taken-over", "failed", "drift", "blocked"]);

/** Statuses from which a change may still come to be written or read back. */
export const ON_ITS_WAY: ReadonlySet<string> = new Set(["pending", "undecided", "accepted"]);

/** A change that another one waits for has freed its value. */
const APPLIED: ReadonlySet<string> = new Set(["accepted", "verified", "already", "taken-over"]);
