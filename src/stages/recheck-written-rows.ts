/**
 * What an earlier apply of this run has written, looked at again before the run goes on: a resume of a finished run
 * is a verify, and must not say "done" of values that are gone.
 *
 * Nothing is written for a row whose value is not there any more: whoever took it away had a reason.
 */
import pLimit from "p-limit";
import { type Change, facetOf, OBJECT_NOUNS } from "../core/change.ts";
import { SET_BACK_WORDS } from "../core/change-progress.ts";
import { type Plan, type PlannedRow, writtenObjectOf } from "../core/plan.ts";
import { NO_KEYS } from "../core/plan-questions.ts";
import { TargetNames } from "../core/target-names.ts";
import { IN_RECYCLE_BIN } from "../core/verdict.ts";
import type { Clock } from "../ports/clock.ts";
import type { Progress } from "../ports/progress.ts";
import type { Tenant } from "../ports/tenant.ts";
import type { LiveJournal } from "./live-journal.ts";
import { listOwnLastChanges } from "./record-run.ts";
import { takeSnapshot } from "./take-snapshot.ts";
import { type SidesToWrite, sideOfChange } from "./writer-run.ts";

type RecheckWorld = {
  readonly tenant: Tenant;
  readonly sides: SidesToWrite;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly limits: { readonly inFlight: number };
  readonly stop: { readonly drain: AbortSignal };
};

/** A copy of the directory may lag for as long: what was just accepted is read back by the writer itself. */
const LAG_MS = 600_000;

/**
 * Records each row as set back or as drift whose user does not hold the written value any more.
 *
 * @param again The rows planned anew, with what their users hold; without them the users are read by their ids.
 * @throws {BatchError} tenant: it cannot be read. interrupted: a signal came.
 */
export async function recheckWrittenRows(
  plan: Plan,
  journal: LiveJournal,
  world: RecheckWorld,
  again?: readonly PlannedRow[],
): Promise<void> {
  const written = listWrittenRows(plan, journal, world.clock.now().getTime());
  const values = again === undefined ? await readValues(written, world) : valuesOf(again);
  // What was read for many may be a little old, and a user may have another name by now: before a row counts as lost,
  // its own user is read once more.
  const isSeen = ({ change: { objectId, after } }: WrittenRow) => values.get(objectId) === after;
  for (const row of written.filter(isSeen)) recordReturn(row, journal);
  const suspects = written.filter((row) => !isSeen(row));
  const limit = pLimit(world.limits.inFlight);
  await limit.map(suspects, (row) => recordLoss(row, journal, world)).finally(() => limit.clearQueue());
}

type WrittenRow = { readonly planned: PlannedRow; readonly change: Change };

/** Rows whose last write stands by the record. */
function listWrittenRows(plan: Plan, journal: LiveJournal, nowMs: number): WrittenRow[] {
  const plannedOf = new Map(plan.rows.map((planned) => [planned.row, planned]));
  return listOwnLastChanges(plan).flatMap((change) => {
    const planned = plannedOf.get(change.row);
    const { status, writtenAt = null } = journal.progressOf(change) ?? {};
    const old = writtenAt !== null && nowMs - Date.parse(writtenAt) > LAG_MS;
    const stands = status === "verified" || status === "taken-over" || (status === "accepted" && old);
    return planned !== undefined && stands ? [{ planned, change }] : [];
  });
}

function valuesOf(rows: readonly PlannedRow[]): ReadonlyMap<string, string | null> {
  return new Map(
    rows.flatMap((row) => {
      const objectId = writtenObjectOf(row);
      return objectId === null ? [] : [[objectId, row.previousImmutableId] as const];
    }),
  );
}

async function readValues(
  written: readonly WrittenRow[],
  { tenant, progress, stop }: RecheckWorld,
): Promise<ReadonlyMap<string, string | null>> {
  // Accounts of AD are read one by one: whatever is not in this map is.
  const ids = written.filter(({ change }) => change.side === "cloud").map(({ change }) => change.objectId);
  if (ids.length === 0) return new Map();
  const snapshot = await takeSnapshot(tenant, new TargetNames(ids), Promise.resolve(NO_KEYS), {
    progress,
    signal: stop.drain,
  });
  return new Map(ids.flatMap((id) => snapshot.byId(id) ?? []).map((user) => [user.id, user.immutableId]));
}

/** A row that was set back and holds its value again, as after a rollback that was itself rolled back. */
function recordReturn({ change }: WrittenRow, journal: LiveJournal): void {
  if ((journal.progressOf(change)?.setBackAt ?? null) === null) return;
  journal.observe(change, "verified", { value: change.after });
}

async function recordLoss(
  { planned, change }: WrittenRow,
  journal: LiveJournal,
  { tenant, sides, stop }: RecheckWorld,
): Promise<void> {
  const noun = OBJECT_NOUNS[change.side];
  const held = await sideOfChange(change, sides).readValue(change.objectId, stop.drain, {
    facet: facetOf(change.kind),
  });
  if (held === null) {
    const isCloud = change.side === "cloud";
    const existence = isCloud ? await tenant.readValue(change.objectId, stop.drain, { facet: "existence" }) : null;
    const message = existence?.value === "deleted" ? IN_RECYCLE_BIN : `the ${noun} no longer exists`;
    journal.observe(change, "mismatch", { message });
  } else if (held.value === change.after) recordReturn({ planned, change }, journal);
  else if (held.value === planned.previousImmutableId) {
    // What was seen before may name the rollback that did it.
    if ((journal.progressOf(change)?.setBackAt ?? null) !== null) return;
    journal.observe(change, "set-back", { value: held.value, message: SET_BACK_WORDS });
  } else
    journal.observe(change, "mismatch", { value: held.value, message: `the ${noun} holds ${held.value ?? "no ID"}` });
}
