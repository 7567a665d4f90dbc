/** What verify says of a row after both sides were read again: the verdicts, and what each is given from. */
import type { AdAccount } from "./ad-account.ts";
import type { Guid } from "./guid.ts";
import type { ObservationKind } from "./journal.ts";
import type { Outcome } from "./outcome.ts";
import type { PlannedRow } from "./plan.ts";
import type { ProvisioningError } from "./provisioning-error.ts";
import type { Resolution } from "./resolution.ts";
import type { TenantSnapshot } from "./snapshot.ts";
import type { AnchorMode } from "./source-anchor.ts";
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

/** What is said of a row, without what was seen. */
export type Judged = Pick<VerifiedRow, "verdict" | "detail" | "trouble">;

/** How the detail of a user begins that can still be brought back. */
export const IN_RECYCLE_BIN = "it lies in the recycle bin";

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

/** What a verdict is given from beside the row. */
export type Sides = PresentSides & {
  /** How the plan has chosen source anchors. */
  readonly anchor: AnchorMode;
  /** Users of all rows of the run: none of them was made by sync instead of another. */
  readonly targets: ReadonlySet<Guid | null>;
};

/** A row with the object that it writes, and its steps in their order: at least one. */
export type RowToJudge = {
  readonly planned: PlannedRow;
  readonly objectId: Guid;
  readonly steps: readonly Outcome[];
};

/** Whether verify judges a row: the run was to write it, or has found its value in place. */
export function isJudged({ settled }: PlannedRow): boolean {
  return settled === null || settled === "already";
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
