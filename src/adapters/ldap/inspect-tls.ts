/**
 * What a server shows in TLS, trusted or not: for somebody who has to find out why it is not.
 *
 * This is the one place that completes TLS with a server that is not trusted. The connection ends with the handshake:
 * nothing is asked on it, nobody signs in on it, and it is never handed out.
 *
 * Source: Node 24's tls (authorizationError, getPeerCertificate), checked 2026-11.
 */
import { connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import type { CertificateFacts, TlsFacts } from "../../core/diagnosis/directory-lines.ts";
import { explainConnectFailure } from "./ldap-error.ts";
import type { LdapTarget } from "./ldap-target.ts";
import { requestTls, tlsOptionsOf, waitForEvent, withPlainSocket } from "./secure-socket.ts";

/** Deeper chains than any real one: a chain from outside may have no end. */
const MOST_CERTIFICATES = 10;

/** @throws {LdapTrouble} unreachable, or no TLS. @throws {BatchError} interrupted. */
export async function inspectTls(target: LdapTarget, signal: AbortSignal): Promise<TlsFacts> {
  return await withPlainSocket(target, { address: null, signal }, async (plain, ended) => {
    if (target.tls === "start-tls") await requestTls(plain, target, ended);
    const secure = connectTls({ ...tlsOptionsOf(target), socket: plain, rejectUnauthorized: false });
    secure.on("error", () => secure.destroy()); // its reason goes to whoever waits for the handshake
    try {
      await waitForEvent(secure, "secureConnect", ended);
      return readFacts(secure, target);
    } finally {
      secure.destroy();
      plain.destroy();
    }
  });
}

function readFacts(socket: TLSSocket, target: LdapTarget): TlsFacts {
  const explained = socket.authorized ? null : explainConnectFailure(readDistrust(socket), target).explained;
  return {
    protocol: socket.getProtocol() ?? "TLS",
    chain: listChain(socket.getPeerCertificate(true)),
    trouble: explained === null ? null : { message: explained.message, mend: explained.hint },
  };
}

/** Declared as an Error, and in fact the code of one; that of a wrong name among them. */
function readDistrust({ authorizationError }: TLSSocket): Error {
  const code = String(authorizationError);
  return Object.assign(new Error(code), { code });
}

function listChain(certificate: DetailedPeerCertificate): CertificateFacts[] {
  const chain: CertificateFacts[] = [];
  const seen = new Set<string>();
  let each: DetailedPeerCertificate | undefined = certificate;
  while (each !== undefined && chain.length < MOST_CERTIFICATES && !seen.has(each.fingerprint256)) {
    seen.add(each.fingerprint256);
    chain.push({
      subject: nameOf(each.subject),
      issuer: nameOf(each.issuer),
      validFrom: new Date(each.valid_from).toISOString(),
      validTo: new Date(each.valid_to).toISOString(),
    });
    each = each.issuerCertificate;
  }
  return chain;
}

/** The common name, or else the last part that there is; any part may come several times. */
function nameOf(subject: DetailedPeerCertificate["subject"]): string {
  const parts = Object.entries(subject);
  const named = parts.find(([key]) => key === "CN") ?? parts.at(-1);
  return named === undefined ? "no name" : [named[1]].flat().join(" ");
}
