/**
 * Requests and answers of LDAP v3 as plain values (RFC 4511 section 4), between the wire and the directory.
 */

export const RESULT = {
  success: 0,
  operationsError: 1,
  protocolError: 2,
  timeLimitExceeded: 3,
  sizeLimitExceeded: 4,
  authMethodNotSupported: 7,
  strongerAuthRequired: 8,
  referral: 10,
  unavailableCriticalExtension: 12,
  noSuchAttribute: 16,
  constraintViolation: 19,
  attributeOrValueExists: 20,
  invalidAttributeSyntax: 21,
  noSuchObject: 32,
  invalidDnSyntax: 34,
  invalidCredentials: 49,
  insufficientAccessRights: 50,
  unavailable: 52,
  unwillingToPerform: 53,
  notAllowedOnRdn: 67,
} as const;

export const CONTROL = {
  pagedResults: "1.2.840.113556.1.4.319",
  showDeleted: "1.2.840.113556.1.4.417",
  domainScope: "1.2.840.113556.1.4.1339",
  permissiveModify: "1.2.840.113556.1.4.1413",
  showRecycled: "1.2.840.113556.1.4.2064",
} as const;

export const EXTENDED = {
  startTls: "1.3.6.1.4.1.1466.20037",
  noticeOfDisconnection: "1.3.6.1.4.1.1466.20036",
  whoAmI: "1.3.6.1.4.1.4203.1.11.3",
} as const;

/** A search filter as parsed from the wire; assertion values stay octets until the attribute's syntax is known. */
export type Filter =
  | { kind: "and" | "or"; filters: readonly Filter[] }
  | { kind: "not"; filter: Filter }
  | { kind: "equality" | "greater-or-equal" | "less-or-equal" | "approx"; attribute: string; value: Buffer }
  | { kind: "substring"; attribute: string; initial: Buffer | null; any: readonly Buffer[]; final: Buffer | null }
  | { kind: "present"; attribute: string }
  | { kind: "extensible"; rule: string | null; attribute: string | null; value: Buffer; dnAttributes: boolean };

export type Scope = "base" | "one" | "sub";
export type Control = { oid: string; critical: boolean; value: Buffer | null };

export type SearchRequest = {
  kind: "search";
  base: string;
  scope: Scope;
  /** Entries; 0 = no limit asked for. */
  sizeLimit: number;
  typesOnly: boolean;
  filter: Filter;
  attributes: readonly string[];
};

export type AttributeChange = { change: "add" | "delete" | "replace"; attribute: string; values: readonly Buffer[] };
export type ModifyRequest = { kind: "modify"; dn: string; changes: readonly AttributeChange[] };
/** `password` is `null` for a SASL bind, whose mechanism is then named. */
export type BindRequest = {
  kind: "bind";
  version: number;
  name: string;
  password: string | null;
  mechanism: string | null;
};

export type Operation =
  | BindRequest
  | { kind: "unbind" }
  | SearchRequest
  | ModifyRequest
  | { kind: "abandon"; target: number }
  | { kind: "extended"; oid: string }
  /** Known to LDAP, answered with unwillingToPerform here: add, delete, modify DN, compare. */
  | { kind: "not-simulated"; answerTag: number };

export type LdapRequest = { messageId: number; operation: Operation; controls: readonly Control[] };

export type LdapResult = { code: number; message: string; matchedDn?: string; referrals?: readonly string[] };

/** An attribute as it leaves the server: text or octets. */
export type AttributeValues = { name: string; values: readonly (string | Buffer)[] };
