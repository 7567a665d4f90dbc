/**
 * A forest's domains, and accounts that its Global Catalog has seen in them.
 *
 * The catalog knows in which domain an account lies, and not its source anchor: mS-DS-ConsistencyGuid is not replicated
 * to it. So what it says is only ever used to decide whom to ask, and to notice a second account of the same name in a
 * domain that nobody asks.
 *
 * Source: Microsoft Learn, Global Catalog and LDAP Searches; MS-ADTS 6.1.1.2.1.1.4 (domain crossRef objects); MS-ADA2
 * (isMemberOfPartialAttributeSet), checked 2026-11.
 */
import { isUnderDn, parseDn } from "./distinguished-name.ts";

export type ForestDomain = {
  /** NetBIOS name, as the forest's Partitions container has it. */
  readonly domain: string;
  readonly dn: string;
};

export type ForestIdentity = {
  readonly domains: readonly ForestDomain[];
  /** The catalog that answered, for the record. */
  readonly server: string;
};

/** An account as a Global Catalog shows it: no anchor, no facts to decide by. */
export type LocatedAccount = {
  readonly domain: ForestDomain;
  readonly dn: string;
  readonly accountName: string;
  /** The value of the source key by which it was found. */
  readonly value: string;
};

/** The domain that an entry lies in: the deepest one above it, since child domains lie below their parents. */
export function domainOfDn(dn: string, domains: readonly ForestDomain[]): ForestDomain | null {
  const depth = (domain: ForestDomain) => parseDn(domain.dn)?.length ?? 0;
  return domains
    .filter((domain) => isUnderDn(dn, domain.dn))
    .reduce<ForestDomain | null>(
      (best, domain) => (best === null || depth(domain) > depth(best) ? domain : best),
      null,
    );
}
