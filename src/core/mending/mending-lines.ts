/**
 * The parts of which mending lines are made: where to click, which PowerShell to run, which Graph request to send.
 *
 * Three traps are kept out of them: `Update-MgUser -OnPremisesImmutableId $null` sends an empty text, so a value is
 * cleared by a raw request with a JSON null; the recycle bin lists users only with the cast to `microsoft.graph.user`; a
 * single-quoted address keeps `$select` from being read as a variable. MSOnline and AzureAD are retired and named
 * nowhere. Lines that look come first.
 *
 * Placeholders stand in <angle brackets>. Addresses are those of the global cloud.
 *
 * Source: Microsoft Learn: Microsoft Graph v1.0 and beta, Microsoft Graph PowerShell 2.x, ActiveDirectory module,
 * Microsoft Entra Connect Sync: Scheduler, ADSyncTools 2.5.0 (checked 2026-11)
 */

/** Concrete ways to mend a finding; empty where nothing is to be done. */
export type Mending = {
  /** Path through an admin center or an AD tool, steps parted by `>`; `null` where none leads there. */
  readonly portal: string | null;
  /** One command a line, from top to bottom; what follows a `#` says when or where the line is right. */
  readonly powershell: readonly string[];
  /** One request a line: method, address, JSON body if there is one; a `#` as above. */
  readonly graph: readonly string[];
};

/** A request that is written both as a Graph line and as a PowerShell one. */
export type GraphRequest = {
  readonly method: "POST" | "PATCH" | "DELETE";
  readonly url: string;
  readonly body?: string;
};

/** The two versions of Graph. */
export const V1 = "https://graph.microsoft.com/v1.0";
export const BETA = "https://graph.microsoft.com/beta";

/** Placeholders for the row's own user and for whoever holds its ID. */
export const USER = "<object id>";
export const HOLDER = "<object id of the holder>";

/** Where nothing is to be done. */
export const NOTHING: Mending = { portal: null, powershell: [], graph: [] };

/** `PATCH https://… {"…": …}` */
export const graphLine = ({ method, url, body }: GraphRequest): string =>
  `${method} ${url}${body === undefined ? "" : ` ${body}`}`;

/** The same request by PowerShell. */
export const powershellLine = ({ method, url, body }: GraphRequest): string =>
  `Invoke-MgGraphRequest -Method ${method} -Uri '${url}'${body === undefined ? "" : ` -Body '${body}'`}`;

/** Signs in with these scopes. */
export const connect = (...scopes: readonly string[]): string =>
  `Connect-MgGraph -Scopes ${scopes.map((scope) => `'${scope}'`).join(", ")}`;

/** Looks at one user, by PowerShell. Properties are named, because Graph leaves most of them out otherwise. */
export const showUser = (user: string, properties: string): string =>
  `Get-MgUser -UserId '${user}' -Property ${properties} | Format-List ${properties}`;

/** Looks at one user, by Graph. */
export const getUser = (user: string, properties: string): string => `GET ${V1}/users/${user}?$select=${properties}`;

/** Looks at one AD account. */
export const SHOW_ACCOUNT =
  "Get-ADUser -Identity '<account>' -Properties DisplayName, mail, EmployeeID, proxyAddresses | Format-List";

/** What tells how a user stands with sync. */
export const ID_PROPERTIES = "id,userPrincipalName,displayName,onPremisesImmutableId,onPremisesSyncEnabled";

/** Clears an immutable ID: a JSON null, never an empty text. */
export const clearId = (user: string): GraphRequest => ({
  method: "PATCH",
  url: `${V1}/users/${user}`,
  body: '{"onPremisesImmutableId": null}',
});

/** Looks into the recycle bin. */
export const SHOW_DELETED = "id,userPrincipalName,onPremisesImmutableId,deletedDateTime";
export const LIST_DELETED = `GET ${V1}/directory/deletedItems/microsoft.graph.user?$select=${SHOW_DELETED}&$top=999`;

/** Brings a deleted user back. */
export const restore = (user: string): string => `Restore-MgDirectoryDeletedItem -DirectoryObjectId '${user}'`;
export const postRestore = (user: string): string => `POST ${V1}/directory/deletedItems/${user}/restore`;

/** Takes an account out of the sync scope, and lets sync run. */
export const LEAVE_SCOPE =
  "Move-ADObject -Identity '<DN of its present account>' -TargetPath '<OU outside the sync scope>'";
export const PAUSE_SYNC = "Set-ADSyncScheduler -SyncCycleEnabled $false # on the Connect Sync server";
export const RESUME_SYNC = "Set-ADSyncScheduler -SyncCycleEnabled $true";
export const SYNC_NOW = "Start-ADSyncSyncCycle -PolicyType Delta # on the Connect Sync server";

/** Both people of a row side by side. */
export const COMPARE: Mending = {
  portal:
    "Active Directory Users and Computers > Find > the account > Properties, beside Entra admin center > Users > All users > the user > Properties",
  powershell: [
    SHOW_ACCOUNT,
    connect("User.Read.All"),
    showUser(USER, "id,displayName,userPrincipalName,mail,employeeId,proxyAddresses"),
  ],
  graph: [getUser(USER, "id,displayName,userPrincipalName,mail,employeeId,proxyAddresses")],
};
