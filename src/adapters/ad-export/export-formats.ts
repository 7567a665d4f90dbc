/**
 * The kinds of export, and the commands that make one with every attribute that is read.
 *
 * ldifde and csvde are told what to leave out, not what to write: so a file of theirs also shows that an attribute which
 * is missing in it is empty in AD. `-u` keeps letters outside ASCII. The domain's head comes along where the tool can.
 *
 * Sources: "Ldifde", "Csvde" and "LDIF Scripts" (Microsoft Learn); ldapsearch(1); Get-ADUser and Export-Csv of Windows
 * PowerShell 5.1, checked 2026-11.
 */
export type ExportFormat = "Get-ADUser" | "csvde" | "LDIF";

const LEFT_OUT = "thumbnailPhoto,jpegPhoto,userCertificate,userSMIMECertificate,memberOf";
const FILTER = "(|(objectClass=user)(objectClass=domainDNS))";

/** One command line, or several joined by "or": what to run to get such an export whole. */
export const EXPORT_COMMANDS: Readonly<Record<ExportFormat, string>> = {
  "Get-ADUser": [
    "Get-ADUser -Filter * -Properties displayName,mail,proxyAddresses,employeeID,adminCount,userAccountControl,isCriticalSystemObject,sIDHistory,mS-DS-ConsistencyGuid",
    "Select-Object DistinguishedName,ObjectClass,SamAccountName,ObjectGUID,SID,UserPrincipalName,displayName,GivenName,Surname,mail,employeeID,userAccountControl,adminCount,isCriticalSystemObject,@{n='sIDHistory';e={$_.sIDHistory -join ';'}},@{n='proxyAddresses';e={$_.proxyAddresses -join ';'}},@{n='mS-DS-ConsistencyGuid';e={if ($_.'mS-DS-ConsistencyGuid') {[Convert]::ToBase64String($_.'mS-DS-ConsistencyGuid')}}}",
    "Export-Csv old-domain-users.csv -NoTypeInformation -Encoding UTF8",
  ].join(" | "),
  csvde: `csvde -u -f old-domain-users.csv -r "${FILTER}" -o "${LEFT_OUT}"`,
  LDIF: `ldifde -u -f old-domain-users.ldf -r "${FILTER}" -o "${LEFT_OUT}"`,
};
