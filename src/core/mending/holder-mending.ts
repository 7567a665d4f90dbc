/** How findings about whoever holds the ID are mended by hand. */
import type { FindingCode } from "../findings.ts";
import {
  clearId,
  connect,
  getUser,
  graphLine,
  HOLDER,
  ID_PROPERTIES,
  LEAVE_SCOPE,
  LIST_DELETED,
  type Mending,
  NOTHING,
  powershellLine,
  SHOW_DELETED,
  SYNC_NOW,
  showUser,
  V1,
} from "./mending-lines.ts";

const PURGE = `Remove-MgDirectoryDeletedItem -DirectoryObjectId '${HOLDER}' # for good, and only if nobody needs it`;

const PURGE_BY_GRAPH = `DELETE ${V1}/directory/deletedItems/${HOLDER} # for good, and only if nobody needs it`;

export const HOLDER_MENDING = {
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
  "action-irreversible": {
    portal: "Entra admin center > Users > All users (or Deleted users) > the object that is named > Overview",
    powershell: [
      connect("User.Read.All"),
      showUser(HOLDER, `${ID_PROPERTIES},createdDateTime,assignedLicenses`),
      `Get-MgDirectoryDeletedItemAsUser -DirectoryObjectId '${HOLDER}' # one that lies in the recycle bin`,
    ],
    graph: [
      getUser(HOLDER, `${ID_PROPERTIES},createdDateTime,assignedLicenses`),
      `GET ${V1}/directory/deletedItems/${HOLDER} # one that lies in the recycle bin`,
    ],
  },
} as const satisfies Partial<Record<FindingCode, Mending>>;
