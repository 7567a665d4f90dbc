/** How findings about what a rollback leaves alone are mended by hand. */
import type { FindingCode } from "../findings.ts";
import {
  connect,
  getUser,
  ID_PROPERTIES,
  LEAVE_SCOPE,
  LIST_DELETED,
  type Mending,
  postRestore,
  restore,
  SYNC_NOW,
  showUser,
  USER,
  V1,
} from "./mending-lines.ts";

export const ROLLBACK_MENDING = {
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
  "rollback-unconfirmed": {
    portal:
      "Active Directory Users and Computers, connected to the domain controller that was written to > the account > Attribute Editor > mS-DS-ConsistencyGuid",
    powershell: [
      "Get-ADUser -Identity '<account>' -Server '<server that was written to>' -Properties mS-DS-ConsistencyGuid",
      "Sync-ADObject -Object '<distinguished name>' -Source '<server that was written to>' -Destination '<server that answers now>'",
    ],
    graph: [],
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
  "rollback-restored-stays": {
    portal: "Entra admin center > Users > All users > the user > Delete",
    powershell: [connect("User.ReadWrite.All"), showUser(USER, ID_PROPERTIES), `Remove-MgUser -UserId '${USER}'`],
    graph: [getUser(USER, ID_PROPERTIES), `DELETE ${V1}/users/${USER}`],
  },
  "rollback-record-incomplete": {
    portal:
      "Entra admin center > Users > All users > the user > Properties > On-premises: the value to look at by hand",
    powershell: [connect("User.Read.All"), showUser(USER, ID_PROPERTIES)],
    graph: [getUser(USER, ID_PROPERTIES)],
  },
} as const satisfies Partial<Record<FindingCode, Mending>>;
