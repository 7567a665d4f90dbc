/** A machine that sleeps, a process that is held and a wall clock that is set while a run writes. */
import { describe, expect, test } from "vitest";
import type { WriteAnswer } from "../../src/ports/writable-side.ts";
import { SuspendWatch } from "../../src/stages/suspend-watch.ts";
import { ChangeWriter } from "../../src/stages/write-change.ts";
import { anchorOf } from "../support/facts.ts";
import type { ManualClock } from "../support/memory-run.ts";
import { id, LIMITS, planFor, prepareRun } from "../support/writer-run.ts";

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
const NEVER = new AbortController().signal;
type Run = ReturnType<typeof prepareRun>;

const SLEEPS = [
  ["the machine sleeps for an hour", (clock: ManualClock) => clock.suspend(HOUR_MS)],
  ["the process is held (SIGSTOP) for an hour", (clock: ManualClock) => clock.hold(HOUR_MS)],
] as const;

/** Sleeps once, on the way of the first write. */
function sleepInWrite({ side, clock }: Run, sleep: (clock: ManualClock) => void, when: "before" | "after"): void {
  const write = side.writeValue.bind(side);
  let slept = false;
  side.writeValue = async (change, requestId) => {
    const first = !slept;
    slept = true;
    if (first && when === "before") sleep(clock);
    const answer = await write(change, requestId);
    if (first && when === "after") sleep(clock);
    return answer;
  };
}

for (const [title, sleep] of SLEEPS) {
  describe(`D15: ${title}`, () => {
    test.each([
      ["accepted", "settled-applied", 1],
      ["refused", "settled-not-applied", 2],
      ["lost-applied", "settled-applied", 1],
      ["lost", "settled-not-applied", 2],
    ] as const)(
      "while a write is under way that comes back %s: it is undecided and settled by fresh reads",
      async (script, settled, writes) => {
        const run = prepareRun(planFor(["ada"]));
        run.side.script = (n) => (n === 1 ? script : "accepted");
        sleepInWrite(run, sleep, "after");
        expect(await run.apply()).toBeNull();
        expect(run.kinds().slice(0, 3)).toEqual(["intent", "undecided", settled]);
        expect(run.side.ledger).toHaveLength(writes);
        expect(run.statuses()).toEqual(["2.1 verified"]);
        expect(run.notes).toEqual([
          expect.stringMatching(/^The machine slept for .*: what was under way is read again/),
        ]);
      },
    );

    test("while an answer is awaited that never comes: the write is given up at the first look", async () => {
      const run = prepareRun(planFor(["ada"]));
      const write = run.side.writeValue.bind(run.side);
      run.side.writeValue = async (change, requestId, signal?: AbortSignal) => {
        run.side.writeValue = write;
        sleep(run.clock);
        const given = new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
        run.clock.lookUp();
        await given;
        return { ...(await write(change, requestId)), meaning: "undecided" };
      };
      expect(await run.apply()).toBeNull();
      expect(run.kinds().slice(0, 3)).toEqual(["intent", "undecided", "settled-applied"]);
      expect(run.statuses()).toEqual(["2.1 verified"]);
    });

    test("while a write waits for its turn: it is not sent on the old read", async () => {
      const run = prepareRun(planFor(["ada"]));
      const write = run.side.writeValue.bind(run.side);
      run.side.writeValue = async () => {
        run.side.writeValue = write;
        sleep(run.clock);
        run.side.change(id("ada"), { value: "foreign" });
        return NOT_SENT;
      };
      expect(await run.apply()).toBeNull();
      expect(run.kinds()).toEqual(["intent", "not-sent", "drift"]);
      expect([run.side.ledger, run.statuses()]).toEqual([[], ["2.1 drift"]]);
    });

    test("between a read and its write: the user is read again, and nothing is promised before", async () => {
      const run = prepareRun(planFor(["ada"]));
      const read = run.side.readValue.bind(run.side);
      run.side.readValue = async (objectId) => {
        run.side.readValue = read;
        const held = await read(objectId);
        sleep(run.clock);
        run.side.change(id("ada"), { value: "foreign" });
        return held;
      };
      expect(await run.apply()).toBeNull();
      expect(run.kinds()).toEqual(["drift"]);
      expect(run.side.ledger).toEqual([]);
    });
  });
}

test("a read that the machine slept through is made again before anything is concluded from it", async () => {
  const run = prepareRun(planFor(["ada"]));
  run.side.change(id("ada"), { value: anchorOf("ada") });
  const read = run.side.readValue.bind(run.side);
  run.side.readValue = async (objectId) => {
    run.side.readValue = read;
    const held = await read(objectId);
    run.clock.suspend(HOUR_MS);
    run.side.change(id("ada"), { value: "foreign" });
    return held;
  };
  await run.apply();
  expect(run.kinds()).toEqual(["drift"]);
});

test("a sleep while an object's last state is saved has it read again before the irreversible step", async () => {
  const { plan, side, clock, openJournal, kinds } = prepareRun(planFor(["ada"]));
  const [planned] = plan.changes;
  if (planned === undefined) throw new Error("the plan has a change");
  const change = { ...planned, kind: "clear-object-identifier" } as const;
  side.readWhole = async () => {
    clock.suspend(HOUR_MS);
    side.change(id("ada"), { value: "foreign" });
    return {};
  };
  const world = { side, clock, journal: openJournal(), limits: LIMITS, releasers: new Set<string>(), abort: NEVER };
  const watch = new SuspendWatch(clock, () => undefined);
  await new ChangeWriter({ ...world, intoAd: new Set(), watch, saveObject: () => undefined }).write(change, NEVER);
  expect([kinds(), side.ledger]).toEqual([["drift"], []]);
});

const NOT_SENT: WriteAnswer = {
  ...{ meaning: "not-sent", httpStatus: null, errorCode: null },
  ...{ message: null, requestId: null, conflict: null },
};

test("a run that nobody put to sleep says nothing of it, however long it waits", async () => {
  const run = prepareRun(planFor(["ada", "ben"], { ada: "ben", ben: "ada" }), { canary: 1 });
  run.side.script = (n) => (n === 1 ? { late: 170_000 } : "accepted");
  await run.apply();
  expect(run.clock.slept.some((ms) => ms > 100_000)).toBe(true);
  expect(run.notes).toEqual([]);
});

describe("D21: the wall clock is set in mid-run", () => {
  test.each([
    ["an hour forward", HOUR_MS],
    ["an hour back", -HOUR_MS],
    ["a year forward", YEAR_MS],
  ])("%s: a lost write that lands late is still not overtaken by a different value", async (_title, byMs) => {
    const run = prepareRun(planFor(["ada", "ben"], { ada: "ben", ben: "ada" }), { canary: 1 });
    run.side.script = (n) => {
      if (n === 2) run.clock.setWallClock(byMs);
      return n === 1 ? { late: 170_000 } : "accepted";
    };
    expect(await run.apply()).toBeNull();
    expect([run.side.valueOf(id("ada")), run.side.valueOf(id("ben"))]).toEqual([anchorOf("ada"), anchorOf("ben")]);
    const waited = run.clock.slept.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThan(170_000);
    expect(waited).toBeLessThan(300_000);
  });

  test.each([
    ["an hour forward", HOUR_MS],
    ["an hour back", -HOUR_MS],
    ["a year forward", YEAR_MS],
  ])("%s: a quarantine ends when it would have ended", async (_title, byMs) => {
    const { plan, clock, openJournal } = prepareRun(planFor(["ada"]));
    const [change] = plan.changes;
    if (change === undefined) throw new Error("the plan has a change");
    const journal = openJournal();
    journal.observe(change, "undecided", { attempt: await journal.intend(change, "change", null, change.after) });
    await clock.sleep(100_000, NEVER);
    clock.setWallClock(byMs);
    expect(journal.quarantineLeftMs(id("ada"), null, LIMITS.quarantineMs)).toBe(80_000);
  });

  test("an hour back between two applies: a lost write counts as just sent, not as one of the future", async () => {
    const { plan, clock, openJournal } = prepareRun(planFor(["ada"]));
    const [change] = plan.changes;
    if (change === undefined) throw new Error("the plan has a change");
    const journal = openJournal();
    journal.observe(change, "undecided", { attempt: await journal.intend(change, "change", null, change.after) });
    clock.setWallClock(-HOUR_MS);
    expect(openJournal().quarantineLeftMs(id("ada"), null, LIMITS.quarantineMs)).toBe(LIMITS.quarantineMs);
  });
});
