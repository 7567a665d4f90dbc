/**
 * Applies an approved plan: canary, simple rows, chains, cycles, holder actions, in that order.
 *
 * One unit is a list of changes that follow each other: a single row, a chain, a cycle. Units of one wave run
 * side by side, cycles one at a time. Everything that happens is in the journal when it has happened;
 * this stage returns nothing else.
 */
import type { Change } from "../core/change.ts";
import type { ChangeProgress } from "../core/change-progress.ts";
import type { ApprovedPlan } from "../core/plan.ts";
import { countOf } from "../core/words.ts";
import { type EarlyEnd, ON_ITS_WAY, type Unit, WriterRun, type WriterWorld } from "./writer-run.ts";

/**
 * @returns Why it ended early: a breaker, a canary, a pause too long to wait, a signal. The rows not reached are
 *   pending and a later apply goes on with them.
 * @throws {BatchError} tenant or directory: a side cannot be read any more; the journal has everything
 *   that was sent.
 */
export async function applyChanges(plan: ApprovedPlan, world: WriterWorld): Promise<EarlyEnd> {
  const run = new WriterRun(plan, world);
  const stopWatching = run.watch.start();
  try {
    await applyInOrder(plan, world, run);
  } finally {
    stopWatching();
  }
  return run.endedBy;
}

async function applyInOrder(plan: ApprovedPlan, world: WriterWorld, run: WriterRun): Promise<void> {
  const simple = plan.changes.filter(({ wave }) => wave === "simple");
  const canary = simple.filter((change) => !isOutOfTheWay(change, world, run)).slice(0, plan.decisions.canary);
  await writeCanary(canary, { plan, world, run });
  await run.wave(
    "writing",
    simple.map((change) => [change]),
  );
  await run.wave("writing chains", unitsOf(plan.changes, "chain"));
  for (const cycle of unitsOf(plan.changes, "cycle")) await writeCycle(cycle, { world, run });
  await writeHolders(unitsOf(plan.changes, "holder"), { plan, world, run });
}

/**
 * A row that an earlier apply has left alone proves nothing, and must not hold up the rest for ever. Nor must one that
 * was refused before the operator said that the run may go on.
 */
function isOutOfTheWay(change: Change, { journal }: WriterWorld, run: WriterRun): boolean {
  const status = run.status(change);
  const at = journal.progressOf(change)?.last?.at ?? "";
  return status === "drift" || (status === "failed" && journal.acknowledgedAt !== null && at <= journal.acknowledgedAt);
}

function unitsOf(changes: readonly Change[], wave: Change["wave"]): Change[][] {
  return [
    ...Map.groupBy(
      changes.filter((change) => change.wave === wave),
      ({ group }) => group,
    ).values(),
  ];
}

type Surroundings = { readonly plan: ApprovedPlan; readonly world: WriterWorld; readonly run: WriterRun };

/** The first rows, written and verified, and the proof on one of them that an old value can be put back. */
async function writeCanary(changes: readonly Change[], { plan, world, run }: Surroundings): Promise<void> {
  await run.wave(
    "canary",
    changes.map((change) => [change]),
  );
  const drifted = changes.find((change) => run.status(change) === "drift");
  // One row among thousands may well have been changed since the plan. One of the first five says that most have.
  if (drifted !== undefined) {
    const why = world.journal.progressOf(drifted)?.last?.message ?? "changed by somebody else since the plan";
    run.openBreaker({ reason: "drift", detail: `canary row ${drifted.row} is drift: ${why}` });
  }
  if (run.mustStop() || plan.changes.some((change) => isProof(world.journal.progressOf(change)))) return;
  const unverified = changes.find(
    (change) => !["verified", "already", "blocked", "taken-over"].includes(run.status(change)),
  );
  if (unverified !== undefined) {
    const why = whyUnverified(world.journal.progressOf(unverified));
    run.end(
      `canary row ${unverified.row} is ${run.status(unverified)}, not verified${why}: nothing beyond the canary was written`,
    );
    return;
  }
  const ours = changes.filter((change) => run.status(change) === "verified");
  // Null is the old value that tenants have been known to refuse, so a row that was empty proves most.
  // Between the two writes to an AD account a sync cycle would import the wrong anchor: only without one is it set back.
  const provable = ours.filter(({ side }) => side === "cloud" || plan.decisions.syncPaused);
  const proof = provable.find(({ before }) => before === null) ?? provable[0];
  if (proof === undefined) return;
  const stage = world.progress.begin("proving that rollback works", null);
  const proved = await run
    .writerFor(proof)
    .proveRollback(proof, world.stop.drain)
    .finally(() => stage.end());
  if (!proved && !run.mustStop()) {
    run.end(
      `row ${proof.row} could not be set back and set again ${proof.side === "ad" ? "in AD" : "in this tenant"}: rollback would not work, so nothing more was written`,
    );
  }
}

/** What stood in the way of a row, as words in brackets. */
function whyUnverified(progress: ChangeProgress | undefined): string {
  if (progress === undefined || progress.attempts.length === 0) return "";
  const lost = "its answer was lost, and the value was not there when the user was read again";
  const why = progress.last?.message ?? progress.answer?.message ?? (progress.status === "pending" ? lost : null);
  return why === null ? "" : ` (${why})`;
}

/** What became of the row later does not take back what it has proved of the tenant. */
function isProof(progress: ChangeProgress | undefined): boolean {
  return progress?.achieved === "verified" && progress.attempts.some(({ purpose }) => purpose === "canary-again");
}

/** A cycle whose pivot could not be cleared is the proof that no other one can be opened either. */
async function writeCycle(cycle: Unit, { world, run }: Omit<Surroundings, "plan">): Promise<void> {
  const stopTelling = tellWhatIsLeft(cycle, "cycle", { world, run });
  const [pivot] = cycle;
  const parked = pivot === undefined ? "" : `, ${pivot.name} of row ${pivot.row} is parked until its end`;
  await run.wave(`writing a cycle${parked}`, [cycle]).finally(stopTelling);
  if (pivot !== undefined && run.status(pivot) === "failed") {
    run.end(`the tenant did not let the ID of row ${pivot.row} be cleared, so no further cycle was opened`);
  }
}

/**
 * Rows with a holder action, one at a time, when no other row is on its way any more. What an irreversible step
 * rests on is read and checked anew just before it, and once more where the machine slept in between.
 */
async function writeHolders(units: readonly Unit[], { plan, world, run }: Surroundings): Promise<void> {
  if (units.length === 0 || run.mustStop()) return;
  const open = plan.changes.find((change) => change.wave !== "holder" && ON_ITS_WAY.has(run.status(change)));
  if (open !== undefined) {
    run.end(`row ${open.row} is ${run.status(open)}: holder actions wait until every other row is settled`);
    return;
  }
  for (const unit of units) {
    if (run.mustStop()) return;
    await recheckUnit(unit, world, run);
    const stopTelling = tellWhatIsLeft(unit, "holder action", { world, run });
    await run.wave("holder actions", [unit]).finally(stopTelling);
  }
}

async function recheckUnit(unit: Unit, world: WriterWorld, run: WriterRun): Promise<void> {
  const [first] = unit;
  if (first === undefined || unit.some((change) => run.status(change) !== "pending")) return;
  for (;;) {
    const awake = run.watch.awake();
    const reason = await world.recheckRows(new Set(unit.map(({ row }) => row)));
    if (reason !== null) world.journal.observe(first, "drift", { message: reason });
    else if (run.watch.hasSleptSince(awake)) continue;
    return;
  }
}

/** A signal does not leave such a unit half done: whoever has sent it wants to know how long that takes. */
function tellWhatIsLeft(unit: Unit, what: string, { world, run }: Omit<Surroundings, "plan">): () => void {
  const { drain } = world.stop;
  const tell = () => {
    const isBegun = unit.some((change) => run.status(change) !== "pending");
    const left = unit.filter((change) => ["pending", "undecided"].includes(run.status(change))).length;
    if (isBegun && left > 0)
      world.progress.note(`Finishing the open ${what} of row ${unit[0]?.row}: ${countOf(left, "step")} to go.`);
  };
  drain.addEventListener("abort", tell, { once: true });
  return () => drain.removeEventListener("abort", tell);
}
