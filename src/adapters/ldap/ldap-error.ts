/**
 * What went wrong with a domain controller, in one sentence, with the mend.
 *
 * Sockets, TLS and LDAP each have their own error shapes, and the texts of most of them help nobody at night. Here each
 * becomes a BatchError; errors are told apart by their codes, never by their texts, with one exception: the reason for a
 * refused bind stands only in Active Directory's comment, as `data 52e`.
 *
 * Source: RFC 4511 appendix A, MS-ERREF 2.2 (Win32 codes behind `data`), Node's tls error codes, checked 2026-11.
 */
import { ResultCodeError } from "ldapts";
import { BatchError, describeError } from "../../core/errors.ts";
import type { LdapTarget } from "./ldap-target.ts";

/**
 * A failure on its way to the caller: the BatchError that it will be, and whether the same request, sent again on a new
 * connection, could fare better.
 */
export class LdapTrouble extends Error {
  override readonly name = "LdapTrouble";
  readonly explained: BatchError;
  readonly passing: boolean;
  /** Another server that holds the same may be asked instead: this one has refused nobody, and nobody has signed in. */
  readonly replaceable: boolean;
  /** The LDAP result that a search ended with; `null` when it did not come to one. */
  readonly searchResult: number | null;

  constructor(
    explained: BatchError,
    passing: boolean,
    { searchResult = null, replaceable = passing }: { searchResult?: number | null; replaceable?: boolean } = {},
  ) {
    super(explained.message, { cause: explained });
    this.explained = explained;
    this.passing = passing;
    this.replaceable = replaceable;
    this.searchResult = searchResult;
  }
}

type Explanation = readonly [sentence: string, mend: string];

const UNTRUSTED: Explanation = [
  "its certificate is signed by an authority that is not trusted here",
  "Set caFile to the certificate of the authority that signed the domain controller's, in PEM.",
];
const NO_TLS: Explanation = [
  "no TLS connection could be agreed on",
  "Check that the port speaks TLS 1.2 or newer (636 for ldaps://) and that the domain controller has a certificate.",
];
const NO_ROUTE: Explanation = [
  "there is no way to it from here",
  "Check VPN, routes and firewalls, and that this is the right domain controller.",
];
const NO_SUCH_HOST: Explanation = [
  "its name is not known in DNS here",
  "Check the host name, and which DNS server this machine asks.",
];
const LOST: Explanation = [
  "it closed the connection",
  "Look at the domain controller's event log and at firewalls that cut connections, then run the command again.",
];

const NOBODY_LISTENS: Explanation = [
  "nothing listens at that address and port",
  "Check host and port in url, and that the domain controller is up.",
];
const OFFERS_LDAPS = "Check host and port in url, and that the domain controller is up and offers LDAPS.";
/** What another try may mend, such as a domain controller that restarts. */
const PASSING_CONNECT_FAILURES = new Set([LOST, NO_ROUTE, NO_SUCH_HOST, NOBODY_LISTENS]);

/** `code` of the error when a wait for the socket was given up because it closed. */
const CLOSED_IN_SILENCE = "ABORT_ERR";

/** By `code` of the error that a socket or TLS raised. */
const CONNECT_FAILURES: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: NOBODY_LISTENS,
  ECONNRESET: LOST,
  EPIPE: LOST,
  ENOTFOUND: NO_SUCH_HOST,
  EAI_AGAIN: NO_SUCH_HOST,
  EHOSTUNREACH: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  ETIMEDOUT: NO_ROUTE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_UNTRUSTED: UNTRUSTED,
  CERT_REJECTED: UNTRUSTED,
  INVALID_CA: UNTRUSTED,
  CERT_HAS_EXPIRED: [
    "its certificate has expired",
    "Renew the domain controller's certificate, and check this machine's clock.",
  ],
  CERT_NOT_YET_VALID: ["its certificate is not valid yet", "Check this machine's clock and the domain controller's."],
  CERT_REVOKED: ["its certificate is revoked", "Give the domain controller a new certificate."],
};

/** By the Win32 error behind `data` in Active Directory's answer to a refused bind. */
const BIND_REFUSALS: Readonly<Record<string, Explanation>> = {
  "525": ["there is no such account", "Check bindDN: a DN, or a user principal name of this domain."],
  "52e": ["the name or the password is wrong", "Check bindDN and the password; it was tried once only."],
  "52f": [
    "the account may not sign in because of a restriction",
    "Check the account's restrictions in Active Directory.",
  ],
  "530": ["the account may not sign in at this time of day", "Change the account's logon hours."],
  "531": ["the account may not sign in from this machine", "Change the account's logon workstations."],
  "532": ["the account's password has expired", "Set a new password for the account."],
  "533": ["the account is disabled", "Enable the account, or name another one in bindDN."],
  "568": ["the account is in too many groups", "Use an account with fewer group memberships."],
  "701": ["the account has expired", "Extend the account, or name another one in bindDN."],
  "773": ["the account's password must be changed first", "Set a new password for the account."],
  "775": ["the account is locked out", "Unlock the account, and find out who tried wrong passwords."],
};

const UNSIGNED: Explanation = [
  "it asks for an encrypted connection before a sign-in",
  "Use ldaps://, or set startTls: true.",
];

/** By LDAP result code. */
const RESULTS: Readonly<Record<number, Explanation>> = {
  1: [
    "it reports an operations error, most often a search without a sign-in before it",
    "Run the command again; if that does not help, look at the domain controller's Directory Service log.",
  ],
  3: ["the search took longer than it allows", "Try at a quieter time, or name a less busy domain controller."],
  4: [
    "it does not hand out one account in one answer",
    "Raise MaxPageSize in the domain's LDAP policy; 1000 is its default.",
  ],
  8: UNSIGNED,
  10: ["it refers to another server, which is never followed", "Name a domain controller of the accounts' own domain."],
  11: ["the search exceeds a limit of its LDAP policy", "Set the domain's LDAP policy back to its defaults."],
  12: [
    "it does not know an LDAP control of Active Directory's",
    "Check that this is an Active Directory domain controller.",
  ],
  13: UNSIGNED,
  32: ["the search base does not exist", "Check baseDN."],
  34: ["the search base is no distinguished name", "Check baseDN."],
  50: ["the account may not read there", "Give the account of bindDN read permission."],
  51: ["it is too busy to answer", "Try again later, or name a less busy domain controller."],
  52: ["it is not available at the moment", "Wait until it has started up, or name another domain controller."],
  53: ["it is not willing to answer", "Look at the domain controller's Directory Service log."],
};

const BUSY_OR_UNAVAILABLE = new Set([51, 52]);

/** The connection or its TLS could not be had. Passing when nothing answered; a certificate does not mend itself. */
export function explainConnectFailure(error: unknown, target: LdapTarget): LdapTrouble {
  if (error instanceof LdapTrouble) return error;
  const code = errorCode(error);
  const where = nameOf(target);
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const sentence = `${where} is not trusted: its certificate is not for ${target.expectedName}.`;
    const mend =
      "Set serverName to a name that stands in the certificate, and use it only if that is the right server.";
    return new LdapTrouble(new BatchError("directory", sentence, mend, { cause: error }), false);
  }
  const explanation = CONNECT_FAILURES[code] ?? (code === "" || code === CLOSED_IN_SILENCE ? LOST : NO_TLS);
  const [sentence, ordinaryMend] = explanation;
  const mend = explanation === NOBODY_LISTENS && /^ldaps:/i.test(target.url) ? OFFERS_LDAPS : ordinaryMend;
  const verb = explanation === UNTRUSTED || code.startsWith("CERT_") ? "is not trusted" : "cannot be reached";
  const explained = new BatchError("directory", `${where} ${verb}: ${sentence}.`, mend, {
    details: code in CONNECT_FAILURES || code === CLOSED_IN_SILENCE ? [] : [quoteServer(describeError(error))],
    cause: error,
  });
  const passing = PASSING_CONNECT_FAILURES.has(explanation);
  // an alert is the server's answer, most often to our client certificate; anything else is no TLS server
  return new LdapTrouble(explained, passing, {
    replaceable: passing || (explanation === NO_TLS && !/ALERT/.test(code)),
  });
}

/** No encrypted connection within the limit. @param connected It took the connection, and then said nothing. */
export function connectTimedOut(target: LdapTarget, connected: boolean): LdapTrouble {
  const [reason, mend] = connected
    ? [`it took the connection, but completed no TLS within ${target.connectTimeoutMs} ms`, NO_TLS[1]]
    : [`no connection within ${target.connectTimeoutMs} ms`, NO_ROUTE[1]];
  return new LdapTrouble(new BatchError("directory", `${nameOf(target)} cannot be reached: ${reason}.`, mend), true);
}

/** StartTLS was answered with something else than one plain yes, or not at all; no name or password was sent. */
export function startTlsRefused(target: LdapTarget, reason: string, { replaceable = false } = {}): LdapTrouble {
  const sentence = `${nameOf(target)} did not start TLS: ${reason}. Nobody signed in.`;
  const mend =
    "Give the domain controller a certificate, or use ldaps://; if it has one, look for what stands between.";
  return new LdapTrouble(new BatchError("directory", sentence, mend), false, { replaceable });
}

/** The connection ended before an answer was whole. */
export function connectionLost(target: LdapTarget, cause?: unknown): LdapTrouble {
  const sentence = `${nameOf(target)} did not answer: ${LOST[0]}.`;
  return new LdapTrouble(new BatchError("directory", sentence, LOST[1], { cause }), true);
}

/** No whole answer within the limit. */
export function operationTimedOut(target: LdapTarget): LdapTrouble {
  const sentence = `${nameOf(target)} did not answer within ${target.operationTimeoutMs} ms.`;
  return new LdapTrouble(
    new BatchError("directory", sentence, "Name a less busy domain controller, or try later."),
    true,
  );
}

/** What came back cannot be read as LDAP, or not as a whole answer. */
export function answerUnreadable(target: LdapTarget, reason: string, cause?: unknown): LdapTrouble {
  const sentence = `${nameOf(target)} sent an answer that cannot be trusted: ${reason}.`;
  const mend = "Check that this is a domain controller, and that no proxy stands between.";
  return new LdapTrouble(new BatchError("directory", sentence, mend, { cause }), false);
}

/** The server's answer to a bind was not success. Never passing: a second try could lock the account out. */
export function explainBindRefusal(error: ResultCodeError, target: LdapTarget): LdapTrouble {
  const win32 = /\bdata ([0-9a-f]+)/i.exec(error.message)?.[1]?.toLowerCase() ?? "";
  const [reason, mend] = (error.code === 49 ? (BIND_REFUSALS[win32] ?? BIND_REFUSALS["52e"]) : RESULTS[error.code]) ?? [
    `the answer was LDAP result ${error.code}`,
    "Look at the domain controller's Directory Service log.",
  ];
  const sentence = `${nameOf(target)} refused the sign-in of ${target.signsInAs}: ${reason}.`;
  const details = [quoteServer(error.message)];
  return new LdapTrouble(new BatchError("directory", sentence, mend, { details }), false);
}

/** The server took the connection for an anonymous one, although a client certificate was shown. */
export function certificateNotTaken(target: LdapTarget): LdapTrouble {
  const sentence = `${nameOf(target)} did not accept the client certificate: it takes us for nobody.`;
  const mend =
    "Map the certificate to an account in Active Directory, and let the domain controller trust the authority that signed it.";
  return new LdapTrouble(new BatchError("directory", sentence, mend), false);
}

/** Every domain controller of a list was tried, and none could be reached. */
export function nobodyReached(troubles: readonly LdapTrouble[], domain: string): LdapTrouble {
  const sentence = `Directory ${domain}: none of its ${troubles.length} domain controllers can be reached.`;
  const mend = "Check VPN, routes and firewalls, and the names in url.";
  const details = troubles.map(({ explained }) => explained.message);
  return new LdapTrouble(new BatchError("directory", sentence, mend, { details }), true);
}

/** The server's answer to a search was not success. */
export function explainSearchFailure(error: ResultCodeError, target: LdapTarget, baseDn: string): LdapTrouble {
  const [reason, mend] = RESULTS[error.code] ?? [
    `the answer was LDAP result ${error.code}`,
    "Look at the domain controller's Directory Service log.",
  ];
  const sentence = `${nameOf(target)} could not search ${baseDn === "" ? "its root" : baseDn}: ${reason}.`;
  const explained = new BatchError("directory", sentence, mend, { details: [quoteServer(error.message)] });
  return new LdapTrouble(explained, BUSY_OR_UNAVAILABLE.has(error.code), {
    searchResult: error.code,
    replaceable: false,
  });
}

/** The last page of a scan was empty, twice: whether more would have come, ldapts does not tell. */
export function endUnclear(target: LdapTarget, baseDn: string): LdapTrouble {
  const sentence = `${nameOf(target)} sent the users below ${baseDn} with an empty last page: whether that is all cannot be told.`;
  const mend = "Run the command again at a quieter time; a busy domain controller sends empty pages.";
  return new LdapTrouble(new BatchError("directory", sentence, mend), false);
}

/** The caller's signal ended the work. A BatchError that was given as the reason is kept. */
export function stoppedBySignal(signal: AbortSignal, target: LdapTarget): BatchError {
  if (signal.reason instanceof BatchError) return signal.reason;
  const sentence = `Reading directory ${target.domain} was stopped.`;
  return new BatchError("interrupted", sentence, "Run the command again.", { cause: signal.reason });
}

/** As the configuration has it, so that nobody mends the wrong line of it. */
function nameOf({ role, domain, url }: LdapTarget): string {
  return role === "catalog" ? `The globalCatalog of ${domain} (${url})` : `Directory ${domain} (${url})`;
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

/** A server's or library's own words, on one line and not endless. */
function quoteServer(text: string): string {
  const oneLine = text.replace(/\p{C}+/gu, " ").trim();
  return oneLine.length > 300 ? `${oneLine.slice(0, 300)}...` : oneLine;
}

/** @see ResultCodeError: every LDAP result but success. */
export function isResultCode(error: unknown): error is ResultCodeError {
  return error instanceof ResultCodeError;
}
