/**
 * Which addresses a cloud user ends with once AD owns it.
 *
 * Entra calculates them: what AD holds is taken over but for reserved domains and old protocols; a missing primary
 * address is made from the AD mail address; the UPN is always an address of a mailbox, and the tenant's own
 * `onmicrosoft.com` addresses stay. What else the cloud holds and AD lacks is lost.
 *
 * Source: Microsoft Learn, "How the proxyAddresses attribute is populated in Microsoft Entra ID" (checked 2026-11). It
 * does not say what becomes of SIP and SPO entries, which services write themselves: they are taken to stay.
 */
import { foldCase } from "./names.ts";

/** An entry of proxyAddresses. */
type Address = {
  /** Protocol, in lower case; `smtp` where the entry names none. */
  readonly scheme: string;
  /** Scheme and address as they are compared. */
  readonly key: string;
  readonly domain: string;
};

/** Domains whose addresses AD cannot give or take, in all clouds, and what lies under them. */
const RESERVED = /(?:^|\.)(?:onmicrosoft\.com|microsoftonline\.com|onmicrosoft\.us|microsoftonline\.us|onmschina\.cn)$/;
/** Entries that services of the cloud keep themselves. */
const KEPT_SCHEMES: ReadonlySet<string> = new Set(["sip", "spo"]);
/** Entries of AD that the cloud does not take. */
const DROPPED_SCHEMES: ReadonlySet<string> = new Set(["x400", "ms", "msmail", "ccmail", "notes"]);

function parseAddress(entry: string): Address {
  const [, written = "", address = ""] = /^(?:([a-z0-9]+):)?(.*)$/is.exec(entry.trim()) ?? [];
  const scheme = written === "" ? "smtp" : written.toLowerCase();
  const folded = foldCase(address.trim());
  return {
    scheme,
    key: `${scheme}:${folded}`,
    domain: folded.slice(folded.lastIndexOf("@") + 1),
  };
}

function isReserved({ scheme, domain }: Address): boolean {
  return scheme === "smtp" && RESERVED.test(domain);
}

const keysOf = (addresses: readonly Address[]): string[] => [...new Set(addresses.map(({ key }) => key))];

/** What one side says of a user's addresses. */
export type AddressSide = {
  readonly proxyAddresses: readonly string[];
  readonly mail: string | null;
  readonly userPrincipalName: string | null;
};

export type AddressMove = {
  /** In the cloud and not in AD, `scheme:address`, sorted. */
  readonly lost: readonly string[];
  readonly gained: readonly string[];
};

/** @param ad `null` where nobody knows what AD holds. */
export function compareAddresses(cloud: AddressSide, ad: AddressSide): AddressMove {
  const present = cloud.proxyAddresses.map(parseAddress);
  const coming = ad.proxyAddresses
    .map(parseAddress)
    .filter((one) => !isReserved(one) && !DROPPED_SCHEMES.has(one.scheme));
  if (ad.mail !== null && ad.mail.trim() !== "")
    coming.push(...[parseAddress(ad.mail)].filter((one) => !isReserved(one)));
  const ownName = ad.userPrincipalName ?? cloud.userPrincipalName;
  const staying = new Set([...keysOf(coming), ...(ownName === null ? [] : [parseAddress(ownName).key])]);
  const held = new Set([...keysOf(present), ...(cloud.mail === null ? [] : [parseAddress(cloud.mail).key])]);
  return {
    lost: keysOf(
      present.filter((one) => !isReserved(one) && !KEPT_SCHEMES.has(one.scheme) && !staying.has(one.key)),
    ).sort(),
    gained: keysOf(coming)
      .filter((key) => !held.has(key))
      .sort(),
  };
}

/** The primary address in use, without its scheme; of several the first in the alphabet, `null` where none is marked. */
export function primaryAddressOf(proxyAddresses: readonly string[]): string | null {
  const [first] = proxyAddresses
    .filter((entry) => entry.trim().startsWith("SMTP:"))
    .map((entry) => entry.trim().slice("SMTP:".length).trim())
    .sort((left, right) => (foldCase(left) < foldCase(right) ? -1 : 1));
  return first ?? null;
}

/**
 * The primary address that AD gives: the one that is marked, else the mail address; `null` where AD gives none.
 * Addresses of reserved domains do not count.
 */
export function primaryAddressFromAd({ proxyAddresses, mail }: AddressSide): string | null {
  const usable = proxyAddresses.filter((entry) => !isReserved(parseAddress(entry)));
  const own = mail === null || mail.trim() === "" || isReserved(parseAddress(mail)) ? null : mail.trim();
  return primaryAddressOf(usable) ?? own;
}
