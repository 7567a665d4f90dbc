/**
 * Decides whether the service would run a filter, before it is run.
 *
 * The limits are harsh and differ between default and advanced queries (ConsistencyLevel: eventual with
 * $count=true); a client tested without them fails on its first large tenant.
 *
 * Sources: "Advanced query capabilities on directory objects" and "Known issues" (filter limits),
 * learn.microsoft.com/graph, checked 2026-11. `eq null` is refused wherever the table leaves it blank.
 */
import { REFUSALS, refuse } from "./errors.ts";
import type { Filter, Literal } from "./filter.ts";
import type { ApiVersion } from "./graph-exchange.ts";
import { findUserProperty, type UserProperty } from "./user-properties.ts";

const MAX_CLAUSES = 15;
const MAX_VALUE_CHARACTERS = 120;
const MAX_ADVANCED_URL_CHARACTERS = 2048;

export interface FilterContext {
  readonly version: ApiVersion;
  readonly advanced: boolean;
  /** Length of the whole URL as sent, origin included. */
  readonly urlLength: number;
}

/** @throws {GraphRefusal} 400 for unknown properties and for what the service does not run. */
export function checkFilter(filter: Filter, context: FilterContext): void {
  if (context.advanced) {
    if (context.urlLength > MAX_ADVANCED_URL_CHARACTERS) refuse(REFUSALS.advancedUrlTooLong(context.urlLength));
  } else {
    const clauses = countClauses(filter);
    if (clauses > MAX_CLAUSES) refuse(REFUSALS.tooManyClauses(clauses));
  }
  checkNode(filter, context);
}

/** The largest number of alternatives under one chain of `or`; an `in` counts each of its values. */
function countClauses(filter: Filter): number {
  switch (filter.kind) {
    case "or":
      return countAlternatives(filter.left) + countAlternatives(filter.right);
    case "and":
      return Math.max(countClauses(filter.left), countClauses(filter.right));
    case "not":
      return countClauses(filter.operand);
    case "in":
      return filter.values.length;
    default:
      return 1;
  }
}

function countAlternatives(filter: Filter): number {
  return filter.kind === "or" || filter.kind === "in" ? countClauses(filter) : Math.max(1, countClauses(filter));
}

function checkNode(filter: Filter, context: FilterContext): void {
  switch (filter.kind) {
    case "or":
    case "and":
      checkNode(filter.left, context);
      checkNode(filter.right, context);
      return;
    case "not":
      if (!context.advanced) refuse(REFUSALS.filterUnsupported(filteredProperties(filter.operand)[0] ?? ""));
      checkNode(filter.operand, context);
      return;
    case "compare":
      checkComparison(filter, context);
      return;
    case "in": {
      const { name, traits } = knownProperty(filter.property, context.version);
      requireSupport(traits.equals, name, context);
      if (traits.kind === "texts" || traits.kind === "objects") refuse(REFUSALS.filterUnsupported(name));
      for (const value of filter.values) checkValue(name, traits, value, context);
      return;
    }
    case "startswith": {
      const { name, traits } = knownProperty(filter.property, context.version);
      if (traits.kind !== "text") refuse(REFUSALS.filterUnsupported(name));
      requireSupport(traits.startsWith, name, context);
      checkValue(name, traits, filter.value, context);
      return;
    }
    case "any": {
      const { name, traits } = knownProperty(filter.property, context.version);
      const wantsMember = traits.kind === "objects";
      if ((traits.kind !== "texts" && !wantsMember) || wantsMember !== (filter.member !== null)) {
        refuse(REFUSALS.filterUnsupported(name));
      }
      requireSupport(filter.test === "eq" ? traits.equals : traits.startsWith, name, context);
      if (filter.value === null) refuse(REFUSALS.filterUnsupported(name));
      checkLength(name, filter.value, context);
    }
  }
}

function checkComparison(filter: Filter & { kind: "compare" }, context: FilterContext): void {
  const { name, traits } = knownProperty(filter.property, context.version);
  if (traits.kind === "texts" || traits.kind === "objects" || traits.kind === "object") {
    refuse(REFUSALS.filterUnsupported(name));
  }
  const negated = filter.comparator === "ne";
  if (negated && !context.advanced) refuse(REFUSALS.filterUnsupported(name));
  if (filter.value === null) {
    if (filter.comparator !== "eq" && !negated) refuse(REFUSALS.filterUnsupported(name));
    requireSupport(traits.equalsNull, name, context);
    return;
  }
  requireSupport(filter.comparator === "eq" || negated ? traits.equals : traits.compares, name, context);
  checkValue(name, traits, filter.value, context);
}

function checkValue(name: string, traits: UserProperty, value: Literal, context: FilterContext): void {
  if (value === null) requireSupport(traits.equalsNull, name, context);
  else if (traits.kind === "flag" ? typeof value !== "boolean" : typeof value !== "string") {
    refuse(REFUSALS.filterUnsupported(name));
  }
  checkLength(name, value, context);
}

function checkLength(name: string, value: Literal, context: FilterContext): void {
  if (!context.advanced && typeof value === "string" && value.length > MAX_VALUE_CHARACTERS) {
    refuse(REFUSALS.filterValueTooLong(name, value.length));
  }
}

function requireSupport(support: "default" | "advanced" | "never", name: string, context: FilterContext): void {
  if (support === "never" || (support === "advanced" && !context.advanced)) refuse(REFUSALS.filterUnsupported(name));
}

function knownProperty(property: string, version: ApiVersion): { name: string; traits: UserProperty } {
  return findUserProperty(property, version) ?? refuse(REFUSALS.unknownFilterProperty(property));
}

/** Names of the properties a filter asks about, as written, in order. */
export function filteredProperties(filter: Filter): readonly string[] {
  switch (filter.kind) {
    case "or":
    case "and":
      return [...filteredProperties(filter.left), ...filteredProperties(filter.right)];
    case "not":
      return filteredProperties(filter.operand);
    default:
      return [filter.property];
  }
}
