import { describe, expect, test } from "vitest";
import type { Change } from "../../src/core/change.ts";
import type { WriteAnswer } from "../../src/ports/writable-side.ts";
import { anchorOf } from "../support/facts.ts";
import { id, LIMITS, planFor, prepareRun } from "../support/writer-run.ts";

const NEVER = new AbortController().signal;
const ADA = anchorOf("ada");

function prepareJournal() {
  const run = prepareRun(planFor(["ada", "ben"]));
  const [change, other] = run.plan.changes;
  if (change === undefined || other === undefined) throw new Error("the plan has two changes");
  return { ...run, change, other, journal: run.openJournal() };
}

test("what an answer said stands in the record, and a message of our own before that of the answer", async () => {
  const { journal, change, store } = prepareJournal();
  const attempt = await journal.intend(change, "change", null, ADA);
  const answer: WriteAnswer = {
    meaning: "refused",
    httpStatus: 403,
    errorCode: "Denied",
    message: "no",
    requestId: "r-1",
    conflict: null,
  };
  journal.observe(change, "refused", { attempt, answer });
  journal.observe(change, "drift", { answer, message: "ours", value: "x" });
  journal.observe(change, "verified");
  const told = { httpStatus: 403, errorCode: "Denied", requestId: "r-1" };
  const nothing = { httpStatus: null, errorCode: null, requestId: null, message: null, value: null, attempt: null };
  expect(store.events.slice(1)).toMatchObject([
    { ...told, message: "no", value: null, attempt: attempt.seq },
    { ...told, message: "ours", value: "x", attempt: null },
    nothing,
  ]);
});

test("a write is undecided from its lost answer on, until it is settled, and so it is for the next process", async () => {
  const { journal, change, other, openJournal } = prepareJournal();
  const attempt = await journal.intend(change, "change", null, ADA);
  expect([journal.undecided, journal.isUndecided(change)]).toEqual([0, false]);
  journal.observe(change, "undecided", { attempt });
  expect([journal.undecided, journal.isUndecided(change), journal.isUndecided(other)]).toEqual([1, true, false]);
  const next = openJournal();
  expect([next.undecided, next.isUndecided(change), next.isUndecided(other)]).toEqual([1, true, false]);
  next.observe(change, "settled-not-applied", { attempt });
  expect([next.undecided, next.isUndecided(change)]).toEqual([0, false]);
  expect(openJournal().undecided).toBe(0);
});

for (const [kind, met] of [
  ["overtaken", true],
  ["sync-matched", true],
  ["drift", false],
  ["verified", false],
  ["sync-none", false],
] as const) {
  test(`an apply that saw "${kind}" has ${met ? "" : "not "}met sync`, () => {
    const { journal, change } = prepareJournal();
    expect(journal.hasMetSync).toBe(false);
    journal.observe(change, kind);
    expect(journal.hasMetSync).toBe(met);
  });
}

test("an attempt without a clear answer is found by its value, the last of several, and may land for its own time", async () => {
  const { journal, change, clock } = prepareJournal();
  expect(journal.findUnclear(id("ada"), ADA)).toBeUndefined();
  const first = await journal.intend(change, "change", null, ADA);
  journal.observe(change, "undecided", { attempt: first });
  await clock.sleep(50_000, NEVER);
  const back = await journal.intend(change, "canary-back", ADA, null);
  journal.observe(change, "undecided", { attempt: back });
  expect(journal.findUnclear(id("ada"), ADA)).toEqual(first);
  expect(journal.findUnclear(id("ada"), null)).toEqual(back);
  expect(journal.findUnclear(id("ada"), "other")).toBeUndefined();
  const left = (attempt: typeof first) => journal.landingLeftMs(attempt, LIMITS.quarantineMs);
  expect([left(first), left(back)]).toEqual([LIMITS.quarantineMs - 50_000, LIMITS.quarantineMs]);
  await clock.sleep(LIMITS.quarantineMs, NEVER);
  expect([left(first), left(back)]).toEqual([0, 0]);
  expect(left({ ...first, seq: 99 })).toBe(0);
  expect(left({ ...first, objectId: id("ben") })).toBe(0);
});

test("the time at which the operator last said that the run may go on is known from the record", () => {
  const { store, openJournal } = prepareJournal();
  expect(openJournal().acknowledgedAt).toBeNull();
  const opening = { reason: "drift", detail: "3 users", openedAt: "2026-11-22T02:00:00.000Z" } as const;
  const word = (at: string) => ({ ...opening, acknowledged: { operator: "cyd", at } });
  store.storeOpenings([word("2026-11-22T02:10:00.000Z"), word("2026-11-22T02:20:00.000Z")]);
  expect(openJournal().acknowledgedAt).toBe("2026-11-22T02:20:00.000Z");
  store.storeOpenings([word("2026-11-22T02:10:00.000Z"), { ...opening, acknowledged: null }]);
  expect(openJournal().acknowledgedAt).toBeNull();
});

describe("hasTakenAway", () => {
  const OLD = anchorOf("ben");
  /** Ada is cleared for a swap and gets her value later; Ben's is taken from him. */
  function prepareSwap() {
    const run = prepareRun(planFor(["ada", "ben"], { ada: "ben", ben: "ada" }));
    const [clear, set] = run.plan.changes.filter(({ objectId }) => objectId === id("ada"));
    if (clear === undefined || set === undefined) throw new Error("Ada is the pivot");
    const journal = run.openJournal();
    const write = async (change: Change, kind: "accepted" | "undecided", objectId = change.objectId) => {
      const attempt = await journal.intend({ ...change, objectId }, "change", change.before, change.after);
      journal.observe(change, kind, { attempt });
    };
    return { clear, set, journal, write };
  }

  test("knows the value that a write of this step or an earlier one has replaced, and no other", async () => {
    const { clear, set, journal, write } = prepareSwap();
    expect([journal.hasTakenAway(clear, OLD), journal.hasTakenAway(set, OLD)]).toEqual([false, false]);
    await write(clear, "accepted");
    expect([journal.hasTakenAway(clear, OLD), journal.hasTakenAway(set, OLD)]).toEqual([true, true]);
    expect([journal.hasTakenAway(set, null), journal.hasTakenAway(set, "foreign")]).toEqual([false, false]);
    await write(set, "accepted");
    expect([journal.hasTakenAway(set, null), journal.hasTakenAway(clear, null)]).toEqual([true, false]);
  });

  test("counts no write whose answer was lost", async () => {
    const { clear, journal, write } = prepareSwap();
    await write(clear, "undecided");
    expect(journal.hasTakenAway(clear, OLD)).toBe(false);
  });

  test("counts no write to another object of the row", async () => {
    const { clear, set, journal, write } = prepareSwap();
    await write(clear, "accepted", id("eve"));
    expect(journal.hasTakenAway(set, OLD)).toBe(false);
  });
});
