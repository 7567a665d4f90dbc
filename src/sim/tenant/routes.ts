/**
 * The table of routes: method and path, what a request costs, who answers. A path that is not here does not exist.
 *
 * Costs are those of "Microsoft Graph service-specific throttling limits", Identity and access (checked 2026-11).
 */
import { REFUSALS, refuse } from "./errors.ts";
import type { ApiVersion, GraphAnswer, GraphRequest } from "./graph-exchange.ts";
import type { LedgerEntry } from "./ledger.ts";
import type { QueryOptions } from "./parse-query.ts";
import { deleteUser, getDeletedUser, listDeletedUsers, purgeUser, restoreUser } from "./routes-deleted-items.ts";
import {
  listGroupEligibilities,
  listRoleAssignments,
  listRoleDefinitions,
  listRoleEligibilities,
} from "./routes-roles.ts";
import { getSchema, listJobs, listServicePrincipals, provisionOnDemand, startJob } from "./routes-synchronization.ts";
import {
  listContacts,
  listDomains,
  listGroups,
  listMembers,
  listOrganization,
  listSyncFeatures,
} from "./routes-tenant.ts";
import { countUsers, getSyncBehavior, getUser, listUsers } from "./routes-users.ts";
import type { Simulation } from "./simulation.ts";
import { updateUser } from "./update-user.ts";

export interface Route {
  readonly method: "GET" | "PATCH" | "POST" | "DELETE";
  /** Segments after the version; `{key}` stands for one segment of any text. */
  readonly path: string;
  readonly resourceUnits: number;
  readonly writes: 0 | 1;
  /** What the ledger calls the attempt. */
  readonly kind: LedgerEntry["kind"] | "read";
  answer(simulation: Simulation, request: GraphRequest, query: QueryOptions, key: string): GraphAnswer;
}

const read = (path: string, resourceUnits: number, answer: Route["answer"]): Route => ({
  method: "GET",
  path,
  resourceUnits,
  writes: 0,
  kind: "read",
  answer,
});
const write = (method: Route["method"], path: string, kind: Route["kind"], answer: Route["answer"]): Route => ({
  method,
  path,
  resourceUnits: 1,
  writes: 1,
  kind,
  answer,
});

export const ROUTES: readonly Route[] = [
  read("organization", 1, listOrganization),
  read("domains", 1, listDomains),
  read("users", 2, listUsers),
  read("users/$count", 1, countUsers),
  read("users/{key}", 1, getUser),
  read("users/{key}/onPremisesSyncBehavior", 1, getSyncBehavior),
  write("PATCH", "users/{key}", "update", (simulation, request, _query, key) => updateUser(simulation, request, key)),
  write("DELETE", "users/{key}", "delete", (simulation, request, _query, key) => deleteUser(simulation, request, key)),
  read("directory/deletedItems", 1, () => refuse(REFUSALS.castRequired())),
  read("directory/deletedItems/microsoft.graph.user", 2, listDeletedUsers),
  read("directory/deletedItems/{key}", 1, getDeletedUser),
  read("directory/deletedItems/{key}/microsoft.graph.user", 1, getDeletedUser),
  write("DELETE", "directory/deletedItems/{key}", "purge", (simulation, request, _query, key) =>
    purgeUser(simulation, request, key),
  ),
  write("POST", "directory/deletedItems/{key}/restore", "restore", (simulation, request, _query, key) =>
    restoreUser(simulation, request, key),
  ),
  read("directory/onPremisesSynchronization", 1, listSyncFeatures),
  read("roleManagement/directory/roleAssignments", 1, listRoleAssignments),
  read("roleManagement/directory/roleEligibilityScheduleInstances", 1, listRoleEligibilities),
  read("roleManagement/directory/roleDefinitions", 1, listRoleDefinitions),
  read("identityGovernance/privilegedAccess/group/eligibilityScheduleInstances", 1, listGroupEligibilities),
  read("groups", 2, listGroups),
  read("groups/{key}/members", 3, (...args) => listMembers(...args, "members")),
  read("groups/{key}/transitiveMembers", 3, (...args) => listMembers(...args, "transitiveMembers")),
  read("groups/{key}/owners", 3, (...args) => listMembers(...args, "owners")),
  read("contacts", 1, listContacts),
  read("servicePrincipals", 1, listServicePrincipals),
  read("servicePrincipals/{key}/synchronization/jobs", 1, listJobs),
  read("servicePrincipals/{key}/synchronization/jobs/{key}/schema", 1, getSchema),
  write("POST", "servicePrincipals/{key}/synchronization/jobs/{key}/start", "other", startJob),
  write("POST", "servicePrincipals/{key}/synchronization/jobs/{key}/provisionOnDemand", "other", provisionOnDemand),
];

const PATTERNS = ROUTES.map((route) => ({ route, pattern: route.path.split("/") }));

export type RouteMatch =
  | { readonly found: "route"; readonly route: Route; readonly key: string }
  /** The path exists, the method does not. */
  | { readonly found: "path" }
  | { readonly found: "nothing" };

/** Fixed words match in any letter case and win over `{key}`. */
export function matchRoute(method: string, segments: readonly string[]): RouteMatch {
  let pathExists = false;
  for (const { route, pattern } of PATTERNS) {
    if (pattern.length !== segments.length) continue;
    const fits = pattern.every((part, at) => part === "{key}" || part.toLowerCase() === segments[at]?.toLowerCase());
    if (!fits) continue;
    if (route.method === method) return { found: "route", route, key: segments[pattern.indexOf("{key}")] ?? "" };
    pathExists = true;
  }
  return pathExists ? { found: "path" } : { found: "nothing" };
}

export function isApiVersion(text: string | undefined): text is ApiVersion {
  return text === "v1.0" || text === "beta";
}
