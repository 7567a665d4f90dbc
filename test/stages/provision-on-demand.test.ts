import { describe, expect, test } from "vitest";
import type { ProvisionAnswer, SyncJob } from "../../src/core/cloud-sync.ts";
import { BatchError } from "../../src/core/errors.ts";
import type { CloudSync } from "../../src/ports/cloud-sync.ts";
import { SILENT_PROGRESS } from "../../src/ports/progress.ts";
import { provisionAccounts } from "../../src/stages/provision-on-demand.ts";
import { ManualClock } from "../support/memory-run.ts";

const DONE: ProvisionAnswer = { result: "success", code: null, message: null };
const jobOf = (domain: string): SyncJob => ({
  id: `job ${domain}`,
  servicePrincipalId: "principal",
  name: `${domain}.contoso.example`,
  code: "Active",
  quarantineReason: null,
});
const someone = (name: string, domain = "corp") => ({
  name,
  row: null,
  dn: `CN=${name},DC=${domain},DC=contoso,DC=example`,
});
const REFUSED = new BatchError("tenant", "Graph did not provision users on demand: HTTP 403", "Grant it.");

async function provision(
  accounts: Parameters<typeof provisionAccounts>[0],
  answer: (n: number) => ProvisionAnswer | BatchError = () => DONE,
  jobs = [jobOf("corp"), jobOf("eu")],
) {
  const clock = new ManualClock();
  const calls: string[] = [];
  const cloudSync: CloudSync = {
    listJobs: async () => jobs,
    startJob: async () => undefined,
    async readRule({ id }) {
      calls.push(`rule of ${id}`);
      return `rule of ${id}`;
    },
    async provision({ id }, ruleId, dn) {
      calls.push(`${dn.split(",")[0]} by ${id}`);
      if (ruleId !== `rule of ${id}`) throw new Error("the rule of another job");
      const answered = answer(calls.filter((call) => call.includes(" by ")).length);
      if (answered instanceof BatchError) throw answered;
      return answered;
    },
  };
  const signal = new AbortController().signal;
  const provisioned = await provisionAccounts(accounts, jobs, cloudSync, { clock, progress: SILENT_PROGRESS, signal });
  return { results: provisioned.map(({ name, answer: { result, message } }) => [name, result, message]), calls, clock };
}

describe("provisionAccounts", () => {
  test("asks each account's own job, and for the rule of each job once", async () => {
    const { calls } = await provision([someone("ada"), someone("ben", "eu"), someone("cyd")]);
    expect(calls).toEqual([
      "rule of job corp",
      "CN=ada by job corp",
      "rule of job eu",
      "CN=ben by job eu",
      "CN=cyd by job corp",
    ]);
  });

  test("leaves two seconds between an answer and the next request, and waits for nobody that is not asked for", async () => {
    const { clock } = await provision([
      someone("ada"),
      { ...someone("none"), dn: null },
      someone("ben"),
      someone("cyd"),
    ]);
    expect(clock.slept.filter((ms) => ms > 0)).toEqual([2_000, 2_000]);
  });

  test("tells an account that AD does not have, and one whose domain has no job", async () => {
    const { results, calls } = await provision([{ ...someone("none"), dn: null }, someone("far", "asia")]);
    expect(results).toEqual([
      ["none", "failure", "AD has no such account, or several"],
      ["far", "failure", "no Cloud Sync job has the name of the account's domain"],
    ]);
    expect(calls).toEqual([]);
  });

  test("ends when the first one is refused, as all others would be", async () => {
    await expect(provision([someone("ada"), someone("ben")], () => REFUSED)).rejects.toBe(REFUSED);
  });

  test("goes on when a later one cannot be asked for, and tells it", async () => {
    const { results } = await provision([someone("ada"), someone("ben"), someone("cyd")], (n) =>
      n === 2 ? REFUSED : DONE,
    );
    expect(results.map(([name, result]) => [name, result])).toEqual([
      ["ada", "success"],
      ["ben", "failure"],
      ["cyd", "success"],
    ]);
  });
});
