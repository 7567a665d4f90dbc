/**
 * The world of a simulated tenant: what it holds before the first request, as plain values that survive JSON.
 *
 * Fixtures and demonstrations describe a tenant with these types; the server copies the description, so one world
 * can start many servers. Without one shared shape every test would invent its own half of a user.
 *
 * Property names are those of the Graph v1.0 metadata (checked 2026-11). Some names are the simulation's own:
 * `isCloudManaged` stands on the user here but behind /onPremisesSyncBehavior in Graph, and `managerId`, `members` and
 * `owners` are ids.
 */

export interface SimulatedDomain {
  readonly id: string;
  readonly authenticationType: "Managed" | "Federated";
  readonly isInitial: boolean;
  readonly isDefault: boolean;
  readonly isVerified: boolean;
}

export interface ProvisioningError {
  readonly category: string;
  readonly occurredDateTime: string;
  readonly propertyCausingError: string;
  readonly value: string;
}

export interface SimulatedUser {
  readonly id: string;
  userPrincipalName: string;
  displayName: string;
  givenName: string | null;
  surname: string | null;
  mail: string | null;
  proxyAddresses: string[];
  userType: "Member" | "Guest" | null;
  accountEnabled: boolean;
  employeeId: string | null;
  jobTitle: string | null;
  department: string | null;
  companyName: string | null;
  officeLocation: string | null;
  businessPhones: string[];
  mobilePhone: string | null;
  streetAddress: string | null;
  city: string | null;
  state: string | null;
  postalCode: string | null;
  country: string | null;
  createdDateTime: string;
  assignedLicenses: { skuId: string; disabledPlans: string[] }[];
  /** Any text: a tenant holds what earlier tools wrote, including "" and values that are not base64. */
  onPremisesImmutableId: string | null;
  /** true = synced now, false = synced once and no longer, null = never. */
  onPremisesSyncEnabled: boolean | null;
  onPremisesSecurityIdentifier: string | null;
  onPremisesSamAccountName: string | null;
  onPremisesDomainName: string | null;
  onPremisesDistinguishedName: string | null;
  onPremisesUserPrincipalName: string | null;
  onPremisesLastSyncDateTime: string | null;
  onPremisesObjectIdentifier: string | null;
  onPremisesProvisioningErrors: ProvisioningError[];
  isCloudManaged: boolean;
  /** Id of the user behind the relation `manager`. */
  managerId: string | null;
}

export interface SimulatedDeletedUser extends SimulatedUser {
  deletedDateTime: string;
}

export interface SimulatedGroup {
  readonly id: string;
  displayName: string;
  mail: string | null;
  proxyAddresses: string[];
  isAssignableToRole: boolean;
  onPremisesSyncEnabled: boolean | null;
  onPremisesSecurityIdentifier: string | null;
  /** Ids of users and of groups. */
  members: string[];
  owners: string[];
}

export interface SimulatedContact {
  readonly id: string;
  displayName: string;
  mail: string | null;
  proxyAddresses: string[];
  onPremisesSyncEnabled: boolean | null;
}

export interface SimulatedRoleDefinition {
  readonly id: string;
  readonly templateId: string;
  readonly displayName: string;
  readonly isBuiltIn: boolean;
  readonly isEnabled: boolean;
  /** Shown by /beta only. */
  readonly isPrivileged: boolean;
}

export interface SimulatedRoleAssignment {
  readonly id: string;
  readonly principalId: string;
  readonly roleDefinitionId: string;
  readonly directoryScopeId: string;
}

export interface SimulatedRoleEligibility extends SimulatedRoleAssignment {
  readonly memberType: "Direct" | "Group" | "Inherited";
  readonly startDateTime: string;
  readonly endDateTime: string | null;
}

/** The right to become a member or an owner of a group (Privileged Identity Management for groups). */
export interface SimulatedGroupEligibility {
  readonly id: string;
  readonly groupId: string;
  readonly principalId: string;
  readonly accessId: "member" | "owner";
  readonly memberType: "direct" | "group";
  readonly startDateTime: string;
  readonly endDateTime: string | null;
}

export interface SimulatedTenant {
  readonly id: string;
  displayName: string;
  initialDomain: string;
  domains: SimulatedDomain[];
  onPremisesSyncEnabled: boolean | null;
  onPremisesLastSyncDateTime: string | null;
  /** The booleans of /directory/onPremisesSynchronization, by their Graph names; one left out reads as false. */
  syncFeatures: Record<string, boolean>;
  users: SimulatedUser[];
  deletedUsers: SimulatedDeletedUser[];
  groups: SimulatedGroup[];
  contacts: SimulatedContact[];
  roleDefinitions: SimulatedRoleDefinition[];
  roleAssignments: SimulatedRoleAssignment[];
  roleEligibilities: SimulatedRoleEligibility[];
  groupEligibilities: SimulatedGroupEligibility[];
}

/** A cloud-only, enabled member without an anchor, apart from what is named. */
export function describeUser(
  named: Pick<SimulatedUser, "id" | "userPrincipalName"> & Partial<SimulatedUser>,
): SimulatedUser {
  return {
    displayName: named.userPrincipalName,
    givenName: null,
    surname: null,
    mail: null,
    proxyAddresses: [],
    userType: "Member",
    accountEnabled: true,
    employeeId: null,
    jobTitle: null,
    department: null,
    companyName: null,
    officeLocation: null,
    businessPhones: [],
    mobilePhone: null,
    streetAddress: null,
    city: null,
    state: null,
    postalCode: null,
    country: null,
    createdDateTime: "2025-01-15T08:00:00Z",
    assignedLicenses: [],
    onPremisesImmutableId: null,
    onPremisesSyncEnabled: null,
    onPremisesSecurityIdentifier: null,
    onPremisesSamAccountName: null,
    onPremisesDomainName: null,
    onPremisesDistinguishedName: null,
    onPremisesUserPrincipalName: null,
    onPremisesLastSyncDateTime: null,
    onPremisesObjectIdentifier: null,
    onPremisesProvisioningErrors: [],
    isCloudManaged: false,
    managerId: null,
    ...named,
  };
}

/** A tenant of one managed domain, syncing, with nobody in it, apart from what is named. */
export function describeTenant(named: Partial<SimulatedTenant> = {}): SimulatedTenant {
  return {
    id: "7c1b0a54-5f0e-4c39-9d6b-6a1c3a1c0d10",
    displayName: "Contoso",
    initialDomain: "contoso.onmicrosoft.example",
    domains: [
      {
        id: "contoso.onmicrosoft.example",
        authenticationType: "Managed",
        isInitial: true,
        isDefault: false,
        isVerified: true,
      },
      { id: "contoso.example", authenticationType: "Managed", isInitial: false, isDefault: true, isVerified: true },
    ],
    onPremisesSyncEnabled: true,
    onPremisesLastSyncDateTime: "2026-11-02T07:30:00Z",
    syncFeatures: {},
    users: [],
    deletedUsers: [],
    groups: [],
    contacts: [],
    roleDefinitions: [],
    roleAssignments: [],
    roleEligibilities: [],
    groupEligibilities: [],
    ...named,
  };
}
