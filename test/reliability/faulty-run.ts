/**
 * A whole job over HTTP: the production adapter and writer against a simulated tenant with faults, in shared time.
 *
 * The AD side is in memory, because the faults under test are those of the tenant; the run store too, because those
 * of the disk have their own tests. `judge` is the oracle over every run that was made.
 */
import { randomUUID } from "node:crypto";
import { keepAccessToken } from "../../src/adapters/graph/access-tokens.ts";
import { openGraphTenant } from "../../src/adapters/graph/graph-tenant.ts";
import type { AdAccount } from "../../src/core/ad-account.ts";
import { foldJournal, listOutcomes } from "../../src/core/outcome.ts";
import { countRowsToWrite, type Decisions, type Plan } from "../../src/core/plan.ts";
import { resultLineFromOutcome } from "../../src/core/rollback.ts";
import { lastUnclearWriteMs } from "../../src/core/unclear-lines.ts";
import { applyPlan, planBatch, planRollback, type World } from "../../src/pipeline.ts";
import type { Fault } from "../../src/sim/tenant/faults.ts";
import type { LedgerEntry } from "../../src/sim/tenant/ledger.ts";
import { type RunningTenant, startSimulatedTenant, type TenantOptions } from "../../src/sim/tenant/server.ts";
import { describeTenant, describeUser, type SimulatedUser } from "../../src/sim/tenant/world.ts";
import type { StopSignals } from "../../src/stages/writer-run.ts";
import { FACT_PERMISSIONS, USER_PERMISSIONS } from "../adapters/graph/open-on.ts";
import { guid } from "../adapters/graph/raw-server.ts";
import { account, anchorOf, CLOUD_ID, digest, mapping } from "../support/facts.ts";
import { MemoryRunStore, SILENT_LOG, SILENT_PROGRESS } from "../support/memory-run.ts";
import { MemoryDirectory } from "../support/memory-world.ts";
import { judgeRuns, type SeenWrite } from "./oracle.ts";
import { REQUEST_TIMEOUT_SECONDS, SharedClock } from "./shared-clock.ts";

export const QUARANTINE_MS = 180_000;
export const SETTLE_MS = 10_000;

export type FaultyRunOptions = {
  readonly people: readonly string[];
  /** Whose ID a user holds at the start, or any other text after `=`; unset where it is not named. */
  readonly holds?: Readonly<Record<string, string>>;
  readonly users?: Readonly<Record<string, Partial<SimulatedUser>>>;
  readonly tenant?: Omit<TenantOptions, "now" | "schedule" | "wallStartMs">;
  readonly canary?: number;
  readonly inFlight?: number;
  /** AD accounts that differ from the plain one of that name. */
  readonly accounts?: Readonly<Record<string, Partial<AdAccount>>>;
  /** Another host's run, over the same tenant and in the same time. */
  readonly beside?: { readonly simulated: RunningTenant; readonly clock: SharedClock };
  /** How the token is fetched, from the second on: throws where there is no other. */
  readonly renewToken?: (mint: () => string) => string;
  /** Application permissions of the token, where they are not those that a run wants. */
  readonly permissions?: readonly string[];
  /** Users and IDs are looked up one by one instead of from the whole list. */
  readonly lookUp?: boolean;
};

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

const PERMISSIONS = [...USER_PERMISSIONS, ...FACT_PERMISSIONS];

function describeWorld({ people, holds = {}, users = {} }: FaultyRunOptions) {
  return describeTenant({
    users: [...new Set([...people, ...Object.keys(users)])].map((name) => {
      const held = holds[name];
      const value = held === undefined ? null : held.startsWith("=") ? held.slice(1) : anchorOf(held);
      return describeUser({
        id: CLOUD_ID(name),
        userPrincipalName: `${name}@contoso.example`,
        displayName: name,
        mail: `${name}@contoso.example`,
        onPremisesImmutableId: value,
        ...users[name],
      });
    }),
    onPremisesLastSyncDateTime: "2026-11-20T01:00:00Z",
  });
}

function openWorld(simulated: RunningTenant, clock: SharedClock, options: FaultyRunOptions): World {
  const { people, accounts = {}, inFlight = 4, renewToken = (mint) => mint(), permissions = PERMISSIONS } = options;
  const never = new AbortController().signal;
  const chance = { uuid: randomUUID, fraction: () => 0.5 };
  let fetched = 0;
  // Each one another, also within a second: a renewed token that is the refused one counts as none.
  const mintToken = () => simulated.mintToken({ roles: permissions, lifetimeSeconds: 3600 + fetched });
  const fetchToken = async () => {
    fetched += 1;
    const token = fetched === 1 ? mintToken() : renewToken(mintToken);
    return { token, expiresAtMs: clock.now().getTime() + 3_600_000 };
  };
  const tenant = openGraphTenant(
    {
      tenantId: guid(simulated.tenantId),
      tenantName: simulated.tenantId,
      cloud: "global",
      endpoint: simulated.endpoint,
      limits: { writes: 3000, windowSeconds: 150, inFlight, requestTimeoutSeconds: REQUEST_TIMEOUT_SECONDS },
      credential: keepAccessToken({ renewable: true, fetch: fetchToken }, clock),
    },
    { clock, chance, log: SILENT_LOG, progress: SILENT_PROGRESS },
  );
  return {
    directories: [
      new MemoryDirectory(
        "CORP",
        people.map((name) => account(name, accounts[name])),
      ),
    ],
    forests: [],
    tenant: options.lookUp === true ? { ...tenant, pageSize: 0.5 } : tenant,
    clock,
    chance,
    digest,
    log: SILENT_LOG,
    progress: SILENT_PROGRESS,
    limits: { inFlight, settleMs: SETTLE_MS, quarantineMs: QUARANTINE_MS },
    stop: { drain: never, abort: never },
  };
}

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
