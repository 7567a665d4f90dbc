import { expect, test } from "vitest";
import { EXPLANATIONS } from "../../../src/core/checks/checks.ts";
import { FINDING_CODES } from "../../../src/core/findings.ts";
import { MENDING } from "../../../src/core/mending/mending.ts";

/** Each cmdlet with the module that brings it, as their reference lists them. */
const CMDLETS: Readonly<Record<string, readonly string[]>> = {
  ActiveDirectory: ["Enable-ADAccount", "Get-ADObject", "Get-ADUser", "Move-ADObject", "Set-ADUser", "Sync-ADObject"],
  ADSync: ["Get-ADSyncGlobalSettings", "Get-ADSyncScheduler", "Set-ADSyncScheduler", "Start-ADSyncSyncCycle"],
  ADSyncTools: ["Clear-ADSyncToolsOnPremisesAttribute"],
  "Microsoft.Graph": [
    "Connect-MgGraph",
    "Get-MgAuditLogDirectoryAudit",
    "Get-MgDirectoryDeletedItemAsUser",
    "Get-MgDirectoryObject",
    "Get-MgDirectoryOnPremiseSynchronization",
    "Get-MgDomain",
    "Get-MgOrganization",
    "Get-MgRoleManagementDirectoryRoleAssignment",
    "Get-MgRoleManagementDirectoryRoleEligibilityScheduleInstance",
    "Get-MgServicePrincipal",
    "Get-MgUser",
    "Invoke-MgGraphRequest",
    "New-MgUser",
    "Remove-MgDirectoryDeletedItem",
    "Remove-MgGroupMemberDirectoryObjectByRef",
    "Remove-MgRoleManagementDirectoryRoleAssignment",
    "Remove-MgUser",
    "Restore-MgDirectoryDeletedItem",
    "Update-MgDomain",
    "Update-MgUser",
  ],
  PowerShell: ["Format-List", "Select-Object", "Where-Object"],
};
const KNOWN = new Set(Object.values(CMDLETS).flat());

/** What may be asked of which address: method, then the path after the version. `<>` stands for any placeholder. */
const REQUESTS: readonly string[] = [
  "GET v1.0 /users",
  "POST v1.0 /users",
  "GET v1.0 /users/<>",
  "PATCH v1.0 /users/<>",
  "DELETE v1.0 /users/<>",
  "GET beta /users/<>",
  "PATCH beta /users/<>",
  "POST beta /users/<>/convertExternalToInternalMemberUser",
  "GET v1.0 /users/<>/onPremisesSyncBehavior",
  "PATCH v1.0 /users/<>/onPremisesSyncBehavior",
  "GET v1.0 /directory/deletedItems/microsoft.graph.user",
  "GET v1.0 /directory/deletedItems/<>",
  "DELETE v1.0 /directory/deletedItems/<>",
  "POST v1.0 /directory/deletedItems/<>/restore",
  "GET v1.0 /directory/onPremisesSynchronization",
  "PATCH v1.0 /directory/onPremisesSynchronization/<>",
  "GET v1.0 /directoryObjects/<>",
  "GET v1.0 /domains/<>",
  "PATCH v1.0 /domains/<>",
  "DELETE v1.0 /groups/<>/members/<>/$ref",
  "GET v1.0 /organization",
  "GET v1.0 /auditLogs/directoryAudits",
  "GET v1.0 /roleManagement/directory/roleAssignments",
  "POST v1.0 /roleManagement/directory/roleAssignments",
  "DELETE v1.0 /roleManagement/directory/roleAssignments/<>",
  "GET v1.0 /roleManagement/directory/roleEligibilityScheduleInstances",
  "POST v1.0 /roleManagement/directory/roleEligibilityScheduleRequests",
  "GET v1.0 /servicePrincipals",
  "POST v1.0 /servicePrincipals/<>/appRoleAssignments",
  "GET v1.0 /servicePrincipals/<>/synchronization/jobs",
  "POST v1.0 /servicePrincipals/<>/synchronization/jobs/<>/pause",
  "POST v1.0 /servicePrincipals/<>/synchronization/jobs/<>/start",
];

const powershell = FINDING_CODES.flatMap((code) => MENDING[code].powershell.map((line) => ({ code, line })));
const graph = FINDING_CODES.flatMap((code) => MENDING[code].graph.map((line) => ({ code, line })));
const everything = FINDING_CODES.flatMap((code) => {
  const { portal, powershell, graph } = MENDING[code];
  return [portal ?? "", ...powershell, ...graph];
});

const withoutComment = (line: string): string => line.replace(/ # .*$/, "");
const withoutTexts = (line: string): string => withoutComment(line).replace(/"[^"]*"|'[^']*'/g, "''");

/** Method, address and body of a Graph line; the body begins where the JSON does. */
function parseRequest(line: string): { method: string; url: string; body: string | null } {
  const [, method = "", url = "", body = null] =
    /^(GET|POST|PATCH|DELETE) (https:\/\/graph\.microsoft\.com\/.*?)(?: (\{.*\}))?$/.exec(withoutComment(line)) ?? [];
  return { method, url, body };
}

function shapeOf(line: string): string {
  const { method, url } = parseRequest(line);
  const [, version, path] = /^https:\/\/graph\.microsoft\.com\/(v1\.0|beta)(\/[^?]*)/.exec(url) ?? [];
  return `${method} ${version} ${path?.replace(/<[^>]+>/g, "<>")}`;
}

test("every code has an entry, and there is none for a code that does not exist", () => {
  expect(Object.keys(MENDING).toSorted()).toEqual([...FINDING_CODES].toSorted());
});

for (const code of FINDING_CODES.filter((known) => EXPLANATIONS[known].severity !== "info")) {
  test(`${code} has at least one concrete way to mend it`, () => {
    const { portal, powershell, graph } = MENDING[code];
    expect(portal !== null || powershell.length > 0 || graph.length > 0).toBe(true);
  });
}

test("a finding that needs nothing names no way at all", () => {
  for (const code of FINDING_CODES.filter((known) => EXPLANATIONS[known].mend === "Nothing is needed."))
    expect(MENDING[code]).toEqual({ portal: null, powershell: [], graph: [] });
});

test("no line names a cmdlet of the retired modules MSOnline and AzureAD", () => {
  for (const line of everything) expect(line).not.toMatch(/-Msol|-AzureAD|MSOnline|Import-Module AzureAD/i);
});

test("every PowerShell line begins with a known cmdlet and uses no other", () => {
  for (const { line } of powershell) {
    const named = withoutTexts(line).match(/\b[A-Z][a-z]+-(?!DS)[A-Z]\w+/g) ?? [];
    expect(line).toMatch(/^\(?[A-Z][a-z]+-[A-Z]/);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((cmdlet) => !KNOWN.has(cmdlet))).toEqual([]);
  }
});

test("every cmdlet of the list is used, so that the list does not outgrow the table", () => {
  const used = powershell.map(({ line }) => withoutTexts(line)).join("\n");
  expect([...KNOWN].filter((cmdlet) => !used.includes(cmdlet))).toEqual([]);
});

test("every Graph line is a request of the list, and every request of the list is used", () => {
  const asked = graph.map(({ line }) => shapeOf(line));
  expect(asked.filter((shape) => !REQUESTS.includes(shape))).toEqual([]);
  expect(REQUESTS.filter((shape) => !asked.includes(shape))).toEqual([]);
});

test("bodies are JSON, PATCH always has one, GET and DELETE never", () => {
  for (const { line } of graph) {
    const { method, body } = parseRequest(line);
    if (method === "GET" || method === "DELETE" || method === "PATCH") expect(body !== null).toBe(method === "PATCH");
    if (body !== null) expect(typeof JSON.parse(body)).toBe("object");
  }
});

test("a raw request in PowerShell is, but for its quotes, one of the Graph lines of the same code", () => {
  const raw = powershell.filter(({ line }) => line.startsWith("Invoke-MgGraphRequest"));
  expect(raw.length).toBeGreaterThan(5);
  for (const { code, line } of raw) {
    const [, method, url, body] = /-Method (\w+) -Uri '([^']+)'(?: -Body '([^']+)')?$/.exec(withoutComment(line)) ?? [];
    expect(MENDING[code].graph.map(withoutComment)).toContain(
      `${method} ${url}${body === undefined ? "" : ` ${body}`}`,
    );
  }
});

test("an immutable ID is cleared by a JSON null and never by $null, which Graph PowerShell sends as an empty text", () => {
  for (const { line } of powershell) expect(line).not.toMatch(/\$null|-OnPremisesImmutableId/i);
  for (const code of ["id-held-by-user", "id-differs-in-case", "target-has-other-id"] as const) {
    const clears = graph.filter((known) => known.code === code && known.line.includes("PATCH"));
    expect(clears.map(({ line }) => parseRequest(line).body)).toEqual(['{"onPremisesImmutableId": null}']);
  }
});

test("onPremisesObjectIdentifier, which v1.0 does not know, is read and cleared in beta", () => {
  const lines = everything.filter((line) => line.includes("onPremisesObjectIdentifier") && line.includes("https:"));
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line).toContain("https://graph.microsoft.com/beta/users/");
});

test("a session is opened, with named scopes, before the first cmdlet of Microsoft Graph", () => {
  for (const code of FINDING_CODES) {
    const [first] = MENDING[code].powershell.filter((line) => /-Mg/.test(line));
    if (first !== undefined) expect(first).toMatch(/^Connect-MgGraph -Scopes ('[\w.-]+\.All'|'[\w.-]+\.Directory')/);
  }
});

test("mS-DS-ConsistencyGuid is asked for by name, because Get-ADUser does not return it otherwise", () => {
  const readers = powershell.filter(({ line }) => line.includes("$_.'mS-DS-ConsistencyGuid'"));
  expect(readers.map(({ code }) => code)).toEqual([
    ...["source-used-twice", "anchor-invalid", "anchor-differs", "consistency-guid-taken", "consistency-guid-set"],
  ]);
  for (const { line } of readers) expect(line).toContain("-Properties mS-DS-ConsistencyGuid");
});

test("what deletes for good says so in the same line", () => {
  const purges = [...powershell, ...graph].filter(({ line }) =>
    /^Remove-MgDirectoryDeletedItem|^DELETE .*\/deletedItems\//.test(line),
  );
  expect(new Set(purges.map(({ code }) => code))).toEqual(
    new Set(["account-already-synced", "id-held-by-user", "id-held-by-deleted-user"]),
  );
  for (const { line } of purges) expect(line).toContain("# for good, and only if nobody needs it");
});

test("quotes and brackets are closed, and no variable stands in double quotes, where PowerShell would replace it", () => {
  for (const { line } of powershell) {
    const bare = withoutTexts(line);
    expect(bare.replaceAll("''", "")).not.toMatch(/['"]/);
    expect(withoutComment(line)).not.toMatch(/"[^"]*\$[^"]*"/);
    for (const [open, close] of ["()", "{}", "[]"].map((pair) => [...pair]))
      expect(bare.split(open ?? "").length).toBe(bare.split(close ?? "").length);
  }
  for (const line of everything) {
    expect(line).not.toMatch(/[\r\n`]/);
    expect(line.replace(/<[A-Za-z][A-Za-z ]*>/g, "")).not.toMatch(/[<>](?! )/);
  }
});

test("no sync runs between the old account's leaving of the scope and the new one's coming", () => {
  const lines = MENDING["old-account-remains"].powershell;
  const at = (part: string) => lines.findIndex((line) => line.includes(part));
  const order = ["$false", "'<DN of the old account>'", "'<DN of the new account>'", "$true", "Start-ADSyncSyncCycle"];
  expect(order.map(at)).toEqual([0, 1, 2, 3, 4]);
});
