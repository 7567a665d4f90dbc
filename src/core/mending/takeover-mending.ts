/** How findings about what makes Entra refuse the takeover are mended by hand. */
import type { FindingCode } from "../findings.ts";
import {
  BETA,
  connect,
  type GraphRequest,
  graphLine,
  type Mending,
  powershellLine,
  USER,
  V1,
} from "./mending-lines.ts";

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

export const TAKEOVER_MENDING = {
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
} as const satisfies Partial<Record<FindingCode, Mending>>;
