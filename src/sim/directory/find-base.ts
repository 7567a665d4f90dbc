/**
 * Finds the entry a request names: by DN, by `<GUID=...>` or by `<SID=...>` (MS-ADTS 3.1.1.3.1.2.4),
 * or says why there is none, as AD does: no such object with the best match, or a referral to another domain.
 */

import type { DirectoryTree } from "./directory-tree.ts";
import { isWithin, keyAbove, type ParsedName, parseName } from "./distinguished-name.ts";
import { dnsNameOf, namingContexts } from "./domain-entries.ts";
import { guidToBytes, sidToBytes } from "./guid-and-sid.ts";
import type { LdapResult } from "./ldap-message.ts";
import { REFUSE } from "./refusals.ts";
import type { StoredEntry } from "./stored-entry.ts";
import type { SimulatedDomain } from "./world.ts";

/** @param scheme Of the connection, for the referral: ldap or ldaps. */
export function findBase(
  dn: string,
  tree: DirectoryTree,
  domain: SimulatedDomain,
  scheme: string,
): StoredEntry | LdapResult {
  const [, form, identifier = ""] = /^<(GUID|SID)=([^>]+)>$/i.exec(dn) ?? [];
  if (form) {
    const hex = /^(?:[0-9a-f]{2})+$/i.test(identifier) ? Buffer.from(identifier, "hex") : null;
    const bytes = hex ?? (form.toUpperCase() === "GUID" ? guidToBytes(identifier) : sidToBytes(identifier));
    if (!bytes) return REFUSE.badName(dn);
    return tree.findBy(form.toUpperCase() === "GUID" ? "objectGUID" : "objectSid", bytes) ?? REFUSE.noObject("");
  }
  const name = parseName(dn);
  if (!name) return REFUSE.badName(dn);
  return tree.find(name.key) ?? explainAbsence(name, tree, domain, scheme);
}

/** The naming contexts below or beside this one that the server holds no copy of. */
export function foreignContexts(domain: SimulatedDomain): { dnsName: string; dn: string }[] {
  const { forest } = namingContexts(domain);
  const zones = [`DC=ForestDnsZones,${forest}`, `DC=DomainDnsZones,${domain.baseDn}`];
  return [
    ...zones.map((dn) => ({ dnsName: dnsNameOf(dn), dn })),
    ...(domain.otherDomains ?? []).map(({ dnsName, baseDn }) => ({ dnsName, dn: baseDn })),
  ];
}

function explainAbsence(name: ParsedName, tree: DirectoryTree, domain: SimulatedDomain, scheme: string): LdapResult {
  const dn = name.written.join(",");
  const foreign = foreignContexts(domain).find((context) => isWithin(name.key, parseName(context.dn)?.key ?? ""));
  if (foreign) return REFUSE.otherDomain(foreign.dnsName, `${scheme}://${foreign.dnsName}/${encodeDn(dn)}`);
  for (let levels = 1; levels < name.parts.length; levels += 1) {
    const ancestor = tree.find(keyAbove(name, levels));
    if (ancestor) return REFUSE.noObject(ancestor.dn);
  }
  const outside = dnsNameOf(dn);
  return outside === "" ? REFUSE.noObject("") : REFUSE.otherDomain(outside, `${scheme}://${outside}/${encodeDn(dn)}`);
}

/** A DN inside an LDAP URL (RFC 4516). */
export function encodeDn(dn: string): string {
  return encodeURI(dn).replaceAll("?", "%3F").replaceAll("#", "%23");
}
