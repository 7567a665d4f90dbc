/**
 * Deleting users, and the recycle bin: list, read, restore, purge.
 *
 * Sources: "Delete user", "List deletedItems", "Restore deleted item", "Permanently delete item"
 * (learn.microsoft.com/graph, checked 2026-11). Unverified choices: a synced user cannot be deleted; the recycle
 * bin takes the same filters as live users; without the cast to a user only what every directory object has can be
 * selected; restoring a user whose name or anchor is taken is a 400 ObjectConflict.
 */
import { REFUSALS, refuse } from "./errors.ts";
import { parseFilter } from "./filter.ts";
import { checkFilter } from "./filter-rules.ts";
import { type GraphAnswer, type GraphRequest, wantsEventual } from "./graph-exchange.ts";
import { answerPage } from "./list-page.ts";
import { compileFilter } from "./match-filter.ts";
import type { QueryOptions } from "./parse-query.ts";
import { requirePermission } from "./permissions.ts";
import { actsWithOwnRoles, mayChangeSensitive } from "./role-protection.ts";
import { contextFragment, projectUser, refuseOptions, selectedProperties } from "./routes-users.ts";
import type { Simulation } from "./simulation.ts";
import { readJsonObject } from "./update-user.ts";
import { DEFAULT_USER_PROPERTIES } from "./user-properties.ts";
import type { SimulatedDeletedUser } from "./world.ts";

export function deleteUser(simulation: Simulation, request: GraphRequest, key: string): GraphAnswer {
  requirePermission(request.caller, "deleteUsers");
  const user = simulation.store.findUser(key) ?? refuse(REFUSALS.userNotFound(key));
  refuseProtectedTarget(simulation, request, user.id);
  if (user.onPremisesSyncEnabled === true) return refuse(REFUSALS.syncedUser());
  simulation.store.deleteUser(user.id, simulation.clock.wallMs());
  return { status: 204, applied: true };
}

export function listDeletedUsers(simulation: Simulation, request: GraphRequest, query: QueryOptions): GraphAnswer {
  requirePermission(request.caller, "readDeletedUsers");
  refuseOptions(query, ["$expand"]);
  const names = selectedProperties(query, request.version);
  const eventual = wantsEventual(request);
  const filter = query.filter === null ? null : parseFilter(query.filter);
  if (filter !== null) {
    const urlLength = request.origin.length + request.version.length + 1 + request.target.length;
    checkFilter(filter, { version: request.version, advanced: eventual && query.count, urlLength });
  }
  return answerPage(request, query, {
    contextFragment: contextFragment("users", query),
    from: (position) => simulation.store.deletedFrom(position),
    matches: filter === null ? () => true : compileFilter(filter),
    project: (user) => projectUser(user, names, request.staleReads),
    counted: query.count && eventual,
  });
}

export function getDeletedUser(
  simulation: Simulation,
  request: GraphRequest,
  query: QueryOptions,
  id: string,
): GraphAnswer {
  requirePermission(request.caller, "readDeletedUsers");
  const names = selectedProperties(query, request.version);
  const isCast = request.segments.at(-1)?.toLowerCase() === "microsoft.graph.user";
  const derived = names.find((name) => name !== "id" && name !== "deletedDateTime");
  if (!isCast && query.select !== null && derived !== undefined) {
    return refuse(REFUSALS.unknownSelect(derived, "microsoft.graph.directoryObject"));
  }
  const user = findDeleted(simulation, id);
  return {
    status: 200,
    body: {
      "@odata.context": `${request.origin}/${request.version}/$metadata#directoryObjects/$entity`,
      "@odata.type": "#microsoft.graph.user",
      ...projectUser(user, names, request.staleReads),
    },
  };
}

/** Body, optional: newUserPrincipalName, autoReconcileProxyConflict. Without a new name the id's prefix is taken off. */
export function restoreUser(simulation: Simulation, request: GraphRequest, id: string): GraphAnswer {
  requirePermission(request.caller, "purgeOrRestoreUsers");
  const body = request.body === null || request.body === "" ? {} : readJsonObject(request);
  const user = findDeleted(simulation, id);
  refuseProtectedTarget(simulation, request, user.id);
  const prefix = user.id.replaceAll("-", "");
  const ownName = user.userPrincipalName.toLowerCase().startsWith(prefix.toLowerCase())
    ? user.userPrincipalName.slice(prefix.length)
    : user.userPrincipalName;
  const userPrincipalName = typeof body.newUserPrincipalName === "string" ? body.newUserPrincipalName : ownName;
  const nameHolder = simulation.store.findUser(userPrincipalName);
  if (nameHolder !== null) return refuse(REFUSALS.valueTaken("userPrincipalName", nameHolder.id));
  const anchor = user.onPremisesImmutableId;
  const [anchorHolder] = anchor === null ? [] : simulation.store.findHolders(anchor, { deletedToo: false });
  if (anchorHolder !== undefined) return refuse(REFUSALS.valueTaken("onPremisesImmutableId", anchorHolder));
  const proxyAddresses = reconcileAddresses(simulation, user, body.autoReconcileProxyConflict === true);

  const restored =
    simulation.store.restoreUser(user.id, { userPrincipalName, proxyAddresses }) ?? refuse(REFUSALS.userNotFound(id));
  return {
    status: 200,
    applied: true,
    body: {
      "@odata.context": `${request.origin}/${request.version}/$metadata#directoryObjects/$entity`,
      "@odata.type": "#microsoft.graph.user",
      ...projectUser(restored, DEFAULT_USER_PROPERTIES, []),
    },
  };
}

export function purgeUser(simulation: Simulation, request: GraphRequest, id: string): GraphAnswer {
  requirePermission(request.caller, "purgeOrRestoreUsers");
  const user = findDeleted(simulation, id);
  refuseProtectedTarget(simulation, request, user.id);
  simulation.store.purgeUser(user.id);
  return { status: 204, applied: true };
}

function findDeleted(simulation: Simulation, id: string): SimulatedDeletedUser {
  return simulation.store.findDeletedUser(id) ?? refuse(REFUSALS.userNotFound(id));
}

function refuseProtectedTarget(simulation: Simulation, request: GraphRequest, userId: string): void {
  const unarmed = actsWithOwnRoles(request.caller)
    ? request.caller
    : { ...request.caller, directoryRoles: new Set<never>() };
  if (!mayChangeSensitive(simulation, unarmed, userId)) refuse(REFUSALS.insufficientPrivileges());
}

/** Addresses that a live user has taken meanwhile are dropped if the caller asked for it, else they refuse the restore. */
function reconcileAddresses(simulation: Simulation, user: SimulatedDeletedUser, reconcile: boolean): string[] {
  const wanted = new Set(user.proxyAddresses.map((address) => address.toLowerCase()));
  if (wanted.size === 0) return [];
  const taken = new Map<string, string>();
  for (const other of simulation.store.liveUsers()) {
    for (const address of other.proxyAddresses) {
      if (wanted.has(address.toLowerCase())) taken.set(address.toLowerCase(), other.id);
    }
  }
  const [holder] = taken.values();
  if (holder !== undefined && !reconcile) return refuse(REFUSALS.valueTaken("proxyAddresses", holder));
  return user.proxyAddresses.filter((address) => !taken.has(address.toLowerCase()));
}
