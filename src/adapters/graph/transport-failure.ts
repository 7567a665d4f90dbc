/**
 * A request without an answer, and the one question that matters about it: can Graph have seen it?
 *
 * A write that never left may be sent again; one whose answer was lost may not. So `not-sent` is a closed list of
 * failures that happen before the first byte of a request is written (name look-up, connecting, TLS handshake),
 * and everything else, known or new, is `lost`.
 *
 * Source: Node.js error codes, OpenSSL verify codes, undici error classes (Node 24, checked 2026-11)
 */
import { describeError } from "../../core/errors.ts";
import { isGraphHost } from "./clouds.ts";

export class TransportFailure extends Error {
  override readonly name = "TransportFailure";
  readonly sent: "not-sent" | "lost";
  /** false when trying again cannot help: a certificate that is not trusted will not be so in a second. */
  readonly worthRetry: boolean;
  readonly code: string;
  /** Host and port that were asked; `null` where that is not known. */
  readonly host: string | null;

  constructor(
    sent: "not-sent" | "lost",
    code: string,
    message: string,
    { worthRetry = true, host = null }: { readonly worthRetry?: boolean; readonly host?: string | null } = {},
  ) {
    super(message);
    this.host = host;
    this.sent = sent;
    this.code = code;
    this.worthRetry = worthRetry;
  }
}

const NAME_LOOK_UP: ReadonlySet<string> = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA"]);
/** Only ever raised while connecting. */
const CONNECT: ReadonlySet<string> = new Set(["ECONNREFUSED", "UND_ERR_CONNECT_TIMEOUT"]);
/** Raised while connecting, or later: the system call tells. */
const CONNECT_OR_LATER: ReadonlySet<string> = new Set(["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"]);
const CERTIFICATE: ReadonlySet<string> = new Set([
  "CERT_CHAIN_TOO_LONG",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REJECTED",
  "CERT_REVOKED",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "HOSTNAME_MISMATCH",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "PATH_LENGTH_EXCEEDED",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);
/** Handshake only; an alert that can also come later is not on the list. */
const HANDSHAKE: ReadonlySet<string> = new Set([
  "ERR_SSL_NO_PROTOCOLS_AVAILABLE",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
  "ERR_SSL_UNSUPPORTED_PROTOCOL",
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_TLS_HANDSHAKE_TIMEOUT",
]);

/** What a code means, where the library's own words say little. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens at that address and port",
  ENOTFOUND: "its name is not known in DNS here",
  UND_ERR_CONNECT_TIMEOUT: "no connection came about in time",
};

/** What happened, in words, with the host where it is known and with the code once. */
export function describeFailure({ code, message, host, sent }: TransportFailure): string {
  const known = WORDS[code];
  const words = known === undefined && message.includes(code) ? message : `${known ?? message} (${code})`;
  if (host === null) return words;
  return `${host} ${sent === "not-sent" ? "cannot be reached" : "did not answer as it must"}: ${words}`;
}

/**
 * @param error What `fetch` threw.
 * @param host Host and port that were asked.
 * @returns The failure; its message names the cause and never a header or a body.
 */
export function explainTransportError(error: unknown, host: string | null = null): TransportFailure {
  const causes = listCauses(error);
  const codes = causes.map(({ code }) => code);
  const text = describeError(error);
  const code = codes.find((each) => each !== "") ?? "network-error";
  if (codes.some((each) => CERTIFICATE.has(each)))
    return new TransportFailure("not-sent", code, text, { worthRetry: false, host });
  const neverConnected = causes.some(
    (cause) =>
      NAME_LOOK_UP.has(cause.code) ||
      CONNECT.has(cause.code) ||
      HANDSHAKE.has(cause.code) ||
      (CONNECT_OR_LATER.has(cause.code) && cause.duringConnect),
  );
  return new TransportFailure(neverConnected ? "not-sent" : "lost", code, text, { host });
}

type Cause = { readonly code: string; readonly duringConnect: boolean };

/** The chain of causes; of several addresses tried in parallel the group's own code stands for all. */
function listCauses(error: unknown): Cause[] {
  const causes: Cause[] = [];
  for (let each = error; each instanceof Error && causes.length < 10; each = each.cause) {
    const code = "code" in each && typeof each.code === "string" ? each.code : "";
    const connecting = "syscall" in each && each.syscall === "connect";
    // Addresses tried in turn fail together, and only while connecting (Node's autoSelectFamily).
    causes.push({ code, duringConnect: connecting || each instanceof AggregateError });
  }
  return causes;
}

/** What to look at where no answer came, with the key of the configuration that says who is asked. */
export function mendReach(host: string | null): string {
  if (host !== null && !isGraphHost(host))
    return "Check tenant.endpoint in the configuration, and that what listens there is running.";
  return "Check the network and tenant.cloud; behind a proxy set HTTPS_PROXY (before Node 24.14 also NODE_USE_ENV_PROXY=1).";
}
