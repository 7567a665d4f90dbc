/** Holds a saved plan against both sides as they are now, before anything of it is written. */
import type { Decisions, Plan } from "../core/plan.ts";
import { findStaleRows, requireOpenBatch } from "../core/staleness.ts";
import type { RunStore } from "../ports/run-store.ts";
import type { LiveJournal } from "./live-journal.ts";
import { recheckWrittenRows } from "./recheck-written-rows.ts";
import * as record from "./record-run.ts";
import type { World } from "./world.ts";
import type { SidesToWrite } from "./writer-run.ts";

/** What is written down of an apply, and what was decided for it. */
export type ApplyRecord = {
  readonly store: RunStore;
  readonly decisions: Decisions;
  readonly journal: LiveJournal;
};

/**
 * Plans the whole batch again and records what has moved since. The second plan ends with this function: a large one is
 * not kept while the first is carried out.
 *
 * @param planAgain `null` for a way back: that its rows hold what it takes back is seen row by row.
 * @throws {BatchError} refused: other decisions than stored. blocked: the batch as it is now, or stale rows and no
 *   --skip-blocked. directory or tenant: one cannot be read.
 */
export async function holdAgainstNow(
  plan: Plan,
  { store, decisions, journal }: ApplyRecord,
  planAgain: (() => Promise<Plan>) | null,
  world: World & { readonly sides: SidesToWrite },
): Promise<void> {
  const again = planAgain === null ? null : await planAgain();
  if (again !== null) requireOpenBatch(again);
  const stale = again === null ? new Map() : findStaleRows(plan, again, record.listTouchedRows(plan, journal));
  record.requireFreshRows(plan, stale, decisions);
  // Before the first word in the journal: other decisions than those of the first apply must leave it as it is.
  record.keepDecisions(store, decisions);
  record.recordStaleRows(plan, stale, journal);
  await recheckWrittenRows(plan, journal, world, again?.rows);
}
