/** Reads AD and the tenant at the same time: all that one batch is planned from, or that a run is verified with. */

import type { AdAccount } from "../core/ad-account.ts";
import type { AdFacts } from "../core/ad-facts.ts";
import type { Side } from "../core/change.ts";
import { requireKnownFacts } from "../core/directory-source.ts";
import type { Guid } from "../core/guid.ts";
import { divideByInitials } from "../core/initials.ts";
import type { Mapping } from "../core/mapping.ts";
import { mappingOf, type Plan, type PlanHeader } from "../core/plan.ts";
import {
  type LookUpKeys,
  listAnchorQuestions,
  listHolders,
  listLookUpKeys,
  listManagedTargets,
  NO_KEYS,
} from "../core/plan-questions.ts";
import type { Resolution } from "../core/resolution.ts";
import type { PresentObjects } from "../core/rollback-verdict.ts";
import type { TenantSnapshot } from "../core/snapshot.ts";
import { foldAddress, type TakeoverFacts } from "../core/takeover-facts.ts";
import { NO_MANAGERS, type ReadManagers } from "../core/takeover-managers.ts";
import { namesOfTargets, TargetNames } from "../core/target-names.ts";
import type { PresentSides } from "../core/verdict.ts";
import type { WrittenObject } from "../core/written-objects.ts";
import { identifySources } from "./identify-directories.ts";
import { listIdentities, type PlannedSides, type Sides } from "./identify-sides.ts";
import { noteOtherServers, recordedThrough } from "./note-other-servers.ts";
import { readAccounts, readAdFacts } from "./read-ad-facts.ts";
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
  readonly ad: AdFacts;
  readonly managers: ReadManagers;
};

/** @throws {BatchError} directory or tenant: one cannot be read whole. input: an export of AD lacks what is asked. */
export async function readBatch(
  mappings: readonly Mapping[],
  options: PlanHeader["options"],
  { sources }: Sides,
  world: ReadWorld & Pick<World, "flows">,
): Promise<BothSides> {
  requireKnownFacts(listIdentities(sources), options);
  const scope = scopeOf(world);
  // Listing the tenant takes longest, and what AD answers takes all the computing: the listing sets out first.
  const users = await world.tenant.countUsers(scope.signal);
  const targets = new TargetNames(namesOfTargets(mappings));
  const resolving = resolveUsers(mappings, sources, { ...scope, sourceKey: options.sourceKey });
  const keys = resolving.then((resolutions) => listLookUpKeys(resolutions, options));
  // What decides a takeover is asked of each target as soon as it is seen, while the users are still being read.
  const listing = { users, division: divideByInitials(targets.names, { users, pageSize: world.tenant.pageSize }) };
  const feed = new TargetFeed(targets, listing);
  const reading = takeSnapshot(world.tenant, targets, keys, { ...scope, ...listing, see: (page) => feed.see(page) });
  reading.then(
    (snapshot) => feed.end(listTargets(targets.names, snapshot)),
    (error: unknown) => feed.fail(error),
  );
  const holders = Promise.all([keys, reading]).then(([wanted, snapshot]) =>
    listHolders(targets.names, wanted, snapshot),
  );
  const asking = Promise.all([resolving, reading]).then(([resolutions, snapshot]) =>
    readAdFacts(listAnchorQuestions(resolutions, snapshot, options), sources, scope),
  );
  const managing = Promise.all([resolving, reading]).then(([resolutions, snapshot]) =>
    readManagers(resolutions, snapshot, world),
  );
  const [resolutions, snapshot, takeover, ad, managers] = await Promise.all([
    resolving,
    reading,
    world.tenant.readTakeoverFacts(feed, scope.signal, holders),
    asking,
    managing,
    holders,
  ]);
  return { resolutions, snapshot, takeover, ad, managers };
}

function* listTargets(names: Iterable<string>, snapshot: TenantSnapshot): Generator<Guid> {
  for (const name of names) {
    const target = snapshot.findTarget(name);
    if (target !== undefined) yield target.id;
  }
}

/** Of those alone of whom AD will say something. */
async function readManagers(
  resolutions: readonly Resolution[],
  snapshot: TenantSnapshot,
  { tenant, flows, stop }: Pick<World, "tenant" | "flows" | "stop">,
): Promise<ReadManagers> {
  if (!flows.flows.some(({ to }) => to === "manager")) return NO_MANAGERS;
  return await tenant.readManagers(listManagedTargets(resolutions, snapshot), stop.drain);
}

/**
 * The users of a run with what Entra could not provision of them; where its plan knows AD, the accounts of its rows, by
 * row; where it writes into AD, the accounts that it writes. Of all these accounts also whoever has their SIDs and names
 * in the tenant: sync may have made another object from one.
 *
 * @throws {BatchError} as {@link readBatch}
 */
export async function readRun(plan: Plan, { sources }: PlannedSides, world: ReadWorld): Promise<PresentSides> {
  const { options } = plan.header;
  if (sources !== null) requireKnownFacts(listIdentities(sources), options);
  const scope = scopeOf(world);
  const ids = plan.rows.flatMap(({ userId }) => userId ?? []);
  const immutableIds = plan.rows.flatMap(({ immutableId }) => immutableId || []);
  const guids = plan.rows.filter(({ side }) => side === "ad").flatMap(({ objectGuid }) => objectGuid ?? []);
  const reading =
    sources === null || guids.length === 0 ? Promise.resolve(NOBODY) : readAccounts(guids, sources, scope.signal);
  // A rollback writes what it has written before, under whatever names the accounts go by now.
  const resolving =
    sources === null || plan.header.kind === "rollback"
      ? Promise.resolve([])
      : resolveUsers(plan.rows.map(mappingOf), sources, { ...scope, sourceKey: options.sourceKey });
  const keys = Promise.all([resolving, reading]).then(([resolutions, accounts]) => {
    const known = [...resolutions.flatMap(({ exact }) => exact), ...accounts.values()];
    return { ...listTraces(known), immutableIds };
  });
  const [resolutions, snapshot, errors, accounts] = await Promise.all([
    resolving,
    takeSnapshot(world.tenant, new TargetNames(ids), keys, scope),
    world.tenant.readProvisioningErrors(ids, scope.signal),
    reading,
  ]);
  const byRow = new Map(resolutions.map((resolution) => [resolution.mapping.row, resolution]));
  return { snapshot, errors, byRow, accounts };
}

/** By what an object is known that sync has made from one of these accounts. */
function listTraces(accounts: readonly AdAccount[]): LookUpKeys {
  const addresses = accounts.flatMap(({ mail, userPrincipalName }) => [mail, userPrincipalName]);
  return {
    ...NO_KEYS,
    sids: listSids(accounts),
    addresses: [...new Set(addresses.flatMap((address) => (address === null ? [] : foldAddress(address))))],
  };
}

/**
 * The objects that a run has written, as they are now: users by id, accounts by objectGUID. AD is asked only where the
 * run has written there.
 *
 * @throws {BatchError} tenant or directory; config: no live domain is configured, and the run has written to one.
 */
export async function readWrittenObjects(
  written: readonly Pick<WrittenObject, "side" | "objectId" | "line">[],
  world: ReadWorld & Pick<World, "directories" | "forests" | "log">,
): Promise<{ readonly present: PresentObjects; readonly directories: PlanHeader["directories"] }> {
  const scope = scopeOf(world);
  const idsOn = (side: Side) => written.filter((object) => object.side === side).map(({ objectId }) => objectId);
  const [ids, guids] = [idsOn("cloud"), idsOn("ad")];
  const sources = guids.length === 0 ? null : await identifySources(world, scope.signal);
  noteOtherServers(recordedThrough(written), sources, world.progress);
  const found = sources === null ? NOBODY : await readAccounts(guids, sources, scope.signal);
  const keys = { ...NO_KEYS, sids: listSids([...found.values()]) };
  const snapshot = await takeSnapshot(world.tenant, new TargetNames(ids), Promise.resolve(keys), scope);
  const isTakenOver = ({ objectSid }: AdAccount) =>
    objectSid !== null && snapshot.ownersOfSid(objectSid).some(({ syncEnabled }) => syncEnabled === true);
  const identities = sources === null ? [] : listIdentities(sources);
  const serverOf = new Map(identities.map(({ domain, server }) => [domain, server]));
  const users = new Map(ids.flatMap((id) => snapshot.byId(id) ?? []).map((user) => [user.id, user]));
  const accounts = new Map(
    [...found].map(([guid, account]) => {
      const server = serverOf.get(account.domain) ?? null;
      return [guid, { account, takenOver: isTakenOver(account), server }];
    }),
  );
  return {
    present: { users, accounts },
    directories: identities.map(({ domain, domainId }) => ({ domain, domainId })),
  };
}

const NOBODY: ReadonlyMap<Guid, AdAccount> = new Map();

/** By which sync knows these accounts; each once. */
function listSids(accounts: readonly AdAccount[]): string[] {
  return [...new Set(accounts.flatMap(({ objectSid }) => objectSid ?? []))];
}

function scopeOf({ progress, stop }: ReadWorld) {
  return { progress, signal: stop.drain };
}
