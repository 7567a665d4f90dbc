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
  [
    "the job of its domain though a folder is called like one",
    "CN=Ada,OU=dc=lab,OU=old dc,DC=eu,DC=contoso,DC=example",
    [CORP, EU],
    EU,
  ],
  ["no job where its name is no DN and several are there", "Ada", [CORP, EU], undefined],
  ["no job where there is none", "CN=Ada,DC=eu,DC=contoso,DC=example", [], undefined],
] as const) {
  test(`an account gets ${title}`, () => expect(findJobFor(dn, jobs)).toEqual(expected));
}

test("the configured job is chosen without regard to case, all of them where none is", () => {
  expect(chooseJobs([CORP, EU], "JOB-corp.contoso.example")).toEqual([CORP]);
  expect(chooseJobs([CORP, EU], null)).toEqual([CORP, EU]);
  expect(chooseJobs([], null)).toEqual([]);
});

for (const [title, jobs, hint, details] of [
  ["others", [CORP, EU], "Correct sync.job", [`${CORP.id} (${CORP.name})`, `${EU.id} (${EU.name})`]],
  ["none", [], "It has none at all: set sync.method to connect-sync", []],
] as const) {
  test(`a configured job is refused in a tenant that has ${title}, and it says what to do`, () => {
    const message = "The tenant has no Cloud Sync job job-x.";
    expect(() => chooseJobs(jobs, "job-x")).toThrow(
      expect.objectContaining({ code: "config", message, hint: expect.stringContaining(hint), details }),
    );
  });
}
