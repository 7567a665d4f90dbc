/**
 * What a Global Catalog holds: the objects of every domain of the forest, each with a part of its attributes.
 *
 * A client that reads an anchor from a catalog must fail here as it does in production, so the set is a list of what is
 * replicated and not of what is missing.
 *
 * Source: Microsoft Learn, Global Catalog and LDAP Searches (cc978012); isMemberOfPartialAttributeSet in MS-ADA1 to MS-ADA3, checked 2026-11.
 */
import { domainEntries, namingContexts } from "./domain-entries.ts";
import type { SimulatedDomain, SimulatedEntry } from "./world.ts";

const PARTIAL_ATTRIBUTES: ReadonlySet<string> = new Set(
  `cn ou dc name objectClass objectGUID objectSid sIDHistory sAMAccountName userPrincipalName mail proxyAddresses
   displayName givenName sn description userAccountControl isCriticalSystemObject isDeleted isRecycled
   servicePrincipalName dNSHostName groupType primaryGroupID member nCName nETBIOSName dnsRoot systemFlags`
    .toLowerCase()
    .split(/\s+/),
);

/** The other domains' objects as a catalog of the forest holds them, their heads included. */
export function foreignEntries(others: readonly SimulatedDomain[]): SimulatedEntry[] {
  return others.flatMap((domain) => [
    ...domainEntries(domain).filter(({ dn }) => dn === domain.baseDn),
    ...domain.entries,
  ]);
}

/** An object without the attributes that are not replicated to catalogs. */
export function asPartial(entry: SimulatedEntry): SimulatedEntry {
  const keep = (held: Record<string, string[]>) =>
    Object.fromEntries(Object.entries(held).filter(([name]) => PARTIAL_ATTRIBUTES.has(name.toLowerCase())));
  return { ...entry, attributes: keep(entry.attributes), binary: keep(entry.binary) };
}

/** DNs of the naming contexts that a server holds, as the catalog's port shows them. */
export function catalogContexts(domain: SimulatedDomain, others: readonly SimulatedDomain[]): string[] {
  const { schema, configuration } = namingContexts(domain);
  return [schema, configuration, domain.baseDn, ...others.map(({ baseDn }) => baseDn)];
}
