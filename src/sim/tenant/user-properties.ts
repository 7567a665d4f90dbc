/**
 * What Graph knows about each property of a user: its kind, whether it comes unasked, how it may be filtered, who
 * may write it.
 *
 * A lenient server would hide the commonest mistakes of a client: reading a property that was never selected,
 * filtering where the service refuses to, misspelling a name. So every name must be in this table.
 *
 * Sources: user resource (default set, names), "Advanced query capabilities on directory objects", table "User
 * properties" (filter columns), "Update user" (writable), all learn.microsoft.com/graph, checked 2026-11. Properties
 * that Graph keeps outside the directory (aboutMe, skills, signInActivity ...) are left out and answer as unknown.
 */

/** Where a filter works: on every query, only on an advanced one, or not at all. */
type FilterSupport = "default" | "advanced" | "never";

export interface UserProperty {
  readonly kind: "text" | "flag" | "date" | "texts" | "objects" | "object";
  /** Returned without $select. */
  readonly byDefault: boolean;
  readonly equals: FilterSupport;
  readonly startsWith: FilterSupport;
  readonly compares: FilterSupport;
  readonly equalsNull: FilterSupport;
  /** Which API version accepts it in a PATCH. */
  readonly writable: "v1.0" | "beta" | "never";
  /** True if only /beta knows the name. */
  readonly betaOnly: boolean;
}

function property(kind: UserProperty["kind"], traits: Partial<Omit<UserProperty, "kind">> = {}): UserProperty {
  return {
    kind,
    byDefault: false,
    equals: "never",
    startsWith: "never",
    compares: "never",
    equalsNull: "never",
    writable: "never",
    betaOnly: false,
    ...traits,
  };
}

const NAME = { equals: "default", startsWith: "default", equalsNull: "advanced", writable: "v1.0" } as const;

export const USER_PROPERTIES: ReadonlyMap<string, UserProperty> = new Map(
  Object.entries({
    id: property("text", { byDefault: true, equals: "default" }),
    deletedDateTime: property("date", { compares: "advanced" }),
    accountEnabled: property("flag", { equals: "default", writable: "v1.0" }),
    assignedLicenses: property("objects", { equals: "default" }),
    businessPhones: property("texts", { byDefault: true, writable: "v1.0" }),
    city: property("text", NAME),
    companyName: property("text", {
      equals: "advanced",
      startsWith: "advanced",
      equalsNull: "advanced",
      writable: "v1.0",
    }),
    country: property("text", NAME),
    createdDateTime: property("date", { equals: "advanced", compares: "advanced" }),
    creationType: property("text", { equals: "default" }),
    department: property("text", NAME),
    displayName: property("text", { ...NAME, byDefault: true }),
    employeeId: property("text", NAME),
    employeeType: property("text", { equals: "advanced", startsWith: "advanced", writable: "v1.0" }),
    externalUserState: property("text", { equals: "default" }),
    faxNumber: property("text", { equals: "advanced", startsWith: "advanced", writable: "v1.0" }),
    givenName: property("text", { ...NAME, byDefault: true }),
    jobTitle: property("text", { ...NAME, byDefault: true }),
    mail: property("text", { ...NAME, byDefault: true }),
    mailNickname: property("text", NAME),
    mobilePhone: property("text", {
      byDefault: true,
      equals: "advanced",
      startsWith: "advanced",
      equalsNull: "advanced",
      writable: "v1.0",
    }),
    officeLocation: property("text", {
      byDefault: true,
      equals: "advanced",
      startsWith: "advanced",
      equalsNull: "advanced",
      writable: "v1.0",
    }),
    onPremisesDistinguishedName: property("text", { equals: "advanced", startsWith: "advanced", writable: "beta" }),
    onPremisesDomainName: property("text", { writable: "beta" }),
    onPremisesExtensionAttributes: property("object"),
    onPremisesImmutableId: property("text", { equals: "default", writable: "v1.0" }),
    onPremisesLastSyncDateTime: property("date", {
      equals: "default",
      compares: "default",
      equalsNull: "advanced",
    }),
    onPremisesObjectIdentifier: property("text", { writable: "beta", betaOnly: true }),
    onPremisesProvisioningErrors: property("objects", { equals: "default" }),
    onPremisesSamAccountName: property("text", { equals: "advanced", startsWith: "advanced", writable: "beta" }),
    onPremisesSecurityIdentifier: property("text", { equals: "default", equalsNull: "advanced", writable: "beta" }),
    onPremisesSyncEnabled: property("flag", { equals: "default", equalsNull: "advanced" }),
    onPremisesUserPrincipalName: property("text", { writable: "beta" }),
    otherMails: property("texts", { equals: "default", startsWith: "default", writable: "v1.0" }),
    passwordPolicies: property("text", { writable: "v1.0" }),
    postalCode: property("text", { equals: "advanced", startsWith: "advanced", writable: "v1.0" }),
    preferredLanguage: property("text", {
      byDefault: true,
      equals: "default",
      startsWith: "default",
      writable: "v1.0",
    }),
    proxyAddresses: property("texts", { equals: "default", startsWith: "default" }),
    securityIdentifier: property("text"),
    showInAddressList: property("flag", { equals: "advanced", writable: "v1.0" }),
    signInSessionsValidFromDateTime: property("date"),
    state: property("text", NAME),
    streetAddress: property("text", { equals: "advanced", startsWith: "advanced", writable: "v1.0" }),
    surname: property("text", { ...NAME, byDefault: true }),
    usageLocation: property("text", NAME),
    userPrincipalName: property("text", {
      byDefault: true,
      equals: "default",
      startsWith: "default",
      writable: "v1.0",
    }),
    userType: property("text", { equals: "default", equalsNull: "advanced", writable: "v1.0" }),
  }),
);

/** Property names are matched without regard to case, as the service does. @returns The canonical name, or null. */
export function findUserProperty(
  name: string,
  version: "v1.0" | "beta",
): { name: string; traits: UserProperty } | null {
  const canonical = CANONICAL_NAMES.get(name.toLowerCase());
  const traits = canonical === undefined ? undefined : USER_PROPERTIES.get(canonical);
  if (canonical === undefined || traits === undefined || (traits.betaOnly && version !== "beta")) return null;
  return { name: canonical, traits };
}

const CANONICAL_NAMES = new Map(Array.from(USER_PROPERTIES.keys(), (name) => [name.toLowerCase(), name]));

export const DEFAULT_USER_PROPERTIES: readonly string[] = Array.from(USER_PROPERTIES)
  .filter(([, traits]) => traits.byDefault)
  .map(([name]) => name);
