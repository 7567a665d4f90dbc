/**
 * What becomes of one account that a sync engine exports to the tenant: hard match, soft match, a new object, or an error.
 *
 * Follows, checked 2026-11:
 *   order of matching, and only for objects new to the engine;
 *   attributes with an AD value overwrite the cloud's          "Use Microsoft Entra Connect with an existing tenant"
 *   an anchor in the recycle bin revives that user             "Recycle bin for on-premises sync"
 *   soft match needs an empty ImmutableId                      "Troubleshoot errors during synchronization"
 *   a taken UPN: prefix, four digits, the first domain;
 *   a taken proxy address stays away; both leave an error      "Duplicate attribute resiliency"
 *   refusals                                                   refusals.ts
 * Compared with no live tenant. Unverified choices: the four digits follow from the account; a conflicting UPN of a matched
 * user leaves the old one; a deleted user is not soft matched; groups and contacts count for proxy addresses only.
 */
import { createHash } from "node:crypto";
import type { TenantStore, UserChanges } from "../tenant/store.ts";
import { describeUser, type ProvisioningError, type SimulatedUser } from "../tenant/world.ts";
import type { SyncedAccount } from "./account.ts";
import { type ExportError, holdsPrivilegedRole, refuseTakeover } from "./refusals.ts";

/** How an export ended; `userId` is the object that the account is joined with from now on. */
export type ExportResult =
  | { readonly kind: "matched" | "soft-matched" | "revived" | "made" | "updated"; readonly userId: string }
  | { readonly kind: "refused"; readonly error: ExportError };

/** @param at ISO time of the cycle. */
export function exportNewAccount(store: TenantStore, account: SyncedAccount, at: string): ExportResult {
  const [live] = store.findHolders(account.anchor, { deletedToo: false });
  const holder = live === undefined ? null : store.findUser(live);
  if (holder !== null) {
    if (holder.onPremisesSyncEnabled === true) return refused("AttributeValueMustBeUnique", "SourceAnchor is in use.");
    return takeOver(store, holder, account, { at, kind: "matched" });
  }
  const [dead] = store.findHolders(account.anchor, { deletedToo: true });
  if (dead !== undefined) return revive(store, dead, account, at);
  const same = findSoftMatch(store, account);
  if (same !== null) {
    if (store.world.syncFeatures.blockSoftMatchEnabled === true)
      return refused("InvalidSoftMatch", "The tenant blocks soft match.");
    if (holdsPrivilegedRole(store, same.id)) return refused("ExistingAdminRoleConflict", "The cloud user has a role.");
    return takeOver(store, same, account, { at, kind: "soft-matched" });
  }
  return makeUser(store, account, at);
}

/** An account that is joined already: its attributes are exported again. */
export function exportKnownAccount(
  store: TenantStore,
  account: SyncedAccount,
  joined: { readonly userId: string; readonly anchor: string },
  at: string,
): ExportResult {
  if (account.anchor !== joined.anchor)
    return refused("SourceAnchorChanged", "The source anchor changed after the export.");
  const user = store.findUser(joined.userId);
  if (user === null) return refused("ObjectNotFound", "The object was deleted in the cloud.");
  store.changeUser(user.id, changesFor(store, account, user, at), "foreign");
  return { kind: "updated", userId: user.id };
}

function refused(code: string, text: string): ExportResult {
  return { kind: "refused", error: { code, text } };
}

function takeOver(
  store: TenantStore,
  user: SimulatedUser,
  account: SyncedAccount,
  { at, kind }: { readonly at: string; readonly kind: "matched" | "soft-matched" },
): ExportResult {
  const error = refuseTakeover(store, user, account);
  if (error !== null) return { kind: "refused", error };
  store.changeUser(user.id, changesFor(store, account, user, at), "foreign");
  return { kind, userId: user.id };
}

function revive(store: TenantStore, id: string, account: SyncedAccount, at: string): ExportResult {
  const deleted = store.findDeletedUser(id);
  if (deleted === null) return refused("ObjectNotFound", "The object was purged.");
  const error = refuseTakeover(store, deleted, account);
  if (error !== null) return { kind: "refused", error };
  const prefix = id.replaceAll("-", "");
  const name = deleted.userPrincipalName;
  store.restoreUser(id, { userPrincipalName: name.startsWith(prefix) ? name.slice(prefix.length) : name });
  const user = store.findUser(id);
  if (user !== null) store.changeUser(id, changesFor(store, account, user, at), "foreign");
  return { kind: "revived", userId: id };
}

/** A cloud-only user without an anchor that has the account's UPN or primary address. */
function findSoftMatch(store: TenantStore, account: SyncedAccount): SimulatedUser | null {
  const primary = account.proxyAddresses.find((address) => address.startsWith("SMTP:"))?.slice(5) ?? account.mail;
  const byName = account.userPrincipalName === null ? null : store.findUser(account.userPrincipalName);
  const byAddress = primary === null ? [] : [...store.findByAddress("proxyAddresses", `smtp:${primary}`)];
  const found = [byName, ...byAddress.map((id) => store.findUser(id))];
  return (
    found.find((user) => user !== null && user.onPremisesImmutableId === null && user.onPremisesSyncEnabled !== true) ??
    null
  );
}

function makeUser(store: TenantStore, account: SyncedAccount, at: string): ExportResult {
  const digest = createHash("sha256").update(`made by sync ${account.key}`).digest();
  const hex = digest.toString("hex");
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  const wanted = account.userPrincipalName ?? `${account.accountName}@${store.world.initialDomain}`;
  const free = isVerified(store, wanted) && store.findUser(wanted) === null;
  const prefix = wanted.slice(0, wanted.indexOf("@"));
  const digits = String(digest.readUInt32BE(28) % 10_000).padStart(4, "0");
  const name = free ? wanted : `${prefix}${digits}@${store.world.initialDomain}`;
  const made = describeUser({ id, userPrincipalName: name, createdDateTime: at, accountEnabled: account.enabled });
  store.addUser(made);
  const conflict = free || !isVerified(store, wanted) ? [] : [conflictOn("UserPrincipalName", wanted, at)];
  const changes = changesFor(store, { ...account, userPrincipalName: null }, made, at);
  const errors = [...conflict, ...(changes.onPremisesProvisioningErrors ?? [])];
  const synced = { ...changes, onPremisesUserPrincipalName: account.userPrincipalName };
  store.changeUser(id, { ...synced, onPremisesProvisioningErrors: errors }, "foreign");
  return { kind: "made", userId: id };
}

/** What sync writes to an object that it owns: everything that has a value in AD. */
function changesFor(store: TenantStore, account: SyncedAccount, user: SimulatedUser, at: string): UserChanges {
  const errors: ProvisioningError[] = [];
  const wanted = account.userPrincipalName;
  const holder = wanted === null ? null : store.findUser(wanted);
  const nameIsFree = wanted !== null && isVerified(store, wanted) && (holder === null || holder.id === user.id);
  if (wanted !== null && holder !== null && holder.id !== user.id)
    errors.push(conflictOn("UserPrincipalName", wanted, at));
  const proxies = account.proxyAddresses.filter((address) => {
    if (!isTaken(store, address, user.id)) return true;
    errors.push(conflictOn("ProxyAddresses", address, at));
    return false;
  });
  return {
    ...(nameIsFree && wanted !== null && { userPrincipalName: wanted }),
    ...(account.displayName !== null && { displayName: account.displayName }),
    ...(account.givenName !== null && { givenName: account.givenName }),
    ...(account.surname !== null && { surname: account.surname }),
    ...(account.mail !== null && { mail: account.mail }),
    ...(account.proxyAddresses.length > 0 && { proxyAddresses: proxies }),
    accountEnabled: account.enabled,
    onPremisesImmutableId: account.anchor,
    onPremisesSyncEnabled: true,
    onPremisesLastSyncDateTime: at,
    onPremisesSecurityIdentifier: account.sid,
    onPremisesSamAccountName: account.accountName,
    onPremisesDomainName: account.domainName,
    onPremisesDistinguishedName: account.dn,
    onPremisesUserPrincipalName: account.userPrincipalName,
    onPremisesObjectIdentifier: account.objectGuid,
    onPremisesProvisioningErrors: errors,
  };
}

function isTaken(store: TenantStore, address: string, userId: string): boolean {
  const folded = address.toLowerCase();
  const others = [...store.world.groups, ...store.world.contacts];
  return (
    [...store.findByAddress("proxyAddresses", address)].some((id) => id !== userId) ||
    others.some(({ proxyAddresses }) => proxyAddresses.some((other) => other.toLowerCase() === folded))
  );
}

function isVerified(store: TenantStore, name: string): boolean {
  const domain = name.slice(name.lastIndexOf("@") + 1).toLowerCase();
  return store.world.domains.some(({ id, isVerified: verified }) => verified && id.toLowerCase() === domain);
}

function conflictOn(property: string, value: string, at: string): ProvisioningError {
  return { category: "PropertyConflict", occurredDateTime: at, propertyCausingError: property, value };
}
