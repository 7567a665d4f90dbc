/**
 * What a tenant says, beside its users, of whether sync will take some of them over.
 *
 * Everything that concerns the whole tenant goes into one request, and so does the question whether the dearest
 * check is allowed at all. What the account may not read becomes a gap and never stops the rest.
 *
 * Source: https://learn.microsoft.com/graph/api/domain-list, onpremisesdirectorysynchronization-get, group-list and
 * orgcontact-list (checked 2026-11)
 */
import type { Guid } from "../../core/guid.ts";
import { GuidSet } from "../../core/guid-set.ts";
import type { SyncFeatures, TakeoverFacts } from "../../core/takeover-facts.ts";
import type { ExpectedTargets } from "../../ports/tenant.ts";
import { CloudManagedReading, syncBehaviorPath } from "./cloud-managed-reading.ts";
import { decodeAddressOwners, decodeFederatedDomains, decodeSyncFeatures } from "./decode-facts.ts";
import { readField } from "./decode-json.ts";
import { explainGap, type Fact, type FactNeed, followList, leaveGap, purposeOf } from "./fact.ts";
import type { GraphCalls } from "./graph-calls.ts";
import { refuseReply } from "./graph-error.ts";
import type { GraphReply } from "./graph-reply.ts";
import { PAGE_SIZE } from "./query.ts";
import { readBatch } from "./read-batch.ts";
import { beginObjectIdentifiers } from "./read-object-identifiers.ts";
import { ROLE_GROUPS_PATH } from "./read-role-groups.ts";
import { ROLE_ASSIGNMENTS_PATH, ROLE_ELIGIBILITIES_PATH, readRoles } from "./read-roles.ts";

const PATHS = [
  "/domains?$select=id,authenticationType",
  "/directory/onPremisesSynchronization",
  `/groups?$select=id,displayName,mail,proxyAddresses&$top=${PAGE_SIZE}`,
  `/contacts?$select=id,displayName,mail,proxyAddresses&$top=${PAGE_SIZE}`,
  ROLE_ASSIGNMENTS_PATH,
  ROLE_ELIGIBILITIES_PATH,
  ROLE_GROUPS_PATH,
] as const;

const PURPOSE = { doing: "read what decides a takeover", permission: "Directory.Read.All" };
export const DOMAINS_NEED: FactNeed = {
  check: "whether targets sign in by a federated domain",
  permission: "Domain.Read.All",
};
const FEATURES_NEED: FactNeed = {
  check: "whether the tenant blocks hard matches",
  permission: "OnPremDirectorySynchronization.Read.All",
};
export const GROUPS_NEED: FactNeed = {
  check: "whether a group has an address of a target",
  permission: "Group.Read.All",
};
export const CONTACTS_NEED: FactNeed = {
  check: "whether a contact has an address of a target",
  permission: "OrgContact.Read.All",
};

/** Targets that are all known. */
export function expectTargets(targets: readonly Guid[] | ExpectedTargets): ExpectedTargets {
  if ("groups" in targets) return targets;
  return {
    atMost: new Set(targets).size,
    groups: (async function* () {
      yield targets;
    })(),
  };
}

/**
 * Begins with what does not depend on the targets, and with each of them as it becomes known.
 *
 * @throws {BatchError} tenant: it cannot be reached, or answers what nobody can read. interrupted. Whatever the targets
 *   throw.
 */
export async function readTakeoverFacts(
  calls: GraphCalls,
  {
    targets,
    holders,
  }: { readonly targets: ExpectedTargets; readonly holders: readonly Guid[] | Promise<readonly Guid[]> },
  signal: AbortSignal,
): Promise<TakeoverFacts> {
  const failed = new AbortController();
  const together = AbortSignal.any([signal, failed.signal]);
  const identifiersRead = beginObjectIdentifiers(calls, targets, together);
  // Awaited when the targets are known; where those cannot be had it fails with them, and nobody asks for it any more.
  void Promise.allSettled([identifiersRead]);
  const wanted = new GuidSet(targets.atMost);
  const managedReading = new CloudManagedReading(calls, wanted, together);
  try {
    const { ofTenant, probed } = await followTargets(calls, targets, { wanted, managed: managedReading }, together);
    const [facts, identifiers, managed] = await Promise.all([
      ofTenant.then((replies) => readTenantFacts(calls, replies, { wanted, holders }, together)),
      identifiersRead.then((finish) => finish(wanted)),
      probed.then(() => managedReading.finish()),
    ]);
    const { federated, switches, groupOwners, contactOwners, roles } = facts;
    const all = [federated, switches, groupOwners, contactOwners, identifiers, managed];
    return {
      federatedDomains: federated.value,
      features: switches.value,
      mailObjects: joinOwners(groupOwners.value, contactOwners.value),
      roles: roles.roles,
      rolesAreComplete: roles.complete,
      objectIdentifiers: identifiers.value,
      cloudManaged: managed.value,
      gaps: [...roles.gaps, ...all.flatMap(({ gap }) => gap ?? [])],
    };
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}

/** What was begun with the first target. */
type Begun = {
  readonly ofTenant: Promise<readonly GraphReply[]>;
  /** Resolves when it is known whether the others may be asked for. */
  readonly probed: Promise<void>;
};

/** Targets that have become known, and who asks for them. */
type Asked = { readonly wanted: GuidSet; readonly managed: CloudManagedReading };

/** Asks for the facts of the tenant together with the first target, and for each other target as it comes. */
async function followTargets(
  calls: GraphCalls,
  { groups }: ExpectedTargets,
  { wanted, managed }: Asked,
  signal: AbortSignal,
): Promise<Begun> {
  let begun: Begun | null = null;
  for await (const group of groups) {
    for (const id of group) wanted.add(id);
    if (wanted.size > 0) begun ??= begin(calls, wanted.at(0), managed, signal);
    managed.goOn();
  }
  return begun ?? begin(calls, undefined, managed, signal);
}

function begin(calls: GraphCalls, first: Guid | undefined, managed: CloudManagedReading, signal: AbortSignal): Begun {
  const paths = first === undefined ? PATHS : [...PATHS, syncBehaviorPath(first)];
  const ofTenant = readBatch(calls, paths, { purpose: PURPOSE }, signal);
  const probed = ofTenant.then((replies) => {
    const probe = replies[PATHS.length];
    if (first !== undefined && probe !== undefined) managed.take(first, probe);
    managed.open();
  });
  // Whoever awaits them hears of a failure; it may come before the last target.
  void Promise.allSettled([ofTenant, probed]);
  return { ofTenant, probed };
}

type Wanted = {
  readonly wanted: GuidSet;
  readonly holders: readonly Guid[] | Promise<readonly Guid[]>;
};

async function readTenantFacts(
  calls: GraphCalls,
  replies: readonly GraphReply[],
  { wanted, holders }: Wanted,
  signal: AbortSignal,
) {
  const [domains, features, groups, contacts, assignments, eligibilities, roleGroups] = replies;
  const federated = mapFact(await followList(calls, domains, DOMAINS_NEED, signal), decodeFederatedDomains);
  const switches = readFeatures(features);
  const groupOwners = await followList(calls, groups, GROUPS_NEED, signal);
  const contactOwners = await followList(calls, contacts, CONTACTS_NEED, signal);
  const others = new Set(await holders);
  const people = { has: (id: Guid) => wanted.has(id) || others.has(id) };
  const roles = await readRoles(calls, { assignments, eligibilities, groups: roleGroups }, people, signal);
  return { federated, switches, groupOwners, contactOwners, roles };
}

/**
 * The switches of sync. The documents show a list of one; a single object is taken too.
 *
 * @throws {BatchError} tenant: the answer is neither the switches nor a refusal.
 */
export function readFeatures(reply: GraphReply | undefined): Fact<SyncFeatures> {
  if (reply === undefined) throw new Error("nobody asked for the sync features");
  const refusal = explainGap(reply, FEATURES_NEED);
  if (refusal !== null) return { value: null, gap: refusal };
  if (reply.status !== 200) throw refuseReply(reply, purposeOf(FEATURES_NEED));
  const listed = readField(reply.json, "value");
  const value = decodeSyncFeatures(Array.isArray(listed) ? listed[0] : reply.json);
  if (value !== null) return { value, gap: null };
  return { value: null, gap: leaveGap(FEATURES_NEED, "Graph does not show the switches") };
}

/** Half of the owners is better than none: the gap names the other half. */
function joinOwners(groups: readonly unknown[] | null, contacts: readonly unknown[] | null) {
  if (groups === null && contacts === null) return null;
  return [...decodeAddressOwners(groups ?? [], "group"), ...decodeAddressOwners(contacts ?? [], "contact")];
}

function mapFact<From, To>(fact: Fact<From>, change: (value: From) => To): Fact<To> {
  return fact.gap === null ? { value: change(fact.value), gap: null } : fact;
}
