/** What the stages around the writer put into the run's record, and what they read from it. */
import { type Change, keyOf, savedStateName } from "../core/change.ts";
import { BatchError, nameSome } from "../core/errors.ts";
import type { ObservationKind } from "../core/journal.ts";
import { type ChangeProgress, foldJournal, listOutcomes, type Outcome, type OutcomeStatus } from "../core/outcome.ts";
import type { Decisions, Plan } from "../core/plan.ts";
import { observationFor, type Verdict, type VerifiedRow } from "../core/verdict.ts";
import type { Clock } from "../ports/clock.ts";
import type { Projection, RunView } from "../ports/projection.ts";
import type { RunStore } from "../ports/run-store.ts";
import type { LiveJournal } from "./live-journal.ts";

/** Every step of the run as it stands now. @throws {BatchError} refused: plan or journal are damaged. */
export function listRunOutcomes(store: RunStore): Outcome[] {
  return listOutcomesOf(store.readPlan(), store);
}

/** As {@link listRunOutcomes}, for whoever has read the plan: reading it is what costs. */
function listOutcomesOf(plan: Plan, store: RunStore): Outcome[] {
  return [...listOutcomes(plan, foldJournal(store.readJournal()))];
}

/** Changes that an apply of the run would still send, as far as can be told before both sides are read. */
export function listDueChanges(store: RunStore): Change[] {
  return listRunOutcomes(store).flatMap(({ change, status }) => (change !== null && DUE.has(status) ? change : []));
}

const DUE: ReadonlySet<OutcomeStatus> = new Set(["pending", "undecided", "parked"]);

/** The run as its files for people show it. */
export function viewRun(store: RunStore): RunView {
  const plan = store.readPlan();
  const decisions = store.readDecisions();
  const { about } = store;
  if (decisions === null) return { plan, about, outcomes: null, canary: null };
  return { plan, about, outcomes: listOutcomesOf(plan, store), canary: decisions.canary };
}

/**
 * Makes every file for people anew from the record.
 *
 * @returns Names of files that had to be written beside the old one, which a program holds open.
 * @throws {BatchError} disk
 */
export function publishRun(store: RunStore, projections: readonly Projection[]): string[] {
  const view = viewRun(store);
  return projections.flatMap((projection) => {
    if (projection.from === "apply" && view.outcomes === null) return [];
    const written = store.publish(projection.fileName, projection.render(view));
    return written === projection.fileName ? [] : [written];
  });
}

/** @throws {BatchError} blocked: rows went stale since the plan and --skip-blocked was not given. */
export function requireFreshRows(stale: ReadonlyMap<number, string>, { skipBlocked }: Decisions): void {
  if (stale.size === 0 || skipBlocked) return;
  throw new BatchError(
    "blocked",
    `${stale.size} ${stale.size === 1 ? "row has" : "rows have"} changed since the plan was made. Nothing was written now.`,
    "Plan again, or leave these rows out with --skip-blocked.",
    {
      details: nameSome(
        [...stale].map(([row, reason]) => `row ${row}: ${reason}`),
        "a new plan",
      ),
    },
  );
}

/**
 * Rows that went stale since the plan are left alone like blocked ones. A cycle with such a row is not opened:
 * its pivot would be cleared and could never get its new value.
 */
export function recordStaleRows(plan: Plan, stale: ReadonlyMap<number, string>, journal: LiveJournal): void {
  const broken = listBrokenCycles(plan, stale, journal);
  for (const change of plan.changes) {
    const reason = stale.get(change.row);
    const staleRow = broken.get(change.group);
    if (reason !== undefined) {
      if (change.step === 1) journal.observe(change, "drift", { message: reason });
    } else if (change.wave === "cycle" && staleRow !== undefined) {
      journal.observe(change, "blocked", { message: `waits for row ${staleRow}, which is drift` });
    }
  }
}

/** Cycles that no write has opened yet and that have a stale row: its number by the cycle's. */
function listBrokenCycles(plan: Plan, stale: ReadonlyMap<number, string>, journal: LiveJournal): Map<number, number> {
  const broken = new Map<number, number>();
  const begun = new Set<number>();
  for (const change of plan.changes) {
    if (change.wave !== "cycle") continue;
    if (isBegun(journal.progressOf(change))) begun.add(change.group);
    if (stale.has(change.row)) broken.set(change.group, change.row);
  }
  for (const group of begun) broken.delete(group);
  return broken;
}

/** Rows with a write that has reached the tenant, or may have: what they hold now is our own doing. */
export function listTouchedRows(plan: Plan, journal: LiveJournal): Set<number> {
  return new Set(plan.changes.filter((change) => isBegun(journal.progressOf(change))).map(({ row }) => row));
}

/** A write that surely did not arrive (no connection, refused for now) leaves its row as untouched as before. */
function isBegun(progress: ChangeProgress | undefined): boolean {
  return progress !== undefined && progress.status !== "pending";
}

/** Puts what verify saw into the record, on the last step of each row; what stands there already is not repeated. */
export function recordVerdicts(plan: Plan, verdicts: readonly VerifiedRow[], store: RunStore, clock: Clock): void {
  const lastStep = new Map<number, number>();
  for (const change of plan.changes) lastStep.set(change.row, Math.max(change.step, lastStep.get(change.row) ?? 1));
  const progress = foldJournal(store.readJournal());
  const at = clock.now().toISOString();
  for (const verdict of verdicts) {
    const { row } = verdict.planned;
    const key = { row, step: lastStep.get(row) ?? 1 };
    const event = { ...key, attempt: null, httpStatus: null, errorCode: null, requestId: null, at };
    const before = progress.get(keyOf(key));
    if (SHOWS_THE_VALUE.has(verdict.verdict) && (before?.status === "accepted" || before?.status === "drift")) {
      store.observe({ ...event, kind: "verified", value: verdict.value, message: null });
    }
    const kind = observationFor(verdict);
    if (kind === null || (before !== undefined && isKnown(before, kind, verdict.value))) continue;
    store.observe({ ...event, kind, value: verdict.value, message: verdict.detail === "" ? null : verdict.detail });
  }
}

/** Verdicts that were given after the user was seen to hold the planned value. */
const SHOWS_THE_VALUE: ReadonlySet<string> = new Set([
  "holds",
  "taken-over",
  "anchor-changed",
  "duplicate",
] satisfies Verdict[]);

/** A verify that keeps looking for hours must not fill the journal with what it has seen before. */
function isKnown({ status, sync, last }: ChangeProgress, kind: ObservationKind, value: string | null): boolean {
  if (kind === "mismatch") return status === "drift" && last?.kind === "mismatch" && last.value === value;
  return kind === `sync-${sync ?? ""}` && (kind !== "sync-matched" || status === "taken-over");
}

/**
 * Saves an object's last state in the run folder, fsynced, under a name made of row and object id alone.
 *
 * @throws {BatchError} disk: it cannot be saved, and then the step is not taken.
 */
export function saveObject(store: RunStore, change: Change, whole: unknown): void {
  const { row, step, kind, before } = change;
  const saved = { row, step, action: kind, before, object: whole };
  store.publish(savedStateName(change), [`${JSON.stringify(saved, null, 2)}\n`]);
}
