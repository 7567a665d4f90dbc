/**
 * How each step of a plan stands, computed from the plan and the journal alone: `results.csv`, `status`
 * and every summary say the same because they all read this.
 */
import { type Change, type ChangeKey, facetOf, isIrreversible, keyOf, savedStateName, UNDO_WORDS } from "./change.ts";
import { type Achieved, type ChangeProgress, mayLandThoughRefused, UNTOUCHED } from "./change-progress.ts";
import { listBlockReasons, type Plan, type PlannedRow } from "./plan.ts";
import { BROKEN_SYNC_STATES, type SyncNote } from "./sync-trouble.ts";

export const OUTCOME_STATUSES = [
  "verified",
  "accepted",
  "already",
  "blocked",
  "failed",
  "drift",
  "undecided",
  "pending",
  "parked",
  "taken-over",
] as const;
export type OutcomeStatus = (typeof OUTCOME_STATUSES)[number];

/** What each status means: the same words in the report and on the screen. */
export const STATUS_WORDS: Readonly<Record<OutcomeStatus, string>> = {
  verified: "written and read back",
  accepted: "written, not yet read back",
  already: "nothing to do: the value was there",
  blocked: "left alone: blocked",
  failed: "surely not written",
  drift: "left alone: changed by somebody else since the plan",
  undecided: "sent, answer lost, not yet settled",
  pending: "not written yet",
  parked: "freed for a swap, final value not yet written",
  "taken-over": "sync has matched it",
};

export const SYNC_STATES = ["none", "matched", "duplicate", "error"] as const;
export type SyncState = (typeof SYNC_STATES)[number];

/** One line of `results.csv`. */
export type Outcome = ChangeKey & {
  readonly planned: PlannedRow;
  /** `null` for a row without a write. */
  readonly change: Change | null;
  readonly status: OutcomeStatus;
  readonly sync: SyncState | null;
  /** What verify last saw of sync, in words; `null` where it has not looked. */
  readonly syncNote: SyncNote | null;
  readonly httpStatus: number | null;
  readonly errorCode: string | null;
  readonly message: string | null;
  /** Writes sent for this step, the canary's own included. */
  readonly attempts: number;
  readonly requestId: string | null;
  /** ISO time at which the tenant accepted the value, or a read showed it. */
  readonly writtenAt: string | null;
  /** ISO time of the last read that showed the value. */
  readonly verifiedAt: string | null;
  /** @see ChangeProgress */
  readonly achieved: Achieved | null;
  /** @see ChangeProgress */
  readonly setBackAt: string | null;
};

/** Statuses with which a row counts as done. */
export const DONE_STATUSES: ReadonlySet<OutcomeStatus> = new Set(["verified", "already", "taken-over"]);

/** Whether a step is done and still stands: what was set back since is not, though the run had achieved it. */
export function isDone({ status, setBackAt }: Pick<Outcome, "status" | "setBackAt">): boolean {
  return DONE_STATUSES.has(status) && setBackAt === null;
}

/** What sync has made of a step says more than how it was written, where somebody has to act on it. */
function messageOf(progress: ChangeProgress): string | null {
  const { sync, syncNote, last } = progress;
  if (BROKEN_SYNC_STATES.has(sync) && syncNote !== null) return syncNote.text;
  if (last === null) return null;
  if (!mayLandThoughRefused(progress)) return last.message;
  return `refused (${last.message ?? "no reason given"}), but an earlier write of it, whose answer was lost, may still land`;
}

/**
 * Every step of the plan with its status, rows in input order and steps in theirs; at least one line a row.
 * A row whose first step has freed its ID and whose last has not yet written the new one is `parked`.
 */
export function* listOutcomes(plan: Plan, progress: ReadonlyMap<string, ChangeProgress>): Generator<Outcome> {
  const changesOfRow = Map.groupBy(plan.changes, ({ row }) => row);
  const reasons = listBlockReasons(plan);
  for (const planned of plan.rows) {
    const changes = changesOfRow.get(planned.row)?.toSorted((left, right) => left.step - right.step);
    if (changes === undefined) {
      const seen = progress.get(keyOf({ row: planned.row, step: 1 })) ?? UNTOUCHED;
      yield outcomeWithoutChange(planned, seen, reasons.get(planned.row) ?? null);
      continue;
    }
    const lines = changes.map((change) => outcomeOf(planned, change, progress.get(keyOf(change)) ?? UNTOUCHED));
    const last = lines.at(-1);
    // A final value that was written and then changed by somebody else is drift: nothing is parked any more. Nor is it
    // where the user holds its old value again.
    const rowIsDone =
      last !== undefined &&
      (isWritten(last.status) || last.status === "already" || last.writtenAt !== null || last.setBackAt !== null);
    for (const line of lines) {
      const freed = line.change?.kind === "clear" && isWritten(line.status);
      if (freed && !rowIsDone) yield { ...line, status: "parked" };
      else yield line;
    }
  }
}

function isWritten(status: OutcomeStatus): boolean {
  return status === "verified" || status === "accepted" || status === "taken-over";
}

/** Such a row is never written, but verify may have seen that sync took it over or that somebody changed it. */
function outcomeWithoutChange(planned: PlannedRow, progress: ChangeProgress, blockReason: string | null): Outcome {
  const { status: seen, sync } = progress;
  const status = seen === "taken-over" || seen === "drift" ? seen : (planned.settled ?? "pending");
  const message = messageOf(progress) ?? blockReason;
  return { ...facts(progress), row: planned.row, step: 1, planned, change: null, status, sync, message };
}

function outcomeOf(planned: PlannedRow, change: Change, progress: ChangeProgress): Outcome {
  const { row, step } = change;
  const { status, sync } = progress;
  const known = facts(progress);
  return { ...known, row, step, planned, change, status, sync, message: markIrreversible(change, known) };
}

/** A step that nothing brings back says so in every file and on every screen, and where its object's last state is. */
function markIrreversible(change: Change, { message, attempts }: Pick<Outcome, "message" | "attempts">): string | null {
  if (!isIrreversible(change.kind)) return message;
  const saved = attempts > 0 ? `its object's last state is in ${savedStateName(change)}` : null;
  return [UNDO_WORDS[change.kind], saved, message].filter((text) => text !== null).join("; ");
}

function facts(progress: ChangeProgress) {
  const { attempts, answer, writtenAt, verifiedAt, achieved, setBackAt, syncNote } = progress;
  return {
    httpStatus: answer?.httpStatus ?? null,
    errorCode: answer?.errorCode ?? null,
    message: messageOf(progress),
    attempts: attempts.length,
    requestId: answer?.requestId ?? null,
    writtenAt,
    verifiedAt,
    achieved,
    setBackAt,
    syncNote,
  };
}

/**
 * The immutable IDs that a line of `results.csv` shows: before the step and after it. A step that deletes, purges or
 * restores an object moves no ID; the line then shows the one that the object has or had.
 */
export function shownValues({ change, planned }: Pick<Outcome, "change" | "planned">): {
  readonly before: string | null;
  readonly after: string | null;
} {
  if (change === null) return { before: planned.previousImmutableId, after: planned.immutableId };
  if (facetOf(change.kind) !== "existence") return { before: change.before, after: change.after };
  const held = change.kind === "restore" ? planned.previousImmutableId : planned.immutableId;
  return { before: held, after: change.kind === "restore" ? held : null };
}

/** The UPN that a line of `results.csv` shows: an AD account has its own cells, so its line names the cloud user. */
export function shownUserOf({ change, planned }: Pick<Outcome, "change" | "planned">): string {
  return change === null || change.side === "ad" ? planned.userPrincipalName : change.name;
}

/** What support finds the answer by: Graph's request id, or which domain controller has answered. */
export function sayWhoAnswered(change: Outcome["change"], requestId: string): string {
  return change?.side === "ad" ? `domain controller ${requestId}` : `request ${requestId}`;
}

/** How many steps stand in each status. */
export function countOutcomes(outcomes: Iterable<Outcome>): Record<OutcomeStatus, number> {
  const counts = Object.fromEntries(OUTCOME_STATUSES.map((status) => [status, 0])) as Record<OutcomeStatus, number>;
  for (const { status } of outcomes) counts[status] += 1;
  return counts;
}
