/**
 * The part of Active Directory's schema that decides how values compare and how attributes are spelled.
 *
 * An attribute that is not here and that no entry has is unknown: a filter on it is Undefined (MS-ADTS 3.1.1.3.1.3.1).
 * Attributes that fixtures bring along join as text, or as octets if they came as octets.
 */

export type Syntax =
  | "text"
  | "exact-text"
  | "class"
  | "category"
  | "dn"
  | "integer"
  | "large-integer"
  | "boolean"
  | "time"
  | "octets"
  | "sid";
export type AttributeRule = { name: string; syntax: Syntax; single: boolean; indexed: boolean; systemOnly: boolean };

const KNOWN: Record<Syntax, string> = {
  text: `cn* ou* dc* name* sAMAccountName* userPrincipalName* mail* proxyAddresses+* displayName* givenName* sn* description+
    employeeID employeeNumber employeeType department company title telephoneNumber mobile physicalDeliveryOfficeName l st co
    dNSHostName dnsRoot+ nETBIOSName servicePrincipalName+* extensionAttribute1 extensionAttribute15 mailNickname targetAddress
    info initials uid+ canonicalName+ userWorkstations streetAddress postalCode c msDS-PrincipalName`,
  "exact-text": "",
  class: "objectClass+* structuralObjectClass+",
  category: "objectCategory*",
  dn: "distinguishedName*! member+ memberOf+ manager directReports+ managedBy nCName lastKnownParent msDS-parentdistname",
  integer:
    "userAccountControl sAMAccountType*! groupType primaryGroupID adminCount systemFlags instanceType! badPwdCount codePage countryCode logonCount msDS-Behavior-Version",
  "large-integer":
    "pwdLastSet accountExpires lastLogon lastLogonTimestamp lockoutTime badPasswordTime uSNChanged*! uSNCreated*!",
  boolean: "isDeleted! isRecycled! isCriticalSystemObject showInAdvancedViewOnly",
  time: "whenCreated! whenChanged!",
  octets:
    "objectGUID*! mS-DS-ConsistencyGuid thumbnailPhoto userCertificate+ nTSecurityDescriptor msDS-ManagedPassword",
  sid: "objectSid*! sIDHistory+*! tokenGroups+! msDS-CreatorSID!",
};

export type Schema = {
  /** The rule for an attribute in any letter case; `undefined` if the schema does not know it. */
  find(name: string): AttributeRule | undefined;
  /** Every attribute that a client may write, as far as the schema goes. */
  names(): string[];
  /** Makes an attribute of a fixture known, if it is not yet. Multi-valued, not indexed. */
  add(name: string, syntax: Syntax): AttributeRule;
};

/** A fresh schema. In the table above: `+` multi-valued, `*` indexed, `!` not writable by clients. */
export function createSchema(): Schema {
  const rules = new Map<string, AttributeRule>();
  for (const [syntax, names] of Object.entries(KNOWN) as [Syntax, string][]) {
    for (const marked of names.split(/\s+/).filter((name) => name !== "")) {
      const name = marked.replace(/[+*!]/g, "");
      const has = (mark: string) => marked.includes(mark);
      rules.set(name.toLowerCase(), { name, syntax, single: !has("+"), indexed: has("*"), systemOnly: has("!") });
    }
  }
  return {
    find: (name) => rules.get(name.toLowerCase()),
    names: () => [...rules.values()].filter(({ systemOnly }) => !systemOnly).map(({ name }) => name),
    add(name, syntax) {
      const known = rules.get(name.toLowerCase());
      if (known) return known;
      const rule: AttributeRule = { name, syntax, single: false, indexed: false, systemOnly: false };
      rules.set(name.toLowerCase(), rule);
      return rule;
    },
  };
}

const SUPERCLASSES: Record<string, readonly string[]> = {
  user: ["top", "person", "organizationalPerson"],
  inetorgperson: ["top", "person", "organizationalPerson", "user"],
  contact: ["top", "person", "organizationalPerson"],
  computer: ["top", "person", "organizationalPerson", "user"],
  "msds-groupmanagedserviceaccount": ["top", "person", "organizationalPerson", "user", "computer"],
};

const CATEGORIES: Record<string, string> = {
  person: "Person",
  organizationalperson: "Person",
  user: "Person",
  inetorgperson: "Person",
  contact: "Person",
  computer: "Computer",
  group: "Group",
  "msds-groupmanagedserviceaccount": "ms-DS-Group-Managed-Service-Account",
  organizationalunit: "Organizational-Unit",
  container: "Container",
  domaindns: "Domain-DNS",
  configuration: "Configuration",
  crossref: "Cross-Ref",
  crossrefcontainer: "Cross-Ref-Container",
  dmd: "DMD",
};

/** All classes of an object, superclasses first, as AD lists them. */
export function expandClasses(classes: readonly string[]): string[] {
  const all = ["top", ...classes.flatMap((name) => [...(SUPERCLASSES[name.toLowerCase()] ?? []), name])];
  return all.filter(
    (name, position) => all.findIndex((other) => other.toLowerCase() === name.toLowerCase()) === position,
  );
}

/** DN of the category that objects of a class get; `null` for a class the simulation does not know. */
export function categoryDn(className: string, configurationDn: string): string | null {
  const category = CATEGORIES[className.toLowerCase()];
  return category ? `CN=${category},CN=Schema,${configurationDn}` : null;
}
