/**
 * Applies a saved run and tells how it ended: the one way to a write for `apply` and `rollback` alike.
 *
 * Whatever happens, results.csv is made whole before the command ends: it is what the operator works from.
 */
import { basename } from "node:path";
import { findOpenBreaker } from "../core/breaker-openings.ts";
import { BatchError } from "../core/errors.ts";
import { isDone, type Outcome } from "../core/outcome.ts";
import { type Decisions, type Plan, planIdOf } from "../core/plan.ts";
import { listRowStates } from "../core/row-states.ts";
import { LEAVE_STALE_ROWS_OUT } from "../core/staleness.ts";
import type { Report } from "./command.ts";
import { confirmWords } from "./decide.ts";
import type { ApplyDocument } from "./documents/run-documents.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { nextCommand } from "./next-command.ts";
import { describeNextSteps } from "./next-steps.ts";
import type { GlobalValues } from "./options.ts";
import { findPresentFile } from "./present-files.ts";
import type { Program, Run } from "./program.ts";
import { summarizePlan } from "./render/plan-summary.ts";
import { describeLeftAlone, findLeftAlone, renderLeftAlone } from "./render/rollback-summary.ts";
import { describeOutcomes, exitCodeOfRun, isEveryStepDone, renderOutcomes } from "./render/run-summary.ts";
import type { Line } from "./render/screen.ts";
import { countOf, formatCount } from "./render/table.ts";
import { renderTenantWarnings } from "./render/tenant-warnings.ts";
import { isResumable, WENT_THROUGH } from "./run-states.ts";
import { addToMessage, preparePublishing, publishFiles, withLog, withWorld } from "./sessions.ts";
import type { Settings } from "./settings.ts";
import { DRAINING } from "./stopping.ts";

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
): Promise<Report<ApplyDocument>> {
  const plan = run.readPlan();
  const { listRunOutcomes } = await program.record();
  const before = run.readDecisions() === null ? [] : listRunOutcomes(run);
  const lock = await program.lockTenant(plan.header.tenantId);
  program.stopping.announce(DRAINING);
  try {
    const failure = await withLog(program, run, async (log) => {
      log.info("apply", { runId: run.about.runId, planId: planIdOf(plan) });
      try {
        const { applyPlan } = await program.pipeline();
        const publish = await preparePublishing(program, run);
        const end = await withWorld(
          program,
          settings,
          log,
          async (world) => {
            const tenant = await world.tenant.identify(program.stopping.drain);
            const { shortestSeconds } = summarizePlan(plan, settings.limits, decisions.canary);
            program.screen.note(...renderTenantWarnings(tenant, shortestSeconds, program.clock.now(), "apply"));
            if (before.length > 0) program.screen.note(describeResume(before));
            // Whoever opens the files while it runs, or after it was killed, must not read that nothing was written.
            return await applyPlan(run, decisions, world, publish);
          },
          run.about.servers,
        );
        return { error: null, reason: end };
      } catch (error) {
        return { error: { thrown: error }, reason: error instanceof BatchError ? error.message : "the program failed" };
      }
    });
    return await report(run, plan, failure, { program, values, shownFolder, before });
  } finally {
    lock.release();
  }
}

/** What an earlier apply has done already, and what is left for this one. */
function describeResume(before: readonly Outcome[]): string {
  const rows = listRowStates(before).filter(({ planned }) => planned.settled === null);
  const done = rows.filter(isDone).length;
  const toGo = rows.filter(isResumable).length;
  if (toGo > 0) return `writing: ${formatCount(toGo)} to go, ${formatCount(done)} done before`;
  if (done === rows.length)
    return `${done === 1 ? "The row was written before, and is" : `All ${countOf(done, "row")} were written before, and are`} looked at again.`;
  return `${formatCount(done)} of ${countOf(rows.length, "row")} were written before, and are looked at again; this run leaves the others as they are.`;
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
    before,
  }: {
    readonly program: Program;
    readonly values: GlobalValues;
    readonly shownFolder: string;
    readonly before: readonly Outcome[];
  },
): Promise<Report<ApplyDocument>> {
  const { decisions, openings } = readVerdicts(run, error);
  const open = findOpenBreaker(openings);
  let whole = false;
  const leaveOut = nextCommand(values, "apply", shownFolder, ...confirmWords(plan), "--skip-blocked");
  if (decisions === null) {
    // Refused before the first write: the run is as it was.
    if (error !== null) throw addToMessage(nameLeavingOut(error.thrown, leaveOut), "Nothing was written.");
  } else {
    whole = await closeRecord(run, reason ?? WENT_THROUGH, {
      program,
      isFirstTrouble: error === null,
      status: nextCommand(values, "status", shownFolder),
    });
  }
  const { listRunOutcomes } = await program.record();
  const outcomes = listRunOutcomes(run);
  const exitCode = program.stopping.exitCode ?? exitCodeOfRun(plan, outcomes);
  const done = exitCode === EXIT_CODES.done;
  const wentThrough = error === null && program.stopping.exitCode === null && isEveryStepDone(outcomes);
  const leftAlone = plan.header.kind === "rollback" ? findLeftAlone(plan) : null;
  const what = plan.header.kind === "rollback" ? "Rollback" : "Run";
  const state = wentThrough
    ? done
      ? "done"
      : `${leftAlone?.unread.length === 0 ? "every row" : "what could be read of the record"} is written back; what is named above stays as it is`
    : done
      ? "it was done before, and this apply failed"
      : isEveryStepDone(outcomes)
        ? "every row was done when it was stopped"
        : "not done";
  const results = whole ? findPresentFile(shownFolder, "results.csv") : null;
  const lines: Line[] = [
    ...(leftAlone === null ? [] : renderLeftAlone(leftAlone)),
    {
      style: done && error === null ? "good" : "careful",
      text: `${what} ${basename(shownFolder)}, plan ${planIdOf(plan)}: ${state}`,
    },
    ...renderOutcomes(outcomes, shownFolder),
    ...(reason === null ? [] : ["", { style: "bad", text: `It stopped early: ${reason}` } as const]),
    ...(open === null
      ? []
      : [`Look at the rows in question. The run goes on only when --acknowledge ${open.reason} says that it may.`]),
    "",
    ...(results === null ? [] : [`Every step stands in ${results}.`]),
    ...describeNextSteps(plan, outcomes, { values, folder: shownFolder, decisions, rolledBack: false, openings }),
  ];
  if (error !== null) {
    program.screen.complain(...lines, "");
    throw countWrites(outcomes) === countWrites(before)
      ? addToMessage(error.thrown, "Nothing was written by this apply.")
      : error.thrown;
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
      breaker: open,
      ...(leftAlone === null ? {} : { leftAlone: describeLeftAlone(leftAlone) }),
      ...describeOutcomes(outcomes),
    },
  };
}

/** Rows that went stale can be left out: the hint gets the command line for it. */
function nameLeavingOut(error: unknown, leaveOut: string): unknown {
  if (!(error instanceof BatchError) || error.hint !== LEAVE_STALE_ROWS_OUT) return error;
  const { code, message, details, cause } = error;
  return new BatchError(code, message, `Plan again, or leave these rows out: ${leaveOut}`, { details, cause });
}

/** @throws Where a disk that has failed cannot be read either: what it failed at, not that. */
function readVerdicts(run: Run, error: Ending["error"]) {
  try {
    return { decisions: run.readDecisions(), openings: run.readOpenings() };
  } catch (second) {
    throw error === null ? second : error.thrown;
  }
}

function countWrites(outcomes: readonly Outcome[]): number {
  return outcomes.reduce((sum, { attempts }) => sum + attempts, 0);
}

/**
 * Records the end and makes the files whole; a failure of that must not hide what went wrong before.
 *
 * @returns Whether the files are whole.
 */
async function closeRecord(
  run: Run,
  reason: string,
  {
    program,
    isFirstTrouble,
    status,
  }: {
    readonly program: Program;
    readonly isFirstTrouble: boolean;
    /** The command line that makes the files whole. */
    readonly status: string;
  },
): Promise<boolean> {
  try {
    run.recordEnd(reason, program.clock.now().toISOString());
    await publishFiles(program, run);
    return true;
  } catch (error) {
    if (isFirstTrouble || !(error instanceof BatchError)) throw error;
    program.screen.complain(
      `The files of the run could not be made whole: ${error.message}`,
      `run.sqlite has everything. To have them made anew: ${status}`,
    );
    return false;
  }
}
