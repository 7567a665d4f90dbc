/** How findings about what people lose by the takeover are mended by hand: in AD, before the sync. */
import type { FindingCode } from "../findings.ts";
import { connect, getUser, type Mending, SHOW_ACCOUNT, showUser, USER } from "./mending-lines.ts";

const ADDRESSES = "id,userPrincipalName,mail,proxyAddresses";
const ADDRESS_EDITOR =
  "Active Directory Users and Computers > View > Advanced Features > the account > Properties > Attribute Editor > proxyAddresses";
const LOOK = [SHOW_ACCOUNT, connect("User.Read.All"), showUser(USER, ADDRESSES)];

export const PREVIEW_MENDING = {
  "upn-will-change": {
    portal: "Active Directory Users and Computers > the account > Properties > Account > User logon name",
    powershell: ["Set-ADUser -Identity '<account>' -UserPrincipalName '<UPN to sign in with>'"],
    graph: [],
  },
  "takeover-renames": {
    portal: ADDRESS_EDITOR,
    powershell: [
      ...LOOK,
      "Set-ADUser -Identity '<account>' -Remove @{proxyAddresses = 'SMTP:<other address>'}",
      "Set-ADUser -Identity '<account>' -Add @{proxyAddresses = 'SMTP:<address to keep>', 'smtp:<other address>'}",
    ],
    graph: [getUser(USER, ADDRESSES)],
  },
  "takeover-loses-address": {
    portal: ADDRESS_EDITOR,
    powershell: [...LOOK, "Set-ADUser -Identity '<account>' -Add @{proxyAddresses = 'smtp:<address>'}"],
    graph: [getUser(USER, ADDRESSES)],
  },
  "takeover-blocks-signin": {
    portal: "Active Directory Users and Computers > the account > Enable Account",
    powershell: ["Enable-ADAccount -Identity '<account>'"],
    graph: [],
  },
} as const satisfies Partial<Record<FindingCode, Mending>>;
