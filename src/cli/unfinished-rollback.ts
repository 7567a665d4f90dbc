/** Keeps two rollbacks of one run apart: the second would plan from a state that the first is changing. */
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { BatchError, describeError } from "../core/errors.ts";
import type { OutcomeStatus } from "../core/outcome.ts";
import { countRowsToWrite } from "../core/plan.ts";
import type { Program, Run, Shelf } from "./program.ts";
import { ROLLBACK_PREFIX, RUNS_FOLDER } from "./run-folder-name.ts";

/** Statuses from which an apply of the rollback would still go on. */
const OPEN: ReadonlySet<OutcomeStatus> = new Set(["pending", "undecided", "parked"]);

/**
 * Looks in `runs/` and beside the run itself.
 *
 * @throws {BatchError} refused: a rollback of this run was begun and is not finished.
 */
export async function requireNoOpenRollback(runId: string, beside: string, program: Program): Promise<void> {
  const shelf = await program.openShelf();
  const { listRunOutcomes } = await program.record();
  for (const folder of new Set([resolve(RUNS_FOLDER), beside])) {
    for (const name of listRollbacks(folder)) {
      const run = openQuietly(shelf, join(folder, name), program);
      if (run === null) continue;
      try {
        if (run.about.kind !== "rollback") continue;
        const plan = run.readPlan();
        if (plan.header.reverses?.runId !== runId || run.readDecisions() === null) continue;
        if (run.heldBy === null && !listRunOutcomes(run).some(({ status }) => OPEN.has(status))) continue;
        throw new BatchError(
          "refused",
          `A rollback of this run was begun and is not finished: ${join(folder, name)}. Nothing was written.`,
          run.heldBy === null
            ? `Finish it: hardmatch apply ${join(folder, name)} --confirm ${countRowsToWrite(plan)}`
            : `${run.heldBy} works on it: wait until it has ended.`,
        );
      } finally {
        run.close();
      }
    }
  }
}

function listRollbacks(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() && entry.name.startsWith(ROLLBACK_PREFIX) ? [entry.name] : [],
    );
  } catch (error) {
    // Without such a folder there are no rollbacks in it; any other trouble is worth knowing.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw new BatchError(
      "disk",
      `${folder} cannot be looked into: ${describeError(error)}.`,
      "Make it readable for you.",
      { cause: error },
    );
  }
}

/** A folder that merely looks like a rollback must not keep anybody from rolling back. */
function openQuietly(shelf: Shelf, folder: string, program: Program): Run | null {
  try {
    return shelf.open(folder, "read");
  } catch (error) {
    if (!(error instanceof BatchError)) throw error;
    program.screen.note(`${folder} was not looked into: ${error.message}`);
    return null;
  }
}
