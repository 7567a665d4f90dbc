/**
 * Where to connect and whom to trust, checked before the first byte leaves the machine.
 *
 * A domain controller refuses a simple bind without TLS only after the password has crossed the network in clear, so
 * the refusal has to be ours. A Global Catalog answers without mS-DS-ConsistencyGuid, which would look like an account
 * that has none and give it a wrong immutable ID, so its ports are refused where accounts are read.
 *
 * Source: MS-ADTS 3.1.1.3.2 and 5.1.1.2, MS-ADA2 (isMemberOfPartialAttributeSet), checked 2026-11.
 */
import { X509Certificate } from "node:crypto";
import { isIPv4 } from "node:net";
import { BatchError } from "../../core/errors.ts";
import type { CatalogSettings } from "./ldap-settings.ts";

/** One domain controller, and how one may talk to it. */
export type LdapTarget = {
  readonly role: ServerRole;
  /** NetBIOS name from the configuration, or the host where it is still to be learnt; for messages. */
  readonly domain: string;
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** `none` only on loopback. */
  readonly tls: "from-the-start" | "start-tls" | "none";
  /** PEM certificates that may sign the server's; `null` for the authorities that Node trusts. */
  readonly ca: string | null;
  /** The name or address that must stand in the server's certificate. */
  readonly expectedName: string;
  /** The account in words, for messages. */
  readonly signsInAs: string;
  readonly connectTimeoutMs: number;
  readonly operationTimeoutMs: number;
};

type TargetSettings = Omit<CatalogSettings, "gate" | "connections" | "retryPausesMs">;

/** What is asked of the server: a domain's own accounts, or where in the forest accounts lie. */
export type ServerRole = "domain" | "catalog";

const DOMAIN_PORTS = { "ldaps:": 636, "ldap:": 389 } as const;
const CATALOG_PORTS = { "ldaps:": 3269, "ldap:": 3268 } as const;

/**
 * @throws {BatchError} config: no LDAP URL, one with a name, password, path or query in it, the other role's port,
 *   `ldap://` without StartTLS to anywhere but loopback, StartTLS on `ldaps://`, a certificate without TLS, no bind DN, or
 *   a `ca` that is no PEM.
 */
export function parseTarget(settings: TargetSettings, role: ServerRole): LdapTarget {
  const { ca, signIn, startTls, serverName, connectTimeoutMs, operationTimeoutMs } = settings;
  const domain = settings.domain ?? settings.url;
  const refuse = (reason: string, hint: string) => new BatchError("config", `Directory ${domain}: ${reason}.`, hint);
  const setting = role === "catalog" ? "globalCatalog" : "the url";
  const url = URL.parse(settings.url);
  const protocol = url?.protocol;
  if (url === null || (protocol !== "ldap:" && protocol !== "ldaps:") || url.hostname === "") {
    throw refuse(`${setting} is not an LDAP URL`, "Write it as ldaps://dc1.corp.contoso.example.");
  }
  if (url.username !== "" || url.password !== "") {
    throw refuse(
      `${setting} holds a user name or a password`,
      "Take it out: bindDN and the password's source are settings of their own.",
    );
  }
  if (!["", "/"].includes(url.pathname) || url.search !== "" || url.hash !== "") {
    throw refuse(`${setting} goes on after the host and port`, "Give the base DN in baseDN.");
  }
  if (signIn.method === "simple" && signIn.bindDn.trim() === "")
    throw refuse("bindDN is empty", "Name the account that reads the directory.");
  const isLdaps = protocol === "ldaps:";
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const ownPorts = role === "domain" ? DOMAIN_PORTS : CATALOG_PORTS;
  const port = url.port === "" ? ownPorts[protocol] : Number(url.port);
  if (role === "domain" && isPortOf(CATALOG_PORTS, port)) {
    throw refuse(
      `port ${port} is a Global Catalog, which does not hold mS-DS-ConsistencyGuid`,
      "Use a domain controller of the domain itself: ldaps:// with port 636, or ldap:// with startTls and port 389.",
    );
  }
  if (role === "catalog" && isPortOf(DOMAIN_PORTS, port)) {
    throw refuse(
      `port ${port} of globalCatalog is a domain's own, which does not know the rest of the forest`,
      "Use port 3269 for ldaps://, or port 3268 for ldap:// with startTls.",
    );
  }
  if (isLdaps && startTls) {
    throw refuse(
      `startTls is for ldap://, and ${setting} says ldaps://`,
      `Remove startTls, or change ${setting} to ldap://.`,
    );
  }
  const tls = isLdaps ? "from-the-start" : startTls ? "start-tls" : "none";
  if (tls === "none" && !isLoopback(host)) {
    throw refuse(
      `${settings.url} would send the password unencrypted, so no connection was made`,
      "Use ldaps://, or set startTls: true.",
    );
  }
  if (tls === "none" && signIn.method === "external") {
    throw refuse("a client certificate is shown in TLS only", "Use ldaps://, or set startTls: true.");
  }
  if (ca !== null && !isPemCertificate(ca)) {
    throw refuse("caFile holds no PEM certificate", "Export the domain's root certificate as Base-64 encoded X.509.");
  }
  return {
    role,
    domain: settings.domain ?? host,
    url: settings.url,
    host,
    port,
    tls,
    ca,
    expectedName: serverName ?? host,
    signsInAs: signIn.method === "simple" ? signIn.bindDn : "the client certificate",
    connectTimeoutMs,
    operationTimeoutMs,
  };
}

function isPortOf(ports: typeof DOMAIN_PORTS | typeof CATALOG_PORTS, port: number): boolean {
  return Object.values(ports).some((own) => own === port);
}

/** 127.0.0.0/8, ::1 and localhost. */
function isLoopback(host: string): boolean {
  return host.toLowerCase() === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

/** One or more certificates, all of them readable: TLS itself passes over those that are not. */
function isPemCertificate(pem: string): boolean {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];
  return certificates.length > 0 && certificates.every(isReadable);
}

function isReadable(certificate: string): boolean {
  try {
    return new X509Certificate(certificate).subject !== undefined;
  } catch {
    return false; // the answer itself: what OpenSSL cannot read is no certificate
  }
}
