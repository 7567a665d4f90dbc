/** A cutover of 300 users in the simulation: apply, sync, the takeover followed live, five that go wrong in five ways. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SYNC_TROUBLE_WORDS } from "../../src/core/sync-trouble.ts";
import { type CutoverCompany, PEOPLE, startCutoverCompany } from "../support/cutover-company.ts";
import { LeapingClock, type LeapingRun, REQUEST_TIMEOUT_SECONDS, runLeaping } from "../support/leaping-machine.ts";

const DUPLICATE = 20;
const PRIVILEGED = 60;
const CONFLICT = 100;
const MOVED = 140;
const LEFT = 180;

let company: CutoverCompany;
let clock: LeapingClock;
let started: LeapingRun;
let followed: LeapingRun;
/** Waits, with the requests that the tenant has got since the one before. */
let looks: { readonly ms: number; readonly requests: number }[];
const run = (words: readonly string[]) =>
  runLeaping([...words, "--config", company.config], { clock, environment: company.environment });
const countRequests = () => Object.values(company.tenant.ledger.requestCounts()).reduce((sum, count) => sum + count, 0);

beforeAll(async () => {
  clock = new LeapingClock(Date.UTC(2026, 10, 22, 2, 0, 0));
  company = await startCutoverCompany({
    time: clock.ofTenant,
    requestTimeoutSeconds: REQUEST_TIMEOUT_SECONDS,
  });
  company.syncedBefore(DUPLICATE);
  const planned = await run(["plan", company.mapping, "--run", company.run, "--anchor", "mS-DS-ConsistencyGuid"]);
  expect([planned.code, planned.stderr]).toEqual([0, expect.any(String)]);
  const applied = await run(["apply", company.run, "--confirm", String(PEOPLE)]);
  expect([applied.code, applied.stdout]).toEqual([0, expect.any(String)]);

  company.promote(PRIVILEGED);
  company.claimAddress(CONFLICT);
  company.moveAnchor(MOVED);
  company.leaveScope(LEFT);
  started = await run(["sync"]);
  looks = [];
  let before = countRequests();
  clock.onLeap = (ms) => {
    looks.push({ ms, requests: countRequests() - before });
    before = countRequests();
  };
  followed = await run(["verify", company.run, "--wait-for-sync", "5m"]);
  clock.onLeap = () => undefined;
}, 300_000);
afterAll(async () => {
  await company.close();
});

test("sync resumes the paused jobs of Cloud Sync, and names the next command", () => {
  expect(started.code).toBe(0);
  expect(started.stdout).toMatch(
    /^Cloud Sync corp\.contoso\.example \(AD2AADProvisioning\.\w+\) was paused; started\.$/m,
  );
  expect(started.stdout).toMatch(/^Cloud Sync eu\.contoso\.example .* started\.$/m);
  expect(started.stdout).toContain('hardmatch verify "<run folder>" --wait-for-sync 15m --config');
});

describe("verify --wait-for-sync", () => {
  test("counts 295 matched rows, and ends with 6 when the time is up", () => {
    expect(followed.code).toBe(6);
    expect(followed.stdout).toMatch(
      /^Cutover: sync has matched 295 of 300 rows, 4 went wrong, 1 not seen\n {2}the time is up after 5 min( \d+ s)? and 11 looks; sync last ran 2026-11-22 02:\d\d:\d\d UTC\n/,
    );
  });

  for (const [trouble, row, says] of [
    ["duplicate-made", DUPLICATE, "sync has made former."],
    ["takeover-refused", PRIVILEGED, "target-privileged: Exchange Administrator (active)"],
    [
      "property-conflict",
      CONFLICT,
      "(sync owns the user): PropertyConflict on ProxyAddresses, smtp:info@contoso.example",
    ],
    ["anchor-changed", MOVED, "the AD account has another source anchor, and sync has made"],
    ["not-seen", LEFT, ""],
  ] as const) {
    test(`names row ${row} as ${trouble}, what it means and what comes next`, () => {
      const { means, next } = SYNC_TROUBLE_WORDS[trouble];
      const [, block = ""] = followed.stdout.split(`\n${trouble}: 1 row\n`);
      const [line = "", meaning, following] = block.split("\n");
      expect(line).toMatch(new RegExp(`^  row ${row}  `));
      expect(line).toContain(says);
      expect([meaning, following]).toEqual([`  means  ${means}`, `  next   ${next}`]);
    });
  }

  test("says a line when something has changed, and few others", () => {
    const lines = followed.stderr.trimEnd().split("\n");
    expect(lines[0]).toMatch(
      /^02:00:\d\d UTC {2}0 rows matched, 2 wrong, 298 waiting; no sync cycle has ended since the writes/,
    );
    expect(lines[1]).toMatch(/^02:0[01]:\d\d UTC {2}295 rows matched, 4 wrong, 1 waiting; sync last ran/);
    expect(lines.length).toBeLessThan(10);
  });

  test("looks every half minute, with fewer requests once most rows are matched", () => {
    expect(looks.filter(({ ms }) => ms === 30_000).length).toBeGreaterThan(8);
    expect(Math.max(...looks.map(({ requests }) => requests))).toBeLessThan(60);
    expect(looks.at(-1)?.requests).toBeLessThan(30);
  });
});

describe("the record of the cutover", () => {
  const lineOf = (row: number) => {
    const [heading = "", ...lines] = readFileSync(join(company.run, "results.csv"), "utf8").split("\r\n");
    const line = lines.find((one) => one.startsWith(`${row},`)) ?? "";
    const cells = line.split(",");
    return (name: string) => cells[heading.replace("\uFEFF", "").split(",").indexOf(name)];
  };

  for (const [row, status, sync] of [
    [DUPLICATE, "verified", "duplicate"],
    [PRIVILEGED, "verified", "error"],
    [CONFLICT, "taken-over", "error"],
    [MOVED, "verified", "error"],
    [LEFT, "verified", "none"],
    [30, "taken-over", "matched"],
  ] as const) {
    test(`results.csv has row ${row} as ${status} and ${sync}`, () => {
      const cell = lineOf(row);
      expect([cell("status"), cell("sync")]).toEqual([status, sync]);
    });
  }

  test("report.html has a section for it that names the rows", () => {
    const page = readFileSync(join(company.run, "report.html"), "utf8");
    expect(page).toContain("Cutover: sync has matched 295 of 300 users");
    expect(page).toContain("<p>4 rows went wrong, 1 is waiting for sync.");
    for (const row of [DUPLICATE, PRIVILEGED, CONFLICT, MOVED, LEFT]) expect(page).toContain(`<li>row ${row} <bdi>`);
  });

  test("a single look afterwards changes nothing of it, and --json tells programs the same", async () => {
    const { code, stdout } = await run(["verify", company.run, "--json"]);
    expect([code, JSON.parse(stdout).cutover]).toEqual([6, null]);
    expect(lineOf(PRIVILEGED)("sync")).toBe("error");
    const again = await run(["verify", company.run, "--wait-for-sync", "1s", "--json"]);
    const { cutover } = JSON.parse(again.stdout);
    expect(cutover).toMatchObject({ end: "time-up", matched: 295, wrong: 4, waiting: 1 });
    expect(cutover.open.map(({ row, trouble }: { row: number; trouble: string }) => `${row} ${trouble}`)).toEqual([
      `${DUPLICATE} duplicate-made`,
      `${PRIVILEGED} takeover-refused`,
      `${CONFLICT} property-conflict`,
      `${MOVED} anchor-changed`,
      `${LEFT} not-seen`,
    ]);
  });
});
