/**
 * A signal in every phase of the job: the program ends with the signal's exit code, its record is whole, and the same
 * command goes on to the end.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CLOUD_ID, idOf } from "../support/facts.ts";
import { type SmallCompany, startSmallCompany } from "../support/small-company.ts";

let company: SmallCompany;
beforeEach(async () => {
  company = await startSmallCompany();
});
afterEach(async () => {
  await company.close();
});

const run = (...words: string[]) => company.run(words);
const plan = async (names: readonly string[], ...words: string[]) => {
  const planned = await run("plan", company.writeMapping(names), "--replace", "--run", "runs/a", ...words);
  expect(planned.code, planned.stderr).toBe(0);
};
const delay = (method: string, ms: number) =>
  company.tenant.addFault({ match: { method }, action: { kind: "delay", ms } });
const countRequests = () => Object.values(company.tenant.ledger.requestCounts()).reduce((sum, count) => sum + count, 0);
const writes = () => company.tenant.ledger.entries.length;
/** Runs the program and sends these signals, each as soon as its moment has come. */
const interrupt = async (
  words: readonly string[],
  ...moments: readonly (readonly [signal: NodeJS.Signals, when: (stderr: string) => boolean])[]
) => {
  let next = 0;
  return await company.run(words, {
    watch: (seen, kill) => {
      const [signal, when] = moments[next] ?? [];
      if (signal === undefined || when === undefined || !when(seen)) return;
      next += 1;
      kill(signal);
    },
    nudgeMs: 20,
  });
};
const results = () => readFileSync(company.path("runs/a/results.csv"), "utf8").trimEnd().split("\r\n").slice(1);
/** The run goes on to its end, and then holds nothing that is not verified. */
const finish = async (...words: string[]) => {
  company.tenant.clearFaults();
  const ended = await run(...words);
  expect(ended.code, ended.stderr).toBe(0);
  expect(results().every((line) => line.includes(",verified,"))).toBe(true);
};
/** A configuration in which one write at a time is under way. */
const oneByOne = () => appendFileSync(company.path("hardmatch.yaml"), "  inFlight: 1\n");

describe("D13: one signal", () => {
  test("while plan reads both sides ends with 130, and leaves no run behind", async () => {
    delay("GET", 3_000);
    const before = countRequests();
    const words = ["plan", company.writeMapping(["ada"]), "--run", "runs/a"];
    const { code, stdout } = await interrupt(words, ["SIGINT", () => countRequests() > before]);
    expect([code, stdout, existsSync(company.path("runs/a"))]).toEqual([130, "", false]);
    company.tenant.clearFaults();
    expect((await run(...words)).code).toBe(0);
  });

  test("while apply reads both sides again ends with 143, and the run is as it was planned", async () => {
    await plan(["ada", "ben"]);
    delay("GET", 3_000);
    const before = countRequests();
    const words = ["apply", "runs/a", "--confirm", "2"];
    const { code, stderr } = await interrupt(words, ["SIGTERM", () => countRequests() > before]);
    expect([code, stderr]).toEqual([143, expect.stringContaining("SIGTERM")]);
    expect([writes(), existsSync(company.path("runs/a/results.csv"))]).toEqual([0, false]);
    expect((await run("status", "runs/a")).stdout).toContain("planned, not applied");
    await finish(...words);
  });

  test.each([
    ["the canary", "canary", "SIGHUP", 129, []],
    ["the simple rows", "wave", "SIGTERM", 143, ["--canary", "0"]],
  ] as const)(
    "in the middle of %s ends after the write under way, with the rest pending",
    async (_title, _phase, signal, exitCode, more) => {
      oneByOne();
      await plan(["ada", "ben", "cyd"]);
      delay("PATCH", 600);
      const words = ["apply", "runs/a", "--confirm", "3", ...more];
      const { code } = await interrupt(words, [signal, () => writes() > 0]);
      expect([code, writes()]).toEqual([exitCode, 1]);
      expect(results().map((line) => /,(verified|pending),/.exec(line)?.[1])).toEqual([
        "verified",
        "pending",
        "pending",
      ]);
      await finish(...words);
      expect(company.held("ada", "ben", "cyd")).toEqual(["ada", "ben", "cyd"].map(idOf));
    },
  );

  test("in the middle of a chain leaves the rows that wait for the next apply", async () => {
    company.tenant.changeUser(CLOUD_ID("ben"), { onPremisesImmutableId: idOf("ada") });
    company.tenant.changeUser(CLOUD_ID("cyd"), { onPremisesImmutableId: idOf("ben") });
    await plan(["ada", "ben", "cyd"]);
    delay("PATCH", 600);
    const words = ["apply", "runs/a", "--confirm", "3"];
    const { code } = await interrupt(words, ["SIGINT", () => writes() > 0]);
    expect(code).toBe(130);
    expect(company.held("ada", "ben", "cyd")).toEqual([null, idOf("ada"), idOf("cyd")]);
    await finish(...words);
    expect(company.held("ada", "ben", "cyd")).toEqual(["ada", "ben", "cyd"].map(idOf));
  });

  test("in the middle of a cycle lets the cycle be finished, with its remaining steps counted", async () => {
    await plan(["dee", "eve"]);
    delay("PATCH", 600);
    const words = ["apply", "runs/a", "--confirm", "2"];
    const { code, stderr } = await interrupt(words, ["SIGHUP", () => writes() === 2]);
    expect([code, stderr]).toEqual([129, expect.stringContaining("Finishing the open cycle of row 2: 2 steps to go.")]);
    expect(company.held("dee", "eve")).toEqual(["dee", "eve"].map(idOf));
    await finish(...words);
    expect(writes()).toBe(3);
  });

  test("in the middle of a holder action lets its row be finished", async () => {
    company.tenant.changeUser(CLOUD_ID("gus"), { onPremisesImmutableId: idOf("ada") });
    company.tenant.deleteUser(CLOUD_ID("gus"));
    company.write(
      "mappings/actions.csv",
      "sAMAccountName,userPrincipalName,onConflict\nada,ada@contoso.example,purge-deleted-holder\n",
    );
    await run("plan", "mappings/actions.csv", "--allow", "purge-deleted-holder", "--run", "runs/a");
    delay("PATCH", 600);
    const words = ["apply", "runs/a", "--confirm", "1", "--confirm-holders", "1"];
    const { code, stderr } = await interrupt(words, ["SIGTERM", () => writes() > 1]);
    expect([code, stderr]).toEqual([143, expect.stringContaining("Finishing the open holder action of row 2: 1 step")]);
    expect(company.held("ada")).toEqual([idOf("ada")]);
    await finish(...words);
  });

  test("while a write is read back in vain ends at once, and the next apply reads it back", async () => {
    await plan(["ada"]);
    const words = ["apply", "runs/a", "--confirm", "1", "--canary", "0"];
    const reads = () => company.tenant.ledger.requestCounts();
    let wroteAt = 0;
    company.tenant.addFault({
      match: { method: "GET", userId: CLOUD_ID("ada") },
      action: { kind: "stale-read", value: null },
    });
    const { code, stdout } = await interrupt(words, [
      "SIGINT",
      () => {
        if (writes() > 0) wroteAt ||= Date.now();
        return wroteAt > 0 && Date.now() - wroteAt > 1_000;
      },
    ]);
    expect(Object.keys(reads()).length).toBeGreaterThan(0);
    expect([code, stdout]).toEqual([130, expect.stringMatching(/^ {2}accepted +1 /m)]);
    await finish(...words);
    expect(writes()).toBe(1);
  });
});

describe("D14: more than one signal", () => {
  test("the second gives up the write under way, recorded as undecided; the next apply settles it", async () => {
    oneByOne();
    await plan(["ada", "ben"]);
    delay("PATCH", 3_000);
    const words = ["apply", "runs/a", "--confirm", "2", "--canary", "0"];
    const { code, stderr } = await interrupt(
      words,
      ["SIGINT", () => writes() > 0],
      ["SIGTERM", (seen) => seen.includes("taking on nothing new")],
    );
    // The first signal names the exit code.
    expect([code, stderr]).toEqual([130, expect.stringContaining("Stopping at once")]);
    expect(results().map((line) => /,(undecided|pending),/.exec(line)?.[1])).toEqual(["undecided", "pending"]);
    await finish(...words);
  });

  test("the third ends the process where it stands; what was promised is recorded, and the next apply settles it", async () => {
    oneByOne();
    await plan(["ada", "ben"]);
    delay("PATCH", 3_000);
    const words = ["apply", "runs/a", "--confirm", "2", "--canary", "0"];
    const { code } = await interrupt(
      words,
      ["SIGINT", () => writes() > 0],
      ["SIGINT", (seen) => seen.includes("taking on nothing new")],
      ["SIGTERM", (seen) => seen.includes("Stopping at once")],
    );
    expect([130, 143]).toContain(code);
    expect((await run("status", "runs/a")).stdout).toMatch(/^ {2}undecided +1 /m);
    await finish(...words);
    expect(company.held("ada", "ben")).toEqual(["ada", "ben"].map(idOf));
  });
});
