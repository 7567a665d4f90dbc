import { describe, expect, test } from "vitest";
import { SET_BACK_WORDS } from "../../src/core/change-progress.ts";
import { BatchError } from "../../src/core/errors.ts";
import type { PlannedRow } from "../../src/core/plan.ts";
import { IN_RECYCLE_BIN } from "../../src/core/verdict.ts";
import { LiveJournal } from "../../src/stages/live-journal.ts";
import { recheckWrittenRows } from "../../src/stages/recheck-written-rows.ts";
import { anchorOf, CLOUD_ID, cloudUser, deletedUser } from "../support/facts.ts";
import { tellJournal } from "../support/journal-story.ts";
import { ManualClock, MemoryRunStore, SILENT_PROGRESS } from "../support/memory-run.ts";
import { MemoryTenant } from "../support/memory-world.ts";
import { planFor } from "../support/writer-run.ts";

const ADA = CLOUD_ID("ada");
const WRITTEN = anchorOf("ada");
const OLD = anchorOf("zoe");
const never = new AbortController().signal;

/** Ada's row, told so far, over a tenant in which she holds this value; before the run she held none, or Zoe's. */
function prepare(story: string, held: string | null, { before = null }: { before?: "zoe" | null } = {}) {
  const plan = planFor(["ada"], before === null ? {} : { ada: before });
  const store = new MemoryRunStore(plan);
  store.events.push(...tellJournal(story === "" ? [] : [["2.1", story]], plan.changes));
  const told = store.events.length;
  const clock = new ManualClock();
  const journal = new LiveJournal(store, "cyd", { clock, chance: { uuid: () => "request", fraction: () => 0.5 } });
  const tenant = new MemoryTenant([cloudUser("ada", { immutableId: held })]);
  const asked: string[] = [];
  const readValue = tenant.readValue.bind(tenant);
  tenant.readValue = (objectId, signal, options) => {
    asked.push(options?.facet ?? "value");
    return readValue(objectId, signal, options);
  };
  const recheck = (again?: readonly PlannedRow[]) => {
    const limits = { inFlight: 2 };
    return recheckWrittenRows(
      plan,
      journal,
      { tenant, sides: { cloud: tenant }, clock, progress: SILENT_PROGRESS, limits, stop: { drain: never } },
      again,
    );
  };
  const learned = () =>
    store.events.slice(told).map((event) => {
      if (event.kind === "intent") throw new Error("a recheck writes nothing");
      return [event.kind, event.value, event.message];
    });
  const rowsWith = (changes: Partial<PlannedRow>) => plan.rows.map((row) => ({ ...row, ...changes }));
  return { recheck, learned, tenant, clock, asked, rowsWith };
}

describe("a row that was verified", () => {
  for (const [title, held, before, expected] of [
    ["still holds its value: nothing is recorded", WRITTEN, null, []],
    ["holds nothing again as before the run", null, null, [["set-back", null, SET_BACK_WORDS]]],
    ["holds its old value again", OLD, "zoe", [["set-back", OLD, SET_BACK_WORDS]]],
    ["holds a value of somebody else's", "foreign", null, [["mismatch", "foreign", "the user holds foreign"]]],
    ["holds nothing, though it held something before", null, "zoe", [["mismatch", null, "the user holds no ID"]]],
  ] as const) {
    test(title, async () => {
      const { recheck, learned, asked } = prepare("change accepted verified", held, { before });
      await recheck();
      expect(learned()).toEqual(expected);
      expect(asked.length, "reads of its own").toBe(expected.length);
    });
  }

  test("and whose user is in the recycle bin is recorded as gone, but to be brought back", async () => {
    const { recheck, learned, tenant } = prepare("change accepted verified", WRITTEN);
    tenant.remove(ADA);
    tenant.deleted.push(deletedUser("ada"));
    await recheck();
    expect(learned()).toEqual([["mismatch", null, IN_RECYCLE_BIN]]);
  });

  test("and whose user no longer exists is recorded as gone", async () => {
    const { recheck, learned, tenant } = prepare("change accepted verified", WRITTEN);
    tenant.remove(ADA);
    await recheck();
    expect(learned()).toEqual([["mismatch", null, "the user no longer exists"]]);
  });

  test("and shows its value when its own user is read is not lost, whatever was read for many", async () => {
    const { recheck, learned, asked, rowsWith } = prepare("change accepted verified", WRITTEN);
    await recheck(rowsWith({ previousImmutableId: null }));
    expect([learned(), asked]).toEqual([[], ["immutable-id"]]);
  });

  test("and was planned anew with its value costs no further read", async () => {
    const { recheck, learned, asked, tenant, rowsWith } = prepare("change accepted verified", WRITTEN);
    await recheck(rowsWith({ previousImmutableId: WRITTEN }));
    expect([learned(), asked, tenant.calls]).toEqual([[], [], []]);
  });

  test("and was planned anew without a user is read by its id", async () => {
    const { recheck, learned, asked, rowsWith } = prepare("change accepted verified", "foreign");
    await recheck(rowsWith({ userId: null, previousImmutableId: WRITTEN }));
    expect([learned(), asked]).toEqual([[["mismatch", "foreign", "the user holds foreign"]], ["immutable-id"]]);
  });
});

describe("a row that was set back", () => {
  for (const [title, held, expected] of [
    ["and holds its value again is verified anew", WRITTEN, [["verified", WRITTEN, null]]],
    ["and still holds its old value is not recorded a second time", null, []],
    ["and holds somebody else's value", "foreign", [["mismatch", "foreign", "the user holds foreign"]]],
  ] as const) {
    test(title, async () => {
      const { recheck, learned } = prepare("change accepted verified set-back", held);
      await recheck();
      expect(learned()).toEqual(expected);
    });
  }

  test("and holds its value again only when its own user is read is verified anew too", async () => {
    const { recheck, learned, rowsWith } = prepare("change accepted verified set-back", WRITTEN);
    await recheck(rowsWith({ previousImmutableId: null }));
    expect(learned()).toEqual([["verified", WRITTEN, null]]);
  });
});

for (const [story, looked] of [
  ["", false],
  ["change undecided", false],
  ["change refused", false],
  ["change not-sent", false],
  ["already", false],
  ["drift", false],
  ["change accepted mismatch", false],
  ["change accepted canary-back accepted", false],
  ["change accepted canary-back undecided", false],
  ["change accepted verified", true],
  ["change accepted sync-matched", true],
] as const) {
  test(`a row of which the journal says "${story}" is ${looked ? "" : "not "}looked at again`, async () => {
    const { recheck, learned, tenant, clock } = prepare(story, "foreign");
    await clock.sleep(700_000, never);
    await recheck();
    expect([learned().length, tenant.calls.length > 0]).toEqual(looked ? [1, true] : [0, false]);
  });
}

test("a row that was just accepted is left to the writer for ten minutes, in which a copy of the directory may lag", async () => {
  // The story's write is accepted two seconds after the clock's first moment.
  for (const [elapsedMs, expected] of [
    [602_000, []],
    [602_001, ["mismatch"]],
  ] as const) {
    const { recheck, learned, clock } = prepare("change accepted", "foreign");
    await clock.sleep(elapsedMs, never);
    await recheck();
    expect(learned().map(([kind]) => kind)).toEqual(expected);
  }
});

test("after a user that could not be read the others are not asked for one after the other", async () => {
  const people = ["ada", "ben", "cyd", "dee"];
  const plan = planFor(people);
  const store = new MemoryRunStore(plan);
  const written = ["2.1", "3.1", "4.1", "5.1"].map((key) => [key, "change accepted verified"] as const);
  store.events.push(...tellJournal(written, plan.changes));
  const clock = new ManualClock();
  const journal = new LiveJournal(store, "cyd", { clock, chance: { uuid: () => "request", fraction: () => 0.5 } });
  const tenant = new MemoryTenant(people.map((name) => cloudUser(name)));
  let reads = 0;
  tenant.readValue = async () => {
    reads += 1;
    throw new BatchError("tenant", "Graph does not answer.", "Try later.");
  };
  const world = {
    ...{ tenant, sides: { cloud: tenant }, clock, progress: SILENT_PROGRESS },
    ...{ limits: { inFlight: 1 }, stop: { drain: never } },
  };
  await expect(recheckWrittenRows(plan, journal, world)).rejects.toThrow("Graph does not answer.");
  await new Promise((resolve) => setImmediate(resolve));
  expect(reads).toBeLessThan(people.length);
});

test("a tenant that cannot be read ends the recheck, and nothing is recorded", async () => {
  const { recheck, learned, tenant } = prepare("change accepted verified", "foreign");
  tenant.readValue = async () => {
    throw new BatchError("tenant", "Graph does not answer.", "Try later.");
  };
  await expect(recheck()).rejects.toThrow("Graph does not answer.");
  expect(learned()).toEqual([]);
});
