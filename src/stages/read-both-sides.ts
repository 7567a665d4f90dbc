/** Reads AD and the tenant at the same time: all that one batch is planned from, or that a run is verified with. */
import { requireKnownFacts } from "../core/directory-source.ts";
import type { Mapping } from "../core/mapping.ts";
import { mappingOf, type Plan, type PlanHeader } from "../core/plan.ts";
import { type LookUpKeys, listHolders, listLookUpKeys, NO_KEYS } from "../core/plan-batch.ts";
import type { Resolution } from "../core/resolution.ts";
import type { TenantSnapshot } from "../core/snapshot.ts";
import { foldAddress, type TakeoverFacts } from "../core/takeover-facts.ts";
import { listIdentities, type PlannedSides, type Sides } from "./identify-sides.ts";
import { resolveUsers } from "./resolve-users.ts";
import { takeSnapshot } from "./take-snapshot.ts";
import { TargetFeed } from "./target-feed.ts";
import type { World } from "./world.ts";

type ReadWorld = Pick<World, "tenant" | "progress" | "stop">;

/** What both sides say of a batch. */
export type BothSides = {
  /** One for each mapping, in its order. */
  readonly resolutions: readonly Resolution[];
  readonly snapshot: TenantSnapshot;
  readonly takeover: TakeoverFacts;
};

/** @throws {BatchError} directory or tenant: one cannot be read whole. input: an export of AD lacks what is asked. */
export async function readBatch(
  mappings: readonly Mapping[],
  options: PlanHeader["options"],
  { sources }: Sides,
  world: ReadWorld,
): Promise<BothSides> {
  requireKnownFacts(listIdentities(sources), options);
  const scope = scopeOf(world);
  const resolving = resolveUsers(mappings, sources, { ...scope, sourceKey: options.sourceKey });
  const keys = resolving.then((resolutions) => listLookUpKeys(resolutions, options.anchor));
  const names = mappings.map(({ upn }) => upn);
  // What decides a takeover is asked of each target as soon as it is seen, while the users are still being read.
  const feed = new TargetFeed(names);
  const reading = takeSnapshot(world.tenant, names, keys, { ...scope, see: (users) => feed.see(users) });
  reading.then(
    (snapshot) => feed.end(names.flatMap((name) => snapshot.findTarget(name)?.id ?? [])),
    (error: unknown) => feed.fail(error),
  );
  const holders = Promise.all([keys, reading]).then(([wanted, snapshot]) => listHolders(names, wanted, snapshot));
  const [resolutions, snapshot, takeover] = await Promise.all([
    resolving,
    reading,
    world.tenant.readTakeoverFacts(feed, scope.signal, holders),
    holders,
  ]);
  return { resolutions, snapshot, takeover };
}

/**
 * The users of a run with what Entra could not provision of them and, where its plan knows AD, the accounts of its rows, by
 * row, and whoever has their SIDs and names in the tenant: sync may have made another object from one.
 *
 * @throws {BatchError} as {@link readBatch}
 */
export async function readRun(plan: Plan, { sources }: PlannedSides, world: ReadWorld) {
  const { options } = plan.header;
  if (sources !== null) requireKnownFacts(listIdentities(sources), options);
  const scope = scopeOf(world);
  const ids = plan.rows.flatMap(({ userId }) => userId ?? []);
  const immutableIds = plan.rows.flatMap(({ immutableId }) => immutableId || []);
  const resolving =
    sources === null
      ? Promise.resolve([])
      : resolveUsers(plan.rows.map(mappingOf), sources, { ...scope, sourceKey: options.sourceKey });
  const keys = resolving.then((resolutions) => ({ ...listTraces(resolutions), immutableIds }));
  const [resolutions, snapshot, errors] = await Promise.all([
    resolving,
    takeSnapshot(world.tenant, ids, keys, scope),
    world.tenant.readProvisioningErrors(ids, scope.signal),
  ]);
  return { snapshot, errors, byRow: new Map(resolutions.map((resolution) => [resolution.mapping.row, resolution])) };
}

/** By what an object is known that sync has made from one of these accounts. */
function listTraces(resolutions: readonly Resolution[]): LookUpKeys {
  const accounts = resolutions.flatMap(({ exact }) => exact);
  const addresses = accounts.flatMap(({ mail, userPrincipalName }) => [mail, userPrincipalName]);
  return {
    ...NO_KEYS,
    sids: [...new Set(accounts.flatMap(({ objectSid }) => objectSid ?? []))],
    addresses: [...new Set(addresses.flatMap((address) => (address === null ? [] : foldAddress(address))))],
  };
}

function scopeOf({ progress, stop }: ReadWorld) {
  return { progress, signal: stop.drain };
}
