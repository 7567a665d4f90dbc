/** How findings of rows that write into AD are mended by hand. */
import type { FindingCode } from "../findings.ts";
import {
  connect,
  getUser,
  HOLDER,
  ID_PROPERTIES,
  LEAVE_SCOPE,
  LIST_DELETED,
  type Mending,
  SHOW_DELETED,
  SYNC_NOW,
  showUser,
  USER,
  V1,
} from "./mending-lines.ts";
import { ATTRIBUTE_EDITOR, CLEAR_CONSISTENCY_GUID, SHOW_ANCHORS } from "./source-mending.ts";

const SHOW_ID: Mending = {
  portal: "Entra admin center > Users > All users > the user > Properties > On-premises immutable ID",
  powershell: [connect("User.Read.All"), showUser(USER, ID_PROPERTIES)],
  graph: [getUser(USER, ID_PROPERTIES)],
};

export const ANCHOR_WRITE_MENDING = {
  "cloud-id-missing": SHOW_ID,
  "cloud-id-not-a-guid": SHOW_ID,
  "old-account-remains": {
    portal: "Active Directory Users and Computers > the old account > Move, out of the sync scope",
    powershell: [LEAVE_SCOPE, SYNC_NOW],
    graph: [],
  },
  "consistency-guid-taken": {
    portal: `${ATTRIBUTE_EDITOR} > Clear, on the account that holds a copy`,
    powershell: [
      SHOW_ANCHORS,
      `${CLEAR_CONSISTENCY_GUID} # the account that holds a copy, and only if it was never synced`,
    ],
    graph: [],
  },
  "consistency-guid-set": {
    portal: `${ATTRIBUTE_EDITOR} > Clear, only if the account was never synced`,
    powershell: [SHOW_ANCHORS, `${CLEAR_CONSISTENCY_GUID} # only if it was never synced`],
    graph: [],
  },
  "account-already-synced": {
    portal:
      "Active Directory Users and Computers > the account > Move, out of the sync scope; after a sync: Entra admin center > Users > Deleted users > the duplicate > Delete permanently",
    powershell: [
      LEAVE_SCOPE,
      SYNC_NOW,
      connect("User.Read.All", "User.DeleteRestore.All"),
      `Get-MgDirectoryDeletedItemAsUser -All -Property ${SHOW_DELETED} | Where-Object OnPremisesImmutableId -ceq '<immutable ID>'`,
      `Remove-MgDirectoryDeletedItem -DirectoryObjectId '${HOLDER}' # for good, and only if nobody needs it: the duplicate`,
    ],
    graph: [
      LIST_DELETED,
      `DELETE ${V1}/directory/deletedItems/${HOLDER} # for good, and only if nobody needs it: the duplicate`,
    ],
  },
  "write-not-permitted": {
    portal:
      "Active Directory Users and Computers > View > Advanced Features > the OU > Properties > Security > Advanced > Add > Applies to: Descendant User objects > Write mS-DS-ConsistencyGuid",
    powershell: [
      "Get-ADUser -Identity '<account>' -Properties allowedAttributesEffective | Select-Object -ExpandProperty allowedAttributesEffective # as the account that signs in",
    ],
    graph: [],
  },
} as const satisfies Partial<Record<FindingCode, Mending>>;
