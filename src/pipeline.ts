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
import { describeSync } from "./core/checks/check.ts";
import { requireRightClock } from "./core/clock-skew.ts";
import { listSourceGaps, requireKnownFacts } from "./core/directory-source.ts";
import type { Mapping } from "./core/mapping.ts";
import { approve, type Decisions, type Digest, mappingOf, PLAN_VERSION, type PlanHeader } from "./core/plan.ts";
import { assembleBatch, listHolders, listLookUpKeys, makePlan, NO_KEYS } from "./core/plan-batch.ts";
import { listWrittenObjects, makeRollbackPlan, type RecordedRun } from "./core/rollback.ts";
import {
  findMovedRow,
  findStaleRows,
  requireOpenBatch,
  requireSameGround,
  requireSameTenant,
} from "./core/staleness.ts";
import { requirePermissions } from "./core/token-rights.ts";
import { type VerifiedRow, verifyRows } from "./core/verdict.ts";
import type { Chance, TickingClock } from "./ports/clock.ts";
import type { Directory } from "./ports/directory.ts";
import type { Forest } from "./ports/forest.ts";
import type { Log } from "./ports/log.ts";
import { type Progress, SILENT_PROGRESS } from "./ports/progress.ts";
import type { RunStore } from "./ports/run-store.ts";
import type { Tenant } from "./ports/tenant.ts";
import { applyChanges } from "./stages/apply-changes.ts";
import { identifySources } from "./stages/identify-directories.ts";
import { groundOf, identifySides, type Sides } from "./stages/identify-sides.ts";
import { LiveJournal } from "./stages/live-journal.ts";
import { recheckWrittenRows } from "./stages/recheck-written-rows.ts";
import {
  keepDecisions,
  listDueChanges,
  listRunOutcomes,
  listTouchedRows,
  recordStaleRows,
  recordVerdicts,
  requireFreshRows,
  saveObject,
} from "./stages/record-run.ts";
import { recordTakeovers } from "./stages/record-takeovers.ts";
import { resolveUsers } from "./stages/resolve-users.ts";
import { takeSnapshot } from "./stages/take-snapshot.ts";
import type { WriterLimits } from "./stages/write-change.ts";
import type { EarlyEnd, StopSignals } from "./stages/writer-run.ts";

/** Everything that the pipeline needs of the world; `main.ts` builds it. */
export type World = {
  readonly directories: readonly Directory[];
  /** Global Catalogs; none where rows without a domain ask every directory. */
  readonly forests: readonly Forest[];
  readonly tenant: Tenant;
  readonly clock: TickingClock;
  readonly chance: Chance;
  readonly digest: Digest;
  readonly log: Log;
  readonly progress: Progress;
  readonly limits: WriterLimits;
  readonly stop: StopSignals;
};

/** What a plan is asked for. */
export type PlanRequest = {
  readonly mapping: PlanHeader["mapping"];
  readonly mappings: readonly Mapping[];
  readonly options: PlanHeader["options"];
};

/**
 * Dry run: reads both sides and checks the whole batch.
 *
 * @param sides Who they are, if they were asked already.
 * @throws {BatchError} directory or tenant; input: an export of AD
 */
export async function planBatch(request: PlanRequest, world: World, sides?: Sides) {
  const { mapping, mappings, options } = request;
  const signal = world.stop.drain;
  const known = sides ?? (await identifySides(world, signal));
  const { sources } = known;
  const ground = groundOf(known);
  const { tenant, directories } = ground;
  requireKnownFacts(directories, options);

  const { sourceKey } = options;
  const resolving = resolveUsers(mappings, sources, { sourceKey, progress: world.progress, signal });
  const keys = resolving.then((resolutions) => listLookUpKeys(resolutions, options.anchor));
  const names = mappings.map(({ upn }) => upn);
  const [resolutions, snapshot] = await Promise.all([
    resolving,
    takeSnapshot(world.tenant, names, keys, { progress: world.progress, signal }),
  ]);

  const targets = names.flatMap((name) => snapshot.findTarget(name)?.id ?? []);
  const takeover = await world.tenant.readTakeoverFacts(targets, signal, listHolders(names, await keys, snapshot));

  const header: PlanHeader = {
    version: PLAN_VERSION,
    kind: "apply",
    tenantId: tenant.tenantId,
    cloud: tenant.cloud,
    directories: directories.map(({ domain, domainId }) => ({ domain, domainId })),
    mapping,
    options,
    reverses: null,
  };
  const plan = makePlan(
    header,
    assembleBatch(resolutions, snapshot, {
      options,
      takeover: { ...takeover, gaps: [...takeover.gaps, ...listSourceGaps(directories)] },
      tenant: describeSync(tenant, world.clock.now().getTime()),
    }),
    world.digest,
  );
  return { plan, ground };
}

/**
 * Applies exactly the saved plan, or goes on where an earlier apply stopped.
 *
 * @param begin Called when the decisions stand in the record and before anything is sent.
 * @throws {BatchError} refused: a breaker that nobody has acknowledged, another tenant or domain than planned, other
 *   decisions than stored, no confirmation, or a clock that is minutes off. blocked: blocked or stale rows and no
 *   --skip-blocked. tenant: the token may not write. Nothing was written then.
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
  const journal = new LiveJournal(store, decisions.operator, world);
  if (plan.header.kind === "apply") {
    const sides = await identifySides(world, world.stop.drain);
    requireRightClock(sides.tenant);
    requireSameGround(plan, { ...sides.tenant, directories: groundOf(sides).directories });
    requirePermissions(listDueChanges(store), sides.tenant.rights);
    const again = await planBatch({ ...plan.header, mappings: plan.rows.map(mappingOf) }, world, sides);
    requireOpenBatch(again.plan);
    const stale = findStaleRows(plan, again.plan, listTouchedRows(plan, journal));
    requireFreshRows(plan, stale, decisions);
    // Before the first word in the journal: other decisions than those of the first apply must leave it as it is.
    keepDecisions(store, decisions);
    recordStaleRows(plan, stale, journal);
    await recheckWrittenRows(plan, journal, world, again.plan.rows);
  } else {
    const tenant = await world.tenant.identify(world.stop.drain);
    requireRightClock(tenant);
    const { tenantId, cloud, rights } = tenant;
    requireSameGround(plan, { tenantId, cloud, directories: plan.header.directories });
    requirePermissions(listDueChanges(store), rights);
    keepDecisions(store, decisions);
    await recheckWrittenRows(plan, journal, world);
  }
  begin();
  const end = await applyChanges(approved, {
    ...world,
    journal,
    sides: { cloud: world.tenant },
    saveObject: (change, whole) => saveObject(store, change, whole),
    recheckRows: async (rows) => {
      const mappings = plan.rows.filter(({ row }) => rows.has(row)).map(mappingOf);
      // One row at a time: the reading of each is no news.
      return findMovedRow(
        plan,
        (await planBatch({ ...plan.header, mappings }, { ...world, progress: SILENT_PROGRESS })).plan,
      );
    },
  });
  await recordTakeovers(plan, journal, world);
  return end;
}

/**
 * Reads both sides again and says of every row what holds; writes to no directory.
 *
 * @param rolledBackBy Rows that a known rollback has set back, each with the rollback's folder: for the record.
 */
export async function verifyRun(
  store: RunStore,
  world: World,
  rolledBackBy: ReadonlyMap<number, string> = new Map(),
): Promise<VerifiedRow[]> {
  const plan = store.readPlan();
  const signal = world.stop.drain;
  const looksAtAd = plan.header.kind === "apply";
  const [{ tenantId, cloud }, sources] = await Promise.all([
    world.tenant.identify(signal),
    looksAtAd ? identifySources(world, signal) : null,
  ]);
  const directories = sources?.directories.map(({ identity }) => identity);
  requireSameGround(plan, { tenantId, cloud, directories: directories ?? plan.header.directories });
  requireKnownFacts(directories ?? [], plan.header.options);
  const scope = { progress: world.progress, signal };
  const ids = plan.rows.flatMap(({ userId }) => (userId === null ? [] : [userId]));
  const wanted = plan.rows.flatMap(({ immutableId }) =>
    immutableId === null || immutableId === "" ? [] : [immutableId],
  );
  const [resolutions, snapshot] = await Promise.all([
    sources === null
      ? []
      : resolveUsers(plan.rows.map(mappingOf), sources, { ...scope, sourceKey: plan.header.options.sourceKey }),
    takeSnapshot(world.tenant, ids, Promise.resolve({ ...NO_KEYS, immutableIds: wanted }), scope),
  ]);
  const byRow = new Map(resolutions.map((resolution) => [resolution.mapping.row, resolution]));
  const verdicts = verifyRows(plan, listRunOutcomes(store), snapshot, byRow);
  if (store.writable && store.readDecisions() !== null)
    recordVerdicts(plan, verdicts, { store, clock: world.clock, rolledBackBy });
  return verdicts;
}

/**
 * Plans the way back of a recorded run; the plan is then applied like any other.
 *
 * @param rows Only these rows and those that hang together with them; `null` is all.
 * @throws {BatchError} refused: the record belongs to another tenant.
 */
export async function planRollback(run: RecordedRun, rows: ReadonlySet<number> | null, world: World) {
  const tenant = await world.tenant.identify(world.stop.drain);
  requireSameTenant(run.tenantId, tenant.tenantId);
  const ids = listWrittenObjects(run.lines).map(({ objectId }) => objectId);
  const snapshot = await takeSnapshot(world.tenant, ids, Promise.resolve(NO_KEYS), {
    progress: world.progress,
    signal: world.stop.drain,
  });
  const current = new Map(ids.flatMap((id) => snapshot.byId(id) ?? []).map((user) => [user.id, user]));
  const planned = makeRollbackPlan(run, current, { cloud: tenant.cloud, rows, digest: world.digest });
  return { ...planned, tenantName: tenant.displayName };
}
