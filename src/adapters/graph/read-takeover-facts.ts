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
import type { SyncFeatures, TakeoverFacts } from "../../core/takeover-facts.ts";
import { decodeAddressOwners, decodeFederatedDomains, decodeSyncFeatures } from "./decode-facts.ts";
import { readField } from "./decode-json.ts";
import { explainGap, type Fact, type FactNeed, followList, leaveGap, purposeOf } from "./fact.ts";
import type { GraphCalls } from "./graph-calls.ts";
import { refuseReply } from "./graph-error.ts";
import type { GraphReply } from "./graph-reply.ts";
import { PAGE_SIZE } from "./query.ts";
import { readBatch } from "./read-batch.ts";
import { readCloudManaged, syncBehaviorPath } from "./read-cloud-managed.ts";
import { readObjectIdentifiers } from "./read-object-identifiers.ts";
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

/** @throws {BatchError} tenant: it cannot be reached, or answers what nobody can read. interrupted. */
export async function readTakeoverFacts(
  calls: GraphCalls,
  { targets, holders }: { readonly targets: readonly Guid[]; readonly holders: readonly Guid[] },
  signal: AbortSignal,
): Promise<TakeoverFacts> {
  const wanted = new Set(targets);
  const ids = [...wanted];
  const paths = [...PATHS, ...ids.slice(0, 1).map(syncBehaviorPath)];
  const replies = await readBatch(calls, paths, { purpose: PURPOSE }, signal);
  const [domains, features, groups, contacts, assignments, eligibilities, roleGroups, probe] = replies;

  const federated = mapFact(await followList(calls, domains, DOMAINS_NEED, signal), decodeFederatedDomains);
  const switches = readFeatures(features);
  const groupOwners = await followList(calls, groups, GROUPS_NEED, signal);
  const contactOwners = await followList(calls, contacts, CONTACTS_NEED, signal);
  const roles = await readRoles(
    calls,
    { assignments, eligibilities, groups: roleGroups },
    new Set([...targets, ...holders]),
    signal,
  );
  const identifiers = await readObjectIdentifiers(calls, wanted, signal);
  const managed = await readCloudManaged(calls, probe, ids, signal);
  const facts = [federated, switches, groupOwners, contactOwners, identifiers, managed];
  return {
    federatedDomains: federated.value,
    features: switches.value,
    mailObjects: joinOwners(groupOwners.value, contactOwners.value),
    roles: roles.roles,
    rolesAreComplete: roles.complete,
    objectIdentifiers: identifiers.value,
    cloudManaged: managed.value,
    gaps: [...roles.gaps, ...facts.flatMap(({ gap }) => gap ?? [])],
  };
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
