/**
 * Applies a saved run and tells how it ended: the one way to a write for `apply` and `rollback` alike.
 *
 * Whatever happens, results.csv is made whole before the command ends: it is what the operator works from.
 */
import { basename, join } from "node:path";
import { BatchError } from "../core/errors.ts";
import { approve, countRowsToWrite, type Decisions, type Plan, planIdOf } from "../core/plan.ts";
import type { Report } from "./command.ts";
import { confirmCount } from "./confirm-count.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { nextCommand } from "./next-command.ts";
import type { GlobalValues } from "./options.ts";
import type { Program, Run } from "./program.ts";
import { renderTenantWarnings, summarizePlan } from "./render/plan-summary.ts";
import { describeOutcomes, exitCodeOfRun, renderOutcomes } from "./render/run-summary.ts";
import type { Line } from "./render/screen.ts";
import { publishFiles, withLog, withWorld } from "./sessions.ts";
import type { Settings } from "./settings.ts";

export const DEFAULT_CANARY = 5;

/** What the operator said on the command line; `undefined` and `false` where nothing was said. */
export type Choices = {
  readonly confirm: number | undefined;
  readonly canary: number | undefined;
  readonly skipBlocked: boolean;
};

/**
 * Puts together what the operator decides, asking for the number of rows. What was decided at the first apply
 * holds for every resume where nothing else is said.
 *
 * @throws {BatchError} blocked, refused or usage, in that order, before anything is touched.
 */
export async function decide(
  plan: Plan,
  stored: Decisions | null,
  { confirm, canary, skipBlocked }: Choices,
  { program, command }: { readonly program: Program; readonly command: (words: readonly string[]) => string },
): Promise<Decisions> {
  const rowsToWrite = countRowsToWrite(plan);
  const decisions: Decisions = {
    confirmed: rowsToWrite,
    skipBlocked: skipBlocked || (stored?.skipBlocked ?? false),
    canary: canary ?? stored?.canary ?? DEFAULT_CANARY,
    operator: program.operator,
  };
  // Nobody should have to count the rows of a plan that cannot be applied anyway.
  approve(plan, decisions);
  const words = [
    "--confirm",
    String(rowsToWrite),
    ...(skipBlocked ? ["--skip-blocked"] : []),
    ...(canary === undefined ? [] : ["--canary", String(canary)]),
  ];
  const confirmed = await confirmCount(rowsToWrite, confirm, {
    screen: program.screen,
    signal: program.stopping.drain,
    command: command(words),
  });
  return { ...decisions, confirmed };
}

/**
 * @param shownFolder The folder as the operator named it.
 * @throws {BatchError} As the pipeline; the files are whole and the summary stands on stderr by then.
 */
export async function applyRun(
  run: Run,
  decisions: Decisions,
  {
    program,
    settings,
    values,
    shownFolder,
  }: {
    readonly program: Program;
    readonly settings: Settings;
    readonly values: GlobalValues;
    readonly shownFolder: string;
  },
): Promise<Report> {
  const plan = run.readPlan();
  const lock = await program.lockTenant(plan.header.tenantId);
  try {
    const failure = await withLog(program, run, async (log) => {
      log.info("apply", { runId: run.about.runId, planId: planIdOf(plan) });
      try {
        const { applyPlan } = await program.pipeline();
        const end = await withWorld(program, settings, log, async (world) => {
          const tenant = await world.tenant.identify(program.stopping.drain);
          const { shortestSeconds } = summarizePlan(plan, settings.limits, decisions.canary);
          program.screen.note(...renderTenantWarnings(tenant, shortestSeconds, program.clock.now()));
          return await applyPlan(run, decisions, world);
        });
        return { error: null, reason: end };
      } catch (error) {
        return { error: { thrown: error }, reason: error instanceof BatchError ? error.message : "the program failed" };
      }
    });
    return await report(run, plan, failure, { program, values, shownFolder });
  } finally {
    lock.release();
  }
}

type Ending = { readonly error: { readonly thrown: unknown } | null; readonly reason: string | null };

async function report(
  run: Run,
  plan: Plan,
  { error, reason }: Ending,
  {
    program,
    values,
    shownFolder,
  }: { readonly program: Program; readonly values: GlobalValues; readonly shownFolder: string },
): Promise<Report> {
  if (run.readDecisions() === null) {
    // Refused before the first write: the run is as it was.
    if (error !== null) throw error.thrown;
  } else {
    await closeRecord(run, reason ?? "went through to the last row", { program, isFirstTrouble: error === null });
  }
  const { listRunOutcomes } = await program.record();
  const outcomes = listRunOutcomes(run);
  const exitCode = program.stopping.exitCode ?? exitCodeOfRun(plan, outcomes);
  const done = exitCode === EXIT_CODES.done;
  const next = describeNext(plan, exitCode, { values, shownFolder });
  const what = plan.header.kind === "rollback" ? "Rollback" : "Run";
  const lines: Line[] = [
    {
      style: done ? "good" : "careful",
      text: `${what} ${basename(shownFolder)}, plan ${planIdOf(plan)}: ${done ? "done" : "not done"}`,
    },
    ...renderOutcomes(outcomes, join(shownFolder, "results.csv")),
    ...(reason === null ? [] : ["", { style: "bad", text: `It stopped early: ${reason}` } as const]),
    "",
    `Every step stands in ${join(shownFolder, "results.csv")}.`,
    ...next,
  ];
  if (error !== null) {
    program.screen.complain(...lines, "");
    throw error.thrown;
  }
  return {
    exitCode,
    lines,
    document: {
      run: shownFolder,
      runId: run.about.runId,
      planId: planIdOf(plan),
      tenantId: plan.header.tenantId,
      stoppedEarly: reason,
      ...describeOutcomes(outcomes),
    },
  };
}

/** Records the end and makes the files whole; a failure of that must not hide what went wrong before. */
async function closeRecord(
  run: Run,
  reason: string,
  { program, isFirstTrouble }: { readonly program: Program; readonly isFirstTrouble: boolean },
): Promise<void> {
  try {
    run.recordEnd(reason, program.clock.now().toISOString());
    await publishFiles(program, run);
  } catch (error) {
    if (isFirstTrouble || !(error instanceof BatchError)) throw error;
    program.screen.complain(
      `The files of the run could not be made whole: ${error.message}`,
      "run.sqlite has everything; status makes them anew.",
    );
  }
}

function describeNext(
  plan: Plan,
  exitCode: number,
  { values, shownFolder }: { readonly values: GlobalValues; readonly shownFolder: string },
): Line[] {
  if (exitCode === EXIT_CODES.done) {
    return [
      `To check it again:  ${nextCommand(values, "verify", shownFolder)}`,
      `To undo it:         ${nextCommand(values, "rollback", shownFolder)}`,
    ];
  }
  return [
    `To go on:    ${nextCommand(values, "apply", shownFolder, "--confirm", String(countRowsToWrite(plan)))}`,
    `To undo it:  ${nextCommand(values, "rollback", shownFolder)}`,
    ...(plan.header.kind === "apply"
      ? [`Rows that are not done stand in ${join(shownFolder, "retry.csv")}, ready for a new plan.`]
      : []),
  ];
}
