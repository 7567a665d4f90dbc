/** Accounts that are no ordinary people, or are gone, or are not the ones that they were when the plan was made. */

import { afterEach, expect, test } from "vitest";
import { guidToBytes } from "../../src/core/guid.ts";
import { type SimulatedDirectory, startSimulatedDirectory } from "../../src/sim/directory/server.ts";
import type { SimulatedEntry } from "../../src/sim/directory/world.ts";
import { AD_GUID, CLOUD_ID, idOf } from "../support/facts.ts";
import {
  BASE_DN,
  describeDomain,
  describeEntry,
  describePerson,
  type SmallCompany,
  startCompany,
} from "../support/small-company.ts";

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function start(entries: SimulatedEntry[], roles = {}): Promise<SmallCompany> {
  const users = ["ada", "ben", "cyd", "dee", "eve", "fay"].map(describePerson);
  const company = await startCompany({ entries, users, roles });
  running.push(company);
  return company;
}

const change = (name: string, changes: Partial<SimulatedEntry>, attributes: SimulatedEntry["attributes"] = {}) => {
  const entry = describeEntry(name);
  return { ...entry, ...changes, attributes: { ...entry.attributes, ...attributes } };
};

test("B05: accounts that are gone, disabled, machines, services or groups each have their own reason", async () => {
  const company = await start([
    change("ada", {}, { userAccountControl: ["514"] }),
    change("ben", { objectClass: ["computer"] }, { userAccountControl: ["4096"] }),
    change("cyd", { objectClass: ["msDS-GroupManagedServiceAccount"] }),
    change("dee", {}, { isDeleted: ["TRUE"] }),
    change("eve", { objectClass: ["group"] }),
  ]);
  const mapping = company.writeMapping(["ada", "ben", "cyd", "dee", "eve", "fay"]);
  const { code, stdout } = await company.run(["plan", mapping, "--run", "runs/a", "--json"]);
  const document = JSON.parse(stdout);
  expect([code, document.rowsToWrite]).toEqual([3, 1]);
  const findings = document.blockedRows.map(({ account, findings: codes }: { account: string; findings: string[] }) => [
    account,
    codes.join(),
  ]);
  expect(Object.fromEntries(findings)).toEqual({
    ben: "source-not-a-user",
    cyd: "source-not-a-user",
    dee: "source-not-found",
    eve: "source-not-a-user",
    fay: "source-not-found",
  });
  expect(document.codes.map((each: { code: string }) => each.code)).toContain("takeover-blocks-signin");
  const { stdout: shown } = await company.run(["plan", mapping, "--run", "runs/b"]);
  for (const reason of ["is a computer", "is a managed service account", "is a group"]) expect(shown).toContain(reason);
});

/** Plans for the accounts as they are, then puts another domain controller with other accounts in the configuration. */
async function planThenMeet(entries: SimulatedEntry[]): Promise<SmallCompany> {
  const company = await start(["ada", "ben"].map(describeEntry));
  expect((await company.run(["plan", company.writeMapping(["ada", "ben"]), "--run", "runs/a"])).code).toBe(0);
  const second: SimulatedDirectory = await startSimulatedDirectory({
    ...describeDomain(entries),
    hostName: "dc2.corp.contoso.example",
  });
  running.push(second);
  company.write("hardmatch.yaml", company.configuration().replace(/url: ldap:.*/, `url: ${second.url}`));
  return company;
}

test("B13: another domain controller, and accounts that were moved or given another name, change nothing", async () => {
  const company = await planThenMeet([
    change("ada", { dn: `CN=ada,OU=Moved,${BASE_DN}` }),
    change(
      "ben",
      { dn: `CN=Benjamin,OU=People,${BASE_DN}` },
      { displayName: ["ben"], userPrincipalName: ["ben@contoso.example"] },
    ),
  ]);
  const { code, stderr } = await company.run(["apply", "runs/a", "--confirm", "2"]);
  expect(code, stderr).toBe(0);
  expect(company.held("ada", "ben")).toEqual([idOf("ada"), idOf("ben")]);
});

test("B13: an account that was made anew under the old name is drift, and its user is left alone", async () => {
  const anew = { objectGUID: [Buffer.from(guidToBytes(AD_GUID("ada, made anew"))).toString("base64")] };
  const company = await planThenMeet([change("ada", { binary: anew }), describeEntry("ben")]);
  const refused = await company.run(["apply", "runs/a", "--confirm", "2"]);
  expect([refused.code, company.applied()]).toEqual([3, []]);
  expect(refused.stderr).toContain("another source anchor than when the plan was made");
  expect((await company.run(["apply", "runs/a", "--confirm", "2", "--skip-blocked"])).code).toBe(6);
  expect(company.held("ada", "ben")).toEqual([null, idOf("ben")]);
});

test("B13: an account that was renamed away is drift", async () => {
  const company = await planThenMeet([change("ada", {}, { sAMAccountName: ["ada.keller"] }), describeEntry("ben")]);
  const refused = await company.run(["apply", "runs/a", "--confirm", "2"]);
  expect([refused.code, refused.stderr, company.applied()]).toEqual([
    3,
    expect.stringContaining("source-not-found"),
    [],
  ]);
});

test("E13: a user with a privileged role is blocked, whatever the options", async () => {
  const id = "62e90394-69f5-4237-9190-012177145e10";
  const company = await start(["ada", "ben"].map(describeEntry), {
    roleDefinitions: [
      { id, templateId: id, displayName: "Global Administrator", isBuiltIn: true, isEnabled: true, isPrivileged: true },
    ],
    roleAssignments: [
      { id: AD_GUID("assignment"), principalId: CLOUD_ID("ada"), roleDefinitionId: id, directoryScopeId: "/" },
    ],
  });
  const actions = "clear-holder,delete-holder,purge-deleted-holder,restore-target,clear-object-identifier";
  const words = ["--replace", "--on-conflict", "clear-holder", "--allow", actions, "--anchor", "objectGUID"];
  const { code, stdout } = await company.run([
    "plan",
    company.writeMapping(["ada", "ben"]),
    "--run",
    "runs/a",
    ...words,
    "--json",
  ]);
  expect([code, JSON.parse(stdout).blockedRows]).toEqual([
    3,
    [expect.objectContaining({ account: "ada", findings: ["target-privileged"] })],
  ]);
  expect((await company.run(["apply", "runs/a", "--confirm", "2", "--skip-blocked"])).code).toBe(7);
  expect((await company.run(["apply", "runs/a", "--confirm", "1", "--skip-blocked"])).code).toBe(0);
  expect(company.held("ada", "ben")).toEqual([null, idOf("ben")]);
});
