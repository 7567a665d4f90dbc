/**
 * The table of checks, in the order in which they run, and the one function that runs them.
 *
 * To add a check: write its entry in the file of its subject and its code in `FINDING_CODES`; the compiler
 * and the table's own test say what is still missing.
 */
import { blocks, FINDING_CODES, type Finding, type FindingCode, type Severity } from "../findings.ts";
import { ANCHOR_WRITE_CHECKS } from "./anchor-write-checks.ts";
import type { Check, CheckBatch, Explanation } from "./check.ts";
import { HOLDER_CHECKS } from "./holder-checks.ts";
import { IDENTITY_CHECKS } from "./identity-checks.ts";
import { MAPPING_CHECKS } from "./mapping-checks.ts";
import { PREVIEW_CHECKS } from "./preview-checks.ts";
import { ROLLBACK_FINDINGS } from "./rollback-findings.ts";
import { SOURCE_CHECKS } from "./source-checks.ts";
import { TAKEOVER_CHECKS } from "./takeover-checks.ts";
import { TARGET_CHECKS } from "./target-checks.ts";
import { TENANT_CHECKS } from "./tenant-checks.ts";

/** Later checks see which rows earlier ones have blocked: those of HOLDER_CHECKS that ask for it are therefore the last. */
export const CHECKS = {
  ...MAPPING_CHECKS,
  ...SOURCE_CHECKS,
  ...ANCHOR_WRITE_CHECKS,
  ...TARGET_CHECKS,
  ...TAKEOVER_CHECKS,
  ...PREVIEW_CHECKS,
  ...IDENTITY_CHECKS,
  ...TENANT_CHECKS,
  ...HOLDER_CHECKS,
} as const satisfies Readonly<Record<Exclude<FindingCode, keyof typeof ROLLBACK_FINDINGS>, Check>>;

/** What every code means, for `explain`, the report and the README. */
export const EXPLANATIONS: Readonly<Record<FindingCode, Explanation>> = { ...CHECKS, ...ROLLBACK_FINDINGS };

/** What is the case where a code was found with this severity. */
export function sayFinding(code: FindingCode, severity: Severity): string {
  const { says, asWarning } = EXPLANATIONS[code];
  return severity === "warn" && asWarning !== undefined ? asWarning : says;
}

/** Runs every check over the whole batch. Findings come in the order of the codes, then of the rows. */
export function runChecks(batch: CheckBatch): Finding[] {
  const findings: Finding[] = [];
  const blockedRows = new Set<number>();
  for (const [code, check] of Object.entries(CHECKS) as [keyof typeof CHECKS, Check][]) {
    const sightings = [...check.find(batch, new Set(blockedRows))];
    for (const { rows, detail, severity = check.severity } of sightings) {
      const finding: Finding = { code, severity, rows: rows.toSorted((left, right) => left - right), detail };
      findings.push(finding);
      if (blocks(finding)) for (const row of finding.rows) blockedRows.add(row);
    }
  }
  const rank = new Map(FINDING_CODES.map((code, index) => [code, index]));
  return findings.toSorted(
    (left, right) =>
      (rank.get(left.code) ?? 0) - (rank.get(right.code) ?? 0) || (left.rows[0] ?? 0) - (right.rows[0] ?? 0),
  );
}
