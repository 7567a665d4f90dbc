/**
 * Directory roles: definitions, assignments, eligibilities, all read-only.
 *
 * Sources: "List unifiedRoleAssignments", "List unifiedRoleEligibilityScheduleInstances", "List roleDefinitions"
 * and, for isPrivileged, "Privileged roles and permissions" (learn.microsoft.com, checked 2026-11). isPrivileged
 * exists on /beta only; on v1.0 it is an unknown name. Unverified choice: filters are principalId,
 * roleDefinitionId and isPrivileged with eq, nothing else.
 */
import { REFUSALS, refuse } from "./errors.ts";
import { parseFilter } from "./filter.ts";
import type { GraphAnswer, GraphRequest, JsonObject } from "./graph-exchange.ts";
import type { QueryOptions } from "./parse-query.ts";
import { requirePermission } from "./permissions.ts";
import { answerList } from "./routes-tenant.ts";
import { projectUser, refuseOptions } from "./routes-users.ts";
import type { Simulation } from "./simulation.ts";
import { DEFAULT_USER_PROPERTIES } from "./user-properties.ts";

export function listRoleDefinitions(simulation: Simulation, request: GraphRequest, query: QueryOptions): GraphAnswer {
  requirePermission(request.caller, "readRoles");
  refuseOptions(query, ["$expand"]);
  const shown = simulation.store.world.roleDefinitions.map(({ isPrivileged, ...definition }): JsonObject => {
    return request.version === "beta" && simulation.rules.betaShowsUndeclared
      ? { ...definition, isPrivileged }
      : definition;
  });
  const filterable =
    request.version === "beta" ? ["isPrivileged", "isBuiltIn", "displayName"] : ["isBuiltIn", "displayName"];
  return answerList(request, query, {
    set: "roleManagement/directory/roleDefinitions",
    type: "microsoft.graph.unifiedRoleDefinition",
    objects: filterObjects(shown, query, filterable, "microsoft.graph.unifiedRoleDefinition"),
  });
}

export function listRoleAssignments(simulation: Simulation, request: GraphRequest, query: QueryOptions): GraphAnswer {
  requirePermission(request.caller, "readRoles");
  return listHoldings(simulation, request, query, {
    set: "roleManagement/directory/roleAssignments",
    type: "microsoft.graph.unifiedRoleAssignment",
    objects: simulation.store.world.roleAssignments.map((assignment) => ({ ...assignment })),
  });
}

export function listRoleEligibilities(simulation: Simulation, request: GraphRequest, query: QueryOptions): GraphAnswer {
  requirePermission(request.caller, "readRoleEligibility");
  if (!simulation.rules.licensedForEligibility) refuse(REFUSALS.premiumLicenceRequired());
  return listHoldings(simulation, request, query, {
    set: "roleManagement/directory/roleEligibilityScheduleInstances",
    type: "microsoft.graph.unifiedRoleEligibilityScheduleInstance",
    objects: simulation.store.world.roleEligibilities.map((eligibility) => ({ ...eligibility })),
  });
}

/** $filter by groupId or principalId is required. */
export function listGroupEligibilities(
  simulation: Simulation,
  request: GraphRequest,
  query: QueryOptions,
): GraphAnswer {
  requirePermission(request.caller, "readGroupEligibility");
  if (!simulation.rules.licensedForEligibility) refuse(REFUSALS.premiumLicenceRequired());
  if (query.filter === null) return refuse(REFUSALS.filterRequired("groupId or principalId"));
  const all = simulation.store.world.groupEligibilities.map((eligibility): JsonObject => ({ ...eligibility }));
  const type = "microsoft.graph.privilegedAccessGroupEligibilityScheduleInstance";
  return answerList(request, query, {
    set: "identityGovernance/privilegedAccess/group/eligibilityScheduleInstances",
    type,
    objects: filterObjects(all, query, ["groupId", "principalId"], type),
  });
}

function listHoldings(
  simulation: Simulation,
  request: GraphRequest,
  query: QueryOptions,
  list: { readonly set: string; readonly type: string; readonly objects: readonly JsonObject[] },
): GraphAnswer {
  const expanded = query.expand?.split(",").map((name) => name.trim()) ?? [];
  if (expanded.some((name) => name !== "principal" && name !== "roleDefinition")) {
    refuse(REFUSALS.optionUnsupported("$expand"));
  }
  const objects = filterObjects(list.objects, query, ["principalId", "roleDefinitionId"], list.type).map((holding) => ({
    ...holding,
    ...(expanded.includes("principal") ? { principal: showPrincipal(simulation, String(holding.principalId)) } : {}),
    ...(expanded.includes("roleDefinition")
      ? { roleDefinition: showDefinition(simulation, request, String(holding.roleDefinitionId)) }
      : {}),
  }));
  return answerList(request, query, { ...list, objects });
}

function showPrincipal(simulation: Simulation, id: string): JsonObject | null {
  const user = simulation.store.findUser(id);
  if (user !== null)
    return { "@odata.type": "#microsoft.graph.user", ...projectUser(user, DEFAULT_USER_PROPERTIES, []) };
  const group = simulation.store.world.groups.find((other) => other.id === id);
  if (group === undefined) return null;
  return { "@odata.type": "#microsoft.graph.group", id, displayName: group.displayName };
}

function showDefinition(simulation: Simulation, request: GraphRequest, id: string): JsonObject | null {
  const definition = simulation.store.world.roleDefinitions.find((other) => other.id === id);
  if (definition === undefined) return null;
  const { isPrivileged, ...shown } = definition;
  return request.version === "beta" ? { ...shown, isPrivileged } : shown;
}

function filterObjects(
  objects: readonly JsonObject[],
  query: QueryOptions,
  properties: readonly string[],
  type: string,
): readonly JsonObject[] {
  if (query.filter === null) return objects;
  const filter = parseFilter(query.filter);
  if (filter.kind !== "compare" || filter.comparator !== "eq") return refuse(REFUSALS.optionUnsupported("$filter"));
  if (!properties.includes(filter.property)) return refuse(REFUSALS.unknownFilterProperty(filter.property, type));
  return objects.filter((object) => object[filter.property] === filter.value);
}
