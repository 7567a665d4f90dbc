/** Saves a plan as a new run: the folder, its files for people, and the log of how the plan came about. */

import type { MappingOrigin } from "../core/mapping.ts";
import { type Plan, planIdOf } from "../core/plan.ts";
import type { EarlyLog } from "./early-log.ts";
import { warnOfNetwork } from "./network-warning.ts";
import type { Program, Run } from "./program.ts";
import { makeInFreeFolder } from "./run-folder-name.ts";
import { logPathOf, noteLogTrouble, publishFiles } from "./sessions.ts";
import type { Settings } from "./settings.ts";

/**
 * @param folders Names for the folder: the first that is free is taken.
 * @param servers Of the directories that answered.
 * @param delimiter Of the CSV files for people.
 * @param mapping Which mapping file it was and how it was read; `null` for a rollback.
 * @returns The open run, which whoever gets it closes, and its folder as the operator would name it.
 * @throws {BatchError} usage: the folder exists. disk: it cannot be written.
 */
export async function saveRun(
  folders: Iterable<string>,
  plan: Plan,
  {
    program,
    settings: { tenant, limits },
    tenantName,
    servers,
    delimiter,
    mapping,
    log,
  }: {
    readonly program: Program;
    readonly settings: Settings;
    readonly tenantName: string | null;
    readonly servers: readonly string[];
    readonly delimiter: string;
    readonly mapping: MappingOrigin | null;
    readonly log: EarlyLog;
  },
): Promise<{ readonly run: Run; readonly folder: string }> {
  const shelf = await program.openShelf();
  const runId = program.chance.uuid();
  const about = {
    runId,
    createdAt: program.clock.now().toISOString(),
    programVersion: program.version,
    tenantName,
    servers: [...servers, `tenant: ${tenant.endpoint ?? tenant.cloud}`],
    quota: { writes: limits.writes, windowSeconds: limits.windowSeconds },
    delimiter,
    mapping,
  };
  const { made: run, folder } = makeInFreeFolder(folders, (name) => shelf.create(name, plan, about));
  try {
    await warnOfNetwork(program, folder);
    await publishFiles(program, run);
    log.info("planned", { runId, planId: planIdOf(plan), count: plan.rows.length });
    noteLogTrouble(program, await log.pour((now) => program.openLog(logPathOf(run.folder), now)));
    return { run, folder };
  } catch (error) {
    run.close();
    throw error;
  }
}
