/** How a run stands, in words: `apply`, `rollback` and `status` end with it. */
import {
  countOutcomes,
  DONE_STATUSES,
  OUTCOME_STATUSES,
  type Outcome,
  type OutcomeStatus,
} from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import { EXIT_CODES, type ExitCode } from "../exit-codes.ts";
import type { Line, LineStyle } from "./screen.ts";
import { countOf, cutList, formatCount, renderPairs } from "./table.ts";

const MOST_ROWS_SHOWN = 20;
/** Blocked rows were shown by plan already. */
const MOST_BLOCKED_SHOWN = 5;

const WORDS: Readonly<Record<OutcomeStatus, string>> = {
  verified: "written and read back",
  accepted: "written, not yet read back",
  already: "nothing to do: the value was there",
  blocked: "left alone: blocked",
  failed: "surely not written",
  drift: "left alone: changed by somebody else since the plan",
  undecided: "sent, answer lost, not yet settled",
  pending: "not reached",
  parked: "freed for a swap, final value not yet written",
  "taken-over": "sync has matched it",
};

/** Statuses that need somebody, the most urgent first. */
const URGENT = ["parked", "undecided", "failed", "drift", "blocked"] as const satisfies readonly OutcomeStatus[];

/** Whether every row that was to be done is done. Rows that the plan blocks were left out on purpose. */
export function exitCodeOfRun(plan: Plan, outcomes: readonly Outcome[]): ExitCode {
  const leftOver = outcomes.some(({ planned, status }) => planned.settled !== "blocked" && !DONE_STATUSES.has(status));
  // A row of a rollback that sync has taken over, or that somebody else has changed, was not brought back.
  const lost =
    plan.header.kind === "rollback" && plan.rows.some(({ settled }) => settled === "drift" || settled === "taken-over");
  return leftOver || lost ? EXIT_CODES.incomplete : EXIT_CODES.done;
}

export function describeOutcomes(outcomes: readonly Outcome[]) {
  const counts = countOutcomes(outcomes);
  return {
    steps: outcomes.length,
    rows: new Set(outcomes.map(({ row }) => row)).size,
    counts,
    open: outcomes
      .filter(({ status }) => !DONE_STATUSES.has(status))
      .map(({ row, step, planned, change, status, message, requestId }) => ({
        row,
        step,
        status,
        account: planned.account,
        userPrincipalName: change?.name ?? planned.userPrincipalName,
        findings: planned.findings,
        message,
        requestId,
      })),
  };
}

/** @param where File that lists all rows. */
export function renderOutcomes(outcomes: readonly Outcome[], where: string): Line[] {
  const counts = countOutcomes(outcomes);
  const present = OUTCOME_STATUSES.filter((status) => counts[status] > 0);
  const parked = outcomes.filter(({ status }) => status === "parked");
  const lines: Line[] = [];
  if (parked.length > 0) {
    lines.push({
      style: "bad",
      text: `${countOf(parked.length, "user is", "users are")} parked: without an immutable ID in the middle of a swap. Apply this run again first of all.`,
    });
    lines.push(...parked.map((outcome) => `  ${describeRow(outcome)}`), "");
  }
  lines.push(
    ...renderPairs(present.map((status) => [status, `${formatCount(counts[status]).padStart(7)}  ${WORDS[status]}`])),
  );
  for (const status of URGENT) {
    const those = outcomes.filter((outcome) => outcome.status === status);
    if (status === "parked" || those.length === 0) continue;
    lines.push("", { style: styleOf(status), text: `${status}: ${WORDS[status]}` });
    const most = status === "blocked" ? MOST_BLOCKED_SHOWN : MOST_ROWS_SHOWN;
    lines.push(...cutList(those, most, where, (outcome) => `  ${describeRow(outcome)}`));
  }
  return lines;
}

function describeRow({ row, planned, change, message, requestId }: Outcome): string {
  const why = message ?? planned.findings.join(" ");
  const request = requestId === null ? "" : ` (request ${requestId})`;
  return `row ${row}  ${planned.account} -> ${change?.name ?? planned.userPrincipalName}${why === "" ? "" : `: ${why}`}${request}`;
}

function styleOf(status: OutcomeStatus): LineStyle {
  return status === "blocked" || status === "drift" ? "careful" : "bad";
}
