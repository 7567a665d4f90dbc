/**
 * The program on one screen.
 *
 *   mapping -> read AD -> read tenant -> check -> PLAN -> approve -> write -> verify -> results
 *   results -> reverse plan ------------------------------^ the same gate, the same writer
 *
 * Up to the gate everything is a whole batch, because a duplicate in the last row must stop the first. After
 * it everything is an event in the journal, because what happened must be on disk when it has happened.
 */
import { requireClosedBreaker } from "./core/breaker-openings.ts";
import { requireRightClock } from "./core/clock-skew.ts";
import { listRefusals } from "./core/cutover.ts";
import type { Mapping } from "./core/mapping.ts";
import { createPacker } from "./core/packing.ts";
import { approve, type Decisions, mappingOf, type Plan, type PlanHeader } from "./core/plan.ts";
import { finishPlan } from "./core/plan-batch.ts";
import { makeRollbackPlan } from "./core/rollback.ts";
import { findMovedRow, requireSameTenant } from "./core/staleness.ts";
import { requirePermissions } from "./core/token-rights.ts";
import type { VerifiedRow } from "./core/verdict.ts";
import { listWrittenObjects, type RecordedRun } from "./core/written-objects.ts";
import { SILENT_PROGRESS } from "./ports/progress.ts";
import type { RunStore } from "./ports/run-store.ts";
import { connectSides } from "./stages/ad-side.ts";
import { applyChanges } from "./stages/apply-changes.ts";
import { draftBatch } from "./stages/draft-batch.ts";
import { holdAgainstNow } from "./stages/hold-against-now.ts";
import { groundOf, identifyPlannedSides, identifySides, type Sides } from "./stages/identify-sides.ts";
import { LiveJournal } from "./stages/live-journal.ts";
import { lookAtRun } from "./stages/look-at-run.ts";
import { noteServersOfRun } from "./stages/note-other-servers.ts";
import { requireWritableAccounts } from "./stages/read-ad-facts.ts";
import { readBatch, readWrittenObjects } from "./stages/read-both-sides.ts";
import * as record from "./stages/record-run.ts";
import { recordTakeovers } from "./stages/record-takeovers.ts";
import { type FollowedTakeover, type TakeoverView, waitForSync } from "./stages/wait-for-sync.ts";
import type { World } from "./stages/world.ts";
import type { EarlyEnd } from "./stages/writer-run.ts";

/** What a plan is asked for. */
export type PlanRequest = Pick<PlanHeader, "mapping" | "options"> & { readonly mappings: readonly Mapping[] };

/**
 * Dry run: reads both sides and checks the whole batch.
 *
 * @param known Who the sides are, if they were asked already.
 * @throws {BatchError} directory or tenant; input: an export of AD
 */
export async function planBatch(request: PlanRequest, world: World, known?: Sides) {
  const sides = known ?? (await identifySides(world));
  const ground = groundOf(sides);
  const { header, draft } = await readAndDraft(request, sides, world);
  return { plan: finishPlan(header, draft, world.digest), ground };
}

/** What was read ends with this function: of a large batch it would not go into memory together with the plan. */
async function readAndDraft(request: PlanRequest, sides: Sides, world: World) {
  const read = await readBatch(request.mappings, request.options, sides, world);
  return draftBatch(read, request, groundOf(sides), world);
}

/**
 * Applies exactly the saved plan, or goes on where an earlier apply stopped.
 *
 * @param begin Called when the decisions stand in the record and before anything is sent.
 * @throws {BatchError} refused: a breaker that nobody has acknowledged, another tenant or domain than planned, other
 *   decisions than stored, no confirmation, or a clock that is minutes off. blocked: blocked or stale rows and no
 *   --skip-blocked. tenant or directory: whoever signs in may not write. Nothing was written then.
 */
export async function applyPlan(
  store: RunStore,
  decisions: Decisions,
  world: World,
  begin: () => void = () => undefined,
): Promise<EarlyEnd> {
  const plan = store.readPlan();
  const approved = approve(plan, decisions);
  requireClosedBreaker(store.readOpenings());
  const journal = new LiveJournal(store, decisions.operator, world, plan.changes.length);

  const { tenant, sources } = await identifyPlannedSides(plan, world);
  requireRightClock(tenant);
  const due = record.listDueChanges(store);
  requirePermissions(due, tenant.rights);
  const sides = connectSides(world.tenant, sources);
  noteServersOfRun(store, sources, world.progress);
  const isForth = plan.header.kind === "apply" && sources !== null;
  const again = isForth ? () => planAgain(plan, world, { tenant, sources }) : null;
  if (!isForth) await requireWritableAccounts(due, sources, world.stop.drain);
  await holdAgainstNow(plan, { store, decisions, journal }, again, { ...world, sides });

  begin();
  const end = await applyChanges(approved, {
    ...world,
    journal,
    sides,
    saveObject: (change, whole) => record.saveObject(store, change, whole),
    recheckRows: async (rows) =>
      // A handful of rows, one unit after the other: the reading of each is no news.
      findMovedRow(plan, await planAgain(plan, { ...world, progress: SILENT_PROGRESS }, undefined, rows)),
  });
  await recordTakeovers(plan, journal, world);
  return end;
}

/** The rows of a saved plan, or some of them, planned as both sides are now. */
async function planAgain(plan: Plan, world: World, sides?: Sides, only?: ReadonlySet<number>): Promise<Plan> {
  const rows = only === undefined ? plan.rows : plan.rows.filter(({ row }) => only.has(row));
  const pack = createPacker<Mapping>(rows.length);
  const mappings = rows.map((row) => pack(mappingOf(row)));
  return (await planBatch({ ...plan.header, mappings }, world, sides)).plan;
}

/**
 * Reads both sides again and says of every row what holds; writes to no directory.
 *
 * @param rolledBackBy Rows that a known rollback has set back, each with the rollback's folder: for the record.
 * @throws {BatchError} directory or tenant; refused: another tenant or domain than planned.
 */
export async function verifyRun(
  store: RunStore,
  world: World,
  rolledBackBy: ReadonlyMap<number, string> = new Map(),
): Promise<VerifiedRow[]> {
  return await lookAtRun(store, await identifyPlannedSides(store.readPlan(), world), { ...world, rolledBackBy });
}

/** As {@link verifyRun}, again and again until sync has decided every row, `waitMs` are over or a signal comes. */
export async function followTakeover(
  store: RunStore,
  world: World,
  rolledBackBy: ReadonlyMap<number, string>,
  waitMs: number,
): Promise<FollowedTakeover> {
  const plan = store.readPlan();
  const sides = await identifyPlannedSides(plan, world);
  const quiet = { ...world, progress: SILENT_PROGRESS };
  const view: TakeoverView = {
    // What a rollback has set back is to stay out of sync, so nobody waits for it.
    look: async (only) =>
      (await lookAtRun(store, sides, { ...quiet, rolledBackBy }, only)).filter(
        ({ planned, verdict }) => verdict !== "rolled-back" || !rolledBackBy.has(planned.row),
      ),
    writtenAt: record.listWriteTimes(store),
    readLastSync: async () => (await world.tenant.identify(world.stop.drain)).lastSyncAt,
    explain: async (rows) => listRefusals(await planAgain(plan, quiet, undefined, rows)),
  };
  const followed = await waitForSync(view, waitMs, { ...world, drain: world.stop.drain });
  record.recordSeen(store, followed.rows, { clock: world.clock, rolledBackBy });
  return followed;
}

/**
 * Plans the way back of a recorded run; the plan is then applied like any other.
 *
 * @param rows Only these rows and those that hang together with them; `null` is all.
 * @throws {BatchError} tenant, or directory where the run has written into AD; refused: the record belongs to another
 *   tenant.
 */
export async function planRollback(run: RecordedRun, rows: ReadonlySet<number> | null, world: World) {
  const { drain: signal } = world.stop;
  const tenant = await world.tenant.identify(signal);
  requireSameTenant(run.tenantId, tenant.tenantId);
  const { present, directories } = await readWrittenObjects(listWrittenObjects(run.lines), world);
  const planned = makeRollbackPlan(run, present, { cloud: tenant.cloud, rows, digest: world.digest, directories });
  return { ...planned, tenantName: tenant.displayName };
}
