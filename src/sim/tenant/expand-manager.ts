/**
 * `$expand=manager($select=id,userPrincipalName)`: the one relation of a user that can be asked for along with it.
 *
 * Sources: "List manager" (a user without one has no such member; $levels belongs to a single user and is not offered
 * here) and "Use query parameters" with its known issues (with $expand a page holds at most 100 directory objects),
 * learn.microsoft.com/graph, checked 2026-11. Unverified choices: a larger $top gives pages of 100 and no refusal; a
 * manager in the recycle bin is none.
 */
import { REFUSALS, refuse } from "./errors.ts";
import type { ApiVersion, JsonObject } from "./graph-exchange.ts";
import { readProperty } from "./match-filter.ts";
import type { QueryOptions } from "./parse-query.ts";
import type { Simulation } from "./simulation.ts";
import { DEFAULT_USER_PROPERTIES, findUserProperty } from "./user-properties.ts";
import type { SimulatedUser } from "./world.ts";

/** Directory objects on a page whose relations are expanded. */
const MOST_EXPANDED = 100;

/** @returns Properties of the manager that are to be shown; `null` where it was not asked for. @throws {GraphRefusal} 400 */
export function expandedProperties({ expand }: QueryOptions, version: ApiVersion): readonly string[] | null {
  if (expand === null) return null;
  const [, select] =
    /^manager(?:\(\$select=([^();]*)\))?$/.exec(expand) ?? refuse(REFUSALS.optionInvalid("$expand", expand));
  if (select === undefined) return DEFAULT_USER_PROPERTIES;
  return select
    .split(",")
    .map((name) => findUserProperty(name.trim(), version)?.name ?? refuse(REFUSALS.unknownSelect(name)));
}

/** The query with the page size that is kept to. */
export function limitExpandedPage(query: QueryOptions): QueryOptions {
  return query.expand === null ? query : { ...query, top: Math.min(query.top ?? MOST_EXPANDED, MOST_EXPANDED) };
}

/** The member `manager` of a user's answer; nothing where it has none or was not asked for. */
export function showManager(
  { store }: Simulation,
  { managerId }: SimulatedUser,
  names: readonly string[] | null,
): JsonObject {
  const manager = names === null || managerId === null ? null : store.findUser(managerId);
  if (names === null || manager === null) return {};
  const shown = Object.fromEntries(names.map((name) => [name, readProperty(manager, name) ?? null]));
  return { manager: { "@odata.type": "#microsoft.graph.user", ...shown } };
}
