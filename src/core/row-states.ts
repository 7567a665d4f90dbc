/**
 * How many rows stand in which state, before the first apply and after it. Screen and report count with this, so that a
 * change board and the operator read the same words and the same numbers.
 */
import { countOutcomes, isDone, OUTCOME_STATUSES, type Outcome, type OutcomeStatus } from "./outcome.ts";
import type { Plan, PlannedRow, RowAction, SettledRow } from "./plan.ts";
import { countOf } from "./words.ts";

/** How a row stands that nothing has been done with yet. */
export type PlanState = RowAction | SettledRow;

/** What each state of a plan means. */
export const PLAN_STATE_WORDS: Readonly<Record<PlanState, string>> = {
  set: "to be written: the user holds no ID now",
  replace: "to be written over another ID",
  clear: "to be cleared",
  "set-consistency-guid": "to be written into AD: the account has no mS-DS-ConsistencyGuid now",
  "replace-consistency-guid": "to be written into AD over another mS-DS-ConsistencyGuid",
  "clear-consistency-guid": "to be cleared in AD",
  already: "nothing to do: the value is there",
  none: "nothing to do",
  "taken-over": "left alone: sync has taken the user over",
  drift: "left alone: changed by somebody else since",
  blocked: "left alone: blocked by the pre-check",
};
const PLAN_STATES = Object.keys(PLAN_STATE_WORDS) as PlanState[];

export function planStateOf({ settled, action }: PlannedRow): PlanState {
  return settled ?? action;
}

/** Rows of a plan by state, in the order of the words; only states that occur. */
export function countPlanStates({ rows }: Pick<Plan, "rows">): { readonly name: PlanState; readonly count: number }[] {
  const counts = new Map<PlanState, number>();
  for (const row of rows) counts.set(planStateOf(row), (counts.get(planStateOf(row)) ?? 0) + 1);
  return PLAN_STATES.flatMap((name) => {
    const count = counts.get(name);
    return count === undefined ? [] : [{ name, count }];
  });
}

/** Rows with at least one warning. */
export function countWarnedRows({ findings }: Pick<Plan, "findings">): number {
  return new Set(findings.filter(({ severity }) => severity === "warn").flatMap(({ rows }) => rows)).size;
}

/** Statuses that are not done, the one that needs somebody most first. */
const WORST_FIRST = [
  "parked",
  "undecided",
  "failed",
  "drift",
  "blocked",
  "accepted",
  "pending",
] as const satisfies readonly OutcomeStatus[];

/**
 * One outcome for each row, in the order of the rows: its worst step, or its last where every step is done. A row of
 * a cycle takes two steps and is still one person.
 */
export function listRowStates(outcomes: readonly Outcome[]): Outcome[] {
  return [...Map.groupBy(outcomes, ({ row }) => row).values()].flatMap((steps) => {
    const worst = WORST_FIRST.map((status) => steps.find((step) => step.status === status)).find(
      (step) => step !== undefined,
    );
    return worst ?? steps.at(-1) ?? [];
  });
}

/** Rows of a run by status, in the order of OUTCOME_STATUSES; only statuses that occur. */
export function countRowStates(
  outcomes: readonly Outcome[],
): { readonly name: OutcomeStatus; readonly count: number }[] {
  const counts = countOutcomes(listRowStates(outcomes));
  return OUTCOME_STATUSES.filter((name) => counts[name] > 0).map((name) => ({ name, count: counts[name] }));
}

/** `270 steps: 7 rows took more than one.`; `null` where every row is one step. */
export function describeStepCount(outcomes: readonly Outcome[]): string | null {
  const several = new Set(outcomes.filter(({ step }) => step > 1).map(({ row }) => row)).size;
  return several === 0 ? null : `${countOf(outcomes.length, "step")}: ${countOf(several, "row")} took more than one.`;
}

/** Rows that count as done and still are. */
export function countDoneRows(outcomes: readonly Outcome[]): number {
  return listRowStates(outcomes).filter(isDone).length;
}
