/**
 * Whom a filter matches. Text compares without regard to case, as directory strings do: a filter on
 * onPremisesImmutableId therefore also finds users whose anchor differs only in case, and the client must compare
 * exactly. (Case rule of this property: unverified, taken as for other directory strings.)
 */
import type { Filter, Literal } from "./filter.ts";
import type { TenantStore } from "./store.ts";
import { findUserProperty } from "./user-properties.ts";
import type { SimulatedUser } from "./world.ts";

/** Values of a user by property name; a property that the simulation does not keep reads as null. */
export function readProperty(user: SimulatedUser, property: string): unknown {
  return readerOf(property)(user);
}

/** Who matches: made once for a list, since the name of a property need not be looked up for each of its users. */
export function compileFilter(filter: Filter): (user: SimulatedUser) => boolean {
  switch (filter.kind) {
    case "or": {
      const [left, right] = [compileFilter(filter.left), compileFilter(filter.right)];
      return (user) => left(user) || right(user);
    }
    case "and": {
      const [left, right] = [compileFilter(filter.left), compileFilter(filter.right)];
      return (user) => left(user) && right(user);
    }
    case "not": {
      const matches = compileFilter(filter.operand);
      return (user) => !matches(user);
    }
    case "in": {
      const read = readerOf(filter.property);
      return (user) => {
        const stored = read(user);
        return filter.values.some((value) => equalsValue(stored, value));
      };
    }
    case "startswith": {
      const read = readerOf(filter.property);
      return (user) => startsWith(read(user), filter.value);
    }
    case "any": {
      const read = readerOf(filter.property);
      return (user) => matchesAny(filter, read(user));
    }
    case "compare": {
      const read = readerOf(filter.property);
      return (user) => compares(filter, read(user));
    }
  }
}

function readerOf(property: string): (user: SimulatedUser) => unknown {
  const name = findUserProperty(property, "beta")?.name ?? property;
  return (user) => Object.getOwnPropertyDescriptor(user, name)?.value ?? null;
}

function compares(filter: Filter & { kind: "compare" }, stored: unknown): boolean {
  if (filter.comparator === "eq") return equalsValue(stored, filter.value);
  if (filter.comparator === "ne") return !equalsValue(stored, filter.value);
  if (typeof stored !== "string" || typeof filter.value !== "string") return false;
  const difference = Date.parse(stored) - Date.parse(filter.value);
  switch (filter.comparator) {
    case "gt":
      return difference > 0;
    case "ge":
      return difference >= 0;
    case "lt":
      return difference < 0;
    case "le":
      return difference <= 0;
  }
}

function matchesAny(filter: Filter & { kind: "any" }, stored: unknown): boolean {
  if (!Array.isArray(stored)) return false;
  return stored.some((entry: unknown) => {
    const value =
      filter.member === null
        ? entry
        : typeof entry === "object" && entry !== null
          ? Object.getOwnPropertyDescriptor(entry, filter.member)?.value
          : undefined;
    return filter.test === "eq" ? equalsValue(value, filter.value) : startsWith(value, String(filter.value));
  });
}

function equalsValue(stored: unknown, value: Literal): boolean {
  if (typeof stored === "string" && typeof value === "string") return stored.toLowerCase() === value.toLowerCase();
  return (stored ?? null) === value;
}

function startsWith(stored: unknown, prefix: string): boolean {
  return typeof stored === "string" && stored.toLowerCase().startsWith(prefix.toLowerCase());
}

/** Ids that an index says could match, or null if only a full scan can tell. A superset is fine. */
export function findCandidates(filter: Filter, store: TenantStore): ReadonlySet<string> | null {
  switch (filter.kind) {
    case "or": {
      const left = findCandidates(filter.left, store);
      const right = findCandidates(filter.right, store);
      return left === null || right === null ? null : new Set([...left, ...right]);
    }
    case "and":
      return findCandidates(filter.left, store) ?? findCandidates(filter.right, store);
    case "compare":
      return filter.comparator === "eq" ? lookUp(filter.property, [filter.value], store) : null;
    case "in":
      return lookUp(filter.property, filter.values, store);
    case "any":
      return filter.test === "eq" ? lookUp(filter.property, [filter.value], store) : null;
    default:
      return null;
  }
}

function lookUp(property: string, values: readonly Literal[], store: TenantStore): ReadonlySet<string> | null {
  const name = findUserProperty(property, "beta")?.name;
  const ids = new Set<string>();
  for (const value of values) {
    if (typeof value !== "string") return null;
    if (name === "onPremisesImmutableId") for (const id of store.holdersIgnoringCase(value)) ids.add(id);
    else if (name === "userPrincipalName" || name === "id") {
      const user = store.findUser(value);
      if (user !== null) ids.add(user.id);
    } else if (name === "mail" || name === "proxyAddresses" || name === "onPremisesSecurityIdentifier") {
      for (const id of store.findByAddress(name, value)) ids.add(id);
    } else return null;
  }
  return ids;
}
