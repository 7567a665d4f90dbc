/** What verify says of a row after both sides were read again. */
import type { AdAccount } from "./ad-account.ts";
import { consistencyValueOf } from "./ad-facts.ts";
import { isSyncedFrom } from "./checks/check.ts";
import type { Guid } from "./guid.ts";
import type { ObservationKind } from "./journal.ts";
import { findObjectMadeInstead } from "./made-instead.ts";
import type { Outcome } from "./outcome.ts";
import { type Plan, type PlannedRow, writtenObjectOf } from "./plan.ts";
import { describeProvisioningError, PROPERTY_CONFLICT, type ProvisioningError } from "./provisioning-error.ts";
import { type Resolution, soleAccount } from "./resolution.ts";
import type { CloudUser, TenantSnapshot } from "./snapshot.ts";
import { chooseAnchor } from "./source-anchor.ts";
import type { SyncTrouble } from "./sync-trouble.ts";

/**
 * What is said here of the user that holds a value is meant of the AD account where the row writes into AD.
 *
 * - `holds`: the user holds the planned value, and AD still has the same anchor.
 * - `taken-over`: it does, and sync has matched it with the account of the row.
 * - `rolled-back`: the run has written it, and the user holds again what it held before.
 * - `drifted`: it holds something else. `gone`: there is no such user, or only in the recycle bin.
 * - `anchor-changed`: the AD account has another source anchor now, or is gone. Where AD is written: the cloud user has
 *   another ID now, or is gone.
 * - `duplicate`: another user, live or deleted, holds the same value, or sync has made another one from the account.
 * - `sync-error`: it holds the value, and sync or Entra cannot take it over, or not whole.
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
  "sync-error",
  "not-done",
] as const;
export type Verdict = (typeof VERDICTS)[number];

export type VerifiedRow = {
  readonly planned: PlannedRow;
  readonly verdict: Verdict;
  readonly detail: string;
  /** Value that the written side shows. */
  readonly value: string | null;
  /** What keeps sync from the user, or has come of it; `null` where nothing does. */
  readonly trouble: SyncTrouble | null;
  /** Sync owns the user now, or has tied the written AD account to some user, whatever else is said of it. */
  readonly synced: boolean;
};

type Judged = Pick<VerifiedRow, "verdict" | "detail" | "trouble">;

/** How the detail of a user begins that can still be brought back. */
export const IN_RECYCLE_BIN = "it lies in the recycle bin";

/** Detail of a user that holds the planned value by somebody else's hand. */
const NOT_OURS = "not written by this run";

/** Both sides as they were read again. */
export type PresentSides = {
  readonly snapshot: TenantSnapshot;
  /** What Entra could not provision, by user; a user that is missing has no errors, or was not asked for. */
  readonly errors: ProvisioningErrors;
  /** The AD account of each row, by its name; empty for a rollback, which does not look it up. */
  readonly byRow: ReadonlyMap<number, Resolution>;
  /** AD accounts that the run writes, by objectGUID. */
  readonly accounts: ReadonlyMap<Guid, AdAccount>;
};

/** onPremisesProvisioningErrors by user. */
export type ProvisioningErrors = ReadonlyMap<Guid, readonly ProvisioningError[]>;

/**
 * @param outcomes Every step of the run.
 * @returns One verdict per row that the run was to do; rows that were blocked are left out.
 */
export function verifyRows(plan: Plan, outcomes: readonly Outcome[], present: PresentSides): VerifiedRow[] {
  const stepsOfRow = Map.groupBy(outcomes, ({ row }) => row);
  const sides = { ...present, plan, targets: new Set(plan.rows.flatMap(({ userId }) => userId ?? [])) };
  return plan.rows.flatMap((planned) => {
    const steps = stepsOfRow.get(planned.row);
    if (steps === undefined || planned.settled === "blocked" || writtenObjectOf(planned) === null) return [];
    if (planned.settled === "drift" || planned.settled === "taken-over") return [];
    const judge = planned.side === "ad" ? judgeAccount : judgeUser;
    return [{ planned, ...judge(planned, steps, sides) }];
  });
}

/** What both sides say, for every row. */
type Sides = PresentSides & {
  readonly plan: Plan;
  /** Users of the plan's rows: none of them was made by sync instead of another. */
  readonly targets: ReadonlySet<Guid>;
};

function judgeUser(planned: PlannedRow, steps: readonly Outcome[], sides: Sides): Omit<VerifiedRow, "planned"> {
  const { snapshot } = sides;
  const user = planned.userId === null ? undefined : snapshot.byId(planned.userId);
  if (user === undefined) {
    const detail = describeAbsence(planned.userId, snapshot);
    return { verdict: "gone", detail, value: null, trouble: "user-gone", synced: false };
  }
  const known = { value: user.immutableId, synced: user.syncEnabled === true };
  if (known.value === null && steps.some(({ status }) => status === "parked")) {
    const detail =
      "the user is parked, without an immutable ID in the middle of a swap: apply the run again first of all";
    return { verdict: "not-done", detail, trouble: null, ...known };
  }
  const last = lastOwnStep(steps);
  // A look at one moment settles no lost write: it may land later, and only an apply can wait for that.
  if (last?.status === "undecided") return { ...LOST_ANSWER, ...known };
  if (user.immutableId !== planned.immutableId)
    return { ...judgeOtherValue(planned, steps, user.immutableId), ...known };
  const resolution = sides.byRow.get(planned.row);
  const account = resolution === undefined ? undefined : soleAccount(resolution);
  const trouble =
    findSameId(planned, user, sides) ??
    findMovedAnchor(planned, user, resolution, sides) ??
    findMadeInstead(user, account, sides) ??
    findOtherAccount(user, account) ??
    findProvisioningErrors(user, sides);
  if (trouble !== null) return { ...trouble, ...known };
  const detail = last === undefined || stoodOnce(last) ? "" : NOT_OURS;
  if (user.syncEnabled !== true) return { verdict: "holds", detail, trouble: null, ...known };
  return { ...takenOverBy(user), ...known };
}

const LOST_ANSWER: Judged = {
  verdict: "not-done",
  detail: "the answer to its write was lost: apply the run again to settle it",
  trouble: "not-written",
};

function takenOverBy({ lastSyncAt }: CloudUser): Judged {
  return { verdict: "taken-over", detail: `sync took it over ${lastSyncAt ?? ""}`.trim(), trouble: null };
}

/** A row that writes into AD: what the account holds now, and whether sync has tied it to the row's user. */
function judgeAccount(planned: PlannedRow, steps: readonly Outcome[], sides: Sides): Omit<VerifiedRow, "planned"> {
  const { snapshot, accounts } = sides;
  const account = planned.objectGuid === null ? undefined : accounts.get(planned.objectGuid);
  if (account === undefined) {
    const detail = "the AD account no longer exists";
    return { verdict: "gone", detail, value: null, trouble: "account-gone", synced: false };
  }
  const owner = snapshot
    .ownersOfSid(account.objectSid ?? "")
    .find((user) => user.syncEnabled === true && !snapshot.isDeleted(user.id) && isSyncedFrom(user, account));
  const known = { value: consistencyValueOf(account), synced: owner !== undefined };
  const last = lastOwnStep(steps);
  if (last?.status === "undecided") return { ...LOST_ANSWER, ...known };
  if (known.value !== planned.immutableId) return { ...judgeOtherValue(planned, steps, known.value), ...known };
  const trouble = findOtherOwner(planned, owner) ?? findTroubleOfUser(planned, account, sides);
  if (trouble !== null) return { ...trouble, ...known };
  if (owner !== undefined) return { ...takenOverBy(owner), ...known };
  const detail = last === undefined || stoodOnce(last) ? "" : NOT_OURS;
  return { verdict: "holds", detail, trouble: null, ...known };
}

/** @param owner Whom sync has tied to the row's account. */
function findOtherOwner({ userId }: PlannedRow, owner: CloudUser | undefined): Judged | null {
  if (owner === undefined || userId === null || owner.id === userId) return null;
  const detail = `${owner.userPrincipalName} is synced from the account, which is another user than planned`;
  return { verdict: "duplicate", detail, trouble: "duplicate-made" };
}

/** A rollback names no user: what its account shall hold again belongs to none that it knows. */
function findTroubleOfUser(planned: PlannedRow, account: AdAccount, sides: Sides): Judged | null {
  if (planned.userId === null) return null;
  const user = sides.snapshot.byId(planned.userId);
  if (user === undefined)
    return { verdict: "anchor-changed", detail: "the cloud user no longer exists", trouble: "user-gone" };
  if (user.immutableId !== planned.immutableId) {
    const detail = `the cloud user holds ${user.immutableId ?? "no ID"}`;
    return { verdict: "anchor-changed", detail, trouble: "value-changed" };
  }
  return (
    findSameId(planned, user, sides) ?? findMadeInstead(user, account, sides) ?? findProvisioningErrors(user, sides)
  );
}

function describeAbsence(userId: string | null, snapshot: TenantSnapshot): string {
  if (userId === null || !snapshot.isDeleted(userId)) return "the user no longer exists";
  const deletedAt = snapshot.findDeletedTargets(userId)[0]?.deletedAt ?? null;
  return `${IN_RECYCLE_BIN}, deleted ${deletedAt === null ? "at an unknown time" : deletedAt.slice(0, 10)}`;
}

/** The row's value is not there: set back, changed by somebody else, or never written. */
function judgeOtherValue(planned: PlannedRow, steps: readonly Outcome[], value: string | null): Judged {
  const last = lastOwnStep(steps);
  const noun = planned.side === "ad" ? "account" : "user";
  // A swap that stopped half way has written its first step alone, and that is taken back with it.
  if (value === planned.previousImmutableId && steps.some(({ change, achieved }) => isOwn(change) && achieved !== null))
    return { verdict: "rolled-back", detail: `the ${noun} holds its old value again`, trouble: "set-back" };
  if (last !== undefined && !stoodOnce(last))
    return { verdict: "not-done", detail: `the row is ${last.status}`, trouble: "not-written" };
  const trouble = planned.side === "ad" ? "anchor-changed" : "value-changed";
  return { verdict: "drifted", detail: `the ${noun} holds ${value ?? "no ID"}`, trouble };
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

function findSameId({ immutableId: wanted }: PlannedRow, user: CloudUser, { snapshot }: Sides): Judged | null {
  if (wanted === null || wanted === "") return null;
  const other = [...snapshot.holdersOf(wanted), ...snapshot.deletedHoldersOf(wanted)].find(({ id }) => id !== user.id);
  if (other === undefined) return null;
  const detail = `${other.userPrincipalName} holds the same ID`;
  return { verdict: "duplicate", detail, trouble: "same-id-elsewhere" };
}

function findMovedAnchor(
  { immutableId: wanted }: PlannedRow,
  user: CloudUser,
  resolution: Resolution | undefined,
  sides: Sides,
): Judged | null {
  if (resolution === undefined) return null;
  const only = soleAccount(resolution);
  const anchor = only === undefined ? null : chooseAnchor(only, sides.plan.header.options.anchor).anchor;
  if (anchor?.immutableId === wanted) return null;
  const detail = only === undefined ? describeLoss(resolution) : "the AD account has another source anchor";
  const made = only === undefined ? undefined : findObjectMadeInstead(only, user, sides);
  const andMade = made === undefined ? "" : `, and sync has made ${made.userPrincipalName} from it`;
  return { verdict: "anchor-changed", detail: `${detail}${andMade}`, trouble: "anchor-changed" };
}

function findMadeInstead(user: CloudUser, account: AdAccount | undefined, sides: Sides): Judged | null {
  const made = account === undefined ? undefined : findObjectMadeInstead(account, user, sides);
  if (made === undefined) return null;
  const holds = made.immutableId === null ? "without an ID" : `with the ID ${made.immutableId}`;
  const detail = `sync has made ${made.userPrincipalName} (${made.id}, ${holds}) from the AD account`;
  return { verdict: "duplicate", detail, trouble: "duplicate-made" };
}

/** A SID that one side does not tell decides nothing. */
function findOtherAccount(user: CloudUser, account: AdAccount | undefined): Judged | null {
  const wanted = account?.objectSid ?? null;
  const found = user.securityIdentifier;
  if (user.syncEnabled !== true || wanted === null || found === null || found === wanted) return null;
  const detail = `sync has tied it to the account with the SID ${found}, and the row's account has ${wanted}`;
  return { verdict: "sync-error", detail, trouble: "other-account" };
}

function findProvisioningErrors(user: CloudUser, { errors }: Sides): Judged | null {
  const those = errors.get(user.id) ?? [];
  if (those.length === 0) return null;
  const conflict = those.every(({ category }) => category === PROPERTY_CONFLICT);
  const detail = those.map(describeProvisioningError).join("; ");
  return { verdict: "sync-error", detail, trouble: conflict ? "property-conflict" : "provisioning-error" };
}

function describeLoss({ exact, elsewhere }: Resolution): string {
  return exact.length + elsewhere.length > 1 ? "several AD accounts have the name now" : "the AD account is gone";
}

/** How a verdict is recorded in the journal; `null` where it adds nothing. */
export function observationFor({ verdict }: Pick<VerifiedRow, "verdict">): ObservationKind | null {
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
    case "sync-error":
      return "sync-error";
    case "not-done":
      return null;
  }
}
