/**
 * The searches' filters, made as values and never as text.
 *
 * In the wire form of a filter (RFC 4511 4.5.1) an assertion is a counted run of bytes, so nothing in a name can be
 * syntax: a `*` is a star and `)(objectClass=*` is a strange name. The text form would need every assertion escaped, and
 * ldapts' reader of that form turns an escaped byte above 7f into two bytes of UTF-8, so that a GUID would match nobody.
 *
 * Source: RFC 4511 and RFC 4515; ldapts 9.2 (FilterParser), checked 2026-11.
 */
import { EqualityFilter, type Filter, OrFilter } from "ldapts";
import { type Guid, guidToBytes } from "../../core/guid.ts";

/** sAMAccountName's rangeUpper in Active Directory's schema, in characters: nothing longer can be stored. */
export const MAX_ACCOUNT_NAME_LENGTH = 256;

/** Where a directory written in C may take a name to end; Samba finds `ada` for `ada` with a NUL and more behind it. */
const NUL = "\0";

/**
 * Asks for every entry, of whatever class, whose sAMAccountName is one of these names: the caller must be able to say
 * that a name is a computer's or a group's.
 *
 * @returns `null` when none of the names can be an account's: empty, longer than {@link MAX_ACCOUNT_NAME_LENGTH}, not
 *   well-formed Unicode, or with a NUL in it. An OR of nothing must not be sent, since servers differ on what it finds.
 */
export function filterByAccountNames(names: readonly string[]): Filter | null {
  const askable = new Set(names.filter(canBeAccountName));
  return orOfEqualities(
    "sAMAccountName",
    Array.from(askable, (name) => Buffer.from(name, "utf8")),
  );
}

/** Asks for the entries with these objectGUIDs, by the bytes as stored. @returns `null` when there are none. */
export function filterByGuids(guids: readonly Guid[]): Filter | null {
  return orOfEqualities(
    "objectGUID",
    Array.from(new Set(guids), (guid) => Buffer.from(guidToBytes(guid))),
  );
}

function canBeAccountName(name: string): boolean {
  return name !== "" && name.length <= MAX_ACCOUNT_NAME_LENGTH && name.isWellFormed() && !name.includes(NUL);
}

function orOfEqualities(attribute: string, values: readonly Buffer[]): Filter | null {
  if (values.length === 0) return null;
  return new OrFilter({ filters: values.map((value) => new EqualityFilter({ attribute, value })) });
}
