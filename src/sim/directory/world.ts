/**
 * What a simulated Active Directory domain holds: plain values that can be written as JSON.
 *
 * The server makes the rest from them (rootDSE, domain head, Partitions, missing parent containers), so that a
 * fixture names only what its test is about. Nothing is invented for a fixture's own entries that would hide a
 * defect: an entry without objectGUID is served without one.
 */

/** Why a right password is refused. `locked` refuses a wrong one with the same answer. */
export type CredentialState =
  | "enabled"
  | "disabled"
  | "password-expired"
  | "account-expired"
  | "must-change"
  | "locked";

export type SimulatedCredential = {
  /** User principal name. `NETBIOS\name` and the DN of the entry with this user principal name are accepted too. */
  name: string;
  password: string;
  /** Common name of the client certificates that are mapped to the account. */
  certificateName?: string;
  /** Default: enabled. */
  state?: CredentialState;
};

export type SimulatedEntry = {
  dn: string;
  /** One structural class is enough: its superclasses are added. */
  objectClass: string[];
  /** Values that are text on the wire, by attribute name (any letter case). */
  attributes: Record<string, string[]>;
  /** Values that are octets on the wire, in base64: objectGUID, objectSid, mS-DS-ConsistencyGuid. */
  binary: Record<string, string[]>;
};

/** Another domain of the forest: known by its crossRef only, a search in it is answered with a referral. */
export type OtherDomain = { netbiosName: string; dnsName: string; baseDn: string };

export type SimulatedDomain = {
  netbiosName: string;
  dnsName: string;
  baseDn: string;
  /** Text form of the domain head's objectGUID. */
  objectGuid: string;
  /** Text form of the domain head's objectSid: S-1-5-21-... */
  objectSid: string;
  /** DNS name of this domain controller. */
  hostName: string;
  /** DN of the forest root domain; default: this domain is the root. */
  forestDn?: string;
  otherDomains?: OtherDomain[];
  credentials: SimulatedCredential[];
  entries: SimulatedEntry[];
};
