/**
 * The attributes that are read from an export, and under which headings PowerShell writes them.
 *
 * Source: "Active Directory: Get-ADUser Default and Extended Properties" (archived TechNet wiki, article 12037), checked
 * 2026-11.
 */
import { listOptionalAttributes, type OptionalAttribute } from "../../core/directory-source.ts";

/** The properties of the ActiveDirectory module that show an attribute under another name. */
const ATTRIBUTES = {
  distinguishedName: { property: null, several: false },
  objectClass: { property: null, several: true },
  sAMAccountName: { property: null, several: false },
  objectGUID: { property: null, several: false },
  objectSid: { property: "SID", several: false },
  "mS-DS-ConsistencyGuid": { property: null, several: false },
  userAccountControl: { property: null, several: false },
  /** userAccountControl as PowerShell shows it: True or False. */
  Enabled: { property: null, several: false },
  adminCount: { property: null, several: false },
  isCriticalSystemObject: { property: null, several: false },
  sIDHistory: { property: null, several: true },
  userPrincipalName: { property: null, several: false },
  displayName: { property: null, several: false },
  givenName: { property: null, several: false },
  sn: { property: "Surname", several: false },
  mail: { property: "EmailAddress", several: false },
  proxyAddresses: { property: null, several: true },
  employeeID: { property: null, several: false },
  title: { property: null, several: false },
  department: { property: null, several: false },
  company: { property: null, several: false },
  physicalDeliveryOfficeName: { property: "Office", several: false },
  telephoneNumber: { property: "OfficePhone", several: false },
  mobile: { property: "MobilePhone", several: false },
  streetAddress: { property: null, several: false },
  l: { property: "City", several: false },
  st: { property: "State", several: false },
  postalCode: { property: null, several: false },
  co: { property: null, several: false },
  c: { property: "Country", several: false },
  manager: { property: null, several: false },
} as const satisfies Readonly<Record<string, { readonly property: string | null; readonly several: boolean }>>;

export type AttributeName = keyof typeof ATTRIBUTES;

/** Without these nobody can be found, or it cannot be said which domain this is; DN first, as people read them. */
export const REQUIRED_ATTRIBUTES = [
  "distinguishedName",
  "objectClass",
  "sAMAccountName",
  "objectGUID",
  "objectSid",
] as const satisfies readonly AttributeName[];

/**
 * What every user in AD has and nobody asks for by name. An export that holds all of them was made of all attributes:
 * what is missing in it is empty in AD. ldifde, csvde and ldapsearch leave out what no entry has, so the file itself does
 * not tell an attribute that was not exported from one that nobody has. A Global Catalog holds neither of the last two,
 * nor mS-DS-ConsistencyGuid.
 *
 * Source: MS-ADA1 to MS-ADA3 (isMemberOfPartialAttributeSet), checked 2026-11.
 */
export const SIGNS_OF_EVERYTHING: readonly string[] = ["instancetype", "usncreated", "codepage", "countrycode"];

/**
 * What nobody may have in many a domain. Any other column of a table that is empty from top to bottom says that the
 * attribute was selected and not asked for: Select-Object makes a column of every name that it is given.
 */
export const OFTEN_EMPTY: ReadonlySet<AttributeName> = new Set(["adminCount", "sIDHistory", "employeeID"]);

const BY_NAME = new Map<string, AttributeName>(names().map((name) => [name.toLowerCase(), name]));
const BY_PROPERTY = new Map<string, AttributeName>(
  names().flatMap((name) => {
    const { property } = ATTRIBUTES[name];
    return property === null ? [] : [[property.toLowerCase(), name] as const];
  }),
);

function names(): AttributeName[] {
  return Object.keys(ATTRIBUTES) as AttributeName[];
}

/** The attribute of this name, in any case; `null` for one that is not read. */
export function attributeNamed(name: string): AttributeName | null {
  return BY_NAME.get(name.toLowerCase()) ?? null;
}

/** The attribute that a property of the ActiveDirectory module shows under a name of its own; else `null`. */
export function attributeOfProperty(property: string): AttributeName | null {
  return BY_PROPERTY.get(property.toLowerCase()) ?? null;
}

/** Whether the attribute may have several values. */
export function hasSeveralValues(name: AttributeName): boolean {
  return ATTRIBUTES[name].several;
}

/** The optional attributes for which none of the `known` ones stands. */
export function listUnknown(known: ReadonlySet<AttributeName>): OptionalAttribute[] {
  return listOptionalAttributes().filter(
    (name) => !known.has(name) && !(name === "userAccountControl" && known.has("Enabled")),
  );
}
