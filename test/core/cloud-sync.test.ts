import { expect, test } from "vitest";
import { chooseJobs, findJobFor, nextStepOf, type SyncJob } from "../../src/core/cloud-sync.ts";

const job = (name: string, id = `job-${name}`): SyncJob => ({
  id,
  servicePrincipalId: `principal-${name}`,
  name,
  code: "Active",
  quarantineReason: null,
});
const CORP = job("corp.contoso.example");
const EU = job("EU.contoso.example");

for (const [code, step] of [
  ["Active", "runs"],
  ["Paused", "start"],
  ["NotRun", "start"],
  ["Quarantine", "mend"],
  ["NotConfigured", "mend"],
] as const) {
  test(`a job that is ${code} comes to "${step}"`, () => expect(nextStepOf({ code })).toBe(step));
}

for (const [title, dn, jobs, expected] of [
  ["the job of its domain", "CN=Ada,OU=People,DC=eu,DC=contoso,DC=example", [CORP, EU], EU],
  ["the only job, whatever it is called", "CN=Ada,DC=eu,DC=contoso,DC=example", [job("Our sync")], job("Our sync")],
  ["no job of another domain", "CN=Ada,DC=asia,DC=contoso,DC=example", [CORP, EU], undefined],
  [
    "the job of its domain with a comma in the name",
    "CN=Keller\\, Ada,DC=corp,DC=contoso,DC=example",
    [CORP, EU],
    CORP,
  ],
] as const) {
  test(`an account gets ${title}`, () => expect(findJobFor(dn, jobs)).toEqual(expected));
}

test("the configured job is chosen without regard to case, all of them where none is", () => {
  expect(chooseJobs([CORP, EU], "JOB-corp.contoso.example")).toEqual([CORP]);
  expect(chooseJobs([CORP, EU], null)).toEqual([CORP, EU]);
  expect(chooseJobs([], null)).toEqual([]);
});

test("a configured job that the tenant does not have is refused with those that it has", () => {
  expect(() => chooseJobs([CORP], "job-x")).toThrow("The tenant has no Cloud Sync job job-x.");
  expect(() => chooseJobs([], "job-x")).toThrow("The tenant has no Cloud Sync job job-x.");
});
