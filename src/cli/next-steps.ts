/** What an operator can do with a run that was applied, as commands to copy: a command that would change nothing is not named. */
import { relative } from "node:path";
import { type BreakerOpening, findOpenBreaker } from "../core/breaker-openings.ts";
import { isDone, type Outcome } from "../core/outcome.ts";
import { countRowsToWrite, type Decisions, listBatchBlocks, type Plan } from "../core/plan.ts";
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
  /** The mapping file that the run was planned from; `null` for a rollback. */
  readonly mappingPath?: string | null;
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
  const anew = rolledBack ? planAnew(plan, values, surroundings.mappingPath ?? null) : null;
  if (anew !== null) {
    steps.push(["To write its rows again, plan anew:", anew]);
  } else if (retry !== null && (listGivenUp(rows).length > 0 || rows.some(isLeftOut))) {
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

/**
 * How a run goes on that was taken back, for its record says what was and only its mapping what is wanted: the command
 * that plans the mapping once more, with the options of the first time.
 *
 * @returns `null` for a rollback: it was made from no mapping.
 */
export function planAnew(plan: Plan, values: Pick<GlobalValues, "config">, mappingPath: string | null): string | null {
  if (plan.header.kind === "rollback") return null;
  const near = mappingPath === null ? "" : relative(".", mappingPath);
  const shown = near === "" || near.startsWith("..") ? (mappingPath ?? "<mapping.csv>") : near;
  return nextCommand(values, "plan", shown, ...optionWords(plan.header.options));
}

/** The command that applies a plan as it stands, blocked rows left out; `null` where it would write nothing. */
export function applyLineOf(plan: Plan, values: Pick<GlobalValues, "config">, folder: string): string | null {
  if (listBatchBlocks(plan).length > 0 || countRowsToWrite(plan) === 0) return null;
  const skip = plan.rows.some(({ action }) => action === "blocked") ? ["--skip-blocked"] : [];
  return nextCommand(values, "apply", folder, ...confirmWords(plan), ...skip);
}

/** Whether a rollback would find something to look at: what was surely not written needs none. */
function mayHaveWritten({ attempts, achieved, status }: Outcome): boolean {
  return attempts > 0 && (achieved !== null || status === "undecided" || status === "parked");
}
