/**
 * An LDAP entry, decoded into an account.
 *
 * ldapts decides value by value whether it returns bytes or text, so a GUID whose bytes happen to be valid UTF-8 comes
 * as a text, and its decoder drops a leading byte order mark. Therefore every attribute is asked for as bytes, a GUID
 * that still is none is refused, and text is decoded here.
 *
 * Source: MS-ADA1 to MS-ADA3 (attributes), MS-ADTS 2.2.16 (userAccountControl); ldapts 9.2, checked 2026-11.
 */
import type { Entry } from "ldapts";
import {
  ACCOUNT_DISABLED,
  type AdAccount,
  kindOfClasses,
  PROFILE_ATTRIBUTES,
  readProfile,
} from "../../core/ad-account.ts";
import type { AnchorHolder } from "../../core/ad-facts.ts";
import { BatchError } from "../../core/errors.ts";
import { type Guid, guidFromBytes } from "../../core/guid.ts";
import { isBuiltInAccount, sidFromBytes } from "../../core/security-identifier.ts";

/** What a search for accounts asks for. */
export const ACCOUNT_ATTRIBUTES = [
  "objectClass",
  "sAMAccountName",
  "objectGUID",
  "mS-DS-ConsistencyGuid",
  "userAccountControl",
  "adminCount",
  "isCriticalSystemObject",
  "objectSid",
  "sIDHistory",
  "userPrincipalName",
  "displayName",
  "givenName",
  "sn",
  "mail",
  "proxyAddresses",
  "employeeID",
  ...PROFILE_ATTRIBUTES,
] as const;

/**
 * Names that ldapts must hand over as bytes, recognised in whatever case the server spells them: a server may answer
 * `OBJECTGUID`, and ldapts itself compares exactly.
 */
export class BytesAttributes extends Array<string> {
  /** Made when first asked: ldapts asks for every value of every entry. */
  #folded: ReadonlySet<string> | null = null;

  override includes(name: string): boolean {
    this.#folded ??= new Set(this.map((own) => own.toLowerCase()));
    return this.#folded.has(name.toLowerCase());
  }
}

/**
 * @param domain NetBIOS name from the configuration.
 * @throws {BatchError} directory: objectGUID is not 16 bytes, a binary attribute came as text, or a SID is none. The
 *   message names the entry's DN. An account with a doubtful GUID must never be matched.
 */
export function decodeAccount(entry: Entry, domain: string): AdAccount {
  const values = readAttributes(entry);
  const objectSid = readSids(values, "objectSid", entry.dn)[0] ?? null;
  return {
    domain,
    dn: entry.dn,
    accountName: readText(values, "sAMAccountName") ?? "",
    kind: kindOfClasses(readTexts(values, "objectClass")),
    objectGuid: readObjectGuid(values, entry.dn),
    consistencyGuid: copyOf(readBytes(values, "mS-DS-ConsistencyGuid", entry.dn)[0]),
    disabled: (Number(readText(values, "userAccountControl")) & ACCOUNT_DISABLED) !== 0,
    protectedAccount:
      readText(values, "adminCount") === "1" ||
      readText(values, "isCriticalSystemObject")?.toUpperCase() === "TRUE" ||
      isBuiltInAccount(objectSid),
    objectSid,
    sidHistory: readSids(values, "sIDHistory", entry.dn),
    userPrincipalName: readText(values, "userPrincipalName"),
    displayName: readText(values, "displayName"),
    givenName: readText(values, "givenName"),
    surname: readText(values, "sn"),
    mail: readText(values, "mail"),
    proxyAddresses: readTexts(values, "proxyAddresses"),
    employeeId: readText(values, "employeeID"),
    profile: readProfile((attribute) => readText(values, attribute)),
  };
}

/** Where the directory holds the anchor that this program may write. */
export const ANCHOR_ATTRIBUTE = "mS-DS-ConsistencyGuid";
/** Calculated for whoever asks: what he may write of the entry (MS-ADTS 3.1.1.4.5.19, checked 2026-11). */
export const RIGHTS_ATTRIBUTE = "allowedAttributesEffective";

/** Whether whoever has asked for the entry, {@link RIGHTS_ATTRIBUTE} included, may write its anchor. */
export function mayWriteAnchor(entry: Entry): boolean {
  const anchor = ANCHOR_ATTRIBUTE.toLowerCase();
  return decodeTexts(entry, RIGHTS_ATTRIBUTE).some((name) => name.toLowerCase() === anchor);
}

/**
 * The objectGUID of any entry, such as a domain's head.
 *
 * @throws {BatchError} directory: it is not exactly one value of 16 bytes.
 */
export function decodeObjectGuid(entry: Entry): Guid {
  return readObjectGuid(readAttributes(entry), entry.dn);
}

function readObjectGuid(values: Values, dn: string): Guid {
  const [bytes, ...others] = readBytes(values, "objectGUID", dn);
  const guid = bytes === undefined || others.length > 0 ? null : guidFromBytes(bytes);
  if (guid !== null) return guid;
  const found = bytes === undefined ? "none" : `${others.length + 1} of ${bytes.length} bytes`;
  throw unreadable(dn, `objectGUID must be one value of 16 bytes, and the server sent ${found}`);
}

/** What a search for holders of source anchors asks for. */
export const ANCHOR_ATTRIBUTES = ["objectGUID", "mS-DS-ConsistencyGuid", "sAMAccountName", "objectSid"] as const;

/** @throws {BatchError} as {@link decodeAccount} */
export function decodeAnchorHolder(entry: Entry, domain: string): AnchorHolder {
  const values = readAttributes(entry);
  return {
    domain,
    dn: entry.dn,
    accountName: readText(values, "sAMAccountName") ?? "",
    objectGuid: decodeObjectGuid(entry),
    consistencyGuid: readBytes(values, "mS-DS-ConsistencyGuid", entry.dn)[0] ?? null,
    objectSid: readSids(values, "objectSid", entry.dn)[0] ?? null,
  };
}

/** Every attribute with its values in base64, for a record. */
export function saveEntry(entry: Entry): unknown {
  const values = [...readAttributes(entry)].map(([name, each]) => [
    name,
    each.map((value) => Buffer.from(value).toString("base64")),
  ]);
  return { dn: entry.dn, base64Values: Object.fromEntries(values) };
}

/** Every text value of an attribute, in the server's order. */
export function decodeTexts(entry: Entry, attribute: string): readonly string[] {
  return readTexts(readAttributes(entry), attribute);
}

type Values = ReadonlyMap<string, readonly (Buffer | string)[]>;

/** By folded name; what stands behind a `;`, as in `proxyAddresses;range=0-1499`, is not part of the name. */
function readAttributes({ dn: _, ...attributes }: Entry): Values {
  const values = new Map<string, readonly (Buffer | string)[]>();
  for (const [description, value] of Object.entries(attributes)) {
    const end = description.indexOf(";");
    const name = (end === -1 ? description : description.slice(0, end)).toLowerCase();
    const news = Array.isArray(value) ? value : [value];
    const known = values.get(name);
    if (known === undefined) values.set(name, news);
    else values.set(name, [...known, ...news]);
  }
  return values;
}

function readTexts(values: Values, attribute: string): string[] {
  const found = values.get(attribute.toLowerCase()) ?? [];
  // Buffer keeps a leading U+FEFF, unlike TextDecoder: without it a name would come back as another, plainer name.
  return found.map((value) => (typeof value === "string" ? value : value.toString("utf8")));
}

function readText(values: Values, attribute: string): string | null {
  return readTexts(values, attribute)[0] ?? null;
}

function readBytes(values: Values, attribute: string, dn: string): Buffer[] {
  return (values.get(attribute.toLowerCase()) ?? []).map((value) => {
    if (Buffer.isBuffer(value)) return value;
    throw unreadable(dn, `${attribute} must come as bytes, and it came as text`);
  });
}

/** Bytes as they arrive are a part of the whole answer, and would keep all of it in memory. */
function copyOf(bytes: Buffer | undefined): Buffer | null {
  return bytes === undefined ? null : Buffer.from(bytes);
}

function readSids(values: Values, attribute: string, dn: string): string[] {
  return readBytes(values, attribute, dn).map((bytes) => {
    const sid = sidFromBytes(bytes);
    if (sid !== null) return sid;
    throw unreadable(dn, `${attribute} holds ${bytes.length} bytes that are no security identifier`);
  });
}

function unreadable(dn: string, reason: string): BatchError {
  return new BatchError(
    "directory",
    `The directory's entry ${dn} cannot be trusted: ${reason}.`,
    "Look at the entry with ldapsearch, and make sure that no proxy stands between this program and the domain controller.",
  );
}
