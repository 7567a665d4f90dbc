/** How findings about the AD account or its source anchor are mended by hand. */
import type { FindingCode } from "../findings.ts";
import { COMPARE, type Mending, SHOW_ACCOUNT } from "./mending-lines.ts";

/** Looks at one AD account; the anchors are shown as the immutable IDs that they give. */
export const SHOW_ANCHORS =
  "Get-ADUser -Identity '<account>' -Properties mS-DS-ConsistencyGuid | Format-List DistinguishedName, ObjectGUID, @{n='fromObjectGuid'; e={[Convert]::ToBase64String($_.ObjectGUID.ToByteArray())}}, @{n='fromConsistencyGuid'; e={[Convert]::ToBase64String($_.'mS-DS-ConsistencyGuid')}}";

const FIND_ACCOUNT = "Get-ADUser -LDAPFilter '(anr=<name of the person>)' -Server '<global catalog>:3268'";

export const CLEAR_CONSISTENCY_GUID = "Set-ADUser -Identity '<account>' -Clear 'mS-DS-ConsistencyGuid'";

export const ATTRIBUTE_EDITOR =
  "Active Directory Users and Computers > View > Advanced Features > the account > Properties > Attribute Editor > mS-DS-ConsistencyGuid";

const FIND_IN_AD: Mending = {
  portal: "Active Directory Users and Computers > Find > In: Entire Directory > Name",
  powershell: [FIND_ACCOUNT],
  graph: [],
};

export const SOURCE_MENDING = {
  "source-duplicate": COMPARE,
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
} as const satisfies Partial<Record<FindingCode, Mending>>;
