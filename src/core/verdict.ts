/** What verify says of a row after both sides were read again. */
import type { AdAccount } from "./ad-account.ts";
import { consistencyValueOf } from "./ad-facts.ts";
import { isSyncedFrom } from "./checks/check.ts";
import type { Guid } from "./guid.ts";
import type { ObservationKind } from "./journal.ts";
import type { Outcome } from "./outcome.ts";
import { type Plan, type PlannedRow, writtenObjectOf } from "./plan.ts";
import { type Resolution, soleAccount } from "./resolution.ts";
import type { CloudUser, TenantSnapshot } from "./snapshot.ts";
import { chooseAnchor } from "./source-anchor.ts";

/**
 * - `holds`: the user holds the planned value, and AD still has the same anchor.
 * - `taken-over`: it does, and sync has matched it.
 * - `rolled-back`: the run has written it, and the user holds again what it held before.
 * - `drifted`: it holds something else. `gone`: there is no such user, or only in the recycle bin.
 * - `anchor-changed`: the AD account has another source anchor now, or is gone. Where AD is written: the cloud user has
 *   another ID now, or is gone.
 * - `duplicate`: another user, live or deleted, holds the same value.
 * - `not-done`: the run has not written it, and the user does not hold it either.
 */
export const VERDICTS = [
  "holds",
  "taken-over",
  "rolled-back",
  "drifted",
  "gone",
  "anchor-changed",
  "duplicate",
  "not-done",
] as const;
export type Verdict = (typeof VERDICTS)[number];

export type VerifiedRow = {
  readonly planned: PlannedRow;
  readonly verdict: Verdict;
  readonly detail: string;
  /** Value that the tenant shows. */
  readonly value: string | null;
};

/** How the detail of a user begins that can still be brought back. */
export const IN_RECYCLE_BIN = "it lies in the recycle bin";

/** Detail of a user that holds the planned value by somebody else's hand. */
const NOT_OURS = "not written by this run";

/** Both sides as they were read again. */
export type PresentSides = {
  readonly snapshot: TenantSnapshot;
  /** The AD account of each row, by its name; empty for a rollback, which does not look it up. */
  readonly byRow: ReadonlyMap<number, Resolution>;
  /** AD accounts that the run writes, by objectGUID. */
  readonly accounts: ReadonlyMap<Guid, AdAccount>;
};

/**
 * @param outcomes Every step of the run.
 * @returns One verdict per row that the run was to do; rows that were blocked are left out.
 */
export function verifyRows(plan: Plan, outcomes: readonly Outcome[], present: PresentSides): VerifiedRow[] {
  const stepsOfRow = Map.groupBy(outcomes, ({ row }) => row);
  return plan.rows.flatMap((planned) => {
    const steps = stepsOfRow.get(planned.row);
    if (steps === undefined || planned.settled === "blocked" || writtenObjectOf(planned) === null) return [];
    if (planned.settled === "drift" || planned.settled === "taken-over") return [];
    if (planned.side === "ad") return [{ planned, ...judgeAccount(planned, steps, present) }];
    const { snapshot, byRow } = present;
    return [{ planned, ...judgeRow(planned, steps, snapshot, byRow.get(planned.row), plan) }];
  });
}

/** A row that writes into AD: what the account holds now, and whether sync has tied it to the row's user. */
function judgeAccount(
  planned: PlannedRow,
  steps: readonly Outcome[],
  { snapshot, accounts }: PresentSides,
): Omit<VerifiedRow, "planned"> {
  const account = accounts.get(writtenObjectOf(planned) ?? ("" as Guid));
  if (account === undefined) return { verdict: "gone", detail: "the AD account no longer exists", value: null };
  const value = consistencyValueOf(account);
  const last = lastOwnStep(steps);
  if (last?.status === "undecided") return { verdict: "not-done", detail: LOST_ANSWER, value };
  if (value !== planned.immutableId) return { ...judgeOtherValue(planned, steps, value), value };
  const detail = last === undefined || stoodOnce(last) ? "" : NOT_OURS;
  const synced = snapshot
    .ownersOfSid(account.objectSid ?? "")
    .find((user) => user.syncEnabled === true && isSyncedFrom(user, account));
  if (synced !== undefined && planned.userId !== null && synced.id !== planned.userId) {
    const other = `${synced.userPrincipalName} is synced from the account, which is another user than planned`;
    return { verdict: "duplicate", detail: other, value };
  }
  const user = planned.userId === null ? undefined : snapshot.byId(planned.userId);
  if (planned.userId !== null && user?.immutableId !== planned.immutableId) {
    const held =
      user === undefined ? "the cloud user no longer exists" : `the cloud user holds ${user.immutableId ?? "no ID"}`;
    return { verdict: "anchor-changed", detail: held, value };
  }
  if (synced === undefined) return { verdict: "holds", detail, value };
  return { verdict: "taken-over", detail: `sync took it over ${synced.lastSyncAt ?? ""}`.trim(), value };
}

const LOST_ANSWER = "the answer to its write was lost: apply the run again to settle it";

function judgeRow(
  planned: PlannedRow,
  steps: readonly Outcome[],
  snapshot: TenantSnapshot,
  resolution: Resolution | undefined,
  plan: Plan,
): Omit<VerifiedRow, "planned"> {
  const user = planned.userId === null ? undefined : snapshot.byId(planned.userId);
  if (user === undefined) return { verdict: "gone", detail: describeAbsence(planned.userId, snapshot), value: null };
  const { immutableId: value } = user;
  if (value === null && steps.some(({ status }) => status === "parked")) {
    const detail =
      "the user is parked, without an immutable ID in the middle of a swap: apply the run again first of all";
    return { verdict: "not-done", detail, value };
  }
  const last = lastOwnStep(steps);
  // A look at one moment settles no lost write: it may land later, and only an apply can wait for that.
  if (last?.status === "undecided") {
    return { verdict: "not-done", detail: LOST_ANSWER, value };
  }
  if (value !== planned.immutableId) return { ...judgeOtherValue(planned, steps, value), value };
  const detail = last === undefined || stoodOnce(last) ? "" : NOT_OURS;
  const trouble = findTrouble(planned, user, snapshot) ?? findMovedAnchor(planned, resolution, plan);
  if (trouble !== null) return { ...trouble, value };
  if (user.syncEnabled !== true) return { verdict: "holds", detail, value };
  return { verdict: "taken-over", detail: `sync took it over ${user.lastSyncAt ?? ""}`.trim(), value };
}

function describeAbsence(userId: string | null, snapshot: TenantSnapshot): string {
  if (userId === null || !snapshot.isDeleted(userId)) return "the user no longer exists";
  const deletedAt = snapshot.findDeletedTargets(userId)[0]?.deletedAt ?? null;
  return `${IN_RECYCLE_BIN}, deleted ${deletedAt === null ? "at an unknown time" : deletedAt.slice(0, 10)}`;
}

/** The row's value is not there: set back, changed by somebody else, or never written. */
function judgeOtherValue(
  planned: PlannedRow,
  steps: readonly Outcome[],
  value: string | null,
): Pick<VerifiedRow, "verdict" | "detail"> {
  const last = lastOwnStep(steps);
  // A swap that stopped half way has written its first step alone, and that is taken back with it.
  if (value === planned.previousImmutableId && steps.some(({ change, achieved }) => isOwn(change) && achieved !== null))
    return { verdict: "rolled-back", detail: `the ${nounOf(planned)} holds its old value again` };
  if (last !== undefined && !stoodOnce(last)) return { verdict: "not-done", detail: `the row is ${last.status}` };
  return { verdict: "drifted", detail: `the ${nounOf(planned)} holds ${value ?? "no ID"}` };
}

function nounOf({ side }: PlannedRow): string {
  return side === "ad" ? "account" : "user";
}

/** Whether a step moves the row's own ID: what was done to another object says nothing about the row's user. */
function isOwn(change: Outcome["change"]): boolean {
  return change !== null && change.holder === null;
}

/** A way back may write to the row's own user first and to another object last. */
function lastOwnStep(steps: readonly Outcome[]): Outcome | undefined {
  return steps.findLast(({ change }) => isOwn(change)) ?? steps.at(-1);
}

/** Whether the user has held the value, by the run's own hand or before it: what it holds now is worth saying again. */
function stoodOnce({ status, change, achieved, attempts, verifiedAt }: Outcome): boolean {
  const wasThere = attempts === 0 && verifiedAt !== null;
  return achieved !== null || change === null || wasThere || status === "taken-over";
}

function findTrouble(
  { immutableId: wanted }: PlannedRow,
  user: CloudUser,
  snapshot: TenantSnapshot,
): Pick<VerifiedRow, "verdict" | "detail"> | null {
  if (wanted === null || wanted === "") return null;
  const other = [...snapshot.holdersOf(wanted), ...snapshot.deletedHoldersOf(wanted)].find(({ id }) => id !== user.id);
  return other === undefined ? null : { verdict: "duplicate", detail: `${other.userPrincipalName} holds the same ID` };
}

function findMovedAnchor(
  { immutableId: wanted }: PlannedRow,
  resolution: Resolution | undefined,
  plan: Plan,
): Pick<VerifiedRow, "verdict" | "detail"> | null {
  if (resolution === undefined) return null;
  const only = soleAccount(resolution);
  const anchor = only === undefined ? null : chooseAnchor(only, plan.header.options.anchor).anchor;
  if (anchor?.immutableId === wanted) return null;
  const detail = only === undefined ? describeLoss(resolution) : "the AD account has another source anchor";
  return { verdict: "anchor-changed", detail };
}

function describeLoss({ exact, elsewhere }: Resolution): string {
  return exact.length + elsewhere.length > 1 ? "several AD accounts have the name now" : "the AD account is gone";
}

/** How a verdict is recorded in the journal; `null` where it adds nothing. */
export function observationFor({ verdict }: VerifiedRow): ObservationKind | null {
  switch (verdict) {
    case "holds":
      return "sync-none";
    case "taken-over":
      return "sync-matched";
    case "duplicate":
      return "sync-duplicate";
    case "rolled-back":
      return "set-back";
    case "drifted":
    case "gone":
      return "mismatch";
    case "anchor-changed":
    case "not-done":
      return null;
  }
}
