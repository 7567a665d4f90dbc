/**
 * The tenant itself: organization, domains, sync features, groups and contacts, all read-only.
 *
 * Sources: "List organizations", "List domains", "Get onPremisesDirectorySynchronization", "List groups",
 * "List group members", "List orgContacts" (learn.microsoft.com/graph, checked 2026-11). Unverified choices: an
 * app-only token without Organization.Read.All gets 403; a delegated one gets id, displayName and verifiedDomains
 * and null for the rest; groups and contacts take $select and paging, no $filter but isAssignableToRole.
 */
import { REFUSALS, refuse } from "./errors.ts";
import { parseFilter } from "./filter.ts";
import { type GraphAnswer, type GraphRequest, type JsonObject, wantsEventual } from "./graph-exchange.ts";
import { answerPage } from "./list-page.ts";
import type { QueryOptions } from "./parse-query.ts";
import { may, requirePermission } from "./permissions.ts";
import { contextFragment, projectUser, refuseOptions, selectedProperties } from "./routes-users.ts";
import type { Simulation } from "./simulation.ts";
import { DEFAULT_USER_PROPERTIES } from "./user-properties.ts";
import type { SimulatedGroup } from "./world.ts";

const SYNC_FEATURES = [
  "allowOnPremUpdateOfOnPremisesObjectIdentifierEnabled",
  "blockCloudObjectTakeoverThroughHardMatchEnabled",
  "blockSoftMatchEnabled",
  "bypassDirSyncOverridesEnabled",
  "cloudPasswordPolicyForPasswordSyncedUsersEnabled",
  "concurrentCredentialUpdateEnabled",
  "concurrentOrgIdProvisioningEnabled",
  "deviceWritebackEnabled",
  "directoryExtensionsEnabled",
  "fopeConflictResolutionEnabled",
  "groupWriteBackEnabled",
  "passwordSyncEnabled",
  "passwordWritebackEnabled",
  "quarantineUponProxyAddressesConflictEnabled",
  "quarantineUponUpnConflictEnabled",
  "softMatchOnUpnEnabled",
  "synchronizeUpnForManagedUsersEnabled",
  "unifiedGroupWritebackEnabled",
  "userForcePasswordChangeOnLogonEnabled",
  "userWritebackEnabled",
] as const;

/** Keeps the selected members of an object; an unknown one is refused. */
export function pickSelected(object: JsonObject, query: QueryOptions, type: string): JsonObject {
  if (query.select === null) return object;
  return Object.fromEntries(
    query.select.map((name) => {
      if (!(name in object)) refuse(REFUSALS.unknownSelect(name, type));
      return [name, object[name]];
    }),
  );
}

/** A list that is short enough to hold as an array. */
export function answerList(
  request: GraphRequest,
  query: QueryOptions,
  list: { readonly set: string; readonly type: string; readonly objects: readonly JsonObject[] },
): GraphAnswer {
  return answerPage(request, query, {
    contextFragment: contextFragment(list.set, query),
    from: (position) => list.objects.slice(position).map((value, offset) => ({ position: position + offset, value })),
    matches: () => true,
    project: (object) => pickSelected(object, query, list.type),
    counted: query.count && wantsEventual(request),
  });
}

export function listOrganization(simulation: Simulation, request: GraphRequest, query: QueryOptions): GraphAnswer {
  const whole = may(request.caller, "readOrganization");
  if (!whole && request.caller.kind === "application") refuse(REFUSALS.insufficientPrivileges());
  refuseOptions(query, ["$filter", "$expand"]);
  const { world } = simulation.store;
  const organization = {
    id: world.id,
    displayName: world.displayName,
    onPremisesSyncEnabled: whole ? world.onPremisesSyncEnabled : null,
    onPremisesLastSyncDateTime: whole ? world.onPremisesLastSyncDateTime : null,
    tenantType: whole ? "AAD" : null,
    verifiedDomains: world.domains
      .filter(({ isVerified }) => isVerified)
      .map(({ id, isDefault, isInitial, authenticationType }) => ({
        name: id,
        isDefault,
        isInitial,
        type: authenticationType,
      })),
  };
  return answerList(request, query, {
    set: "organization",
    type: "microsoft.graph.organization",
    objects: [organization],
  });
}

export function listDomains(simulation: Simulation, request: GraphRequest, query: QueryOptions): GraphAnswer {
  requirePermission(request.caller, "readDomains");
  refuseOptions(query, ["$filter", "$expand"]);
  const objects = simulation.store.world.domains.map((domain) => ({
    ...domain,
    isAdminManaged: true,
    isRoot: true,
    supportedServices: ["Email"],
  }));
  return answerList(request, query, { set: "domains", type: "microsoft.graph.domain", objects });
}

export function listSyncFeatures(simulation: Simulation, request: GraphRequest, query: QueryOptions): GraphAnswer {
  requirePermission(request.caller, "readSyncFeatures");
  if (request.caller.kind === "application" && !simulation.rules.appOnlyReadsSyncFeatures) {
    refuse(REFUSALS.insufficientPrivileges());
  }
  refuseOptions(query, ["$filter", "$expand"]);
  const { id, syncFeatures } = simulation.store.world;
  return answerList(request, query, {
    set: "directory/onPremisesSynchronization",
    type: "microsoft.graph.onPremisesDirectorySynchronization",
    objects: [
      {
        id,
        configuration: {
          accidentalDeletionPrevention: { synchronizationPreventionType: "disabled", alertThreshold: 500 },
        },
        features: Object.fromEntries(SYNC_FEATURES.map((name) => [name, syncFeatures[name] ?? false])),
      },
    ],
  });
}

export function listGroups(simulation: Simulation, request: GraphRequest, query: QueryOptions): GraphAnswer {
  requirePermission(request.caller, "readGroups");
  refuseOptions(query, ["$expand"]);
  const objects = simulation.store.world.groups.filter((group) => matchesRoleFilter(group, query)).map(showGroup);
  return answerList(request, query, { set: "groups", type: "microsoft.graph.group", objects });
}

function matchesRoleFilter(group: SimulatedGroup, query: QueryOptions): boolean {
  if (query.filter === null) return true;
  const filter = parseFilter(query.filter);
  if (filter.kind !== "compare" || filter.property !== "isAssignableToRole" || filter.comparator !== "eq") {
    return refuse(REFUSALS.optionUnsupported("$filter"));
  }
  return group.isAssignableToRole === filter.value;
}

function showGroup(group: SimulatedGroup): JsonObject {
  const { members: _members, owners: _owners, ...shown } = group;
  return shown;
}

export function listContacts(simulation: Simulation, request: GraphRequest, query: QueryOptions): GraphAnswer {
  requirePermission(request.caller, "readContacts");
  refuseOptions(query, ["$filter", "$expand"]);
  const objects = simulation.store.world.contacts.map((contact) => ({ ...contact }));
  return answerList(request, query, { set: "contacts", type: "microsoft.graph.orgContact", objects });
}

export function listMembers(
  simulation: Simulation,
  request: GraphRequest,
  query: QueryOptions,
  groupId: string,
  kind: "members" | "transitiveMembers" | "owners",
): GraphAnswer {
  requirePermission(request.caller, "readGroupMembers");
  refuseOptions(query, ["$filter", "$expand"]);
  const { world } = simulation.store;
  const group = world.groups.find(({ id }) => id === groupId) ?? refuse(REFUSALS.userNotFound(groupId));
  const ids =
    kind === "owners" ? group.owners : kind === "members" ? group.members : expandMembers(group, world.groups);
  const names = query.select === null ? DEFAULT_USER_PROPERTIES : selectedProperties(query, request.version);
  const objects = ids.flatMap((id): JsonObject[] => {
    const user = simulation.store.findUser(id);
    if (user !== null)
      return [{ "@odata.type": "#microsoft.graph.user", ...projectUser(user, names, request.staleReads) }];
    const nested = world.groups.find((other) => other.id === id);
    return nested === undefined ? [] : [{ "@odata.type": "#microsoft.graph.group", ...showGroup(nested) }];
  });
  return answerList(request, { ...query, select: null }, { set: "directoryObjects", type: "", objects });
}

function expandMembers(group: SimulatedGroup, groups: readonly SimulatedGroup[]): string[] {
  const reached = new Set<string>();
  const waiting = [...group.members];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    waiting.push(...(groups.find((other) => other.id === id)?.members ?? []));
  }
  return Array.from(reached);
}
