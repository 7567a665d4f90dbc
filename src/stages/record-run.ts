/** What the stages around the writer put into the run's record, and what they read from it. */
import { type Change, keyOf } from "../core/change.ts";
import { BatchError } from "../core/errors.ts";
import { foldJournal, listOutcomes, type Outcome } from "../core/outcome.ts";
import type { Decisions, Plan } from "../core/plan.ts";
import { observationFor, type VerifiedRow } from "../core/verdict.ts";
import type { Clock } from "../ports/clock.ts";
import type { Projection, RunView } from "../ports/projection.ts";
import type { RunStore } from "../ports/run-store.ts";
import type { LiveJournal } from "./live-journal.ts";

/** Every step of the run as it stands now. @throws {BatchError} refused: plan or journal are damaged. */
export function listRunOutcomes(store: RunStore): Outcome[] {
  return [...listOutcomes(store.readPlan(), foldJournal(store.readJournal()))];
}

/** The run as its files for people show it. */
export function viewRun(store: RunStore): RunView {
  const applied = store.readDecisions() !== null;
  return { plan: store.readPlan(), about: store.about, outcomes: applied ? listRunOutcomes(store) : null };
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

/**
 * Rows that went stale since the plan are left alone like blocked ones.
 *
 * @throws {BatchError} blocked: there are some and --skip-blocked was not given; nothing was written.
 */
export function recordStaleRows(
  plan: Plan,
  stale: ReadonlyMap<number, string>,
  decisions: Decisions,
  journal: LiveJournal,
): void {
  if (stale.size === 0) return;
  if (!decisions.skipBlocked) {
    throw new BatchError(
      "blocked",
      `${stale.size} ${stale.size === 1 ? "row has" : "rows have"} changed since the plan was made. Nothing was written now.`,
      "Plan again, or leave these rows out with --skip-blocked.",
      { details: [...stale].map(([row, reason]) => `row ${row}: ${reason}`) },
    );
  }
  for (const change of firstChanges(plan)) {
    const reason = stale.get(change.row);
    if (reason !== undefined) journal.observe(change, "drift", { message: reason });
  }
}

function firstChanges(plan: Plan): readonly Change[] {
  return plan.changes.filter(({ step }) => step === 1);
}

/** Puts what verify saw into the record, on the last step of each row. */
export function recordVerdicts(plan: Plan, verdicts: readonly VerifiedRow[], store: RunStore, clock: Clock): void {
  const lastStep = new Map(plan.changes.map(({ row, step }) => [row, step]));
  for (const change of plan.changes) lastStep.set(change.row, Math.max(change.step, lastStep.get(change.row) ?? 1));
  const progress = foldJournal(store.readJournal());
  const at = clock.now().toISOString();
  for (const verdict of verdicts) {
    const { row } = verdict.planned;
    const key = { row, step: lastStep.get(row) ?? 1 };
    const event = { ...key, attempt: null, httpStatus: null, errorCode: null, requestId: null, at };
    if (
      verdict.verdict !== "drifted" &&
      verdict.verdict !== "gone" &&
      progress.get(keyOf(key))?.status === "accepted"
    ) {
      store.observe({ ...event, kind: "verified", value: verdict.value, message: null });
    }
    const kind = observationFor(verdict);
    if (kind !== null)
      store.observe({ ...event, kind, value: verdict.value, message: verdict.detail === "" ? null : verdict.detail });
  }
}
