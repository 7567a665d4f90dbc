/**
 * What else a tenant says that decides whether sync will take a user over: roles, sync features, federated
 * domains, who owns which address. The write itself can succeed for thousands of users who all fail later, so
 * this is read before the first write.
 *
 * Each fact may be out of reach of the account that is signed in. Then it is `null`, and a gap says which check
 * was not made and which permission it wants: "not checked" is never "fine".
 */
import type { Guid } from "./guid.ts";
import { foldCase } from "./names.ts";

/** A check that could not be made, and what it would need. */
export type CheckGap = {
  /** What was not checked, as it completes "not checked: ...". */
  readonly check: string;
  /** Permission that the read wants. */
  readonly permission: string;
  /** What came back instead. */
  readonly reason: string;
};

/** A directory role that a user holds or may activate. */
export type RoleHolding = {
  readonly role: string;
  readonly privileged: boolean;
  readonly how: "active" | "eligible";
  /** Name of the role-assignable group that it comes through; `null` when it is the user's own. */
  readonly through: string | null;
};

/** Switches of the tenant's sync, from /directory/onPremisesSynchronization. */
export type SyncFeatures = {
  /** blockCloudObjectTakeoverThroughHardMatchEnabled */
  readonly blocksHardMatch: boolean;
  /** allowOnPremUpdateOfOnPremisesObjectIdentifierEnabled */
  readonly allowsIdentifierUpdate: boolean;
  /** passwordSyncEnabled */
  readonly syncsPasswords: boolean;
};

/** Somebody or something in the cloud that has an address, a UPN or a SID. */
export type AddressOwner = {
  readonly id: string;
  readonly name: string;
  readonly kind: "user" | "deleted user" | "group" | "contact";
  /** As stored; `smtp:` prefixes are taken off before they are compared. */
  readonly addresses: readonly string[];
};

export type TakeoverFacts = {
  /** Domains whose sign-in is federated, in lower case. */
  readonly federatedDomains: ReadonlySet<string> | null;
  /** Roles by user; a user that is missing has none. */
  readonly roles: ReadonlyMap<Guid, readonly RoleHolding[]> | null;
  /** Active and eligible roles and those through groups were all readable: who is missing surely has none. */
  readonly rolesAreComplete: boolean;
  /** onPremisesObjectIdentifier of those who have one. */
  readonly objectIdentifiers: ReadonlyMap<Guid, string> | null;
  /** Users whose source of authority was moved to the cloud. */
  readonly cloudManaged: ReadonlySet<Guid> | null;
  readonly features: SyncFeatures | null;
  /** Groups and contacts; users and deleted users are in the snapshot. */
  readonly mailObjects: readonly AddressOwner[] | null;
  readonly gaps: readonly CheckGap[];
};

/** Nothing of it was read and nothing is missing: for batches that need none of these checks. */
export const NO_TAKEOVER_FACTS: TakeoverFacts = {
  federatedDomains: new Set(),
  roles: new Map(),
  rolesAreComplete: true,
  objectIdentifiers: new Map(),
  cloudManaged: new Set(),
  features: { blocksHardMatch: false, allowsIdentifierUpdate: false, syncsPasswords: false },
  mailObjects: [],
  gaps: [],
};

/** An address as it is compared: without `SMTP:` or another scheme in front, case aside. */
export function foldAddress(address: string): string {
  return foldCase(address.replace(/^[a-z0-9]+:/i, "").trim());
}
