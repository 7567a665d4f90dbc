/**
 * What has moved since a plan was made: the same batch planned again just before the first write, held
 * against the saved plan. Only changes for the worse count.
 */
import { BatchError } from "./errors.ts";
import { blocks } from "./findings.ts";
import { foldCase } from "./names.ts";
import { listBatchBlocks, type Plan, type PlanHeader, type PlannedRow } from "./plan.ts";

/** @throws {BatchError} refused: the record was made in another tenant than the one that is signed in to. */
export function requireSameTenant(recorded: string, signedInTo: string): void {
  if (recorded === signedInTo) return;
  throw new BatchError(
    "refused",
    `This run belongs to the tenant ${recorded}, but you are signed in to ${signedInTo}. Nothing was written.`,
    "Run the same command with the hardmatch.yaml of the tenant that the run was planned for: --config <file>",
  );
}

/** @throws {BatchError} refused: tenant, cloud or AD domains are not those that the plan was made for. */
export function requireSameGround(plan: Plan, now: Pick<PlanHeader, "tenantId" | "cloud" | "directories">): void {
  requireSameTenant(plan.header.tenantId, now.tenantId);
  if (plan.header.cloud !== now.cloud) {
    throw new BatchError(
      "refused",
      `This plan was made for the cloud ${plan.header.cloud}, not ${now.cloud}. Nothing was written.`,
      "Use the hardmatch.yaml that the plan was made with.",
    );
  }
  const name = ({ domain, domainId }: PlanHeader["directories"][number]) => `${domain} (${domainId})`;
  const planned = plan.header.directories.map(name);
  const present = now.directories.map(name);
  // The order in which they are configured and the case of their names say nothing about which they are.
  if (planned.map(foldCase).sort().join() === present.map(foldCase).sort().join()) return;
  throw new BatchError(
    "refused",
    `This plan was made with the AD domains ${planned.join(", ")}; configured now: ${present.join(", ")}. Nothing was written.`,
    "Use the hardmatch.yaml that the plan was made with, or plan again.",
  );
}

/** @throws {BatchError} blocked: something that stops the whole batch has come up since the plan was made. */
export function requireOpenBatch(again: Plan): void {
  const blocking = listBatchBlocks(again);
  if (blocking.length === 0) return;
  throw new BatchError(
    "blocked",
    `Since the plan was made the whole batch has been blocked: ${blocking.map(({ code }) => code).join(", ")}. Nothing was written.`,
    "Mend what is named and run the same command again.",
    { details: blocking.map(({ code, detail }) => `${code}: ${detail}`) },
  );
}

/** The hint of the refusal of rows that went stale: whoever knows the command line puts it in the place of this. */
export const LEAVE_STALE_ROWS_OUT = "Plan again, or leave these rows out with --skip-blocked.";

/**
 * Rows that can no longer be written as planned, each with the reason.
 *
 * @param again The batch as both sides show it now.
 * @param touched Rows that this run has written or may have written: their new state is our own doing.
 */
export function findStaleRows(plan: Plan, again: Plan, touched: ReadonlySet<number>): Map<number, string> {
  const now = new Map(again.rows.map((row) => [row.row, row]));
  const newBlocks = new Map<number, string>();
  for (const finding of again.findings) {
    if (!blocks(finding)) continue;
    for (const row of finding.rows) if (!newBlocks.has(row)) newBlocks.set(row, `${finding.code}: ${finding.detail}`);
  }
  const stale = new Map<number, string>();
  for (const planned of plan.rows) {
    if (planned.settled !== null || touched.has(planned.row)) continue;
    const reason = newBlocks.get(planned.row) ?? describeMove(planned, now.get(planned.row));
    if (reason !== null) stale.set(planned.row, reason);
  }
  return stale;
}

function describeMove(planned: PlannedRow, now: PlannedRow | undefined): string | null {
  if (now === undefined) return "the row could not be planned again";
  if (now.side !== planned.side) return "the row writes another side than when the plan was made";
  const isAd = planned.side === "ad";
  if (now.immutableId !== planned.immutableId)
    return `the ${isAd ? "user has another immutable ID" : "account has another source anchor"} than when the plan was made`;
  if (isAd && now.objectGuid !== planned.objectGuid)
    return "the name belongs to another AD account than when the plan was made";
  if (now.userId !== planned.userId) return "the UPN belongs to another user than when the plan was made";
  if (now.previousImmutableId === planned.immutableId) return null;
  if (now.previousImmutableId !== planned.previousImmutableId)
    return `the ${isAd ? "account holds another mS-DS-ConsistencyGuid" : "user holds another immutable ID"} than when the plan was made: ${now.previousImmutableId ?? "empty"}`;
  return null;
}

/**
 * The first row of a freshly made small plan that is not as the saved one has it: another finding that blocks, or
 * other objects in its way. `null` when all are as planned.
 *
 * @param again A plan of some rows only.
 */
export function findMovedRow(plan: Plan, again: Plan): string | null {
  const rows = new Set(again.rows.map(({ row }) => row));
  const planned = { ...plan, rows: plan.rows.filter(({ row }) => rows.has(row)) };
  for (const [row, reason] of findStaleRows(planned, again, new Set())) return `row ${row}: ${reason}`;
  for (const row of rows) {
    if (describeActions(plan, row) !== describeActions(again, row))
      return `row ${row}: what stands in its way has changed since the plan`;
  }
  return null;
}

function describeActions({ changes }: Plan, row: number): string {
  return changes
    .filter((change) => change.row === row && change.holder)
    .map(({ kind, objectId, before }) => `${kind} ${objectId} ${before}`)
    .join();
}
