/** What the probes of one directory come to, line by line. */
import type { DirectoryIdentity } from "../ad-account.ts";
import { describeSource } from "../directory-source.ts";
import { countOf } from "../words.ts";
import { type DiagnosisCheck, type DiagnosisLine, type Judged, lineOf, ok, warning } from "./diagnosis-line.ts";
import type { Fact } from "./fact.ts";

/** One certificate of a server's chain. */
export type CertificateFacts = {
  /** Common name, or whatever the subject has. */
  readonly subject: string;
  readonly issuer: string;
  /** ISO text. */
  readonly validFrom: string;
  readonly validTo: string;
};

/** What a server showed in TLS. It was asked for nothing, and sent nothing. */
export type TlsFacts = {
  /** As `TLSv1.3`. */
  readonly protocol: string;
  /** The server's own certificate first. */
  readonly chain: readonly CertificateFacts[];
  /** Why it is not trusted; `null` where it is. */
  readonly trouble: { readonly message: string; readonly mend: string } | null;
};

/** One server of a directory. */
export type ServerFacts = {
  /** As configured. */
  readonly url: string;
  readonly addresses: Fact<readonly string[]>;
  readonly connection: Fact<{ readonly address: string; readonly tookMs: number }>;
  /** `null` where there is none to be: without encryption, on loopback. */
  readonly tls: Fact<TlsFacts> | null;
};

/** A few accounts, read as a plan reads them. */
export type SampleFacts = {
  readonly accounts: number;
  /** How many of them show userAccountControl, which an account without read rights does not see. */
  readonly withControl: number;
  /** Of how many whoever signs in may write mS-DS-ConsistencyGuid. */
  readonly writable: number;
};

export type LiveDirectoryFacts = {
  readonly kind: "live";
  /** NetBIOS name, or the host where it is to be learnt. */
  readonly name: string;
  readonly servers: readonly ServerFacts[];
  readonly catalog: ServerFacts | null;
  readonly bind: Fact<{ readonly signedInAs: string; readonly url: string }>;
  readonly identity: Fact<DirectoryIdentity>;
  readonly sample: Fact<SampleFacts>;
};

export type ExportedDirectoryFacts = {
  readonly kind: "export";
  readonly name: string;
  readonly path: string;
  readonly identity: Fact<DirectoryIdentity>;
};

export type DirectoryFacts = LiveDirectoryFacts | ExportedDirectoryFacts;

/** A certificate that ends sooner is worth a warning: cutovers are put off. */
const SOON_MS = 30 * 24 * 60 * 60 * 1000;

/** @param now For the ages of certificates and files. */
export function describeDirectory(facts: DirectoryFacts, now: Date): DiagnosisLine[] {
  if (facts.kind === "export") return [describeExport(facts, now)];
  const { name, servers, catalog, bind, identity, sample } = facts;
  const place = (check: DiagnosisCheck) => ({ part: "directory", subject: name, check }) as const;
  return [
    ...describeServers(servers, name, now),
    lineOf(place("bind"), bind, ({ signedInAs, url }) => ok(`Signed in as ${signedInAs} to ${url}.`)),
    lineOf(place("search-base"), identity, ({ domain, baseDn, server }) =>
      ok(`Domain ${domain}, search base ${baseDn}, answered by ${server}.`),
    ),
    lineOf(place("sample-search"), sample, judgeSample),
    ...(catalog === null ? [] : describeServer(catalog, `${name}, globalCatalog`, now)),
  ];
}

/** The way to a directory's servers, before anybody signs in. @param name Of the directory. */
export function describeServers(servers: readonly ServerFacts[], name: string, now: Date): DiagnosisLine[] {
  return servers.flatMap((server) => describeServer(server, name, now));
}

function describeServer({ url, addresses, connection, tls }: ServerFacts, subject: string, now: Date): DiagnosisLine[] {
  const place = (check: DiagnosisCheck) => ({ part: "directory", subject, check }) as const;
  return [
    lineOf(place("dns"), addresses, (found) => ok(`${url} is at ${found.join(", ")}.`)),
    lineOf(place("tcp"), connection, ({ address, tookMs }) =>
      ok(`${url} takes connections (${address}, ${tookMs} ms).`),
    ),
    tls === null
      ? { ...place("tls"), ...ok(`${url} is on this machine and not encrypted.`) }
      : lineOf(place("tls"), tls, (found) => judgeTls(found, url, now)),
  ];
}

function judgeTls({ protocol, chain, trouble }: TlsFacts, url: string, now: Date): Judged {
  const shown = chain.map(describeCertificate).join("; ");
  if (trouble !== null)
    return { state: "failure", says: `${trouble.message} It showed: ${shown}.`, mend: trouble.mend };
  const soon = chain.find(({ validTo }) => Date.parse(validTo) - now.getTime() < SOON_MS);
  const says = `${url} is trusted over ${protocol}: ${shown}.`;
  if (soon === undefined) return ok(says);
  return warning(
    `${says} That of ${soon.subject} ends on ${dayOf(soon.validTo)}.`,
    "Have the certificate renewed before the night, or make sure that the night comes first.",
  );
}

function describeCertificate({ subject, issuer, validFrom, validTo }: CertificateFacts): string {
  const signed = subject === issuer ? "signed by itself" : `issued by ${issuer}`;
  return `${subject}, ${signed}, valid ${dayOf(validFrom)} to ${dayOf(validTo)}`;
}

function dayOf(isoText: string): string {
  return isoText.slice(0, 10);
}

function judgeSample({ accounts, withControl, writable }: SampleFacts): Judged {
  if (accounts === 0)
    return warning(
      "The search base holds no user account that this account may read.",
      "Check baseDN, and that the account in bindDN may read the users below it.",
    );
  if (withControl < accounts)
    return warning(
      `Of ${countOf(accounts, "account")} read, ${accounts - withControl} did not show userAccountControl.`,
      "Give the account in bindDN read permission for all properties of users: what it cannot see looks empty.",
    );
  const read = `${countOf(accounts, "account")} read, with objectGUID and userAccountControl`;
  const may =
    writable === accounts ? "may be written" : `may be written on ${writable === 0 ? "none" : writable} of them`;
  return ok(`${read}; mS-DS-ConsistencyGuid ${may}, which only plan --write-to ad needs.`);
}

function describeExport({ name, path, identity }: ExportedDirectoryFacts, now: Date): DiagnosisLine {
  return lineOf({ part: "directory", subject: name, check: "export" }, identity, (found) =>
    ok(`${path} can be read: ${describeSource(found, now)}.`),
  );
}
