/** How a run stands, in words: `apply`, `rollback` and `status` end with it. */
import { IRREVERSIBLE, isIrreversible } from "../../core/change.ts";
import {
  countOutcomes,
  isDone,
  type Outcome,
  type OutcomeStatus,
  STATUS_WORDS,
  sayWhoAnswered,
  shownUserOf,
} from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import { countRowStates, describeStepCount, listRowStates } from "../../core/row-states.ts";
import { EXIT_CODES, type ExitCode } from "../exit-codes.ts";
import { findPresentFile, whereAllRowsStand } from "../present-files.ts";
import { isLeftOut } from "../run-states.ts";
import { findLeftAlone, isAnythingLeftAlone } from "./rollback-summary.ts";
import type { Line, LineStyle } from "./screen.ts";
import { countOf, cutList, formatCount, renderPairs } from "./table.ts";

const MOST_ROWS_SHOWN = 20;

/** Statuses that need somebody, the most urgent first. */
const URGENT = ["parked", "undecided", "failed", "drift", "blocked"] as const satisfies readonly OutcomeStatus[];

/** Whether every step that was to be done is done. Rows that the plan blocks were left out on purpose. */
export function isEveryStepDone(outcomes: readonly Outcome[]): boolean {
  return outcomes.every((outcome) => outcome.planned.settled === "blocked" || isDone(outcome));
}

/** Done, if every step is and a rollback has brought everything back. */
export function exitCodeOfRun(plan: Plan, outcomes: readonly Outcome[]): ExitCode {
  const lost = plan.header.kind === "rollback" && isAnythingLeftAlone(findLeftAlone(plan));
  return !isEveryStepDone(outcomes) || lost ? EXIT_CODES.incomplete : EXIT_CODES.done;
}

/** For programs: rows by their own state and steps by theirs, each under its name. */
export function describeOutcomes(outcomes: readonly Outcome[]) {
  const rows = listRowStates(outcomes);
  const takenOver = listTakenOver(rows);
  return {
    rows: rows.length,
    rowCounts: countOutcomes(rows),
    steps: outcomes.length,
    stepCounts: countOutcomes(outcomes),
    takenOver: {
      written: takenOver.written.map(({ row }) => row),
      leftAlone: takenOver.leftAlone.map(({ row }) => row),
    },
    open: outcomes
      .filter((outcome) => !isDone(outcome))
      .map(({ row, step, planned, change, status, message, requestId }) => ({
        row,
        step,
        status,
        account: planned.account,
        userPrincipalName: shownUserOf({ change, planned }),
        findings: planned.findings,
        message,
        requestId,
      })),
  };
}

/** @param shownFolder The run's folder: a file that lists all rows is named where it is there. */
export function renderOutcomes(outcomes: readonly Outcome[], shownFolder: string): Line[] {
  const rows = listRowStates(outcomes);
  const parked = rows.filter(({ status }) => status === "parked");
  const where = whereAllRowsStand(findPresentFile(shownFolder, "results.csv"));
  const lines: Line[] = [];
  if (parked.length > 0) {
    lines.push({
      style: "bad",
      text: `${countOf(parked.length, "user is", "users are")} parked: without an immutable ID in the middle of a swap. Apply this run again first of all.`,
    });
    lines.push(...parked.map((outcome) => `  ${describeParked(outcome, outcomes)}`), "");
  }
  lines.push(...renderRowCounts(outcomes));
  for (const status of URGENT) {
    const those = rows.filter((outcome) => outcome.status === status && !isLeftOut(outcome));
    if (status === "parked" || those.length === 0) continue;
    lines.push("", { style: styleOf(status), text: `${status}: ${STATUS_WORDS[status]}` });
    lines.push(...cutList(those, MOST_ROWS_SHOWN, where, (outcome) => `  ${describeRow(outcome)}`));
  }
  lines.push(...renderTakenOver(rows, where), ...renderSetBack(rows, where), ...renderIrreversible(outcomes, where));
  const leftOut = rows.filter(isLeftOut).length;
  if (leftOut > 0) lines.push("", `${countOf(leftOut, "blocked row")} left out, see ${where}.`);
  return lines;
}

/** Rows by status and how many steps they took: the report shows the same. */
export function renderRowCounts(outcomes: readonly Outcome[]): Line[] {
  const counts = countRowStates(outcomes).map(
    ({ name, count }) => [name, `${formatCount(count).padStart(7)}  ${STATUS_WORDS[name]}`] as const,
  );
  const steps = describeStepCount(outcomes);
  return [...renderPairs(counts), ...(steps === null ? [] : [`  ${steps}`])];
}

/** Rows whose users sync owns by now, apart for what this run has written and what it came too late for. */
function listTakenOver(rows: readonly Outcome[]) {
  const matched = rows.filter(({ sync, setBackAt }) => sync === "matched" && setBackAt === null);
  return {
    written: matched.filter(({ achieved }) => achieved !== null),
    leftAlone: matched.filter(({ achieved, status }) => achieved === null && status === "drift"),
  };
}

/**
 * How many users sync has taken over, and that no rollback reaches them any more. Names are worth their lines only
 * where it came in the middle of the run: afterwards it is what the run was made for.
 */
function renderTakenOver(rows: readonly Outcome[], where: string): Line[] {
  const { written, leftAlone } = listTakenOver(rows);
  const lines: Line[] = [];
  if (leftAlone.length > 0) {
    const users = countOf(leftAlone.length, "user");
    lines.push("", { style: "bad", text: `Sync has taken over ${users} that this run had not written yet.` });
  }
  if (written.length > 0) {
    const users = countOf(written.length, "user");
    lines.push("", {
      style: leftAlone.length > 0 ? "bad" : "strong",
      text: `${IRREVERSIBLE}: sync has taken over ${users} that this run has written, out of reach of any rollback.`,
    });
    if (leftAlone.length > 0)
      lines.push(...cutList(written, MOST_ROWS_SHOWN, where, (outcome) => `  ${describeRow(outcome)}`));
  }
  return lines;
}

/** Rows that were written and whose users hold their old values again: no trouble of the run, and not done either. */
function renderSetBack(rows: readonly Outcome[], where: string): Line[] {
  const those = rows.filter(({ setBackAt }) => setBackAt !== null);
  if (those.length === 0) return [];
  return [
    "",
    {
      style: "careful",
      text: `set back: ${countOf(those.length, "user holds its", "users hold their")} old value again`,
    },
    ...cutList(those, MOST_ROWS_SHOWN, where, (outcome) => `  ${describeRow(outcome)}`),
  ];
}

/** Steps that nothing brings back, each with what became of it. */
function renderIrreversible(outcomes: readonly Outcome[], where: string): Line[] {
  const steps = outcomes.filter(({ change }) => change !== null && isIrreversible(change.kind));
  if (steps.length === 0) return [];
  return [
    "",
    { style: "bad", text: countOf(steps.length, "irreversible step") },
    ...cutList(
      steps,
      MOST_ROWS_SHOWN,
      where,
      ({ row, change, status, message }) => `  row ${row}  ${change?.kind} ${change?.name}: ${status}; ${message}`,
    ),
  ];
}

/** Why a parked user has not its new value yet is known of the step that was to give it. */
function describeParked(parked: Outcome, outcomes: readonly Outcome[]): string {
  const last = outcomes.findLast(({ row }) => row === parked.row) ?? parked;
  const message = `its new value is not written: ${last.message ?? STATUS_WORDS[last.status]}`;
  return describeRow({ ...parked, message, requestId: last.requestId });
}

function describeRow({ row, planned, change, message, requestId }: Outcome): string {
  const why = message ?? planned.findings.join(" ");
  const request = requestId === null ? "" : ` (${sayWhoAnswered(change, requestId)})`;
  return `row ${row}  ${planned.account} -> ${shownUserOf({ change, planned })}${why === "" ? "" : `: ${why}`}${request}`;
}

function styleOf(status: OutcomeStatus): LineStyle {
  return status === "blocked" || status === "drift" ? "careful" : "bad";
}
