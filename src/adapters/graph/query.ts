/**
 * Paths and queries, percent-encoded by us.
 *
 * One immutable ID in three holds a `+` or `/`, and a raw `+` in a query is read as a space: the look-up then finds
 * nobody, and a conflict stays unseen. The SDK's own `.filter()` sends it raw.
 *
 * Source: OData 4.01 URL conventions 5.1.1.14 (checked 2026-11);
 * https://learn.microsoft.com/graph/known-issues (15 values of `in`)
 */
import type { Guid } from "../../core/guid.ts";

/** Users on a full page; larger is refused. */
export const PAGE_SIZE = 999;
/** Values that one `in` may carry. */
export const FILTER_SIZE = 15;
/** Requests that one $batch may carry. */
export const BATCH_SIZE = 20;

/** What a read of a user asks for: what `CloudUser` holds, and no more. */
export const USER_PROPERTIES = [
  "id",
  "userPrincipalName",
  "displayName",
  "givenName",
  "surname",
  "mail",
  "proxyAddresses",
  "employeeId",
  "userType",
  "accountEnabled",
  "onPremisesImmutableId",
  "onPremisesSyncEnabled",
  "onPremisesLastSyncDateTime",
  "onPremisesSecurityIdentifier",
  "createdDateTime",
  "assignedLicenses",
] as const;

export const COUNT_PATH = "/users/$count";
export const LIVE_USERS_PATH = `/users?$select=${USER_PROPERTIES.join(",")}&$top=${PAGE_SIZE}`;
/** The cast is required: without it the recycle bin answers 400. */
export const DELETED_USERS_PATH = `/directory/deletedItems/microsoft.graph.user?$select=${USER_PROPERTIES.join(",")},deletedDateTime&$top=${PAGE_SIZE}`;
export const ORGANIZATION_PATH =
  "/organization?$select=id,displayName,verifiedDomains,onPremisesSyncEnabled,onPremisesLastSyncDateTime";

/** One user's value and what it takes to judge it. */
export function valuePath(id: Guid): string {
  return `${userPath(id)}?$select=id,userPrincipalName,onPremisesImmutableId,onPremisesSyncEnabled`;
}

export function userPath(id: Guid): string {
  return `/users/${encodeURIComponent(id)}`;
}

/** Users whose `property` is one of at most {@link FILTER_SIZE} values. */
export function usersWherePath(
  property: "id" | "userPrincipalName" | "onPremisesImmutableId",
  values: readonly string[],
) {
  const filter = `${property} in (${values.map(quoteText).join(",")})`;
  return `/users?$select=${USER_PROPERTIES.join(",")}&$filter=${encodeURIComponent(filter)}`;
}

/** A text literal of OData: in apostrophes, its own doubled. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Splits into groups of at most `size`, in order. */
export function splitIntoGroups<Value>(values: readonly Value[], size: number): Value[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
}
