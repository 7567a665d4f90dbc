/**
 * The entries that every domain controller has: rootDSE, domain head, Configuration and its Partitions.
 *
 * Source: rootDSE attributes MS-ADTS 3.1.1.3.2, crossRef objects MS-ADTS 6.1.1.2.1 (the crossRefs
 * were compared with those of Samba AD).
 */
import { guidBytesForName, guidToBytes, sidToBytes } from "./guid-and-sid.ts";
import { type AttributeValues, CONTROL, EXTENDED } from "./ldap-message.ts";
import { MATCHING_RULE } from "./match-filter.ts";
import type { SimulatedDomain, SimulatedEntry } from "./world.ts";

export type NamingContexts = { domain: string; configuration: string; schema: string; forest: string };

export function namingContexts(domain: SimulatedDomain): NamingContexts {
  const forest = domain.forestDn ?? domain.baseDn;
  const configuration = `CN=Configuration,${forest}`;
  return { domain: domain.baseDn, configuration, schema: `CN=Schema,${configuration}`, forest };
}

/** DNS name of a DN that ends in DC= parts. */
export function dnsNameOf(dn: string): string {
  return Array.from(dn.matchAll(/(?:^|,)\s*DC=([^,]+)/gi), ([, label = ""]) => label).join(".");
}

/** @throws {RangeError} if the domain's GUID or SID is not in text form. */
export function domainEntries(domain: SimulatedDomain): SimulatedEntry[] {
  const { configuration, schema, forest } = namingContexts(domain);
  const guid = guidToBytes(domain.objectGuid);
  const sid = sidToBytes(domain.objectSid);
  if (!guid || !sid) throw new RangeError("objectGuid and objectSid of the domain are given in text form");
  const made = (dn: string, objectClass: string, attributes: Record<string, string[]> = {}): SimulatedEntry => ({
    dn,
    objectClass: [objectClass],
    attributes,
    binary: { objectGUID: [guidBytesForName(dn.toLowerCase()).toString("base64")] },
  });
  const crossRef = (cn: string, nCName: string, dnsRoot: string, systemFlags: string, nETBIOSName: string[]) =>
    made(`CN=${cn},CN=Partitions,${configuration}`, "crossRef", {
      nCName: [nCName],
      dnsRoot: [dnsRoot],
      systemFlags: [systemFlags],
      nETBIOSName,
    });
  return [
    {
      ...made(domain.baseDn, "domainDNS", { "msDS-Behavior-Version": ["7"] }),
      binary: { objectGUID: [guid.toString("base64")], objectSid: [sid.toString("base64")] },
    },
    made(configuration, "configuration"),
    made(schema, "dMD"),
    made(`CN=Partitions,${configuration}`, "crossRefContainer"),
    crossRef("Enterprise Configuration", configuration, dnsNameOf(forest), "1", []),
    crossRef("Enterprise Schema", schema, dnsNameOf(forest), "1", []),
    crossRef(domain.netbiosName, domain.baseDn, domain.dnsName, "3", [domain.netbiosName]),
    ...(domain.otherDomains ?? []).map((other) =>
      crossRef(other.netbiosName, other.baseDn, other.dnsName, "3", [other.netbiosName]),
    ),
  ];
}

/** @param now The server's clock. @param usn Highest update sequence number committed. */
export function rootDse(
  domain: SimulatedDomain,
  { offersTls, now, usn }: { offersTls: boolean; now: Date; usn: number },
): AttributeValues[] {
  const contexts = namingContexts(domain);
  const server = `CN=${domain.hostName.split(".")[0]?.toUpperCase()},CN=Servers,CN=Default-First-Site-Name,CN=Sites,${contexts.configuration}`;
  const values: Record<string, string[]> = {
    objectClass: ["top"],
    currentTime: [`${now.toISOString().replace(/[-:T]/g, "").slice(0, 14)}.0Z`],
    subschemaSubentry: [`CN=Aggregate,${contexts.schema}`],
    dsServiceName: [`CN=NTDS Settings,${server}`],
    namingContexts: [contexts.domain, contexts.configuration, contexts.schema],
    defaultNamingContext: [contexts.domain],
    schemaNamingContext: [contexts.schema],
    configurationNamingContext: [contexts.configuration],
    rootDomainNamingContext: [contexts.forest],
    supportedControl: Object.values(CONTROL),
    supportedLDAPVersion: ["3", "2"],
    supportedLDAPPolicies: ["MaxPageSize", "MaxReceiveBuffer", "MaxResultSetsPerConn", "MaxValRange"],
    supportedMatchingRules: Object.values(MATCHING_RULE),
    supportedExtension: [...(offersTls ? [EXTENDED.startTls] : []), EXTENDED.whoAmI],
    supportedCapabilities: [
      "1.2.840.113556.1.4.800",
      "1.2.840.113556.1.4.1670",
      "1.2.840.113556.1.4.1791",
      "1.2.840.113556.1.4.1935",
      "1.2.840.113556.1.4.2080",
      "1.2.840.113556.1.4.2237",
    ],
    highestCommittedUSN: [String(usn)],
    dnsHostName: [domain.hostName],
    ldapServiceName: [
      `${dnsNameOf(contexts.forest)}:${domain.hostName.split(".")[0]}$@${domain.dnsName.toUpperCase()}`,
    ],
    serverName: [server],
    isSynchronized: ["TRUE"],
    isGlobalCatalogReady: ["TRUE"],
    domainFunctionality: ["7"],
    forestFunctionality: ["7"],
    domainControllerFunctionality: ["7"],
  };
  return Object.entries(values).map(([name, texts]) => ({ name, values: texts }));
}
