/** The one screen that ends `plan`, and the same facts for programs. */
import { join } from "node:path";
import { isIrreversible } from "../../core/change.ts";
import { EXPLANATIONS } from "../../core/checks/checks.ts";
import { FINDING_CODES, type FindingCode, SEVERITIES, type Severity } from "../../core/findings.ts";
import {
  countHolderActions,
  countRowsToWrite,
  isHolderStep,
  listBatchBlocks,
  listBlockReasons,
  type Plan,
  planIdOf,
} from "../../core/plan.ts";
import type { TenantIdentity } from "../../core/snapshot.ts";
import { DEFAULT_SOURCE_KEY, type SourceKey } from "../../core/source-key.ts";
import type { Settings } from "../settings.ts";
import type { Line } from "./screen.ts";
import { countOf, cutList, formatCount, formatDuration, renderPairs, renderTable } from "./table.ts";

/** The canary is set back and set again. */
const CANARY_PROOF_WRITES = 2;
/** The summary is one screen: plan.csv has every row. */
const MOST_ROWS_SHOWN = 6;

/** How many findings and rows there are of a code. */
export type CodeCount = {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly rows: number;
  readonly wholeBatch: boolean;
};

export type PlanFacts = {
  readonly rowsToWrite: number;
  readonly toSet: number;
  readonly toReplace: number;
  readonly toClear: number;
  readonly alreadyDone: number;
  readonly blockedRows: readonly {
    readonly row: number;
    readonly account: string;
    readonly userPrincipalName: string;
    readonly findings: readonly FindingCode[];
    /** What blocks it, in words: who holds the ID, which row it waits for. */
    readonly reason: string;
  }[];
  readonly blockedBatch: boolean;
  readonly codes: readonly CodeCount[];
  readonly writes: number;
  readonly shortestSeconds: number;
};

/** @param limits Of the configuration: the quota is a burst of `writes`, refilled at that rate per window. */
export function summarizePlan(plan: Plan, limits: Settings["limits"], canary: number): PlanFacts {
  const toDo = (action: string) => plan.rows.filter((row) => row.action === action && row.settled === null).length;
  const proof = canary > 0 && plan.changes.some(({ wave }) => wave === "simple") ? CANARY_PROOF_WRITES : 0;
  const reasons = listBlockReasons(plan);
  const writes = plan.changes.length === 0 ? 0 : plan.changes.length + proof;
  return {
    rowsToWrite: countRowsToWrite(plan),
    toSet: toDo("set"),
    toReplace: toDo("replace"),
    toClear: toDo("clear"),
    alreadyDone: plan.rows.filter(({ settled }) => settled === "already").length,
    blockedRows: plan.rows
      .filter(({ action }) => action === "blocked")
      .map(({ row, account, userPrincipalName, findings }) => ({
        row,
        account,
        userPrincipalName,
        findings,
        reason: reasons.get(row) ?? "",
      })),
    blockedBatch: listBatchBlocks(plan).length > 0,
    codes: countCodes(plan),
    writes,
    shortestSeconds: Math.max(0, writes - limits.writes) * (limits.windowSeconds / limits.writes),
  };
}

/** Each code once per severity, the worst first, with the rows that it stands on. */
function countCodes(plan: Plan): CodeCount[] {
  return SEVERITIES.flatMap((severity) =>
    FINDING_CODES.flatMap((code): CodeCount[] => {
      const found = plan.findings.filter((finding) => finding.code === code && finding.severity === severity);
      if (found.length === 0) return [];
      const wholeBatch = found.some(({ rows }) => rows.length === 0);
      return [{ code, severity, rows: new Set(found.flatMap(({ rows }) => rows)).size, wholeBatch }];
    }),
  );
}

/** @param files Domains that were read from a file, with how old it is: what it says may no longer be so. */
export function renderPlanHead(
  plan: Plan,
  facts: PlanFacts,
  tenantName: string | null,
  files: readonly string[] = [],
): Line[] {
  const { header } = plan;
  const tenant = `${tenantName === null ? "" : `${tenantName}, `}${header.tenantId} (${header.cloud})`;
  const what = header.kind === "rollback" ? "Plan of the way back" : "Plan";
  const limit = header.options.limit === null ? "" : `, the first ${formatCount(header.options.limit)} only`;
  const source =
    header.reverses === null
      ? `${header.mapping.name}, ${countOf(plan.rows.length, "row")}${limit}`
      : `run ${header.reverses.runId}, plan ${header.reverses.planId}`;
  const pairs: [string, string][] = [
    ["tenant", tenant],
    [header.reverses === null ? "mapping" : "reverses", source],
    ...(header.options.sourceKey === DEFAULT_SOURCE_KEY ? [] : [sourceKeyPair(header.options.sourceKey)]),
    ...files.map((file): [string, string] => ["AD side", file]),
    ["to set", formatCount(facts.toSet)],
    ["to replace", formatCount(facts.toReplace)],
  ];
  if (facts.toClear > 0) pairs.push(["to clear", formatCount(facts.toClear)]);
  pairs.push(
    [header.kind === "rollback" ? "old value already" : "already matched", formatCount(facts.alreadyDone)],
    ["blocked", formatCount(facts.blockedRows.length)],
  );
  return [{ style: "strong", text: `${what} ${planIdOf(plan)}` }, ...renderPairs(pairs)];
}

function sourceKeyPair(sourceKey: SourceKey): [string, string] {
  return ["accounts by", sourceKey];
}

/** Findings by code, and the first blocked rows by name. */
export function renderFindings(facts: PlanFacts, folder: string | null): Line[] {
  const lines: Line[] = [];
  const titles: Readonly<Record<Severity, string>> = { block: "Blocked by", warn: "Warnings", info: "Worth knowing" };
  for (const severity of SEVERITIES) {
    const codes = facts.codes.filter((count) => count.severity === severity);
    if (codes.length === 0) continue;
    const counted = codes.reduce((sum, { rows }) => sum + rows, 0);
    const several =
      severity === "block" && counted > facts.blockedRows.length ? " (a row can count under several)" : "";
    lines.push("", {
      style: severity === "block" ? "bad" : severity === "warn" ? "careful" : "strong",
      text: `${titles[severity]}${several}`,
    });
    const rows = codes.map(({ code, rows, wholeBatch }) => [
      code,
      wholeBatch ? "the whole batch" : countOf(rows, "row"),
      EXPLANATIONS[code].says,
    ]);
    lines.push(...renderTable({ headings: ["code", "", "what is the case"], rows }).slice(1));
  }
  if (facts.blockedRows.length > 0) {
    const where = folder === null ? "the JSON output" : join(folder, "plan.csv");
    lines.push("", { style: "bad", text: "Blocked rows" });
    lines.push(
      ...cutList(
        facts.blockedRows,
        MOST_ROWS_SHOWN,
        where,
        ({ row, account, userPrincipalName, reason }) => `  row ${row}  ${account} -> ${userPrincipalName}: ${reason}`,
      ),
    );
  }
  return lines;
}

/** How many writes, how long at best, and how long the way back stays open. */
export function renderEffort(facts: PlanFacts, limits: Settings["limits"]): Line[] {
  if (facts.writes === 0) return [];
  const burst = `${formatCount(limits.writes)} writes per ${formatDuration(limits.windowSeconds)}`;
  const time =
    facts.shortestSeconds === 0
      ? `no wait for the quota (${burst})`
      : `at least ${formatDuration(facts.shortestSeconds)} under the quota (${burst})`;
  return [
    "",
    `Writing takes ${countOf(facts.writes, "write")}, canary included: ${time}.`,
    "Rollback works only until sync takes a user over: about 30 minutes with Connect Sync, 2 minutes with Cloud Sync.",
  ];
}

/** What the tenant said that the operator should know before the night. */
export function renderTenantWarnings(tenant: TenantIdentity, shortestSeconds: number, now: Date): Line[] {
  const lines: Line[] = [];
  const careful = (text: string) => lines.push({ style: "careful", text });
  if (tenant.tokenExpiresAt !== null && Date.parse(tenant.tokenExpiresAt) < now.getTime() + shortestSeconds * 1000) {
    careful(
      `The access token ends at ${tenant.tokenExpiresAt}, before the writing can be done. A fresh one is needed for apply.`,
    );
  }
  const skewMs = tenant.clockSkewMs ?? 0;
  if (Math.abs(skewMs) > 60_000)
    careful(
      `The clock of this machine is ${formatDuration(Math.abs(skewMs) / 1000)} ${skewMs > 0 ? "behind" : "ahead of"} the tenant's.`,
    );
  return lines.length === 0 ? [] : ["", ...lines];
}

/** Steps on objects that stand in the way, what cannot be undone first said so: they belong before every signature. */
export function renderHolderActions(plan: Plan): Line[] {
  const steps = plan.changes.filter(isHolderStep);
  if (steps.length === 0) return [];
  const title = `Holder actions: ${countOf(countHolderActions(plan), "object")}`;
  return [
    "",
    { style: "bad", text: title },
    ...steps.map(({ row, kind, name }): Line => {
      const mark = isIrreversible(kind) ? "  IRREVERSIBLE" : "";
      return { style: isIrreversible(kind) ? "bad" : "careful", text: `  row ${row}  ${kind} ${name}${mark}` };
    }),
  ];
}
