/**
 * The searches' filters, made as values and never as text.
 *
 * In the wire form of a filter (RFC 4511 4.5.1) an assertion is a counted run of bytes, so nothing in a name can be
 * syntax: a `*` is a star and `)(objectClass=*` is a strange name. The text form would need every assertion escaped, and
 * ldapts' reader of that form turns an escaped byte above 7f into two bytes of UTF-8, so that a GUID would match nobody.
 *
 * Source: RFC 4511 and RFC 4515; rangeUpper of the attributes in MS-ADA1 to MS-ADA3; ldapts 9.2 (FilterParser), checked
 * 2026-11.
 */
import { AndFilter, EqualityFilter, type Filter, OrFilter, SubstringFilter } from "ldapts";
import { parseDn } from "../../core/distinguished-name.ts";
import { guidToBytes, parseGuid } from "../../core/guid.ts";
import type { SourceKey } from "../../core/source-key.ts";

/** In characters: Active Directory's schema lets nothing longer be stored; for a DN, nothing longer is worth a search. */
export const MAX_VALUE_LENGTHS: Readonly<Record<Exclude<SourceKey, "objectGUID">, number>> = {
  sAMAccountName: 256,
  userPrincipalName: 1024,
  mail: 256,
  distinguishedName: 8192,
};

/** Where a directory written in C may take a name to end; Samba finds `ada` for `ada` with a NUL and more behind it. */
const NUL = "\0";

/**
 * Asks for every entry, of whatever class, that has one of these values: the caller must be able to say that a name is a
 * computer's or a group's.
 *
 * @returns `null` when none of the texts can be a value of the key: empty, longer than {@link MAX_VALUE_LENGTHS}, not
 *   well-formed Unicode, with a NUL in it, or no DN or GUID where one belongs. An OR of nothing must not be sent, since
 *   servers differ on what it finds.
 */
export function filterBySourceValues(key: SourceKey, values: readonly string[]): Filter | null {
  const asserted = new Map<string, Buffer>();
  for (const value of values) {
    const bytes = assertionOf(key, value);
    if (bytes !== null) asserted.set(bytes.toString("latin1"), bytes);
  }
  return orOf(Array.from(asserted.values(), (value) => new EqualityFilter({ attribute: key, value })));
}

/** Asks for every entry whose sAMAccountName begins with one of these texts. @returns `null` as {@link filterBySourceValues} */
export function filterByBeginnings(beginnings: readonly string[]): Filter | null {
  const askable = [...new Set(beginnings)].filter((text) => assertionOf("sAMAccountName", text) !== null);
  return orOf(askable.map((initial) => new SubstringFilter({ attribute: "sAMAccountName", initial })));
}

/** Asks for every user account: by an index, and never for nothing, since whoever signs in is one. */
export function filterAllUsers(): Filter {
  return new AndFilter({
    filters: [
      new EqualityFilter({ attribute: "objectCategory", value: "person" }),
      new EqualityFilter({ attribute: "objectClass", value: "user" }),
    ],
  });
}

function assertionOf(key: SourceKey, value: string): Buffer | null {
  if (key === "objectGUID") {
    const guid = parseGuid(value);
    return guid === null ? null : Buffer.from(guidToBytes(guid));
  }
  if (value === "" || value.length > MAX_VALUE_LENGTHS[key] || !value.isWellFormed() || value.includes(NUL))
    return null;
  if (key === "distinguishedName" && !isEntryName(value)) return null;
  return Buffer.from(value, "utf8");
}

function isEntryName(dn: string): boolean {
  const parts = parseDn(dn);
  return parts !== null && parts.length > 0 && !parts.some((part) => part.includes(NUL));
}

function orOf(filters: readonly Filter[]): Filter | null {
  return filters.length === 0 ? null : new OrFilter({ filters: [...filters] });
}
