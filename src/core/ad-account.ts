/**
 * An account as Active Directory has it, reduced to what this program decides by.
 */
import type { DirectorySource } from "./directory-source.ts";
import type { Guid } from "./guid.ts";

/** What an entry is; only a `user` can be hard matched. */
export type AdAccountKind = "user" | "computer" | "managed-service-account" | "contact" | "group" | "other";

/** Bit of userAccountControl. Source: MS-ADTS 2.2.16, checked 2026-11. */
export const ACCOUNT_DISABLED = 0x2;

/** Text attributes that decide nothing: sync copies them into the cloud user once it has taken it over. */
export const PROFILE_ATTRIBUTES = [
  "title",
  "department",
  "company",
  "physicalDeliveryOfficeName",
  "telephoneNumber",
  "mobile",
  "streetAddress",
  "l",
  "st",
  "postalCode",
  "co",
  "c",
  /** A DN. */
  "manager",
] as const;
export type ProfileAttribute = (typeof PROFILE_ATTRIBUTES)[number];

export type AdAccount = {
  /** NetBIOS name of the domain whose directory answered. */
  readonly domain: string;
  readonly dn: string;
  /** sAMAccountName as the directory spells it. */
  readonly accountName: string;
  readonly kind: AdAccountKind;
  readonly objectGuid: Guid;
  /** mS-DS-ConsistencyGuid as stored: any number of bytes; `null` when the attribute is absent. */
  readonly consistencyGuid: Uint8Array | null;
  /** {@link ACCOUNT_DISABLED} is set. */
  readonly disabled: boolean;
  /** adminCount is 1, or a built-in account. */
  readonly protectedAccount: boolean;
  /** Textual SID, `S-1-5-21-...`. */
  readonly objectSid: string | null;
  readonly sidHistory: readonly string[];
  readonly userPrincipalName: string | null;
  readonly displayName: string | null;
  readonly givenName: string | null;
  readonly surname: string | null;
  readonly mail: string | null;
  /** As stored, with `SMTP:` or `smtp:` in front. */
  readonly proxyAddresses: readonly string[];
  readonly employeeId: string | null;
  /** Those that have a value. */
  readonly profile: Readonly<Partial<Record<ProfileAttribute, string>>>;
};

/** The profile of an account. @param read The attribute's value; `null` where there is none. */
export function readProfile(read: (attribute: ProfileAttribute) => string | null): AdAccount["profile"] {
  const profile: Partial<Record<ProfileAttribute, string>> = {};
  for (const attribute of PROFILE_ATTRIBUTES) {
    const value = read(attribute);
    if (value !== null) profile[attribute] = value;
  }
  return profile;
}

/** From the most special class to the most general one: a managed service account is also a computer and a user. */
const KIND_OF_CLASS: readonly (readonly [objectClass: string, kind: AdAccountKind])[] = [
  ["msds-groupmanagedserviceaccount", "managed-service-account"],
  ["msds-managedserviceaccount", "managed-service-account"],
  ["msds-delegatedmanagedserviceaccount", "managed-service-account"],
  ["computer", "computer"],
  ["contact", "contact"],
  ["group", "group"],
  ["user", "user"],
  ["inetorgperson", "user"], // a subclass of user in AD; an export may name the most special class only
];

/** @param classes The values of objectClass, all of them or the most special one. */
export function kindOfClasses(classes: readonly string[]): AdAccountKind {
  const folded = new Set(classes.map((objectClass) => objectClass.toLowerCase()));
  return KIND_OF_CLASS.find(([objectClass]) => folded.has(objectClass))?.[1] ?? "other";
}

/** Which domain a directory really is, and which server answered. */
export type DirectoryIdentity = {
  /** NetBIOS name, as rows name the domain: the configuration's, or the one that the directory says. */
  readonly domain: string;
  /** objectGUID of the domain's head: stays the same whatever the domain is called. */
  readonly domainId: Guid;
  readonly baseDn: string;
  /** The server that answered, for the record: a host name or a file name. */
  readonly server: string;
  /** Where it was reached, as configured; missing for a file. */
  readonly url?: string;
  readonly source: DirectorySource;
};
