/** What a faulty run is made of: the simulated tenant's people, and the program's view of both sides. */
import { randomUUID } from "node:crypto";
import { keepAccessToken } from "../../src/adapters/graph/access-tokens.ts";
import { openGraphTenant } from "../../src/adapters/graph/graph-tenant.ts";
import type { AdAccount } from "../../src/core/ad-account.ts";
import type { RunningTenant, TenantOptions } from "../../src/sim/tenant/server.ts";
import { describeTenant, describeUser, type SimulatedUser } from "../../src/sim/tenant/world.ts";
import type { World } from "../../src/stages/world.ts";
import { FACT_PERMISSIONS, USER_PERMISSIONS } from "../adapters/graph/open-on.ts";
import { guid } from "../adapters/graph/raw-server.ts";
import { account, anchorOf, CLOUD_ID, digest, FLOWS } from "../support/facts.ts";
import { SILENT_LOG, SILENT_PROGRESS } from "../support/memory-run.ts";
import { MemoryDirectory } from "../support/memory-world.ts";
import { REQUEST_TIMEOUT_SECONDS, type SharedClock } from "./shared-clock.ts";

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
  /** The quota as the program believes it to be; the documented one unless told. */
  readonly limits?: { readonly writes: number; readonly windowSeconds: number };
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

const PERMISSIONS = [...USER_PERMISSIONS, ...FACT_PERMISSIONS];

export function describeWorld({ people, holds = {}, users = {} }: FaultyRunOptions) {
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

export function openWorld(simulated: RunningTenant, clock: SharedClock, options: FaultyRunOptions): World {
  const { people, accounts = {}, inFlight = 4, renewToken = (mint) => mint(), permissions = PERMISSIONS } = options;
  const { limits = { writes: 3000, windowSeconds: 150 } } = options;
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
      limits: { ...limits, inFlight, requestTimeoutSeconds: REQUEST_TIMEOUT_SECONDS },
      credential: keepAccessToken({ renewable: true, fetch: fetchToken }, clock),
    },
    { clock, chance, log: SILENT_LOG, progress: SILENT_PROGRESS },
  );
  const directory = new MemoryDirectory(
    "CORP",
    people.map((name) => account(name, accounts[name])),
  );
  directory.groupSize = 200;
  return {
    directories: [directory],
    forests: [],
    tenant: options.lookUp === true ? { ...tenant, pageSize: 0.5 } : tenant,
    clock,
    chance,
    digest,
    flows: FLOWS,
    log: SILENT_LOG,
    progress: SILENT_PROGRESS,
    limits: { inFlight, settleMs: SETTLE_MS, quarantineMs: QUARANTINE_MS },
    stop: { drain: never, abort: never },
  };
}
