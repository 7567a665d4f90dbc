/** The one screen that ends `plan`, and the same facts for programs. */
import { join } from "node:path";
import { sayFinding } from "../../core/checks/checks.ts";
import { describeEffort, estimateEffort, type Quota, ROLLBACK_WINDOW } from "../../core/effort.ts";
import { FINDING_CODES, type FindingCode, SEVERITIES, type Severity } from "../../core/findings.ts";
import { countRowsToWrite, listBatchBlocks, listBlockReasons, type Plan, planIdOf } from "../../core/plan.ts";
import { countPlanStates, countWarnedRows, PLAN_STATE_WORDS, type PlanState } from "../../core/row-states.ts";
import { DEFAULT_SOURCE_KEY, type SourceKey } from "../../core/source-key.ts";
import type { Line } from "./screen.ts";
import { countOf, cutList, formatCount, renderPairs, renderTable } from "./table.ts";
import { showVisibly } from "./visible-text.ts";

/** The summary is one screen: plan.csv has every row. */
const MOST_ROWS_SHOWN = 6;

/** How many findings and rows there are of a code. */
export type CodeCount = {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly rows: number;
  readonly wholeBatch: boolean;
  /** Of a finding about the whole batch: what exactly was found, since no row says it. */
  readonly details: readonly string[];
};

export type PlanFacts = {
  readonly rowsToWrite: number;
  readonly toSet: number;
  readonly toReplace: number;
  readonly toClear: number;
  readonly alreadyDone: number;
  /** Rows by state, as the report counts them. */
  readonly states: Readonly<Partial<Record<PlanState, number>>>;
  readonly warnedRows: number;
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

/** @param canary Rows of the canary wave; 0 is none. */
export function summarizePlan(plan: Plan, quota: Quota, canary: number): PlanFacts {
  const states = Object.fromEntries(countPlanStates(plan).map(({ name, count }) => [name, count]));
  const reasons = listBlockReasons(plan);
  return {
    rowsToWrite: countRowsToWrite(plan),
    toSet: countBothSides(states, "set"),
    toReplace: countBothSides(states, "replace"),
    toClear: countBothSides(states, "clear"),
    alreadyDone: states.already ?? 0,
    states,
    warnedRows: countWarnedRows(plan),
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
    ...estimateEffort(plan, quota, canary),
  };
}

function countBothSides(states: PlanFacts["states"], move: "set" | "replace" | "clear"): number {
  return (states[move] ?? 0) + (states[`${move}-consistency-guid`] ?? 0);
}

/** Each code once per severity, the worst first, with the rows that it stands on. */
function countCodes(plan: Plan): CodeCount[] {
  return SEVERITIES.flatMap((severity) =>
    FINDING_CODES.flatMap((code): CodeCount[] => {
      const found = plan.findings.filter((finding) => finding.code === code && finding.severity === severity);
      if (found.length === 0) return [];
      const details = found.filter(({ rows }) => rows.length === 0).map(({ detail }) => detail);
      const rows = new Set(found.flatMap((finding) => finding.rows)).size;
      return [{ code, severity, rows, wholeBatch: details.length > 0, details }];
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
  // A pilot that asked for more rows than there are took them all.
  const limit = header.options.limit === plan.rows.length ? ", the first of the file only" : "";
  const source =
    header.reverses === null
      ? `${header.mapping.name}, ${countOf(plan.rows.length, "row")}${limit}`
      : `run ${header.reverses.runId}, plan ${header.reverses.planId}`;
  const pairs: [string, string][] = [
    ["tenant", tenant],
    [header.reverses === null ? "mapping" : "reverses", source],
    ...(header.options.sourceKey === DEFAULT_SOURCE_KEY ? [] : [sourceKeyPair(header.options.sourceKey)]),
    ...files.map((file): [string, string] => ["AD side", file]),
  ];
  const counts: [string, string][] = countPlanStates(plan).map(({ name, count }) => [
    name,
    `${formatCount(count).padStart(7)}  ${PLAN_STATE_WORDS[name]}`,
  ]);
  const toWrite = facts.blockedBatch
    ? `${"0".padStart(7)}  the whole batch is blocked; without that ${formatCount(facts.rowsToWrite)}`
    : formatCount(facts.rowsToWrite).padStart(7);
  counts.unshift(["rows to write", toWrite]);
  if (facts.warnedRows > 0) counts.push(["rows with a warning", formatCount(facts.warnedRows).padStart(7)]);
  return [{ style: "strong", text: `${what} ${planIdOf(plan)}` }, ...renderPairs(pairs), "", ...renderPairs(counts)];
}

function sourceKeyPair(sourceKey: SourceKey): [string, string] {
  return ["accounts by", sourceKey];
}

/** Findings by code, and the first blocked rows by name. */
export function renderFindings(facts: PlanFacts, folder: string | null): Line[] {
  const lines: Line[] = [];
  const titles: Readonly<Record<Severity, string>> = { block: "Blocked by", warn: "Warnings", info: "Worth knowing" };
  for (const severity of SEVERITIES) {
    // What concerns the whole batch comes first: nothing else matters before it is mended.
    const codes = facts.codes
      .filter((count) => count.severity === severity)
      .toSorted((left, right) => Number(right.wholeBatch) - Number(left.wholeBatch));
    if (codes.length === 0) continue;
    const counted = codes.reduce((sum, { rows }) => sum + rows, 0);
    const several =
      severity === "block" && counted > facts.blockedRows.length ? " (a row can count under several)" : "";
    lines.push("", {
      style: severity === "block" ? "bad" : severity === "warn" ? "careful" : "strong",
      text: `${titles[severity]}${several}`,
    });
    const table = renderTable({
      headings: ["code", "", "what is the case"],
      rows: codes.map(({ code, rows, wholeBatch }) => [
        code,
        wholeBatch && rows === 0 ? "the whole batch" : countOf(rows, "row"),
        sayFinding(code, severity),
      ]),
    }).slice(1);
    for (const [index, { details }] of codes.entries()) {
      lines.push(table[index] ?? "", ...details.map((detail) => `    ${showVisibly(detail)}`));
    }
  }
  if (facts.blockedRows.length > 0) {
    const where = folder === null ? "the JSON output" : join(folder, "report.html");
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
export function renderEffort(facts: PlanFacts, quota: Quota): Line[] {
  return facts.writes === 0 ? [] : ["", describeEffort(facts, quota), ROLLBACK_WINDOW];
}
