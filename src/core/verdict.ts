/** What verify says of a row after both sides were read again. */
import type { ObservationKind } from "./journal.ts";
import type { Outcome } from "./outcome.ts";
import type { Plan, PlannedRow } from "./plan.ts";
import { type Resolution, soleAccount } from "./resolution.ts";
import type { TenantSnapshot } from "./snapshot.ts";
import { chooseAnchor } from "./source-anchor.ts";

/**
 * - `holds`: the user holds the planned value, and AD still has the same anchor.
 * - `taken-over`: it does, and sync has matched it.
 * - `drifted`: it holds something else. `gone`: there is no such user.
 * - `anchor-changed`: the AD account has another source anchor now, or is gone.
 * - `duplicate`: another user, live or deleted, holds the same value.
 * - `not-done`: the run has not written it.
 */
export type Verdict = "holds" | "taken-over" | "drifted" | "gone" | "anchor-changed" | "duplicate" | "not-done";

export type VerifiedRow = {
  readonly planned: PlannedRow;
  readonly verdict: Verdict;
  readonly detail: string;
  /** Value that the tenant shows. */
  readonly value: string | null;
};

/** Statuses of a row's last step after which the tenant should show the planned value. */
const SHOULD_HOLD = new Set(["verified", "accepted", "already", "taken-over"]);

/**
 * @param outcomes Every step of the run.
 * @param resolutions The AD side read again, by row; empty for a rollback, which does not look at AD.
 * @returns One verdict per row that the run was to do; rows that were blocked are left out.
 */
export function verifyRows(
  plan: Plan,
  outcomes: readonly Outcome[],
  snapshot: TenantSnapshot,
  resolutions: ReadonlyMap<number, Resolution>,
): VerifiedRow[] {
  const lastStep = new Map(outcomes.map((outcome) => [outcome.row, outcome]));
  return plan.rows.flatMap((planned) => {
    const outcome = lastStep.get(planned.row);
    if (outcome === undefined || planned.settled === "blocked" || planned.userId === null) return [];
    if (planned.settled === "drift" || planned.settled === "taken-over") return [];
    return [{ planned, ...judgeRow(planned, outcome, snapshot, resolutions.get(planned.row), plan) }];
  });
}

function judgeRow(
  planned: PlannedRow,
  outcome: Outcome,
  snapshot: TenantSnapshot,
  resolution: Resolution | undefined,
  plan: Plan,
): Omit<VerifiedRow, "planned"> {
  const user = planned.userId === null ? undefined : snapshot.byId(planned.userId);
  const wanted = planned.immutableId;
  if (user === undefined) return { verdict: "gone", detail: "the user no longer exists", value: null };
  const value = user.immutableId;
  if (!SHOULD_HOLD.has(outcome.status) && !hasDrifted(outcome)) {
    return { verdict: "not-done", detail: `the row is ${outcome.status}`, value };
  }
  if (value !== wanted) return { verdict: "drifted", detail: `the user holds ${value ?? "no ID"}`, value };
  if (wanted !== null && wanted !== "") {
    const others = [...snapshot.holdersOf(wanted), ...snapshot.deletedHoldersOf(wanted)].filter(
      ({ id }) => id !== user.id,
    );
    if (others[0] !== undefined)
      return { verdict: "duplicate", detail: `${others[0].userPrincipalName} holds the same ID`, value };
  }
  if (resolution !== undefined) {
    const only = soleAccount(resolution);
    const anchor = only === undefined ? null : chooseAnchor(only, plan.header.options.anchor).anchor;
    if (anchor?.immutableId !== wanted) {
      return {
        verdict: "anchor-changed",
        detail: only === undefined ? describeLoss(resolution) : "the AD account has another source anchor",
        value,
      };
    }
  }
  return user.syncEnabled === true
    ? { verdict: "taken-over", detail: `sync took it over ${user.lastSyncAt ?? ""}`.trim(), value }
    : { verdict: "holds", detail: "", value };
}

function describeLoss({ exact, elsewhere }: Resolution): string {
  return exact.length + elsewhere.length > 1 ? "several AD accounts have the name now" : "the AD account is gone";
}

/** It held the value once, so what it holds now is worth saying again. */
function hasDrifted({ status, change, writtenAt }: Outcome): boolean {
  return status === "drift" && (change === null || writtenAt !== null);
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
    case "drifted":
    case "gone":
      return "mismatch";
    case "anchor-changed":
    case "not-done":
      return null;
  }
}
