/**
 * A client certificate, checked before it is shown to a server: a key that does not belong to it would fail as "no TLS".
 *
 * Source: Node 24's crypto and tls, checked 2026-11.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { BatchError, describeError } from "../../core/errors.ts";
import type { ClientCertificate } from "./ldap-settings.ts";

/** What TLS takes. */
export type TlsIdentity = { readonly cert: string; readonly key: string; readonly passphrase?: string };

/**
 * @param domain For the message.
 * @param nowMs Milliseconds since the Unix epoch.
 * @throws {BatchError} config: certificate or key cannot be read, do not belong together, or the certificate is not valid
 *   today. Nothing of the key stands in the message.
 */
export function toTlsIdentity(
  { certificate, key, passphrase }: ClientCertificate,
  domain: string,
  nowMs: number = Date.now(),
): TlsIdentity {
  const parsed = readOrRefuse(domain, "certificateFile holds no certificate", () => new X509Certificate(certificate));
  const privateKey = readOrRefuse(
    domain,
    "keyFile holds no private key that can be read",
    (): KeyObject => createPrivateKey(passphrase === null ? key : { key, passphrase }),
  );
  if (!parsed.checkPrivateKey(privateKey)) throw refuse(domain, "keyFile does not belong to certificateFile");
  if (nowMs > parsed.validToDate.getTime() || nowMs < parsed.validFromDate.getTime())
    throw refuse(
      domain,
      `the certificate in certificateFile is valid from ${parsed.validFrom} to ${parsed.validTo} only`,
    );
  return { cert: certificate, key, ...(passphrase === null ? {} : { passphrase }) };
}

function readOrRefuse<Value>(domain: string, reason: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw refuse(domain, `${reason}: ${describeError(error)}`, error);
  }
}

function refuse(domain: string, reason: string, cause?: unknown): BatchError {
  return new BatchError(
    "config",
    `Directory ${domain}: ${reason}. No connection was made.`,
    "Give the account's certificate and its own key, both in PEM; name the key's password in keyPasswordEnv if it has one.",
    { cause },
  );
}
