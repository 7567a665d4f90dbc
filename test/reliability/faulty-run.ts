import { foldJournal } from "../../src/core/change-progress.ts";
import { listOutcomes } from "../../src/core/outcome.ts";
import { countRowsToWrite, type Decisions, type Plan } from "../../src/core/plan.ts";
import { lastUnclearWriteMs } from "../../src/core/unclear-lines.ts";
import { resultLineFromOutcome } from "../../src/core/written-objects.ts";
import { applyPlan, planBatch, planRollback } from "../../src/pipeline.ts";
import type { Fault } from "../../src/sim/tenant/faults.ts";
import type { LedgerEntry } from "../../src/sim/tenant/ledger.ts";
import { startSimulatedTenant } from "../../src/sim/tenant/server.ts";
import type { StopSignals } from "../../src/stages/writer-run.ts";
import { guid } from "../adapters/graph/raw-server.ts";
import { CLOUD_ID, mapping } from "../support/facts.ts";
import { MemoryRunStore } from "../support/memory-run.ts";
import { describeWorld, type FaultyRunOptions, openWorld, QUARANTINE_MS } from "./faulty-world.ts";
import { judgeRuns, type SeenWrite } from "./oracle.ts";
import { SharedClock } from "./shared-clock.ts";

export type FaultyRun = Awaited<ReturnType<typeof startFaultyRun>>;

export async function startFaultyRun(options: FaultyRunOptions) {
  const { people, canary = 1, beside } = options;
  const clock = beside?.clock ?? new SharedClock();
  const simulated =
    beside?.simulated ?? (await startSimulatedTenant(describeWorld(options), { ...options.tenant, ...clock.ofTenant }));
  const world = openWorld(simulated, clock, options);
  const made: MemoryRunStore[] = [];
  const start = new Map(simulated.users().map(({ id, onPremisesImmutableId }) => [id, onPremisesImmutableId]));

  const plan = async (): Promise<Plan> => {
    const { plan: planned } = await planBatch(
      {
        mapping: { name: "people", extraColumns: [] },
        mappings: people.map((name, index) => mapping(index + 2, name)),
        options: {
          anchor: "auto",
          sourceKey: "sAMAccountName",
          replace: true,
          limit: null,
          onConflict: [],
          allow: [],
          writeTo: "cloud",
          acceptedIdentityMismatch: null,
        },
      },
      world,
    );
    made.push(new MemoryRunStore(planned));
    return planned;
  };
  const storeOf = (): MemoryRunStore => {
    const store = made.at(-1);
    if (store === undefined) throw new Error("nothing was planned");
    return store;
  };
  const outcomes = () => [...listOutcomes(storeOf().readPlan(), foldJournal(storeOf().readJournal()))];
  const apply = (changes: Partial<Decisions> = {}, stop: Partial<StopSignals> = {}) =>
    applyPlan(
      storeOf(),
      {
        confirmed: countRowsToWrite(storeOf().readPlan()),
        skipBlocked: true,
        confirmedHolders: null,
        syncPaused: false,
        canary,
        operator: "cyd",
        ...changes,
      },
      { ...world, stop: { ...world.stop, ...stop } },
    );

  return {
    simulated,
    clock,
    world,
    plan,
    apply,
    outcomes,
    journal: () => storeOf().readJournal(),
    statuses: () => outcomes().map(({ row, step, status }) => `${row}.${step} ${status}`),
    strike: (fault: Fault) => simulated.addFault(fault),
    valueOf: (name: string) => simulated.user(CLOUD_ID(name))?.onPremisesImmutableId,
    valuesSent: (name: string) => simulated.ledger.attemptsOn(CLOUD_ID(name)).map(({ value }) => value),
    /** Applies again, as an operator would, until nothing is left to do. */
    async finish(): Promise<void> {
      for (let resume = 0; resume < 20 && outcomes().some(({ status }) => UNFINISHED.has(status)); resume += 1) {
        await apply();
      }
    },
    /** The way back of the last run, as the command makes it: it waits for lost writes first. */
    async rollBack(): Promise<void> {
      const { about } = storeOf();
      const lines = outcomes().map((outcome, index) => resultLineFromOutcome(outcome, index + 2));
      const lastMs = lastUnclearWriteMs(lines, clock.now().getTime());
      if (lastMs !== null) await clock.wait(Math.max(0, lastMs + QUARANTINE_MS - clock.now().getTime()));
      const planned = await planRollback(
        {
          name: "people",
          runId: about.runId,
          planId: about.planHash.slice(0, 12),
          tenantId: guid(simulated.tenantId),
          delimiter: ",",
          extraColumns: [],
          lines,
          unread: [],
        },
        null,
        world,
      );
      made.push(new MemoryRunStore(planned.plan));
      await apply();
      await this.finish();
    },
    /** Everything that must not be, in sentences. */
    judge: () =>
      judgeRuns(
        simulated.ledger.entries.map(seenWrite),
        made.map((store) => ({ plan: store.readPlan(), journal: store.readJournal() })),
        (id) => simulated.user(id)?.onPremisesImmutableId,
      ),
    /** Users that do not hold what they held before the first run. */
    changedSinceStart: () =>
      simulated.users().filter(({ id, onPremisesImmutableId }) => start.get(id) !== onPremisesImmutableId),
    async [Symbol.asyncDispose]() {
      await world.tenant.close();
      if (beside === undefined) await simulated.close();
    },
  };
}

/** Statuses from which another apply may still get somewhere. */
const UNFINISHED: ReadonlySet<string> = new Set(["pending", "undecided", "accepted", "parked"]);

function seenWrite(entry: LedgerEntry): SeenWrite {
  const { key, atMs, clientRequestId, applied, status, value } = entry;
  return {
    key: key ?? entry.target,
    value: typeof value === "string" ? value : null,
    clientRequestId,
    atMs,
    applied,
    landedAtMs: entry.landedAtMs ?? null,
    turnedAway: status === 429 || status === 401 || entry.deliveredAgain === true,
  };
}
