/**
 * Applies an approved plan: canary, simple rows, chains, cycles, in that order.
 *
 * One unit is a list of changes that follow each other: a single row, a chain, a cycle. Units of one wave run
 * side by side, cycles one at a time. Everything that happens is in the journal when it has happened;
 * this stage returns nothing else.
 */
import pLimit from "p-limit";
import { createBreaker } from "../core/breaker.ts";
import { type Change, keyOf, type Side } from "../core/change.ts";
import { BatchError, describeError } from "../core/errors.ts";
import type { ChangeProgress } from "../core/outcome.ts";
import { type ApprovedPlan, countRowsToWrite } from "../core/plan.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Progress } from "../ports/progress.ts";
import type { WritableSide } from "../ports/writable-side.ts";
import type { LiveJournal } from "./live-journal.ts";
import { ChangeWriter, type WriterLimits } from "./write-change.ts";

/** How an operator stops a run: `drain` takes nothing new on, `abort` also gives up what is under way. */
export type StopSignals = { readonly drain: AbortSignal; readonly abort: AbortSignal };

export type WriterWorld = {
  readonly sides: Readonly<Partial<Record<Side, WritableSide>>>;
  readonly journal: LiveJournal;
  readonly clock: Clock;
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

/**
 * @returns Why it ended early: a breaker, a canary, a pause too long to wait, a signal. The rows not reached are
 *   pending and a later apply goes on with them.
 * @throws {BatchError} tenant or directory: a side cannot be read any more; the journal has everything
 *   that was sent.
 */
export async function applyChanges(plan: ApprovedPlan, world: WriterWorld): Promise<EarlyEnd> {
  const run = new WriterRun(plan, world);
  const simple = plan.changes.filter(({ wave }) => wave === "simple");
  // A row that was left alone before anything was sent for it proves nothing, and must not hold up the rest for ever.
  const canary = simple
    .filter((change) => !isLeftAlone(world.journal.progressOf(change)))
    .slice(0, plan.decisions.canary);
  await run.canary(canary);
  const proving = new Set(canary);
  await run.wave(
    "writing",
    simple.filter((change) => !proving.has(change)).map((change) => [change]),
  );
  await run.wave("writing chains", unitsOf(plan.changes, "chain"));
  for (const cycle of unitsOf(plan.changes, "cycle")) await run.cycle(cycle);
  await run.holders(unitsOf(plan.changes, "holder"));
  return run.endedBy;
}

function isLeftAlone(progress: ChangeProgress | undefined): boolean {
  return progress?.status === "drift" && progress.attempts.length === 0;
}

function unitsOf(changes: readonly Change[], wave: Change["wave"]): Change[][] {
  return [
    ...Map.groupBy(
      changes.filter((change) => change.wave === wave),
      ({ group }) => group,
    ).values(),
  ];
}

class WriterRun {
  endedBy: EarlyEnd = null;
  readonly #plan: ApprovedPlan;
  readonly #world: WriterWorld;
  readonly #writers = new Map<Side, ChangeWriter>();
  readonly #changeByKey: ReadonlyMap<string, Change>;
  readonly #breaker;

  constructor(plan: ApprovedPlan, world: WriterWorld) {
    this.#plan = plan;
    this.#world = world;
    this.#changeByKey = new Map(plan.changes.map((change) => [keyOf(change), change]));
    this.#breaker = createBreaker(countRowsToWrite(plan));
    const releasers = new Set(plan.changes.filter(({ before }) => before !== null).map(({ objectId }) => objectId));
    for (const [name, side] of Object.entries(world.sides) as [Side, WritableSide][]) {
      this.#writers.set(name, new ChangeWriter({ ...world, side, releasers, abort: world.stop.abort }));
    }
  }

  /** The first rows, written and verified, and the proof on one of them that an old value can be put back. */
  async canary(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    await this.wave(
      "canary",
      changes.map((change) => [change]),
    );
    if (this.#mustStop() || this.#plan.changes.some((change) => this.#isProof(change))) return;
    const unverified = changes.find(
      (change) => !["verified", "already", "blocked", "taken-over"].includes(this.#status(change)),
    );
    if (unverified !== undefined) {
      this.#end(
        `canary row ${unverified.row} is ${this.#status(unverified)}, not verified: nothing beyond the canary was written`,
      );
      return;
    }
    const ours = changes.filter((change) => this.#status(change) === "verified");
    // Null is the old value that tenants have been known to refuse, so a row that was empty proves most.
    const proof = ours.find(({ before }) => before === null) ?? ours[0];
    if (proof === undefined) return;
    const stage = this.#world.progress.begin("proving that rollback works", null);
    const proved = await this.#writerFor(proof)
      .proveRollback(proof)
      .finally(() => stage.end());
    if (!proved) {
      this.#end(
        `row ${proof.row} could not be set back and set again in this tenant: rollback would not work, so nothing more was written`,
      );
    }
  }

  /** A cycle whose pivot could not be cleared is the proof that no other one can be opened either. */
  async cycle(cycle: readonly Change[]): Promise<void> {
    await this.wave("writing a cycle", [cycle]);
    const [pivot] = cycle;
    if (pivot !== undefined && this.#status(pivot) === "failed") {
      this.#end(`the tenant did not let the ID of row ${pivot.row} be cleared, so no further cycle was opened`);
    }
  }

  /**
   * Rows with a holder action, one at a time, when no other row is on its way any more. What an irreversible step
   * rests on is read and checked anew just before it.
   */
  async holders(units: readonly (readonly Change[])[]): Promise<void> {
    if (units.length === 0 || this.#mustStop()) return;
    const open = this.#plan.changes.find((change) => change.wave !== "holder" && ON_ITS_WAY.has(this.#status(change)));
    if (open !== undefined) {
      this.#end(`row ${open.row} is ${this.#status(open)}: holder actions wait until every other row is settled`);
      return;
    }
    for (const unit of units) {
      const [first] = unit;
      if (first !== undefined && unit.every((change) => this.#status(change) === "pending")) {
        const reason = await this.#world.recheckRows(new Set(unit.map(({ row }) => row)));
        if (reason !== null) this.#world.journal.observe(first, "drift", { message: reason });
      }
      await this.wave("holder actions", [unit]);
    }
  }

  /** Runs the units of one wave side by side; the first failure lets the others finish what they have begun. */
  async wave(name: string, units: readonly (readonly Change[])[]): Promise<void> {
    if (units.length === 0 || this.#mustStop()) return;
    // What an earlier apply has done is no progress of this one; a wave that is done already is not shown at all.
    const toGo = new Set(units.flat().filter((change) => !SETTLED.has(this.#status(change))));
    const stage = toGo.size === 0 ? null : this.#world.progress.begin(name, toGo.size);
    const limit = pLimit(this.#world.limits.inFlight);
    const readingBack = pLimit(this.#world.limits.inFlight);
    const readBacks: Promise<void>[] = [];
    let failure: { readonly error: unknown } | null = null;
    const fail = (error: unknown) => {
      this.#end(describeError(error));
      // The service asks for a pause: the run stops as planned, and the rows not reached are pending.
      if (!(error instanceof BatchError && error.code === "paused")) failure ??= { error };
    };
    const runUnit = async (unit: readonly Change[]) => {
      const before = new Map<string, { readonly change: Change; readonly reading: Promise<void> }>();
      for (const change of unit) {
        const begun = FINISHED_ONCE_BEGUN.has(change.wave) && change !== unit[0];
        if (this.#mustStop() && !begun) return;
        // A pivot's second write compares with what its first one left: a copy that lags would look like drift.
        const first = before.get(change.objectId);
        await first?.reading;
        if (first !== undefined && this.#status(first.change) === "accepted") return;
        if (!(await this.#applyChange(change))) return;
        if (toGo.has(change)) stage?.advance(1);
        const reading = readingBack(() => this.#readBack(change)).catch(fail);
        before.set(change.objectId, { change, reading });
        readBacks.push(reading);
      }
    };
    await limit.map(units, (unit) => runUnit(unit).catch(fail));
    await Promise.all(readBacks);
    stage?.end();
    if (failure !== null) throw (failure as { readonly error: unknown }).error;
  }

  /** @returns Whether the changes that follow in the same unit may be looked at. */
  async #applyChange(change: Change): Promise<boolean> {
    const { waitsFor } = change;
    if (waitsFor !== null && this.#statusOf(keyOf(waitsFor)) === "pending") return false;
    if (waitsFor !== null && !APPLIED.has(this.#statusOf(keyOf(waitsFor)))) {
      if (this.#statusOf(keyOf(waitsFor)) === "undecided") return false;
      if (this.#status(change) === "pending") {
        this.#world.journal.observe(change, "blocked", {
          message: `waits for row ${waitsFor.row}, which is ${this.#statusOf(keyOf(waitsFor))}`,
        });
      }
      return true;
    }
    const wasSettled = this.#status(change) !== "pending" && this.#status(change) !== "undecided";
    const goesOn = await this.#writerFor(change).write(change);
    if (!goesOn) this.#end("the service asked for a long pause, or could not be reached");
    if (!wasSettled) this.#watch(change);
    return true;
  }

  async #readBack(change: Change): Promise<void> {
    if (this.#status(change) !== "accepted") return;
    await this.#writerFor(change).readBack(change);
    if (this.#status(change) === "drift") this.#watch(change);
  }

  /** Logs where the change stands and lets the breaker see it. */
  #watch(change: Change): void {
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
    const reason = this.#breaker.watch(last);
    if (reason !== null) this.#end(`stopped by the breaker: ${reason}`);
  }

  #end(reason: string): void {
    this.endedBy ??= reason;
  }

  #mustStop(): boolean {
    if (this.#world.stop.drain.aborted) this.#end("stopped by a signal");
    return this.endedBy !== null;
  }

  #isProof(change: Change): boolean {
    const progress = this.#world.journal.progressOf(change);
    // What became of the row later does not take back what it has proved of the tenant.
    const stands = progress?.achieved === "verified";
    return stands && progress.attempts.some(({ purpose }) => purpose === "canary-again");
  }

  #status(change: Change): string {
    return this.#world.journal.progressOf(change)?.status ?? "pending";
  }

  /** As a row that waits for this one sees it: a value that was set back is not free any more. */
  #statusOf(key: string): string {
    const change = this.#changeByKey.get(key);
    if (change === undefined) return "blocked";
    return this.#isSetBack(change) ? "set back" : this.#status(change);
  }

  #isSetBack(change: Change): boolean {
    return (this.#world.journal.progressOf(change)?.setBackAt ?? null) !== null;
  }

  #writerFor(change: Change): ChangeWriter {
    const writer = this.#writers.get(change.side);
    if (writer === undefined) throw new RangeError(`no system is connected for the side ${change.side}`);
    return writer;
  }
}

/** Waves whose units are not left half done: somebody would be without an ID, or without a mailbox for nothing. */
const FINISHED_ONCE_BEGUN: ReadonlySet<string> = new Set(["cycle", "holder"]);

/** Statuses from which a change may still come to be written. */
const ON_ITS_WAY: ReadonlySet<string> = new Set(["pending", "undecided", "accepted"]);

/** Statuses in which an apply finds nothing to do any more. */
const SETTLED: ReadonlySet<string> = new Set(["verified", "already", "taken-over", "failed", "drift", "blocked"]);

/** A change that another one waits for has freed its value. */
const APPLIED: ReadonlySet<string> = new Set(["accepted", "verified", "already", "taken-over"]);
