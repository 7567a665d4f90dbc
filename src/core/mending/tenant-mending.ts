/** How findings about the tenant as a whole are mended by hand. */
import type { FindingCode } from "../findings.ts";
import {
  connect,
  type GraphRequest,
  graphLine,
  type Mending,
  NOTHING,
  PAUSE_SYNC,
  powershellLine,
  RESUME_SYNC,
  V1,
} from "./mending-lines.ts";

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

export const TENANT_MENDING = {
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
      PAUSE_SYNC,
      "Get-ADSyncScheduler | Format-List SyncCycleEnabled, SyncCycleInProgress, StagingModeEnabled, NextSyncCycleStartTimeInUTC",
      `${RESUME_SYNC} # when the results have been looked at`,
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
} as const satisfies Partial<Record<FindingCode, Mending>>;
