/** The sync command: Connect Sync by a PowerShell that stands in for the server's, Cloud Sync by the simulated tenant. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CutoverCompany, startCutoverCompany } from "../support/cutover-company.ts";
import { LeapingClock, REQUEST_TIMEOUT_SECONDS, runLeaping } from "../support/leaping-machine.ts";

const PEOPLE = 12;
let company: CutoverCompany;
let clock: LeapingClock;
let bin: string;

beforeAll(async () => {
  clock = new LeapingClock(Date.UTC(2026, 10, 22, 2, 0, 0));
  company = await startCutoverCompany({
    people: PEOPLE,
    // No cycle comes to its end here: only what is provisioned on demand is taken over.
    sync: { kind: "cloud-sync", cycleMs: 7 * 86_400_000 },
    time: clock.ofTenant,
    requestTimeoutSeconds: REQUEST_TIMEOUT_SECONDS,
  });
  bin = join(company.folder, "bin");
  mkdirSync(bin);
});
afterAll(async () => {
  await company.close();
});

type Changes = { readonly environment?: Readonly<Record<string, string>>; readonly config?: string };

const run = (words: readonly string[], { environment = {}, config = "" }: Changes = {}) => {
  const file = join(company.folder, "changed.yaml");
  writeFileSync(file, `${readFileSync(company.config, "utf8")}${config}`);
  return runLeaping([...words, "--config", file], {
    clock,
    environment: { PATH: "", ...company.environment, ...environment },
  });
};

/** A powershell.exe that answers the two scripts with these texts, and writes down what it was asked. */
function fakePowerShell(answers: { readonly read: string; readonly start?: string; readonly code?: number }): Changes {
  const path = join(bin, "powershell.exe");
  const said = (text: string, code = 0) =>
    `process.${code === 0 ? "stdout" : "stderr"}.write(${JSON.stringify(text)}); process.exitCode = ${code};`;
  writeFileSync(
    path,
    `#!${process.execPath}
const script = process.argv.at(-1);
require("node:fs").writeFileSync(${JSON.stringify(join(bin, "environment"))}, JSON.stringify(process.env));
require("node:fs").appendFileSync(${JSON.stringify(join(bin, "asked"))}, script.includes("Start-ADSyncSyncCycle") ? "start\\n" : "read\\n");
if (script.includes("Start-ADSyncSyncCycle")) { ${said(answers.start ?? '{"result":"Success"}', answers.code)} }
else { ${said(answers.read)} }
`,
  );
  chmodSync(path, 0o755);
  writeFileSync(join(bin, "asked"), "");
  return { environment: { PATH: bin } };
}
const asked = () => readFileSync(join(bin, "asked"), "utf8").trim().split("\n");

const SCHEDULER = {
  module: true,
  cycleEnabled: true,
  suspended: false,
  stagingMode: false,
  cycleInProgress: false,
  nextCycleAt: "2026-11-22T02:30:00Z",
  busyConnectors: [],
};
const scheduler = (changes: object = {}) => JSON.stringify({ ...SCHEDULER, ...changes });

describe.skipIf(process.platform === "win32")("sync on the server of Connect Sync", () => {
  test("starts a delta cycle and names the command that follows it", async () => {
    const { code, stdout } = await run(
      ["sync"],
      fakePowerShell({ read: `WARNING: a word of its own\n${scheduler()}` }),
    );
    expect([code, asked()]).toEqual([0, ["read", "start"]]);
    expect(stdout).toContain("Connect Sync has started a delta cycle on this server.");
    expect(stdout).toContain("--wait-for-sync 90m");
    expect(stdout).not.toContain("paused");
  });

  test("hands PowerShell none of its own secrets", async () => {
    await run(["sync"], fakePowerShell({ read: scheduler() }));
    const handed = readFileSync(join(bin, "environment"), "utf8");
    expect(JSON.parse(handed)).toHaveProperty("PATH", bin);
    for (const [name, secret] of Object.entries(company.environment))
      if (name.startsWith("HARDMATCH_")) expect(handed).not.toContain(secret);
  });

  test("says that a paused scheduler runs this one cycle", async () => {
    const { stdout } = await run(["sync"], fakePowerShell({ read: scheduler({ cycleEnabled: false }) }));
    expect(stdout).toContain("Afterwards: Set-ADSyncScheduler -SyncCycleEnabled $true");
  });

  for (const [title, read, says] of [
    ["in staging mode", scheduler({ stagingMode: true }), "This sync server is in staging mode"],
    ["whose wizard is open", scheduler({ suspended: true }), "The scheduler of Connect Sync is suspended"],
    ["with a cycle under way", scheduler({ cycleInProgress: true }), "A sync cycle is under way"],
    ["with one connector at work", scheduler({ busyConnectors: "contoso - AAD" }), "under way (contoso - AAD)"],
    ["that answers nothing readable", "oops", "does not say how it stands: oops"],
  ] as const) {
    test(`starts nothing on a server ${title}`, async () => {
      const { code, stderr } = await run(["sync"], fakePowerShell({ read }));
      expect([code, asked()]).toEqual([7, ["read"]]);
      expect(stderr).toContain(says);
      expect(stderr).toContain("Nothing was started");
    });
  }

  test("explains a start that PowerShell refuses, without the place in the script", async () => {
    const start = "Start-ADSyncSyncCycle : Connector: contoso - AAD is busy.\nAt line:3 char:6\n+ $r = Start\n";
    const { code, stderr } = await run(["sync"], fakePowerShell({ read: scheduler(), start, code: 1 }));
    expect(code).toBe(7);
    expect(stderr).toContain(
      "Connect Sync has started nothing: Start-ADSyncSyncCycle : Connector: contoso - AAD is busy.\n",
    );
    expect(stderr).toContain("A cycle is under way");
  });

  test("tells programs the same", async () => {
    const { stdout } = await run(["sync", "--json"], fakePowerShell({ read: scheduler() }));
    expect(JSON.parse(stdout)).toMatchObject({
      method: "connect-sync",
      started: true,
      line: null,
      jobs: [],
      users: [],
    });
  });
});

describe("sync where Connect Sync is not", () => {
  const ELSEWHERE = { config: "sync:\n  method: connect-sync\n" };

  test("prints the line for the sync server, starts nothing and ends with 6", async () => {
    const { code, stdout } = await run(["sync"], ELSEWHERE);
    expect(code).toBe(6);
    expect(stdout).toContain(
      "This machine has no Windows PowerShell, so Connect Sync is not on it. Nothing was started.",
    );
    expect(stdout).toContain("\n  Start-ADSyncSyncCycle -PolicyType Delta\n");
  });

  test.skipIf(process.platform === "win32")("says that the module is missing", async () => {
    const { stdout } = await run(["sync"], { ...ELSEWHERE, ...fakePowerShell({ read: '{"module":false}' }) });
    expect(stdout).toContain("does not have the PowerShell module ADSync");
  });

  test("refuses users on demand", async () => {
    const { code, stderr } = await run(["sync", "--users", "ada@contoso.example"], ELSEWHERE);
    expect([code, stderr]).toEqual([2, expect.stringContaining("--users is for Cloud Sync")]);
  });
});

describe("sync with Cloud Sync", () => {
  const [corp] = [() => company.engine.jobs[0]];
  beforeEach(() => {
    for (const job of company.engine.jobs) Object.assign(job, { state: "Active", quarantineReason: null });
  });
  const starts = () => company.tenant.ledger.entries.filter(({ target }) => target.endsWith("/start")).length;

  test("leaves a job alone that runs by itself", async () => {
    const before = starts();
    const { code, stdout } = await run(["sync"]);
    expect([code, starts() - before]).toEqual([0, 0]);
    expect(stdout).toContain("was active; runs by itself every two minutes");
  });

  test("starts the configured job alone, when it is paused", async () => {
    for (const job of company.engine.jobs) job.state = "Paused";
    const { code, stdout } = await run(["sync", "--json"], { config: `sync:\n  job: ${corp()?.id}\n` });
    expect([code, company.engine.jobs.map(({ state }) => state)]).toEqual([0, ["Active", "Paused"]]);
    expect(JSON.parse(stdout)).toMatchObject({
      method: "cloud-sync",
      started: true,
      jobs: [{ id: corp()?.id, step: "start" }],
    });
  });

  test("does not clear a quarantine, and says why it is one", async () => {
    Object.assign(corp() ?? {}, { state: "Quarantine", quarantineReason: "EncounteredBaseEscrowThreshold" });
    const { code, stdout } = await run(["sync"]);
    expect([code, corp()?.state]).toEqual([6, "Quarantine"]);
    expect(stdout).toContain("was quarantine: EncounteredBaseEscrowThreshold; not started.");
  });

  test("names the permission that is missing", async () => {
    const token = company.tenant.mintToken({ roles: ["User.ReadWrite.All", "Organization.Read.All"] });
    const config = { environment: { HARDMATCH_ACCESS_TOKEN: token } };
    const forced = await run(["sync"], { ...config, config: "sync:\n  method: cloud-sync\n" });
    expect([forced.code, forced.stderr]).toEqual([5, expect.stringContaining("Application.Read.All")]);
    const detected = await run(["sync"], config);
    expect([detected.code, detected.stdout]).toEqual([
      6,
      expect.stringContaining("Whether the tenant has Cloud Sync is not known"),
    ]);
    expect(detected.stdout).toContain("Application.Read.All");
    const reading = company.tenant.mintToken({
      roles: ["Organization.Read.All", "Application.Read.All", "Synchronization.Read.All"],
    });
    for (const job of company.engine.jobs) job.state = "Paused";
    const writing = await run(["sync"], { environment: { HARDMATCH_ACCESS_TOKEN: reading } });
    expect([writing.code, writing.stderr]).toEqual([5, expect.stringContaining("Synchronization.ReadWrite.All")]);
  });

  test("refuses a job that the tenant does not have, and names those that it has", async () => {
    const { code, stderr } = await run(["sync"], { config: "sync:\n  job: AD2AADProvisioning.none\n" });
    expect([code, stderr]).toEqual([2, expect.stringContaining(corp()?.id ?? "no job")]);
  });

  test("an unknown key below sync names the nearest one", async () => {
    const { code, stderr } = await run(["sync"], { config: "sync:\n  methode: cloud-sync\n" });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/methode.*method/s)]);
  });

  test("--users wants a run folder or UPNs", async () => {
    const { code, stderr } = await run(["sync", "--users", "runs/none"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("There is no run folder runs/none")]);
  });

  test("--users provisions the users of a run at the granted pace, and says who failed", {
    timeout: 60_000,
  }, async () => {
    expect((await run(["plan", company.mapping, "--run", company.run])).code).toBe(0);
    expect((await run(["apply", company.run, "--confirm", String(PEOPLE)])).code).toBe(0);
    company.promote(4);
    const { code, stdout, stderr } = await run(["sync", "--users", company.run]);
    expect(code).toBe(6);
    expect(stdout).toContain(
      "Cloud Sync has provisioned 11 of 12 users on demand, 0 were as they should be, 1 failed.",
    );
    expect(stdout).toMatch(
      /^ {2}row 4 {2}\S+: InvalidHardMatch: The cloud user has or may activate a privileged role\.$/m,
    );
    const asked = company.tenant.ledger.entries.filter(({ target }) => target.endsWith("/provisionOnDemand"));
    expect([asked.length, asked.filter(({ status }) => status === 429)]).toEqual([PEOPLE, []]);
    expect(stderr).toContain("provisioning on demand: 12");

    const followed = await run(["verify", company.run, "--wait-for-sync", "1m", "--json"]);
    expect(JSON.parse(followed.stdout).cutover).toMatchObject({ end: "decided", matched: 11, wrong: 1, waiting: 0 });
  });

  test("--users takes UPNs of AD, and tells one that AD does not have", async () => {
    const upn = company.accountOf(2).entry.attributes.userPrincipalName?.[0] ?? "";
    const { code, stdout } = await run(["sync", "--users", `${upn}, nobody@contoso.example`, "--json"]);
    expect(code).toBe(6);
    expect(JSON.parse(stdout).users).toMatchObject([
      { name: upn, result: "skipped" },
      { name: "nobody@contoso.example", result: "failure", message: "AD has no such account, or several" },
    ]);
  });
});

describe("verify --wait-for-sync is refused", () => {
  test("for a plan that was not applied", async () => {
    const folder = join(company.folder, "runs", "unapplied");
    const again = join(company.folder, "mappings", "one.csv");
    const moved = company.targetOf(5);
    company.tenant.changeUser(moved, {
      onPremisesImmutableId: null,
      onPremisesSyncEnabled: null,
      onPremisesObjectIdentifier: null,
    });
    const [heading = "", ...lines] = readFileSync(company.mapping, "utf8").split(/\r?\n/);
    writeFileSync(again, `${heading}\n${lines[3]}\n`);
    await run(["plan", again, "--run", folder]);
    const { code, stderr } = await run(["verify", folder, "--wait-for-sync", "1m"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("This plan has not been applied yet")]);
  });

  test.each(["soon", "0s", "8d"])("with %s for a duration", async (duration) => {
    const { code, stderr } = await run(["verify", company.run, "--wait-for-sync", duration]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("Give a time from 1s to 7d")]);
  });
});
