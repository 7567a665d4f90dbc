import { expect, test } from "vitest";
import { asUnseen, countCutover, isBefore, listRefusals, withRefusals } from "../../src/core/cutover.ts";
import type { Finding } from "../../src/core/findings.ts";
import type { Verdict, VerifiedRow } from "../../src/core/verdict.ts";
import { account, cloudUser, mapping, planOf } from "../support/facts.ts";

const PLAN = planOf({
  accounts: [account("ada"), account("ben")],
  users: [cloudUser("ada"), cloudUser("ben")],
  mappings: [mapping(2, "ada"), mapping(3, "ben")],
});

function verified(row: number, verdict: Verdict): VerifiedRow {
  const planned = PLAN.rows.find((one) => one.row === row);
  if (planned === undefined) throw new RangeError(`there is no row ${row}`);
  return { planned, verdict, detail: "", value: null, trouble: null, synced: verdict === "taken-over" };
}

const finding = (changes: Partial<Finding>): Finding => ({
  code: "target-privileged",
  severity: "block",
  rows: [3],
  detail: "Global Administrator (active)",
  ...changes,
});

test("a row that holds waits, one that was taken over is matched, everything else went wrong", () => {
  const rows = (["holds", "taken-over", "duplicate", "gone", "not-done", "rolled-back"] as const).map((verdict) =>
    verified(2, verdict),
  );
  expect(countCutover(rows)).toEqual({ matched: 1, wrong: 4, waiting: 1 });
});

for (const [title, findings, expected] of [
  ["names a privileged target's row", [finding({})], { 3: "target-privileged: Global Administrator (active)" }],
  [
    "names every row where the tenant blocks all of them",
    [finding({ code: "tenant-hard-match-blocked", rows: [], detail: "in this tenant" })],
    { 2: "tenant-hard-match-blocked: in this tenant", 3: "tenant-hard-match-blocked: in this tenant" },
  ],
  [
    "joins two reasons of one row",
    [finding({}), finding({ code: "target-cloud-managed", detail: "isCloudManaged" })],
    { 3: "target-privileged: Global Administrator (active); target-cloud-managed: isCloudManaged" },
  ],
  ["leaves out what Entra does not refuse for", [finding({ code: "address-conflict" })], {}],
] as const) {
  test(`listRefusals ${title}`, () => {
    expect(Object.fromEntries(listRefusals({ rows: PLAN.rows, findings }))).toEqual(expected);
  });
}

test("a refusal is told of a row that waits, never of one that sync has matched meanwhile", () => {
  const refusals = new Map([
    [2, "why"],
    [3, "why"],
  ]);
  const rows = withRefusals([verified(2, "holds"), verified(3, "taken-over")], refusals);
  expect(rows.map(({ verdict, trouble, detail }) => [verdict, trouble, detail])).toEqual([
    ["sync-error", "takeover-refused", "why"],
    ["taken-over", null, ""],
  ]);
});

test("when nobody waits any longer, the rows that still hold say so, and when sync last ran", () => {
  const rows = asUnseen([verified(2, "holds"), verified(3, "taken-over")], "2026-11-22T02:31:05Z");
  expect(rows.map(({ trouble, detail }) => [trouble, detail])).toEqual([
    ["not-seen", "sync has not taken it over; sync last ran 2026-11-22 02:31:05 UTC"],
    [null, ""],
  ]);
  expect(asUnseen([verified(2, "holds")], null)[0]?.detail).toBe("sync has not taken it over");
});

test("a row after whose write no cycle has run is told apart from one that sync has left alone", () => {
  const writtenAt = new Map([
    [2, "2026-11-22T02:31:06.000Z"],
    [3, "2026-11-22T02:31:05.900Z"],
  ]);
  const troubles = (lastSyncAt: string | null) =>
    asUnseen([verified(2, "holds"), verified(3, "holds")], lastSyncAt, writtenAt).map(({ trouble }) => trouble);
  // The tenant tells whole seconds: a cycle in the second of the write may have come after it.
  expect(troubles("2026-11-22T02:31:05Z")).toEqual(["no-cycle", "not-seen"]);
  expect(troubles("2026-11-22T02:31:04Z")).toEqual(["no-cycle", "no-cycle"]);
  expect(troubles("2026-11-22T02:31:06Z")).toEqual(["not-seen", "not-seen"]);
  expect(troubles(null)).toEqual(["not-seen", "not-seen"]);
});

test("a time that is not told is before no other", () => {
  const at = "2026-11-22T02:31:05Z";
  expect([isBefore(null, at), isBefore(at, undefined), isBefore(null, undefined)]).toEqual([false, false, false]);
});
