/** The states in which a row of a plan, or a step of a run, can stand: their words, order and colours. */

import type { Severity } from "../../core/findings.ts";
import { DONE_STATUSES, OUTCOME_STATUSES, type Outcome, type OutcomeStatus, STATUS_WORDS } from "../../core/outcome.ts";
import type { Plan, PlannedRow, RowAction, SettledRow } from "../../core/plan.ts";
import type { RunView } from "../../ports/projection.ts";

/** `go`: will be or may have been written. `done`, `idle`: nothing more to do. `careful`, `bad`: somebody must look. */
export type Tone = "go" | "done" | "idle" | "careful" | "bad";
export type State = { readonly name: string; readonly says: string; readonly tone: Tone };

export type PlanState = RowAction | SettledRow;

const PLAN_STATES: Readonly<Record<PlanState, Omit<State, "name">>> = {
  set: { says: "to be written: the user holds no ID now", tone: "go" },
  replace: { says: "to be written over another ID", tone: "go" },
  clear: { says: "to be cleared", tone: "go" },
  already: { says: "nothing to do: the value is there", tone: "done" },
  none: { says: "nothing to do", tone: "idle" },
  "taken-over": { says: "left alone: sync has taken the user over", tone: "careful" },
  drift: { says: "left alone: changed by somebody else since", tone: "careful" },
  blocked: { says: "left alone: blocked by the pre-check", tone: "bad" },
};

const OUTCOME_STATES: Readonly<Record<OutcomeStatus, Omit<State, "name">>> = {
  verified: { says: STATUS_WORDS.verified, tone: "done" },
  accepted: { says: STATUS_WORDS.accepted, tone: "go" },
  already: { says: STATUS_WORDS.already, tone: "idle" },
  blocked: { says: STATUS_WORDS.blocked, tone: "bad" },
  failed: { says: STATUS_WORDS.failed, tone: "bad" },
  drift: { says: STATUS_WORDS.drift, tone: "careful" },
  undecided: { says: STATUS_WORDS.undecided, tone: "bad" },
  pending: { says: STATUS_WORDS.pending, tone: "idle" },
  parked: { says: STATUS_WORDS.parked, tone: "bad" },
  "taken-over": { says: STATUS_WORDS["taken-over"], tone: "done" },
};

export type StateCount = State & { readonly count: number };

/** How a row stands that nothing has been done with yet. */
export function planStateOf({ settled, action }: PlannedRow): PlanState {
  return settled ?? action;
}

/** Rows by state before the first apply, steps by status after it; only states that occur. */
export function countStates({ plan, outcomes }: RunView): StateCount[] {
  const table: Readonly<Record<string, Omit<State, "name">>> = outcomes === null ? PLAN_STATES : OUTCOME_STATES;
  const names = outcomes === null ? plan.rows.map(planStateOf) : outcomes.map(({ status }) => status);
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const order = outcomes === null ? Object.keys(PLAN_STATES) : OUTCOME_STATUSES;
  return order.flatMap((name) => {
    const [state, count] = [table[name], counts.get(name)];
    return state === undefined || count === undefined ? [] : [{ name, ...state, count }];
  });
}

export function describeStatus(status: OutcomeStatus): string {
  return OUTCOME_STATES[status].says;
}

/** The worst that was found on each row. */
export function worstSeverities({ findings }: Pick<Plan, "findings">): ReadonlyMap<number, Severity> {
  const worst = new Map<number, Severity>();
  const rank: Readonly<Record<Severity, number>> = { block: 2, warn: 1, info: 0 };
  for (const { severity, rows } of findings) {
    for (const row of rows) {
      const before = worst.get(row);
      if (before === undefined || rank[severity] > rank[before]) worst.set(row, severity);
    }
  }
  return worst;
}

/** Nobody has to look at the row before it is written. */
export function isPlannedRowFine(planned: PlannedRow, worst: Severity | undefined): boolean {
  const { tone } = PLAN_STATES[planStateOf(planned)];
  return tone !== "bad" && tone !== "careful" && worst !== "block" && worst !== "warn";
}

/** Nobody has to look at the step any more. A way back that sync has overtaken has failed. */
export function isOutcomeFine({ status, sync }: Outcome, kind: Plan["header"]["kind"]): boolean {
  const lost = kind === "rollback" && status === "taken-over";
  return DONE_STATUSES.has(status) && !lost && sync !== "duplicate" && sync !== "error";
}
