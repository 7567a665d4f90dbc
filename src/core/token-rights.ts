/**
 * What an access token says that it may do, held against what a plan wants to write.
 *
 * An app that may only read would have every single write refused, row by row, in the middle of the night. And an
 * app that may do far more than this job is a danger to the tenant for as long as its token lives. Both can be seen
 * before the first write.
 *
 * Source: permission tables of user-update, user-delete and directory-deleteditems-restore, Microsoft Graph
 * reference, and https://learn.microsoft.com/graph/permissions-reference (checked 2026-11)
 */
import type { Change, ChangeKind } from "./change.ts";
import { BatchError } from "./errors.ts";

/** @see requirePermissions */
export type TokenRights = {
  /** Whether an app acts on its own, or a signed-in user through one. */
  readonly kind: "application" | "delegated";
  readonly permissions: readonly string[];
  /** The app holds a directory role, which lets it do more than its permissions say. */
  readonly holdsRole: boolean;
};

/** What is done, and the permissions of which one is enough, the least privileged first. */
export type PermissionNeed = { readonly does: string; readonly anyOf: readonly [least: string, ...others: string[]] };

const BROAD = "Directory.ReadWrite.All";
export const WRITE_ID: PermissionNeed = {
  does: "write an immutable ID",
  anyOf: ["User.ReadWrite.All", "User.ReadUpdate.All", BROAD],
};
/** Where the documents leave open what else opens the door, it is left to Graph: only the certain is refused here. */
const REMOVE: readonly [string, ...string[]] = ["User.DeleteRestore.All", "User.ReadWrite.All", BROAD];

/** What each kind of change needs of the token; `null` where it writes into AD, whose own permissions are checked there. */
export const WRITE_NEEDS: Readonly<Record<ChangeKind, PermissionNeed | null>> = {
  set: WRITE_ID,
  replace: WRITE_ID,
  clear: WRITE_ID,
  delete: { does: "delete a user", anyOf: REMOVE },
  purge: { does: "purge a deleted user", anyOf: REMOVE },
  restore: { does: "restore a deleted user", anyOf: REMOVE },
  "clear-object-identifier": {
    does: "clear onPremisesObjectIdentifier",
    anyOf: ["User-OnPremisesSyncBehavior.ReadWrite.All"],
  },
  "set-consistency-guid": null,
  "replace-consistency-guid": null,
  "clear-consistency-guid": null,
};

/** With it an app does whatever its signed-in user may do. */
const AS_USER = "Directory.AccessAsUser.All";

/**
 * @param changes Those that are still to be written.
 * @param rights `null` where the token does not say: Graph decides then.
 * @throws {BatchError} tenant: the token surely lacks a permission; every one is named.
 */
export function requirePermissions(changes: readonly Pick<Change, "kind">[], rights: TokenRights | null): void {
  const missing = new Map<string, PermissionNeed>();
  for (const { kind } of changes) {
    const need = WRITE_NEEDS[kind];
    if (need !== null && surelyLacks(rights, need)) missing.set(need.does, need);
  }
  if (missing.size === 0) return;
  const lacks = Array.from(missing.values(), ({ does, anyOf: [least] }) => `${least} to ${does}`);
  throw new BatchError(
    "tenant",
    `The access token may not write what this plan wants: it lacks ${lacks.join(", and ")}.`,
    "Give the app that permission in the Entra admin center (API permissions, grant admin consent), or sign in with one that has it; then run the same command again.",
  );
}

/** Whether the token says that the need is not met. A role, or a user's own rights, may open what no permission names. */
export function surelyLacks(rights: TokenRights | null, { anyOf }: PermissionNeed): boolean {
  if (rights === null || (rights.kind === "application" && rights.holdsRole)) return false;
  const held = new Set(rights.permissions);
  if (rights.kind === "delegated" && held.has(AS_USER)) return false;
  return !anyOf.some((permission) => held.has(permission));
}

/** What this job may write with; the broad one is never needed. */
const USED: ReadonlySet<string> = new Set([
  ...Object.values(WRITE_NEEDS)
    .flatMap((need) => need?.anyOf ?? [])
    .filter((permission) => permission !== BROAD),
  // What `hardmatch sync` starts Cloud Sync with.
  "Synchronization.ReadWrite.All",
]);
const WRITES = /\.(?:ReadWrite|Write|Create|Manage|FullControl|Send|Enable|Invite)/;
/** What people have written to one another, which no check here reads. */
const CONTENT = /^(?:Mail|Files|Sites|Chat|ChannelMessage|Calendars|Contacts|Notes)\b/;

/**
 * Permissions of an app that this job does not need and that could do harm, in the token's order. None for a signed-in
 * user, whose app is often one that others have made.
 */
export function listExcessPermissions(rights: TokenRights | null): string[] {
  if (rights === null || rights.kind === "delegated") return [];
  return rights.permissions.filter(
    (permission) => !USED.has(permission) && (WRITES.test(permission) || CONTENT.test(permission)),
  );
}
