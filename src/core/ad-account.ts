/**
 * An account as Active Directory has it, reduced to what this program decides by.
 */
import type { Guid } from "./guid.ts";

/** What an entry is; only a `user` can be hard matched. */
export type AdAccountKind = "user" | "computer" | "managed-service-account" | "contact" | "group" | "other";

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
  /** userAccountControl bit 0x2. */
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
};

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
};
