/** A wait for sync in which nothing ever started a cycle: what is said of it, and that the command named does help. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CutoverCompany, startCutoverCompany } from "../support/cutover-company.ts";
import { LeapingClock, REQUEST_TIMEOUT_SECONDS, runLeaping } from "../support/leaping-machine.ts";

const PEOPLE = 6;
let company: CutoverCompany;
let clock: LeapingClock;
const run = (words: readonly string[]) =>
  runLeaping([...words, "--config", company.config], { clock, environment: company.environment });

beforeAll(async () => {
  clock = new LeapingClock(Date.UTC(2026, 10, 22, 2, 0, 0));
  company = await startCutoverCompany({
    people: PEOPLE,
    time: clock.ofTenant,
    requestTimeoutSeconds: REQUEST_TIMEOUT_SECONDS,
  });
  expect((await run(["plan", company.mapping, "--run", company.run])).code).toBe(0);
  expect((await run(["apply", company.run, "--confirm", String(PEOPLE)])).code).toBe(0);
});
afterAll(async () => {
  await company.close();
});

test("a wait in which no cycle ran ends with that, the time of the last one, and the command that starts one", async () => {
  const { code, stdout, stderr } = await run(["verify", company.run, "--wait-for-sync", "2m"]);
  expect(code).toBe(6);
  expect(stderr).toMatch(
    /0 rows matched, .*; no sync cycle has ended since the writes \(last \d\d:.* UTC; hardmatch sync starts one\)/,
  );
  expect(stdout).toMatch(/^no-cycle: 6 rows$/m);
  expect(stdout).not.toContain("not-seen:");
  expect(stdout).toMatch(/: all 6 hold; sync has not taken over 6 rows$/m);
  expect(stdout).toMatch(
    /To start a sync cycle: {2}hardmatch sync --config .*\nTo follow it: +hardmatch verify .*--wait-for-sync/,
  );
});

test("the command that was named starts one, and the next wait ends with everybody matched", async () => {
  expect((await run(["sync"])).code).toBe(0);
  const { code, stdout } = await run(["verify", company.run, "--wait-for-sync", "5m"]);
  expect(stdout).toMatch(/sync has matched 6 of 6 rows/);
  expect([code, stdout.includes("no-cycle")]).toEqual([0, false]);
});
