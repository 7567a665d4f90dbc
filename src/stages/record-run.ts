/** What the stages around the writer put into the run's record, and what they read from it. */
import { type Change, keyOf, savedStateName } from "../core/change.ts";
import { type ChangeProgress, foldJournal, SET_BACK_WORDS } from "../core/change-progress.ts";
import { BatchError, nameSome } from "../core/errors.ts";
import type { Observation, ObservationKind } from "../core/journal.ts";
import { listOutcomes, type Outcome, type OutcomeStatus } from "../core/outcome.ts";
import type { Decisions, Plan } from "../core/plan.ts";
import { createProgressPacker } from "../core/settled-progress.ts";
import { LEAVE_STALE_ROWS_OUT } from "../core/staleness.ts";
import type { SyncNote } from "../core/sync-trouble.ts";
import { IN_RECYCLE_BIN, observationFor, type Verdict, type VerifiedRow } from "../core/verdict.ts";
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
  return [...listOutcomes(plan, foldJournal(store.readJournal(), createProgressPacker(plan.changes.length)))];
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
export function requireFreshRows(plan: Plan, stale: ReadonlyMap<number, string>, { skipBlocked }: Decisions): void {
  if (stale.size === 0 || skipBlocked) return;
  const names = new Map(
    plan.rows.map(({ row, account, userPrincipalName }) => [row, `${account} -> ${userPrincipalName}`]),
  );
  throw new BatchError(
    "blocked",
    `${stale.size} ${stale.size === 1 ? "row has" : "rows have"} changed since the plan was made. Nothing was written now.`,
    LEAVE_STALE_ROWS_OUT,
    {
      details: nameSome(
        [...stale].map(([row, reason]) => `row ${row}  ${names.get(row)}: ${reason}`),
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
    } else if (staleRow !== undefined) {
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

/**
 * Puts what verify saw into the record, on the last step that writes to the row's own user; what stands there already
 * is not repeated.
 *
 * A row that this run has not written keeps its status and its message, which say better why: only sync is noted.
 *
 * @param rolledBackBy Rows that a known rollback has set back, each with the rollback's folder.
 */
export function recordVerdicts(
  plan: Plan,
  verdicts: readonly VerifiedRow[],
  { store, clock, rolledBackBy }: VerdictRecord,
): void {
  const ownStep = new Map(listOwnLastChanges(plan).map((change) => [change.row, change.step]));
  const progress = foldJournal(store.readJournal());
  const at = clock.now().toISOString();
  for (const verdict of verdicts) {
    const { row } = verdict.planned;
    const step = ownStep.get(row);
    const key = { row, step: step ?? 1 };
    const event = { ...key, attempt: null, httpStatus: null, errorCode: null, requestId: null, at };
    const before = progress.get(keyOf(key));
    const stood = step === undefined || stoodByRecord(before);
    if (SHOWS_THE_VALUE.has(verdict.verdict) && stood && isToBeVerified(before)) {
      store.observe({ ...event, kind: "verified", value: verdict.value, message: null });
    }
    const kind = observationFor(verdict);
    if (kind === null || (kind === "mismatch" && !stood)) continue;
    const message = kind === "set-back" ? describeSetBack(rolledBackBy.get(row)) : verdict.detail || null;
    const errorCode = verdict.trouble;
    if (before !== undefined && isKnown(before, kind, { value: verdict.value, message, errorCode })) continue;
    // Whatever went wrong with it, a user that sync owns is out of reach of a rollback.
    if (BROKEN_KINDS.has(kind) && verdict.synced && before?.status !== "taken-over")
      store.observe({ ...event, kind: "sync-matched", value: verdict.value, message: null });
    store.observe({ ...event, kind, value: verdict.value, message, errorCode });
  }
}

const BROKEN_KINDS: ReadonlySet<ObservationKind> = new Set<ObservationKind>(["sync-duplicate", "sync-error"]);

/** As {@link recordVerdicts}, where the run can be written and was applied at all. */
export function recordSeen(
  store: RunStore,
  verdicts: readonly VerifiedRow[],
  around: Omit<VerdictRecord, "store">,
): void {
  if (!store.writable || store.readDecisions() === null) return;
  recordVerdicts(store.readPlan(), verdicts, { ...around, store });
}

/** When each row was last written, ISO time; a row that was not written has none. */
export function listWriteTimes(store: RunStore): Map<number, string> {
  const times = listRunOutcomes(store).flatMap(({ row, writtenAt }) =>
    writtenAt === null ? [] : ([[row, writtenAt]] as const),
  );
  return new Map(times.toSorted(([, left], [, right]) => (left < right ? -1 : 1)));
}

/** Where verdicts are recorded. */
export type VerdictRecord = {
  readonly store: RunStore;
  readonly clock: Clock;
  readonly rolledBackBy: ReadonlyMap<number, string>;
};

/** What the record says of a user that holds its old value again. @param by The rollback, where it is known. */
export function describeSetBack(by: string | undefined): string {
  return by === undefined ? SET_BACK_WORDS : `${SET_BACK_WORDS}, by ${by}`;
}

/** Of each row the last change that writes to its own user; where none does, its last. */
export function listOwnLastChanges({ changes }: Pick<Plan, "changes">): Change[] {
  const own = ({ holder }: Change) => Number(holder === null);
  const ascending = changes.toSorted((left, right) => own(left) - own(right) || left.step - right.step);
  return [...new Map(ascending.map((change) => [change.row, change])).values()];
}

/** Whether the user has held the row's value while the run looked. */
function stoodByRecord(before: ChangeProgress | undefined): boolean {
  if (before === undefined) return false;
  return before.achieved !== null || (before.attempts.length === 0 && before.verifiedAt !== null);
}

/** Whether a read that shows the value is news. */
function isToBeVerified(before: ChangeProgress | undefined): boolean {
  return (
    before !== undefined && (before.status === "accepted" || before.status === "drift" || before.setBackAt !== null)
  );
}

/** Verdicts that were given after the user was seen to hold the planned value. */
const SHOWS_THE_VALUE: ReadonlySet<string> = new Set([
  "holds",
  "taken-over",
  "anchor-changed",
  "duplicate",
  "sync-error",
] satisfies Verdict[]);

/** A verify that keeps looking for hours must not fill the journal with what it has seen before. */
function isKnown(
  { status, sync, syncNote, last, setBackAt }: ChangeProgress,
  kind: ObservationKind,
  seen: Pick<Observation, "value" | "message" | "errorCode">,
): boolean {
  if (kind === "set-back") return setBackAt !== null && last?.message === seen.message;
  if (kind === "mismatch") {
    const isSame = status === "drift" && last?.kind === "mismatch" && last.value === seen.value;
    // Why the user is gone may have been said better before; that it can still be brought back is news.
    const isNews = seen.message !== last?.message && seen.message?.startsWith(IN_RECYCLE_BIN) === true;
    return isSame && !isNews;
  }
  // Why Entra refuses is asked while a cutover is followed, not at every look: a look alone takes nothing of it back.
  if (kind === "sync-none" && seen.errorCode === null && syncNote?.trouble === "takeover-refused") return true;
  const isSameState = kind === `sync-${sync ?? ""}` && (kind !== "sync-matched" || status === "taken-over");
  return isSameState && (seen.errorCode === null || isSameNote(syncNote, seen));
}

function isSameNote(
  note: SyncNote | null,
  { errorCode, message }: Pick<Observation, "message" | "errorCode">,
): boolean {
  return note?.trouble === errorCode && note.text === message;
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

/** Somebody else may go on with a run: what was decided stays, and who writes stands in the journal. */
export function keepDecisions(store: RunStore, decisions: Decisions): void {
  store.storeDecisions({ ...decisions, operator: store.readDecisions()?.operator ?? decisions.operator });
}
