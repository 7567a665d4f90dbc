/** The program with apps that may do too little, just enough, or far too much. */
import { existsSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PERMISSIONS } from "../../src/sim/demo/simulation.ts";
import { idOf } from "../support/facts.ts";
import { type SmallCompany, startSmallCompany } from "../support/small-company.ts";

const READER = ["User.Read.All", "Organization.Read.All"];

let company: SmallCompany;
beforeEach(async () => {
  company = await startSmallCompany();
});
afterEach(() => company.close());

const runWith = (permissions: readonly string[], ...words: string[]) =>
  company.run(words, { environment: { HARDMATCH_ACCESS_TOKEN: company.tenant.mintToken({ roles: permissions }) } });
const plan = (permissions: readonly string[], ...words: string[]) =>
  runWith(permissions, "plan", company.writeMapping(["ada", "ben"]), "--run", "runs/a", ...words);
const isWrite = ({ method }: { readonly method: string }) => method !== "GET";

test("E20: an app that may only read plans, and its apply is refused before the first write by the permission it lacks", async () => {
  const planned = await plan(READER);
  expect(planned.code, planned.stderr).toBe(0);
  const { code, stderr } = await runWith(READER, "apply", "runs/a", "--confirm", "2");
  expect(code).toBe(5);
  expect(stderr).toContain("it lacks User.ReadWrite.All to write an immutable ID. Nothing was written.");
  expect(stderr).toContain("grant admin consent");
  expect(company.tenant.ledger.entries.filter(isWrite)).toEqual([]);
  expect(existsSync(company.path("runs/a/results.csv"))).toBe(false);

  // The refused apply has decided nothing: another app, and another canary, go on with the same run.
  const applied = await runWith(
    [...READER, "User.ReadWrite.All"],
    "apply",
    "runs/a",
    "--confirm",
    "2",
    "--canary",
    "1",
  );
  expect(applied.code, applied.stderr).toBe(0);
  expect(company.held("ada", "ben")).toEqual([idOf("ada"), idOf("ben")]);
});

test("E20: a rollback by an app that may only read is refused before the first write", async () => {
  await plan(PERMISSIONS);
  expect((await runWith(PERMISSIONS, "apply", "runs/a", "--confirm", "2")).code).toBe(0);
  const writes = company.applied().length;
  const { code, stderr } = await runWith(READER, "rollback", "runs/a", "--confirm", "2");
  expect([code, stderr]).toEqual([5, expect.stringContaining("it lacks User.ReadWrite.All")]);
  expect(company.applied()).toHaveLength(writes);
  // Of a finished run nothing is left to be written, so nobody is asked for permissions.
  expect((await runWith(READER, "apply", "runs/a", "--confirm", "2")).code).toBe(0);
});

test("E15: an app that may do far more is warned of in plan and apply, and one that may do just enough is not", async () => {
  const much = [...PERMISSIONS, "Mail.Send", "AppRoleAssignment.ReadWrite.All"];
  const planned = await plan(much);
  const warning = "The app may do more than this job needs: Mail.Send, AppRoleAssignment.ReadWrite.All.";
  expect(planned.stdout).toContain(warning);
  expect((await runWith(much, "apply", "runs/a", "--confirm", "2")).stderr).toContain(warning);
  const enough = await plan(PERMISSIONS, "--run", "runs/b");
  expect(enough.stdout).not.toContain("more than this job needs");
});

test("E14: roles that the app may not read are said to be unchecked, by the permission that is missing", async () => {
  const { code, stdout } = await plan(READER, "--json");
  expect(code).toBe(0);
  const gaps = JSON.parse(stdout).codes.filter((each: { code: string }) => each.code === "tenant-check-unavailable");
  expect(gaps).toHaveLength(1);
  expect(gaps[0].severity).toBe("warn");
  expect(gaps[0].details.join()).toMatch(/role.*RoleManagement\.Read\.Directory/);
  const mapping = company.writeMapping(["ada", "ben"]);
  const able = JSON.parse((await runWith(PERMISSIONS, "plan", mapping, "--run", "runs/b", "--json")).stdout);
  expect(JSON.stringify(able.codes)).not.toContain("RoleManagement.Read.Directory");
});
