/** How findings about the cloud user are mended by hand. */
import type { FindingCode } from "../findings.ts";
import {
  BETA,
  COMPARE,
  clearId,
  connect,
  type GraphRequest,
  getUser,
  graphLine,
  ID_PROPERTIES,
  LEAVE_SCOPE,
  LIST_DELETED,
  type Mending,
  NOTHING,
  postRestore,
  powershellLine,
  restore,
  SHOW_DELETED,
  SYNC_NOW,
  showUser,
  USER,
  V1,
} from "./mending-lines.ts";

const CONVERT_GUEST: GraphRequest = {
  method: "POST",
  url: `${BETA}/users/${USER}/convertExternalToInternalMemberUser`,
  body: '{"userPrincipalName": "<UPN>", "passwordProfile": {"password": "<password>", "forceChangePasswordNextSignIn": true}}',
};

export const TARGET_MENDING = {
  "target-duplicate": COMPARE,
  "target-used-twice": {
    portal: "Entra admin center > Users > All users > the user > Overview > Object ID",
    powershell: [connect("User.Read.All"), showUser("<UPN>", "id,userPrincipalName,displayName")],
    graph: [getUser("<UPN>", "id,userPrincipalName,displayName")],
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
} as const satisfies Partial<Record<FindingCode, Mending>>;
