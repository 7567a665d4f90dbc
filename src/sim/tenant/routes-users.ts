/**
 * Reading users: one by id or user principal name, and lists.
 *
 * Sources: "Get a user", "List users", onPremisesSyncBehavior (learn.microsoft.com/graph, checked 2026-11).
 * Unverified choices: an answer holds exactly the selected properties, also without id; /beta without $select gives
 * the same default set as v1.0; onPremisesObjectIdentifier that is not set reads as null.
 */
import { REFUSALS, refuse } from "./errors.ts";
import { expandedProperties, limitExpandedPage, showManager } from "./expand-manager.ts";
import { parseFilter } from "./filter.ts";
import { checkFilter, filteredProperties } from "./filter-rules.ts";
import {
  type ApiVersion,
  type GraphAnswer,
  type GraphRequest,
  type JsonObject,
  type StaleRead,
  wantsEventual,
} from "./graph-exchange.ts";
import { answerPage } from "./list-page.ts";
import { compileFilter, findCandidates, readProperty } from "./match-filter.ts";
import type { QueryOptions } from "./parse-query.ts";
import { BASIC_USER_PROPERTIES, may, requirePermission } from "./permissions.ts";
import type { Simulation } from "./simulation.ts";
import { DEFAULT_USER_PROPERTIES, findUserProperty } from "./user-properties.ts";
import type { SimulatedUser } from "./world.ts";

const EMPTY_KINDS: Readonly<Record<string, readonly string[]>> = { texts: [], objects: [] };

/** @throws {GraphRefusal} 400 for a name that the type does not have. */
export function selectedProperties(query: QueryOptions, version: ApiVersion): readonly string[] {
  if (query.select === null) return DEFAULT_USER_PROPERTIES;
  return query.select.map((name) => findUserProperty(name, version)?.name ?? refuse(REFUSALS.unknownSelect(name)));
}

/** What an answer shows of the selected: a property that the metadata does not declare may be left out, unasked. */
export function shownProperties(simulation: Simulation, names: readonly string[]): readonly string[] {
  return simulation.rules.betaShowsUndeclared ? names : names.filter((name) => name !== "onPremisesObjectIdentifier");
}

export function projectUser(
  user: SimulatedUser,
  names: readonly string[],
  staleReads: readonly StaleRead[],
): JsonObject {
  const stale = staleReads.find(({ userId }) => userId === null || userId === user.id);
  return Object.fromEntries(
    names.map((name) => {
      if (name === "onPremisesImmutableId" && stale !== undefined) return [name, stale.valueOf(user.id)];
      const kind = findUserProperty(name, "beta")?.traits.kind ?? "text";
      return [name, readProperty(user, name) ?? EMPTY_KINDS[kind] ?? null];
    }),
  );
}

/** `#users(id,mail)` where the properties were selected, `#users` where not. */
export function contextFragment(set: string, query: QueryOptions): string {
  return query.select === null ? set : `${set}(${query.select.join(",")})`;
}

function requireReading(request: GraphRequest, names: readonly string[], filtered: readonly string[] = []): void {
  if (may(request.caller, "readUsers")) return;
  requirePermission(request.caller, "readBasicUsers");
  // Without $select the default set is given; an outright wish for more than the basic profile is refused.
  const asked = [...names, ...filtered.map((name) => findUserProperty(name, request.version)?.name ?? name)];
  if (asked.some((name) => !BASIC_USER_PROPERTIES.has(name))) refuse(REFUSALS.insufficientPrivileges());
}

export function getUser(simulation: Simulation, request: GraphRequest, query: QueryOptions, key: string): GraphAnswer {
  const names = selectedProperties(query, request.version);
  requireReading(request, query.select === null ? [] : names);
  refuseOptions(query, ["$filter", "$top", "$skiptoken"]);
  const ofManager = expandedProperties(query, request.version);
  // "Get a user": a name that starts with $ needs the form users('$x'); in a segment of its own it is a system name.
  if (key.startsWith("$") && /\/users\/(\$|%24)/i.test(request.target)) {
    return refuse(REFUSALS.segmentNotFound(key));
  }
  const user = simulation.store.findUser(key) ?? refuse(REFUSALS.userNotFound(key));
  return {
    status: 200,
    body: {
      "@odata.context": `${request.origin}/${request.version}/$metadata#${contextFragment("users", query)}/$entity`,
      ...projectUser(user, shownProperties(simulation, names), request.staleReads),
      ...showManager(simulation, user, ofManager),
    },
  };
}

export function listUsers(simulation: Simulation, request: GraphRequest, query: QueryOptions): GraphAnswer {
  const names = selectedProperties(query, request.version);
  const ofManager = expandedProperties(query, request.version);
  const eventual = wantsEventual(request);
  const filter = query.filter === null ? null : parseFilter(query.filter);
  if (filter !== null) {
    checkFilter(filter, {
      version: request.version,
      advanced: eventual && query.count,
      urlLength: request.origin.length + request.version.length + 1 + request.target.length,
    });
  }
  requireReading(request, query.select === null ? [] : names, filter === null ? [] : filteredProperties(filter));
  const candidates = filter === null ? null : findCandidates(filter, simulation.store);
  return answerPage(request, limitExpandedPage(query), {
    contextFragment: contextFragment("users", query),
    from: (position) => simulation.store.liveFrom(position, candidates),
    matches: filter === null ? () => true : compileFilter(filter),
    project: (user) => ({
      ...projectUser(user, shownProperties(simulation, names), request.staleReads),
      ...showManager(simulation, user, ofManager),
    }),
    counted: query.count && eventual,
  });
}

/**
 * The number of live users, as a bare text. Advanced only: "Advanced query capabilities on Microsoft Entra ID
 * objects" (checked 2026-11). Unverified choices: the sentence of the refusal; options are refused.
 */
export function countUsers(simulation: Simulation, request: GraphRequest, query: QueryOptions): GraphAnswer {
  requireReading(request, []);
  refuseOptions(query, ["$filter", "$top", "$skiptoken", "$expand"]);
  if (!wantsEventual(request)) return refuse(REFUSALS.countUnsupported());
  return { status: 200, text: String([...simulation.store.liveFrom(0, null)].length) };
}

/** isCloudManaged: where the source of authority lies. */
export function getSyncBehavior(
  simulation: Simulation,
  request: GraphRequest,
  query: QueryOptions,
  key: string,
): GraphAnswer {
  requirePermission(request.caller, "readSyncBehavior");
  const unknown = query.select?.find((name) => !["id", "isCloudManaged"].includes(name));
  if (unknown !== undefined) return refuse(REFUSALS.unknownSelect(unknown, "microsoft.graph.onPremisesSyncBehavior"));
  const user = simulation.store.findUser(key) ?? refuse(REFUSALS.userNotFound(key));
  return {
    status: 200,
    body: {
      "@odata.context": `${request.origin}/${request.version}/$metadata#users('${user.id}')/onPremisesSyncBehavior/$entity`,
      id: user.id,
      isCloudManaged: user.isCloudManaged,
    },
  };
}

/** @throws {GraphRefusal} 400 for an option that this resource does not take. */
export function refuseOptions(query: QueryOptions, names: readonly string[]): void {
  const given: Readonly<Record<string, unknown>> = {
    $filter: query.filter,
    $top: query.top,
    $skiptoken: query.skipToken,
    $expand: query.expand,
  };
  const refused = names.find((name) => given[name] !== null);
  if (refused !== undefined) refuse(REFUSALS.optionUnsupported(refused));
}
