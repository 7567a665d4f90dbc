/** One look at a run, or at some of its rows: both sides are read, every row judged, and what was seen recorded. */
import type { VerifiedRow } from "../core/verdict.ts";
import { verifyRows } from "../core/verify-rows.ts";
import type { RunStore } from "../ports/run-store.ts";
import type { PlannedSides } from "./identify-sides.ts";
import { noteServersOfRun } from "./note-other-servers.ts";
import { readRun } from "./read-both-sides.ts";
import { listRunOutcomes, recordSeen, type VerdictRecord } from "./record-run.ts";
import type { World } from "./world.ts";

type Surroundings = Pick<World, "tenant" | "progress" | "stop"> & Omit<VerdictRecord, "store">;

/**
 * @param only Rows to look at; all of the plan unless told.
 * @throws {BatchError} directory or tenant: a side could not be read whole.
 */
export async function lookAtRun(
  store: RunStore,
  sides: PlannedSides,
  world: Surroundings,
  only?: ReadonlySet<number>,
): Promise<VerifiedRow[]> {
  const whole = store.readPlan();
  const plan = only === undefined ? whole : { ...whole, rows: whole.rows.filter(({ row }) => only.has(row)) };
  noteServersOfRun(store, sides.sources, world.progress);
  const verdicts = verifyRows(plan, listRunOutcomes(store), await readRun(plan, sides, world));
  recordSeen(store, verdicts, world);
  return verdicts;
}
