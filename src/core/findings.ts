/**
 * What the pre-check can say about a row, and the shape in which it says it.
 *
 * Codes are a public interface: they stand in files and scripts of operators, so once shipped a code
 * keeps its meaning. `src/core/checks/` holds the rule behind each.
 */

export const SEVERITIES = ["block", "warn", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Every code, in the order in which a row's findings are listed. */
export const FINDING_CODES = [
  "source-duplicate",
  "target-duplicate",
  "source-not-found",
  "source-ambiguous",
  "source-name-mismatch",
  "source-not-a-user",
  "source-used-twice",
  "target-used-twice",
  "source-disabled",
  "source-protected",
  "anchor-invalid",
  "anchor-differs",
  "cloud-id-missing",
  "cloud-id-not-a-guid",
  "old-account-remains",
  "consistency-guid-taken",
  "consistency-guid-set",
  "account-already-synced",
  "write-not-permitted",
  "target-not-found",
  "target-deleted",
  "target-guest",
  "target-disabled",
  "target-already-matched",
  "target-synced",
  "target-formerly-synced",
  "target-has-other-id",
  "target-federated",
  "target-privileged",
  "target-has-role",
  "target-object-identifier-set",
  "target-cloud-managed",
  "id-held-by-user",
  "id-held-by-deleted-user",
  "id-held-in-batch",
  "id-differs-in-case",
  "waits-for-blocked-row",
  "action-irreversible",
  "address-conflict",
  "upn-will-change",
  "takeover-renames",
  "takeover-loses-address",
  "takeover-blocks-signin",
  "identity-disagrees",
  "identity-not-comparable",
  "tenant-hard-match-blocked",
  "tenant-sync-active",
  "tenant-sync-off",
  "tenant-password-sync",
  "tenant-check-unavailable",
  "rollback-drift",
  "rollback-taken-over",
  "rollback-unconfirmed",
  "rollback-irreversible",
  "rollback-restored-stays",
  "rollback-record-incomplete",
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

export type Finding = {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Rows that it stands on, ascending; empty for a finding about the tenant or the whole batch. */
  readonly rows: readonly number[];
  /** What exactly was found, in a few words with the names concerned: one line, not yet escaped. */
  readonly detail: string;
};

/** A finding of this severity keeps its rows from being written. */
export function blocks(finding: Finding): boolean {
  return finding.severity === "block";
}
