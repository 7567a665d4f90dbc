/** Rows that write an account of AD, as the stages around the writer treat them. */
import { describe, expect, test } from "vitest";
import { LiveJournal } from "../../src/stages/live-journal.ts";
import { recheckWrittenRows } from "../../src/stages/recheck-written-rows.ts";
import { recordTakeovers } from "../../src/stages/record-takeovers.ts";
import { anchorOf, cloudUser } from "../support/facts.ts";
import { tellJournal } from "../support/journal-story.ts";
import { ManualClock, MemoryRunStore, SILENT_LOG, SILENT_PROGRESS } from "../support/memory-run.ts";
import { MemoryTenant } from "../support/memory-world.ts";
import { id, inAd, planFor, prepareRun } from "../support/writer-run.ts";

describe("a canary row that writes an account", () => {
  for (const [syncPaused, purposes] of [
    [false, ["change"]],
    [true, ["change", "canary-back", "canary-again"]],
  ] as const) {
    test(`is ${syncPaused ? "set back and set again" : "not set back"} where sync is ${syncPaused ? "" : "not said to be "}paused`, async () => {
      const run = prepareRun(inAd(planFor(["ada", "ben"])), { canary: 1, syncPaused });
      expect(await run.apply()).toBeNull();
      const sent = run.store.events.flatMap((event) =>
        event.kind === "intent" && event.objectId === id("ada") ? [event.purpose] : [],
      );
      expect(sent).toEqual(purposes);
    });
  }

  test("and cannot be set back is told as AD's", async () => {
    const run = prepareRun(inAd(planFor(["ada", "ben"])), { canary: 1, syncPaused: true });
    run.side.script = (_n, { after }) => (after === null ? "refused" : "accepted");
    expect(await run.apply()).toBe(
      "row 2 could not be set back and set again in AD: rollback would not work, so nothing more was written",
    );
  });
});

test("an account whose user is synced is written, and is no takeover; a user that is synced is left alone", async () => {
  const plan = planFor(["ada", "ben"]);
  const [ada, ben] = [inAd(plan), plan].map(({ rows, changes }, index) => ({
    rows: rows.slice(index, index + 1),
    changes: changes.slice(index, index + 1),
  }));
  if (ada === undefined || ben === undefined) throw new Error("the plan has two rows");
  const run = prepareRun({
    ...plan,
    rows: [...ada.rows, ...ben.rows],
    changes: [...ada.changes, ...ben.changes],
  });
  for (const name of ["ada", "ben"]) run.side.change(id(name), { synced: true });
  await run.apply();
  expect(run.statuses()).toEqual(["2.1 verified", "3.1 drift"]);
});

/** Ada's account was written and read back. */
function prepareWritten() {
  const plan = inAd(planFor(["ada"]));
  const store = new MemoryRunStore(plan);
  store.events.push(...tellJournal([["2.1", "change accepted verified"]], plan.changes));
  const told = store.events.length;
  const clock = new ManualClock();
  const journal = new LiveJournal(store, "cyd", { clock, chance: { uuid: () => "request", fraction: () => 0.5 } });
  const tenant = new MemoryTenant([
    cloudUser("ada", { immutableId: anchorOf("ada"), syncEnabled: true, lastSyncAt: "2026-11-22T02:30:00Z" }),
  ]);
  const asked: string[] = [];
  tenant.readValue = async (objectId) => {
    asked.push(objectId);
    return null;
  };
  const learned = () =>
    store.events.slice(told).map((event) => [event.kind, event.kind === "intent" ? null : event.message]);
  return { plan, clock, journal, tenant, asked, learned };
}

describe("an account that an earlier apply has written", () => {
  for (const [title, value, expected] of [
    ["and that holds its value asks nothing more", anchorOf("ada"), []],
    [
      "and that is gone is called an account, and looked for in no recycle bin",
      undefined,
      ["the account no longer exists"],
    ],
    ["and that holds another value is called an account", "foreign", ["the account holds foreign"]],
  ] as const) {
    test(`${title}, and the tenant is not asked`, async () => {
      const { plan, clock, journal, tenant, asked, learned } = prepareWritten();
      const { side } = prepareRun(plan);
      if (value === undefined) side.remove(id("ada"));
      else side.change(id("ada"), { value });
      await recheckWrittenRows(plan, journal, {
        ...{ tenant, sides: { cloud: tenant, ad: side }, clock, progress: SILENT_PROGRESS },
        ...{ limits: { inFlight: 2 }, stop: { drain: new AbortController().signal } },
      });
      expect(learned()).toEqual(expected.map((message) => ["mismatch", message]));
      expect([tenant.calls, asked]).toEqual([[], []]);
    });
  }

  test("is not looked for among the users that sync has taken over meanwhile", async () => {
    const { plan, journal, tenant, learned } = prepareWritten();
    const [change] = plan.changes;
    if (change === undefined) throw new Error("the plan has a change");
    journal.observe({ ...change, row: 9 }, "overtaken");
    await recordTakeovers(plan, journal, {
      ...{ tenant, log: SILENT_LOG, progress: SILENT_PROGRESS },
      stop: { drain: new AbortController().signal },
    });
    expect(tenant.calls).toEqual([]);
    expect(learned()).toEqual([["overtaken", null]]);
  });
});
