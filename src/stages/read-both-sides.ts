/** Reads AD and the tenant at the same time: all that one batch is planned from, or that a run is verified with. */

import type { AdAccount } from "../core/ad-account.ts";
import type { AdFacts } from "../core/ad-facts.ts";
import type { Side } from "../core/change.ts";
import { requireKnownFacts } from "../core/directory-source.ts";
import type { Guid } from "../core/guid.ts";
import type { Mapping } from "../core/mapping.ts";
import { mappingOf, type Plan, type PlanHeader } from "../core/plan.ts";
import { listAnchorQuestions, listHolders, listLookUpKeys, NO_KEYS } from "../core/plan-batch.ts";
import type { Resolution } from "../core/resolution.ts";
import type { WrittenObject } from "../core/rollback.ts";
import type { TenantSnapshot } from "../core/snapshot.ts";
import type { TakeoverFacts } from "../core/takeover-facts.ts";
import { identifySources } from "./identify-directories.ts";
import { listIdentities, type PlannedSides, type Sides } from "./identify-sides.ts";
import { readAccounts, readAdFacts } from "./read-ad-facts.ts";
import { resolveUsers } from "./resolve-users.ts";
import { takeSnapshot } from "./take-snapshot.ts";
import type { World } from "./world.ts";

type ReadWorld = Pick<World, "tenant" | "progress" | "stop">;

/** What both sides say of a batch. */
export type BothSides = {
  /** One for each mapping, in its order. */
  readonly resolutions: readonly Resolution[];
  readonly snapshot: TenantSnapshot;
  readonly takeover: TakeoverFacts;
  readonly ad: AdFacts;
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
  const keys = resolving.then((resolutions) => listLookUpKeys(resolutions, options));
  const names = mappings.map(({ upn }) => upn);
  const [resolutions, snapshot] = await Promise.all([resolving, takeSnapshot(world.tenant, names, keys, scope)]);
  const targets = names.flatMap((name) => snapshot.findTarget(name)?.id ?? []);
  const holders = listHolders(names, await keys, snapshot);
  const [takeover, ad] = await Promise.all([
    world.tenant.readTakeoverFacts(targets, scope.signal, holders),
    readAdFacts(listAnchorQuestions(resolutions, snapshot, options), sources, scope),
  ]);
  return { resolutions, snapshot, takeover, ad };
}

/**
 * The users of a run; where its plan knows AD, the accounts of its rows, by row; where it writes into AD, the accounts
 * that it writes and the users that sync has made of them.
 *
 * @throws {BatchError} as {@link readBatch}
 */
export async function readRun(plan: Plan, { sources }: PlannedSides, world: ReadWorld) {
  const { options } = plan.header;
  if (sources !== null) requireKnownFacts(listIdentities(sources), options);
  const scope = scopeOf(world);
  const ids = plan.rows.flatMap(({ userId }) => userId ?? []);
  const immutableIds = plan.rows.flatMap(({ immutableId }) => immutableId || []);
  const guids = plan.rows.filter(({ side }) => side === "ad").flatMap(({ objectGuid }) => objectGuid ?? []);
  const reading =
    sources === null || guids.length === 0 ? Promise.resolve(NOBODY) : readAccounts(guids, sources, scope.signal);
  const keys = reading.then((accounts) => ({ ...NO_KEYS, immutableIds, sids: listSids(accounts) }));
  const isLookedUp = sources !== null && plan.header.kind === "apply";
  const [resolutions, snapshot, accounts] = await Promise.all([
    isLookedUp ? resolveUsers(plan.rows.map(mappingOf), sources, { ...scope, sourceKey: options.sourceKey }) : [],
    takeSnapshot(world.tenant, ids, keys, scope),
    reading,
  ]);
  const byRow = new Map(resolutions.map((resolution) => [resolution.mapping.row, resolution]));
  return { snapshot, byRow, accounts };
}

/**
 * The objects that a run has written, as they are now: users by id, accounts by objectGUID. AD is asked only where the
 * run has written there.
 *
 * @throws {BatchError} tenant or directory; config: no live domain is configured, and the run has written to one.
 */
export async function readWrittenObjects(
  written: readonly Pick<WrittenObject, "side" | "objectId">[],
  world: ReadWorld & Pick<World, "directories" | "forests" | "log">,
) {
  const scope = scopeOf(world);
  const idsOn = (side: Side) => written.filter((object) => object.side === side).map(({ objectId }) => objectId);
  const [ids, guids] = [idsOn("cloud"), idsOn("ad")];
  const sources = guids.length === 0 ? null : await identifySources(world, scope.signal);
  const found = sources === null ? NOBODY : await readAccounts(guids, sources, scope.signal);
  const keys = { ...NO_KEYS, sids: listSids(found) };
  const snapshot = await takeSnapshot(world.tenant, ids, Promise.resolve(keys), scope);
  const isTakenOver = ({ objectSid }: AdAccount) =>
    objectSid !== null && snapshot.ownersOfSid(objectSid).some(({ syncEnabled }) => syncEnabled === true);
  const identities = sources === null ? [] : listIdentities(sources);
  return {
    current: new Map(ids.flatMap((id) => snapshot.byId(id) ?? []).map((user) => [user.id, user])),
    accounts: new Map([...found].map(([guid, account]) => [guid, { account, takenOver: isTakenOver(account) }])),
    directories: identities.map(({ domain, domainId }) => ({ domain, domainId })),
  };
}

const NOBODY: ReadonlyMap<Guid, AdAccount> = new Map();

/** By which sync knows these accounts. */
export function listSids(accounts: ReadonlyMap<Guid, AdAccount>): string[] {
  return [...accounts.values()].flatMap(({ objectSid }) => objectSid ?? []);
}

function scopeOf({ progress, stop }: ReadWorld) {
  return { progress, signal: stop.drain };
}
