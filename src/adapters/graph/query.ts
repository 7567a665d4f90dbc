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
import { PROFILE_PROPERTIES } from "../../core/snapshot.ts";

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
  ...PROFILE_PROPERTIES,
] as const;

export const COUNT_PATH = "/users/$count";
export const LIVE_USERS_PATH = `/users?$select=${USER_PROPERTIES.join(",")}&$top=${PAGE_SIZE}`;
/** The cast is required: without it the recycle bin answers 400. */
export const DELETED_USERS_PATH = `/directory/deletedItems/microsoft.graph.user?$select=${USER_PROPERTIES.join(",")},deletedDateTime&$top=${PAGE_SIZE}`;
export const ORGANIZATION_PATH =
  "/organization?$select=id,displayName,verifiedDomains,onPremisesSyncEnabled,onPremisesLastSyncDateTime";

const HOLDER_PROPERTIES = "id,userPrincipalName,onPremisesSyncEnabled";
/** What is saved of a user before it is destroyed, beside {@link USER_PROPERTIES}. */
const SAVED_PROPERTIES = [
  "mailNickname",
  "otherMails",
  "usageLocation",
  "onPremisesDistinguishedName",
  "onPremisesDomainName",
  "onPremisesSamAccountName",
  "onPremisesUserPrincipalName",
  "onPremisesExtensionAttributes",
];
const WHOLE_USER = [...USER_PROPERTIES, ...SAVED_PROPERTIES].join(",");

/** One user's value and what it takes to judge it. */
export function valuePath(id: Guid): string {
  return `${userPath(id)}?$select=${HOLDER_PROPERTIES},onPremisesImmutableId`;
}

/** The same for its onPremisesObjectIdentifier, which only beta shows. */
export function objectIdentifierPath(id: Guid): string {
  return `${userPath(id)}?$select=${HOLDER_PROPERTIES},onPremisesObjectIdentifier`;
}

export function holderPath(id: Guid): string {
  return `${userPath(id)}?$select=${HOLDER_PROPERTIES}`;
}

/** The cast is needed: without it only properties of every directory object can be selected. */
export function deletedHolderPath(id: Guid): string {
  return `${deletedUserPath(id)}/microsoft.graph.user?$select=${HOLDER_PROPERTIES}`;
}

export function wholeUserPath(id: Guid): string {
  return `${userPath(id)}?$select=${WHOLE_USER}`;
}

export function wholeDeletedUserPath(id: Guid): string {
  return `${deletedUserPath(id)}/microsoft.graph.user?$select=${WHOLE_USER},deletedDateTime`;
}

export function deletedUserPath(id: Guid): string {
  return `/directory/deletedItems/${encodeURIComponent(id)}`;
}

export function userPath(id: Guid): string {
  return `/users/${encodeURIComponent(id)}`;
}

/** Properties by which users are looked up. */
export type LookUpProperty =
  | "id"
  | "userPrincipalName"
  | "mail"
  | "onPremisesImmutableId"
  | "onPremisesSecurityIdentifier";

/** Users whose `property` is one of at most {@link FILTER_SIZE} values. */
export function usersWherePath(property: LookUpProperty, values: readonly string[]): string {
  return usersFilterPath(isOneOf(property, values));
}

/** Users that a filter finds. */
export function usersFilterPath(filter: string): string {
  return `/users?$select=${USER_PROPERTIES.join(",")}&$filter=${encodeURIComponent(filter)}`;
}

/**
 * Look-ups of these users by id, as many as it takes, each id once.
 *
 * @param options What is to be shown of them: `$select` and `$expand`.
 */
export function userLookUpPaths(ids: Iterable<Guid>, options: string): string[] {
  return splitIntoGroups([...new Set(ids)], FILTER_SIZE).map(
    (group) => `/users?${options}&$filter=${encodeURIComponent(isOneOf("id", group))}`,
  );
}

/** A filter that holds for at most {@link FILTER_SIZE} values. */
export function isOneOf(property: LookUpProperty, values: readonly string[]): string {
  return `${property} in (${values.map(quoteText).join(",")})`;
}

/** A filter for the users whose UPN begins with one of at most {@link FILTER_SIZE} characters. */
export function beginsWithOneOf(initials: string): string {
  return Array.from(initials, (initial) => `startswith(userPrincipalName,${quoteText(initial)})`).join(" or ");
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
