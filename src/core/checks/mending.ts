/**
 * How a finding is mended by hand: where to click, which PowerShell to run, which Graph request to send.
 *
 * `Explanation.mend` says what to do; this table says with what. Three traps are kept out of it: `Update-MgUser
 * -OnPremisesImmutableId $null` sends an empty text, so a value is cleared by a raw request with a JSON null; the
 * recycle bin lists users only with the cast to `microsoft.graph.user`; a single-quoted address keeps `$select`
 * from being read as a variable. MSOnline and AzureAD are retired and named nowhere. Lines that look come first.
 *
 * Placeholders stand in <angle brackets>. Addresses are those of the global cloud.
 *
 * Source: Microsoft Learn: Microsoft Graph v1.0 and beta, Microsoft Graph PowerShell 2.x, ActiveDirectory module,
 * Microsoft Entra Connect Sync: Scheduler, ADSyncTools 2.5.0 (checked 2026-11)
 */
import type { FindingCode } from "../findings.ts";

/** Concrete ways to mend a finding; empty where nothing is to be done. */
export type Mending = {
  /** Path through an admin center or an AD tool, steps parted by `>`; `null` where none leads there. */
  readonly portal: string | null;
  /** One command a line, from top to bottom; what follows a `#` says when or where the line is right. */
  readonly powershell: readonly string[];
  /** One request a line: method, address, JSON body if there is one; a `#` as above. */
  readonly graph: readonly string[];
};

type GraphRequest = { readonly method: "POST" | "PATCH" | "DELETE"; readonly url: string; readonly body?: string };

const V1 = "https://graph.microsoft.com/v1.0";
const BETA = "https://graph.microsoft.com/beta";
const USER = "<object id>";
const HOLDER = "<object id of the holder>";
const NOTHING: Mending = { portal: null, powershell: [], graph: [] };

const graphLine = ({ method, url, body }: GraphRequest): string =>
  `${method} ${url}${body === undefined ? "" : ` ${body}`}`;

const powershellLine = ({ method, url, body }: GraphRequest): string =>
  `Invoke-MgGraphRequest -Method ${method} -Uri '${url}'${body === undefined ? "" : ` -Body '${body}'`}`;

const connect = (...scopes: readonly string[]): string =>
  `Connect-MgGraph -Scopes ${scopes.map((scope) => `'${scope}'`).join(", ")}`;

/** Looks at one user, by PowerShell. Properties are named, because Graph leaves most of them out otherwise. */
const showUser = (user: string, properties: string): string =>
  `Get-MgUser -UserId '${user}' -Property ${properties} | Format-List ${properties}`;

const getUser = (user: string, properties: string): string => `GET ${V1}/users/${user}?$select=${properties}`;

/** Looks at one AD account; the anchors are shown as the immutable IDs that they give. */
const SHOW_ANCHORS =
  "Get-ADUser -Identity '<account>' -Properties mS-DS-ConsistencyGuid | Format-List DistinguishedName, ObjectGUID, @{n='fromObjectGuid'; e={[Convert]::ToBase64String($_.ObjectGUID.ToByteArray())}}, @{n='fromConsistencyGuid'; e={[Convert]::ToBase64String($_.'mS-DS-ConsistencyGuid')}}";
const SHOW_ACCOUNT =
  "Get-ADUser -Identity '<account>' -Properties DisplayName, mail, EmployeeID, proxyAddresses | Format-List";
const FIND_ACCOUNT = "Get-ADUser -LDAPFilter '(anr=<name of the person>)' -Server '<global catalog>:3268'";
const CLEAR_CONSISTENCY_GUID = "Set-ADUser -Identity '<account>' -Clear 'mS-DS-ConsistencyGuid'";
const ATTRIBUTE_EDITOR =
  "Active Directory Users and Computers > View > Advanced Features > the account > Properties > Attribute Editor > mS-DS-ConsistencyGuid";

const ID_PROPERTIES = "id,userPrincipalName,displayName,onPremisesImmutableId,onPremisesSyncEnabled";
const clearId = (user: string): GraphRequest => ({
  method: "PATCH",
  url: `${V1}/users/${user}`,
  body: '{"onPremisesImmutableId": null}',
});
const SHOW_DELETED = "id,userPrincipalName,onPremisesImmutableId,deletedDateTime";
const LIST_DELETED = `GET ${V1}/directory/deletedItems/microsoft.graph.user?$select=${SHOW_DELETED}&$top=999`;
const restore = (user: string): string => `Restore-MgDirectoryDeletedItem -DirectoryObjectId '${user}'`;
const postRestore = (user: string): string => `POST ${V1}/directory/deletedItems/${user}/restore`;
const PURGE = `Remove-MgDirectoryDeletedItem -DirectoryObjectId '${HOLDER}' # for good, and only if nobody needs it`;
const PURGE_BY_GRAPH = `DELETE ${V1}/directory/deletedItems/${HOLDER} # for good, and only if nobody needs it`;
const LEAVE_SCOPE = "Move-ADObject -Identity '<DN of its present account>' -TargetPath '<OU outside the sync scope>'";
const SYNC_NOW = "Start-ADSyncSyncCycle -PolicyType Delta # on the Connect Sync server";

/** Taking a role away: active, eligible, through a role-assignable group. Then the way back. */
const ROLE_ASSIGNMENT = `{"principalId": "${USER}", "roleDefinitionId": "<role definition id>", "directoryScopeId": "/"}`;
const END_ELIGIBILITY: GraphRequest = {
  method: "POST",
  url: `${V1}/roleManagement/directory/roleEligibilityScheduleRequests`,
  body: ROLE_ASSIGNMENT.replace("{", '{"action": "adminRemove", '),
};
const ASSIGN_ROLE: GraphRequest = {
  method: "POST",
  url: `${V1}/roleManagement/directory/roleAssignments`,
  body: ROLE_ASSIGNMENT,
};
const TAKE_ROLE_AWAY: Mending = {
  portal:
    "Entra admin center > Identity Governance > Privileged Identity Management > Microsoft Entra roles > Assignments > the user > Remove, under Active and under Eligible; for a role held through a group: Groups > the group > Members > Remove",
  powershell: [
    connect("RoleManagement.ReadWrite.Directory", "GroupMember.ReadWrite.All"),
    `Get-MgRoleManagementDirectoryRoleAssignment -Filter "principalId eq '${USER}'"`,
    "Remove-MgRoleManagementDirectoryRoleAssignment -UnifiedRoleAssignmentId '<role assignment id>'",
    `Get-MgRoleManagementDirectoryRoleEligibilityScheduleInstance -Filter "principalId eq '${USER}'"`,
    powershellLine(END_ELIGIBILITY),
    `Remove-MgGroupMemberDirectoryObjectByRef -GroupId '<group id>' -DirectoryObjectId '${USER}' # for a role held through a group`,
    `${powershellLine(ASSIGN_ROLE)} # gives an active role back, after sync has taken the user over`,
  ],
  graph: [
    `GET ${V1}/roleManagement/directory/roleAssignments?$filter=principalId eq '${USER}'`,
    `DELETE ${V1}/roleManagement/directory/roleAssignments/<role assignment id>`,
    `GET ${V1}/roleManagement/directory/roleEligibilityScheduleInstances?$filter=principalId eq '${USER}'`,
    graphLine(END_ELIGIBILITY),
    `DELETE ${V1}/groups/<group id>/members/${USER}/$ref # for a role held through a group`,
    `${graphLine(ASSIGN_ROLE)} # gives an active role back, after sync has taken the user over`,
  ],
};

const MANAGED_UPN: GraphRequest = {
  method: "PATCH",
  url: `${V1}/users/${USER}`,
  body: '{"userPrincipalName": "<name>@<tenant>.onmicrosoft.com"}',
};
const CONVERT_GUEST: GraphRequest = {
  method: "POST",
  url: `${BETA}/users/${USER}/convertExternalToInternalMemberUser`,
  body: '{"userPrincipalName": "<UPN>", "passwordProfile": {"password": "<password>", "forceChangePasswordNextSignIn": true}}',
};
const CLEAR_IDENTIFIER: GraphRequest = {
  method: "PATCH",
  url: `${BETA}/users/${USER}`,
  body: '{"onPremisesObjectIdentifier": null}',
};
const HAND_TO_AD: GraphRequest = {
  method: "PATCH",
  url: `${V1}/users/${USER}/onPremisesSyncBehavior`,
  body: '{"isCloudManaged": false}',
};
const HARD_MATCH_FEATURE = "blockCloudObjectTakeoverThroughHardMatchEnabled";
const setHardMatchBlock = (blocked: boolean): GraphRequest => ({
  method: "PATCH",
  url: `${V1}/directory/onPremisesSynchronization/<tenant id>`,
  body: `{"features": {"${HARD_MATCH_FEATURE}": ${blocked}}}`,
});
const SYNC_JOB = `${V1}/servicePrincipals/<service principal id of the sync configuration>/synchronization/jobs`;
const GRANT: GraphRequest = {
  method: "POST",
  url: `${V1}/servicePrincipals/<service principal id of the app>/appRoleAssignments`,
  body: '{"principalId": "<service principal id of the app>", "resourceId": "<service principal id of Microsoft Graph>", "appRoleId": "<id of the permission>"}',
};
const GRAPH_ROLES = "appId eq '00000003-0000-0000-c000-000000000000'";

const COMPARE: Mending = {
  portal:
    "Active Directory Users and Computers > Find > the account > Properties, beside Entra admin center > Users > All users > the user > Properties",
  powershell: [
    SHOW_ACCOUNT,
    connect("User.Read.All"),
    showUser(USER, "id,displayName,userPrincipalName,mail,employeeId,proxyAddresses"),
  ],
  graph: [getUser(USER, "id,displayName,userPrincipalName,mail,employeeId,proxyAddresses")],
};
const FIND_IN_AD: Mending = {
  portal: "Active Directory Users and Computers > Find > In: Entire Directory > Name",
  powershell: [FIND_ACCOUNT],
  graph: [],
};

/** How each finding is mended by hand, for `explain` and the report. */
export const MENDING: Readonly<Record<FindingCode, Mending>> = {
  "source-duplicate": COMPARE,
  "target-duplicate": COMPARE,
  "source-not-found": FIND_IN_AD,
  "source-ambiguous": {
    ...FIND_IN_AD,
    powershell: ["Get-ADUser -LDAPFilter '(sAMAccountName=<account>)' -Server '<global catalog>:3268'"],
  },
  "source-name-mismatch": { ...FIND_IN_AD, powershell: [FIND_ACCOUNT, SHOW_ACCOUNT] },
  "source-not-a-user": {
    ...FIND_IN_AD,
    powershell: ["Get-ADObject -LDAPFilter '(sAMAccountName=<account>)' -Properties objectClass", FIND_ACCOUNT],
  },
  "source-used-twice": {
    portal: `${ATTRIBUTE_EDITOR} > Clear, on the account that got a copy`,
    powershell: [
      SHOW_ANCHORS,
      `${CLEAR_CONSISTENCY_GUID} # the account that got a copy, and only if it was never synced`,
    ],
    graph: [],
  },
  "target-used-twice": {
    portal: "Entra admin center > Users > All users > the user > Overview > Object ID",
    powershell: [connect("User.Read.All"), showUser("<UPN>", "id,userPrincipalName,displayName")],
    graph: [getUser("<UPN>", "id,userPrincipalName,displayName")],
  },
  "source-disabled": {
    portal: "Active Directory Users and Computers > the account > Enable Account",
    powershell: ["Enable-ADAccount -Identity '<account>'"],
    graph: [],
  },
  "source-protected": {
    portal: "Active Directory Users and Computers > the account > Properties > Member Of",
    powershell: [
      "Get-ADUser -Identity '<account>' -Properties adminCount, memberOf | Format-List",
      "Get-ADUser -LDAPFilter '(anr=<name of the person>)' -Properties adminCount # the person's everyday account",
    ],
    graph: [],
  },
  "anchor-invalid": {
    portal: `${ATTRIBUTE_EDITOR} > Clear`,
    powershell: [
      SHOW_ANCHORS,
      `${CLEAR_CONSISTENCY_GUID} # Connect Sync then writes objectGUID into it`,
      "Set-ADUser -Identity '<account>' -Replace @{'mS-DS-ConsistencyGuid' = (Get-ADUser -Identity '<account>').ObjectGUID.ToByteArray()} # or write it yourself",
    ],
    graph: [],
  },
  "anchor-differs": {
    portal: "Microsoft Entra Connect > Configure > View or export current configuration > Source Anchor",
    powershell: [
      "(Get-ADSyncGlobalSettings).Parameters | Where-Object Name -eq 'Microsoft.SynchronizationOption.AnchorAttribute' | Select-Object Name, Value # on the Connect Sync server",
      SHOW_ANCHORS,
    ],
    graph: [],
  },
  "target-not-found": {
    portal: "Entra admin center > Users > All users > Search by name or mail address",
    powershell: [
      connect("User.Read.All"),
      "Get-MgUser -Filter \"proxyAddresses/any(p:p eq 'smtp:<mail address>')\" -Property id,userPrincipalName,mail | Format-List id,userPrincipalName,mail",
    ],
    graph: [
      `GET ${V1}/users?$filter=proxyAddresses/any(p:p eq 'smtp:<mail address>')&$select=id,userPrincipalName,mail`,
    ],
  },
  "target-deleted": {
    portal: "Entra admin center > Users > Deleted users > the user > Restore user",
    powershell: [
      connect("User.Read.All", "User.DeleteRestore.All"),
      `Get-MgDirectoryDeletedItemAsUser -All -Property ${SHOW_DELETED} | Format-List ${SHOW_DELETED}`,
      restore(USER),
    ],
    graph: [LIST_DELETED, postRestore(USER)],
  },
  "target-guest": {
    portal:
      "Entra admin center > Users > All users > the guest > Overview > B2B collaboration > Convert to internal user",
    powershell: [
      connect("User.ReadWrite.All"),
      showUser(USER, "id,userPrincipalName,userType,mail"),
      `${powershellLine(CONVERT_GUEST)} # only if the person has no member account`,
    ],
    graph: [
      getUser(USER, "id,userPrincipalName,userType,mail"),
      `${graphLine(CONVERT_GUEST)} # only if the person has no member account`,
    ],
  },
  "target-disabled": {
    portal: "Entra admin center > Users > All users > the user > Overview > Account status > Edit",
    powershell: [
      connect("User.ReadWrite.All"),
      showUser(USER, "id,userPrincipalName,displayName,accountEnabled"),
      `Update-MgUser -UserId '${USER}' -AccountEnabled:$true # only if the person shall sign in`,
    ],
    graph: [
      getUser(USER, "id,userPrincipalName,displayName,accountEnabled"),
      `PATCH ${V1}/users/${USER} {"accountEnabled": true} # only if the person shall sign in`,
    ],
  },
  "target-already-matched": NOTHING,
  "target-synced": {
    portal:
      "Active Directory Users and Computers > its present account > Move, out of the sync scope; after a sync: Entra admin center > Users > Deleted users > the user > Restore user",
    powershell: [
      connect("User.Read.All", "User.DeleteRestore.All"),
      showUser(USER, `${ID_PROPERTIES},onPremisesDistinguishedName`),
      LEAVE_SCOPE,
      SYNC_NOW,
      restore(USER),
    ],
    graph: [getUser(USER, `${ID_PROPERTIES},onPremisesDistinguishedName`), postRestore(USER)],
  },
  "target-formerly-synced": {
    portal: "Entra admin center > Users > All users > the user > Properties > On-premises",
    powershell: [connect("User.Read.All"), showUser(USER, `${ID_PROPERTIES},onPremisesLastSyncDateTime`)],
    graph: [getUser(USER, `${ID_PROPERTIES},onPremisesLastSyncDateTime`)],
  },
  "target-has-other-id": {
    portal: "Entra admin center > Users > All users > the user > Properties > On-premises immutable ID",
    powershell: [
      "Get-ADUser -Identity ([guid]::new([Convert]::FromBase64String('<present immutable ID>'))) # whose objectGUID it is",
      connect("User.ReadWrite.All"),
      showUser(USER, ID_PROPERTIES),
      `${powershellLine(clearId(USER))} # only if the old tie shall go`,
    ],
    graph: [getUser(USER, ID_PROPERTIES), `${graphLine(clearId(USER))} # only if the old tie shall go`],
  },
  "target-federated": {
    portal: "Entra admin center > Users > All users > the user > Edit properties > User principal name",
    powershell: [
      connect("User.ReadWrite.All", "Domain.ReadWrite.All"),
      "Get-MgDomain -DomainId '<domain>' | Format-List Id, AuthenticationType",
      `Update-MgUser -UserId '${USER}' -UserPrincipalName '<name>@<tenant>.onmicrosoft.com' # the person signs in with this name until it is set back`,
      "Update-MgDomain -DomainId '<domain>' -AuthenticationType Managed # instead, for everybody in the domain",
    ],
    graph: [
      `GET ${V1}/domains/<domain>?$select=id,authenticationType`,
      graphLine(MANAGED_UPN),
      `PATCH ${V1}/domains/<domain> {"authenticationType": "Managed"} # instead, for everybody in the domain`,
    ],
  },
  "target-privileged": TAKE_ROLE_AWAY,
  "target-has-role": TAKE_ROLE_AWAY,
  "target-object-identifier-set": {
    portal: null,
    powershell: [
      connect("User.ReadWrite.All", "User-OnPremisesSyncBehavior.ReadWrite.All"),
      `Invoke-MgGraphRequest -Method GET -Uri '${BETA}/users/${USER}?$select=id,onPremisesObjectIdentifier' # note the value: it cannot be written back`,
      powershellLine(CLEAR_IDENTIFIER),
      `Clear-ADSyncToolsOnPremisesAttribute -Id '${USER}' -onPremisesObjectIdentifier # the same by ADSyncTools 2.5.0 or later`,
    ],
    graph: [`GET ${BETA}/users/${USER}?$select=id,onPremisesObjectIdentifier`, graphLine(CLEAR_IDENTIFIER)],
  },
  "target-cloud-managed": {
    portal: null,
    powershell: [
      connect("User-OnPremisesSyncBehavior.ReadWrite.All"),
      `Invoke-MgGraphRequest -Method GET -Uri '${HAND_TO_AD.url}?$select=isCloudManaged'`,
      powershellLine(HAND_TO_AD),
    ],
    graph: [`GET ${HAND_TO_AD.url}?$select=isCloudManaged`, graphLine(HAND_TO_AD)],
  },
  "id-held-by-user": {
    portal:
      "Entra admin center > Users > All users > the holder > Properties > On-premises; if sync made it: move its AD account out of the sync scope, sync, then Users > Deleted users > the holder > Delete permanently",
    powershell: [
      connect("User.ReadWrite.All", "User.DeleteRestore.All"),
      showUser(HOLDER, `${ID_PROPERTIES},onPremisesDistinguishedName,createdDateTime`),
      `${powershellLine(clearId(HOLDER))} # a holder that is not synced`,
      `${LEAVE_SCOPE} # a holder that is synced`,
      SYNC_NOW,
      PURGE,
    ],
    graph: [
      getUser(HOLDER, `${ID_PROPERTIES},onPremisesDistinguishedName,createdDateTime`),
      `${graphLine(clearId(HOLDER))} # a holder that is not synced`,
      PURGE_BY_GRAPH,
    ],
  },
  "id-held-by-deleted-user": {
    portal: "Entra admin center > Users > Deleted users > the holder > Delete permanently",
    powershell: [
      connect("User.Read.All", "User.DeleteRestore.All"),
      `Get-MgDirectoryDeletedItemAsUser -All -Property ${SHOW_DELETED} | Where-Object OnPremisesImmutableId -ceq '<immutable ID>'`,
      PURGE,
    ],
    graph: [LIST_DELETED, PURGE_BY_GRAPH],
  },
  "id-held-in-batch": NOTHING,
  "id-differs-in-case": {
    portal: "Entra admin center > Users > All users > the holder > Properties > On-premises immutable ID",
    powershell: [
      connect("User.ReadWrite.All"),
      showUser(HOLDER, ID_PROPERTIES),
      `${powershellLine(clearId(HOLDER))} # once you know where its ID comes from`,
    ],
    graph: [getUser(HOLDER, ID_PROPERTIES), `${graphLine(clearId(HOLDER))} # once you know where its ID comes from`],
  },
  "waits-for-blocked-row": {
    portal:
      "Entra admin center > Users > All users > the user of the row that is named > Properties > On-premises immutable ID",
    powershell: [connect("User.Read.All"), showUser(HOLDER, ID_PROPERTIES)],
    graph: [getUser(HOLDER, ID_PROPERTIES)],
  },
  "address-conflict": {
    portal:
      "Exchange admin center > Recipients > the object that is named > Email addresses > Remove, or Active Directory Users and Computers > the account > Properties > Attribute Editor > proxyAddresses",
    powershell: [
      connect("Directory.Read.All"),
      "Get-MgDirectoryObject -DirectoryObjectId '<id of the object that is named>' | Format-List",
      SHOW_ACCOUNT,
      "Set-ADUser -Identity '<account>' -Remove @{proxyAddresses = 'smtp:<address>'} # if the address belongs to the other object",
    ],
    graph: [`GET ${V1}/directoryObjects/<id of the object that is named>`],
  },
  "upn-will-change": {
    portal: "Active Directory Users and Computers > the account > Properties > Account > User logon name",
    powershell: ["Set-ADUser -Identity '<account>' -UserPrincipalName '<UPN to sign in with>'"],
    graph: [],
  },
  "identity-disagrees": COMPARE,
  "tenant-hard-match-blocked": {
    portal: null,
    powershell: [
      connect("OnPremDirectorySynchronization.ReadWrite.All"),
      "(Get-MgDirectoryOnPremiseSynchronization).Features | Format-List",
      powershellLine(setHardMatchBlock(false)),
      `${powershellLine(setHardMatchBlock(true))} # after the migration`,
    ],
    graph: [
      `GET ${V1}/directory/onPremisesSynchronization`,
      graphLine(setHardMatchBlock(false)),
      `${graphLine(setHardMatchBlock(true))} # after the migration`,
    ],
  },
  "tenant-sync-active": {
    portal: "For Cloud Sync: Entra admin center > Entra Connect > Cloud sync > the configuration > Disable",
    powershell: [
      "Set-ADSyncScheduler -SyncCycleEnabled $false # on the Connect Sync server",
      "Get-ADSyncScheduler | Format-List SyncCycleEnabled, SyncCycleInProgress, StagingModeEnabled, NextSyncCycleStartTimeInUTC",
      "Set-ADSyncScheduler -SyncCycleEnabled $true # when the results have been looked at",
    ],
    graph: [
      `GET ${SYNC_JOB}`,
      `POST ${SYNC_JOB}/<job id>/pause # Cloud Sync`,
      `POST ${SYNC_JOB}/<job id>/start # when the results have been looked at`,
    ],
  },
  "tenant-sync-off": {
    portal: "Entra admin center > Entra Connect > Connect Sync",
    powershell: [
      connect("Organization.Read.All"),
      "Get-MgOrganization | Format-List Id, OnPremisesSyncEnabled, OnPremisesLastSyncDateTime",
    ],
    graph: [`GET ${V1}/organization?$select=id,onPremisesSyncEnabled,onPremisesLastSyncDateTime`],
  },
  "tenant-password-sync": NOTHING,
  "tenant-check-unavailable": {
    portal:
      "Entra admin center > App registrations > the app > API permissions > Add a permission > Microsoft Graph > the permission that is named > Grant admin consent",
    powershell: [
      connect("Application.Read.All", "AppRoleAssignment.ReadWrite.All"),
      `(Get-MgServicePrincipal -Filter "${GRAPH_ROLES}").AppRoles | Where-Object Value -eq '<permission that is named>' | Format-List Id, Value`,
      powershellLine(GRANT),
    ],
    graph: [`GET ${V1}/servicePrincipals?$filter=${GRAPH_ROLES}&$select=id,appRoles`, graphLine(GRANT)],
  },
  "rollback-drift": {
    portal: "Entra admin center > Users > All users > the user > Audit logs > Update user",
    powershell: [
      connect("User.Read.All", "AuditLog.Read.All"),
      showUser(USER, ID_PROPERTIES),
      `Get-MgAuditLogDirectoryAudit -Filter "targetResources/any(t:t/id eq '${USER}')" # who has changed it`,
    ],
    graph: [
      getUser(USER, ID_PROPERTIES),
      `GET ${V1}/auditLogs/directoryAudits?$filter=targetResources/any(t:t/id eq '${USER}')`,
    ],
  },
  "rollback-taken-over": {
    portal:
      "Active Directory Users and Computers > the account > Move, out of the sync scope; after a sync: Entra admin center > Users > Deleted users > the user > Restore user",
    powershell: [LEAVE_SCOPE, SYNC_NOW, connect("User.DeleteRestore.All"), restore(USER)],
    graph: [LIST_DELETED, postRestore(USER)],
  },
  "rollback-irreversible": {
    portal: "Entra admin center > Users > All users > New user > Create new user, after the JSON in the run folder",
    powershell: [
      connect("User.ReadWrite.All"),
      "New-MgUser -DisplayName '<display name>' -UserPrincipalName '<UPN>' -MailNickname '<alias>' -AccountEnabled:$false -PasswordProfile @{Password = '<password>'}",
    ],
    graph: [
      `POST ${V1}/users {"displayName": "<display name>", "userPrincipalName": "<UPN>", "mailNickname": "<alias>", "accountEnabled": false, "passwordProfile": {"password": "<password>"}}`,
    ],
  },
};
