import { expect, test } from "vitest";
import { BatchError } from "../../src/core/errors.ts";
import { LiveJournal } from "../../src/stages/live-journal.ts";
import { recordTakeovers } from "../../src/stages/record-takeovers.ts";
import { anchorOf, CLOUD_ID, cloudUser } from "../support/facts.ts";
import { tellJournal } from "../support/journal-story.ts";
import { ManualClock, MemoryRunStore, SILENT_LOG } from "../support/memory-run.ts";
import { MemoryTenant } from "../support/memory-world.ts";
import { planFor } from "../support/writer-run.ts";

/** Ada, Ben and Cyd are written, Dee is not; sync owns Ada, and Cyd with another value than the run's. */
function prepare({ met = true, story = "change accepted verified", rows = ["2.1", "3.1", "4.1"] } = {}) {
  const plan = planFor(["ada", "ben", "cyd", "dee"]);
  const store = new MemoryRunStore(plan);
  const written = rows.map((key) => [key, story] as const);
  store.events.push(...tellJournal(written, plan.changes));
  const told = store.events.length;
  const clock = new ManualClock();
  const journal = new LiveJournal(store, "cyd", { clock, chance: { uuid: () => "request", fraction: () => 0.5 } });
  const tenant = new MemoryTenant([
    cloudUser("ada", { immutableId: anchorOf("ada"), syncEnabled: true, lastSyncAt: "2026-11-22T02:30:00Z" }),
    cloudUser("ben", { immutableId: anchorOf("ben") }),
    cloudUser("cyd", { immutableId: "foreign", syncEnabled: true }),
    cloudUser("dee", { syncEnabled: true }),
  ]);
  const [, , , last] = plan.changes;
  if (last === undefined) throw new Error("the plan has four changes");
  if (met) journal.observe(last, "overtaken");
  const drain = new AbortController();
  const notes: string[] = [];
  const progress = {
    begin: () => ({ advance: () => undefined, tell: () => undefined, end: () => undefined }),
    note: (text: string) => notes.push(text),
  };
  const warnings: unknown[] = [];
  const log = { ...SILENT_LOG, warn: (name: string, fields: object) => warnings.push([name, fields]) };
  const record = () => recordTakeovers(plan, journal, { tenant, log, progress, stop: { drain: drain.signal } });
  const recorded = () => store.events.slice(told).flatMap((event) => (event.kind === "sync-matched" ? [event] : []));
  const seen = () => recorded().map(({ row }) => row);
  return { record, recorded, seen, tenant, drain, notes, warnings };
}

test("after a run that met sync, written users that sync owns with their new value are recorded as taken over", async () => {
  const { record, seen } = prepare();
  await record();
  expect(seen()).toEqual([2]);
});

test("a run that met nothing of sync asks the tenant nothing", async () => {
  const { record, tenant, seen } = prepare({ met: false });
  await record();
  expect([tenant.calls, seen()]).toEqual([[], []]);
});

test("a run that a signal ends asks the tenant nothing", async () => {
  const { record, tenant, drain } = prepare();
  drain.abort();
  await record();
  expect(tenant.calls).toEqual([]);
});

test("what sync has matched is recorded with its value, and since when", async () => {
  const { record, recorded, tenant } = prepare();
  tenant.change(CLOUD_ID("ben"), { syncEnabled: true });
  await record();
  expect(recorded().map(({ row, value, message }) => [row, value, message])).toEqual([
    [2, anchorOf("ada"), "sync took it over 2026-11-22T02:30:00Z"],
    [3, anchorOf("ben"), "sync took it over"],
  ]);
});

for (const [story, looked] of [
  ["change accepted", true],
  ["change accepted verified", true],
  ["change accepted mismatch", true],
  ["change accepted verified set-back", false],
  ["change accepted verified sync-matched", false],
  ["change refused", false],
  ["drift", false],
] as const) {
  test(`a row of which the journal says "${story}" is ${looked ? "" : "not "}looked at`, async () => {
    const { record, seen, tenant } = prepare({ story, rows: ["2.1"] });
    await record();
    expect([seen(), tenant.calls.length > 0]).toEqual(looked ? [[2], true] : [[], false]);
  });
}

test("a written user that is gone since is not taken over", async () => {
  const { record, seen, tenant } = prepare();
  tenant.remove(CLOUD_ID("ada"));
  await record();
  expect(seen()).toEqual([]);
});

for (const [title, error] of [
  ["a disk that fails", new BatchError("disk", "No space left.", "Free some.")],
  ["a bug", new RangeError("no such row")],
] as const) {
  test(`${title} is no trouble of the tenant's, and ends the run`, async () => {
    const { record, tenant, notes } = prepare();
    tenant.countUsers = async () => {
      throw error;
    };
    await expect(record()).rejects.toBe(error);
    expect(notes).toEqual([]);
  });
}

test("a tenant that cannot be read any more is told, and is no failure of the run", async () => {
  const { record, tenant, notes, seen, warnings } = prepare();
  tenant.countUsers = async () => {
    throw new BatchError("tenant", "Graph does not answer.", "Try later.");
  };
  await record();
  expect([notes, seen()]).toEqual([[expect.stringMatching(/could not be read; verify tells it\. Graph does not/)], []]);
  expect(warnings).toEqual([["takeovers-not-read", { errorCode: "tenant" }]]);
});

test("a user is known by its id, whatever it is called by then", async () => {
  const { record, seen, tenant } = prepare();
  tenant.change(CLOUD_ID("ada"), { userPrincipalName: "eve@contoso.example" });
  // Pages so small that the users are looked up.
  tenant.pageSize = 1;
  await record();
  expect(seen()).toEqual([2]);
});
