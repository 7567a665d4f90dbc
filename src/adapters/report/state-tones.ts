/** How urgent each state of a row is: what the colours, the hatching and the "fine" rows of the report go by. */

import type { Severity } from "../../core/findings.ts";
import { DONE_STATUSES, type Outcome, type OutcomeStatus, STATUS_WORDS } from "../../core/outcome.ts";
import type { Plan, PlannedRow } from "../../core/plan.ts";
import {
  countPlanStates,
  countRowStates,
  PLAN_STATE_WORDS,
  type PlanState,
  planStateOf,
} from "../../core/row-states.ts";
import type { RunView } from "../../ports/projection.ts";

/** `go`: will be or may have been written. `done`, `idle`: nothing more to do. `careful`, `bad`: somebody must look. */
export type Tone = "go" | "done" | "idle" | "careful" | "bad";
export type State = { readonly name: string; readonly says: string; readonly tone: Tone; readonly count: number };

const PLAN_TONES: Readonly<Record<PlanState, Tone>> = {
  set: "go",
  replace: "go",
  clear: "go",
  "set-consistency-guid": "go",
  "replace-consistency-guid": "go",
  "clear-consistency-guid": "go",
  already: "done",
  none: "idle",
  "taken-over": "careful",
  drift: "careful",
  blocked: "bad",
};

const OUTCOME_TONES: Readonly<Record<OutcomeStatus, Tone>> = {
  verified: "done",
  accepted: "go",
  already: "idle",
  blocked: "bad",
  failed: "bad",
  drift: "careful",
  undecided: "bad",
  pending: "idle",
  parked: "bad",
  "taken-over": "done",
};

/** Rows by state: of the plan before the first apply, by what became of them after it; only states that occur. */
export function countStates({ plan, outcomes }: RunView): State[] {
  return outcomes === null
    ? countPlanStates(plan).map((state) => ({
        ...state,
        says: PLAN_STATE_WORDS[state.name],
        tone: PLAN_TONES[state.name],
      }))
    : countRowStates(outcomes).map((state) => ({
        ...state,
        says: STATUS_WORDS[state.name],
        tone: OUTCOME_TONES[state.name],
      }));
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
  const tone = PLAN_TONES[planStateOf(planned)];
  return tone !== "bad" && tone !== "careful" && worst !== "block" && worst !== "warn";
}

/** Nobody has to look at the step any more. A way back that sync has overtaken has failed. */
export function isOutcomeFine({ status, sync }: Outcome, kind: Plan["header"]["kind"]): boolean {
  const lost = kind === "rollback" && status === "taken-over";
  return DONE_STATUSES.has(status) && !lost && sync !== "duplicate" && sync !== "error";
}
