/** Saves a plan as a new run: the folder, its files for people, and the log of how the plan came about. */
import { type Plan, planIdOf } from "../core/plan.ts";
import type { EarlyLog } from "./early-log.ts";
import type { Program, Run } from "./program.ts";
import { logPathOf, noteLogTrouble, publishFiles } from "./sessions.ts";
import type { Settings } from "./settings.ts";

/**
 * @param servers Of the directories that answered.
 * @returns The open run; whoever gets it closes it.
 * @throws {BatchError} usage: the folder exists. disk: it cannot be written.
 */
export async function saveRun(
  folder: string,
  plan: Plan,
  {
    program,
    settings: { tenant },
    servers,
    log,
  }: {
    readonly program: Program;
    readonly settings: Settings;
    readonly servers: readonly string[];
    readonly log: EarlyLog;
  },
): Promise<Run> {
  const shelf = await program.openShelf();
  const runId = program.chance.uuid();
  const run = shelf.create(folder, plan, {
    runId,
    createdAt: program.clock.now().toISOString(),
    programVersion: program.version,
    servers: [...servers, `tenant: ${tenant.endpoint ?? tenant.cloud}`],
  });
  try {
    await publishFiles(program, run);
    log.info("planned", { runId, planId: planIdOf(plan), count: plan.rows.length });
    noteLogTrouble(program, await log.pour((now) => program.openLog(logPathOf(run.folder), now)));
    return run;
  } catch (error) {
    run.close();
    throw error;
  }
}
