/** How findings about identities and addresses that do not fit are mended by hand. */
import type { FindingCode } from "../findings.ts";
import { COMPARE, connect, type Mending, SHOW_ACCOUNT, V1 } from "./mending-lines.ts";

export const IDENTITY_MENDING = {
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
  "identity-disagrees": COMPARE,
  "identity-not-comparable": COMPARE,
} as const satisfies Partial<Record<FindingCode, Mending>>;
