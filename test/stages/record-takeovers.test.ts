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
function prepare({ met = true } = {}) {
  const plan = planFor(["ada", "ben", "cyd", "dee"]);
  const store = new MemoryRunStore(plan);
  const written = (["2.1", "3.1", "4.1"] as const).map((key) => [key, "change accepted verified"] as const);
  store.events.push(...tellJournal(written, plan.changes));
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
  const record = () =>
    recordTakeovers(plan, journal, { tenant, log: SILENT_LOG, progress, stop: { drain: drain.signal } });
  const seen = () => store.events.flatMap(({ kind, row }) => (kind === "sync-matched" ? [row] : []));
  return { record, seen, tenant, drain, notes };
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

test("a tenant that cannot be read any more is told, and is no failure of the run", async () => {
  const { record, tenant, notes, seen } = prepare();
  tenant.countUsers = async () => {
    throw new BatchError("tenant", "Graph does not answer.", "Try later.");
  };
  await record();
  expect([notes, seen()]).toEqual([[expect.stringMatching(/could not be read; verify tells it\. Graph does not/)], []]);
});

test("a user is known by its id, whatever it is called by then", async () => {
  const { record, seen, tenant } = prepare();
  tenant.change(CLOUD_ID("ada"), { userPrincipalName: "eve@contoso.example" });
  await record();
  expect(seen()).toEqual([2]);
});
