/** What an operator can do with a run that was applied, as commands to copy: a command that would change nothing is not named. */
import { type BreakerOpening, findOpenBreaker } from "../core/breaker-openings.ts";
import { isDone, type Outcome } from "../core/outcome.ts";
import type { Decisions, Plan } from "../core/plan.ts";
import { optionWords } from "../core/plan-options.ts";
import { listRowStates } from "../core/row-states.ts";
import { confirmWords } from "./decide.ts";
import { nextCommand } from "./next-command.ts";
import type { GlobalValues } from "./options.ts";
import { findPresentFile } from "./present-files.ts";
import { isLeftOut, isResumable, listGivenUp } from "./run-states.ts";

type Surroundings = {
  readonly values: Pick<GlobalValues, "config">;
  readonly folder: string;
  /** What was decided at the first apply; `null` where there was none. */
  readonly decisions: Decisions | null;
  /** Whether finished rollbacks have taken the run back: it is neither gone on with nor undone again. */
  readonly rolledBack: boolean;
  /** Each time that the breaker opened. */
  readonly openings: readonly BreakerOpening[];
};

/**
 * An apply goes on with rows that it has not reached or not settled. Rows that it has given up it leaves as they
 * are however often it is run: those need a new plan, and for that retry.csv is a mapping.
 */
export function describeNextSteps(plan: Plan, outcomes: readonly Outcome[], surroundings: Surroundings): string[] {
  const { values, folder, decisions, rolledBack, openings } = surroundings;
  const rows = listRowStates(outcomes);
  const steps: (readonly [string, string])[] = [];
  if (!rolledBack && rows.some(isResumable)) {
    const skip = decisions?.skipBlocked === true ? ["--skip-blocked"] : [];
    const open = findOpenBreaker(openings);
    const acknowledge = open === null ? [] : ["--acknowledge", open.reason];
    const label = open === null ? "To go on:" : "To go on all the same:";
    steps.push([label, nextCommand(values, "apply", folder, ...confirmWords(plan), ...skip, ...acknowledge)]);
  }
  const retry = plan.header.kind === "apply" ? findPresentFile(folder, "retry.csv") : null;
  if (retry !== null && (listGivenUp(rows).length > 0 || rows.some(isLeftOut))) {
    const again = nextCommand(values, "plan", retry, ...optionWords(plan.header.options));
    steps.push(["To plan the rows anew that are not done:", again]);
  }
  if (rows.every((row) => isDone(row) || row.setBackAt !== null || row.planned.settled !== null)) {
    steps.push(["To check it again:", nextCommand(values, "verify", folder)]);
    const isWaiting = plan.header.kind === "apply" && !rolledBack && rows.some(({ sync }) => sync !== "matched");
    if (isWaiting) steps.push(["To follow sync:", nextCommand(values, "verify", folder, "--wait-for-sync", "90m")]);
  }
  if (!rolledBack && outcomes.some(mayHaveWritten)) {
    steps.push(["To undo it:", nextCommand(values, "rollback", folder)]);
  }
  const width = steps.reduce((widest, [label]) => Math.max(widest, label.length), 0);
  return steps.map(([label, command]) => `${label.padEnd(width)}  ${command}`);
}

/** Whether a rollback would find something to look at: what was surely not written needs none. */
function mayHaveWritten({ attempts, achieved, status }: Outcome): boolean {
  return attempts > 0 && (achieved !== null || status === "undecided" || status === "parked");
}
