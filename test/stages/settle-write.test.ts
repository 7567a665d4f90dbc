/** What became of a write whose answer was lost, and the reads that tell. */
import { describe, expect, test } from "vitest";
import { BatchError } from "../../src/core/errors.ts";
import { PatientReader } from "../../src/stages/patient-reader.ts";
import { WriteSettler } from "../../src/stages/settle-write.ts";
import { SuspendWatch } from "../../src/stages/suspend-watch.ts";
import { anchorOf } from "../support/facts.ts";
import { id, LIMITS, planFor, prepareRun } from "../support/writer-run.ts";

const NEVER = new AbortController().signal;
const ADA = anchorOf("ada");
const REFUSAL = { httpStatus: 403, errorCode: "Authorization_RequestDenied", message: "no", requestId: "r-2" };

function prepareSettler() {
  const run = prepareRun(planFor(["ada"]));
  const [change] = run.plan.changes;
  if (change === undefined) throw new Error("the plan has a change");
  const journal = run.openJournal();
  const abort = new AbortController();
  const watch = new SuspendWatch(run.clock, () => undefined);
  const reader = new PatientReader({ side: run.side, clock: run.clock, watch, abort: abort.signal });
  const settler = new WriteSettler(journal, reader, LIMITS);
  /** Each read shows the next of these; the last stays. `undefined` is no user. */
  const shows = (...values: (string | null | undefined)[]) => {
    let read = 0;
    run.side.readValue = async () => {
      const value = values[Math.min(read, values.length - 1)];
      read += 1;
      return value === undefined ? null : { objectId: id("ada"), name: change.name, synced: false, value };
    };
    return () => read;
  };
  const told = () => run.store.events.map(({ kind }) => kind);
  const last = () => run.store.events.at(-1);
  return { ...run, change, journal, abort, reader, settler, shows, told, last };
}

/** Ada's write was sent and its answer lost. */
async function loseWrite(purpose: "change" | "canary-back" = "change") {
  const run = prepareSettler();
  const [before, after] = purpose === "change" ? [null, ADA] : [ADA, null];
  const attempt = await run.journal.intend(run.change, purpose, before, after);
  run.journal.observe(run.change, "undecided", { attempt });
  return { ...run, attempt };
}

describe("settle", () => {
  test("has nothing to do where nothing is open", async () => {
    const { settler, change, shows, told } = prepareSettler();
    const reads = shows(null);
    expect(await settler.settle(change, NEVER)).toBe(true);
    expect([reads(), told()]).toEqual([0, []]);
  });

  for (const [title, values, reads, event] of [
    ["the new value twice", [ADA], 2, { kind: "settled-applied", value: ADA }],
    ["the old value twice", [null], 2, { kind: "settled-not-applied", value: null }],
    ["the old value, then the new one twice", [null, ADA], 3, { kind: "settled-applied", value: ADA }],
    [
      "a third value twice",
      ["foreign"],
      2,
      { kind: "settled-drift", value: "foreign", message: "neither the old nor the new value" },
    ],
    ["no user twice", [undefined], 2, { kind: "settled-drift", value: null, message: "the user no longer exists" }],
    ["no user, then one that holds the new value", [undefined, ADA], 3, { kind: "settled-applied", value: ADA }],
    [
      "the new value, then no user any more",
      [ADA, undefined],
      3,
      { kind: "settled-drift", value: null, message: "the user no longer exists" },
    ],
  ] as const) {
    test(`${title} is ${event.kind}, with reads ${LIMITS.settleMs} ms apart`, async () => {
      const { settler, change, attempt, shows, last, clock } = await loseWrite();
      const read = shows(...values);
      expect(await settler.settle(change, NEVER)).toBe(true);
      expect(last()).toMatchObject({ ...event, attempt: attempt.seq });
      expect([read(), clock.slept]).toEqual([reads, Array.from({ length: reads - 1 }, () => LIMITS.settleMs)]);
    });
  }

  test("gives up for now after ten reads that never agree, and says nothing", async () => {
    const { settler, change, shows, told } = await loseWrite();
    const read = shows("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "11");
    expect(await settler.settle(change, NEVER)).toBe(false);
    expect([read(), told()]).toEqual([10, ["intent", "undecided"]]);
  });

  test("ends between two reads when it is to give up", async () => {
    const { settler, change, shows, told, clock } = await loseWrite();
    const read = shows(null);
    const giveUp = new AbortController();
    clock.onMove.push(() => giveUp.abort());
    expect(await settler.settle(change, giveUp.signal)).toBe(false);
    expect([read(), told()]).toEqual([1, ["intent", "undecided"]]);
  });

  test("ends where a read was given up before it was sent", async () => {
    const { settler, change, side, told } = await loseWrite();
    const giveUp = new AbortController();
    side.readValue = async () => {
      giveUp.abort();
      throw new BatchError("interrupted", "given up", "Run the same command again.");
    };
    expect(await settler.settle(change, giveUp.signal)).toBe(false);
    expect(told()).toEqual(["intent", "undecided"]);
  });

  test("a set-back has to be past landing before it is settled, a write has not", async () => {
    const back = await loseWrite("canary-back");
    back.shows(ADA);
    expect(await back.settler.settle(back.change, NEVER)).toBe(true);
    expect(back.clock.slept).toEqual([LIMITS.quarantineMs, LIMITS.settleMs]);
    const stopped = await loseWrite("canary-back");
    const giveUp = new AbortController();
    stopped.clock.onMove.push(() => giveUp.abort());
    const read = stopped.shows(ADA);
    expect(await stopped.settler.settle(stopped.change, giveUp.signal)).toBe(false);
    expect(read()).toBe(0);
  });
});

describe("awaitLateLanding", () => {
  /** A first write whose answer was lost, and a second one of the same value that was refused. */
  const refused = async () => {
    const run = await loseWrite();
    run.journal.observe(run.change, "settled-not-applied", { attempt: run.attempt, value: null });
    const second = await run.journal.intend(run.change, "change", null, ADA);
    run.journal.observe(run.change, "refused", { attempt: second, answer: REFUSAL });
    return { ...run, second };
  };

  test("waits for nothing where the row was not refused, or no earlier write is unclear", async () => {
    const open = await loseWrite();
    expect(await open.settler.awaitLateLanding(open.change, ADA, NEVER)).toBe(true);
    const clear = prepareSettler();
    const only = await clear.journal.intend(clear.change, "change", null, ADA);
    clear.journal.observe(clear.change, "refused", { attempt: only });
    expect(await clear.settler.awaitLateLanding(clear.change, ADA, NEVER)).toBe(true);
    expect([open.clock.slept, clear.clock.slept]).toEqual([[], []]);
  });

  test("takes the value that the first write has put there late for that one's", async () => {
    const { settler, change, attempt, shows, last, clock } = await refused();
    shows(undefined, null, ADA);
    expect(await settler.awaitLateLanding(change, ADA, NEVER)).toBe(true);
    expect(clock.slept[0]).toBe(LIMITS.quarantineMs);
    expect(last()).toMatchObject({ kind: "settled-applied", value: ADA, attempt: attempt.seq });
  });

  test("says that the refusal stands where the value never shows, after looks for two minutes", async () => {
    const { settler, change, second, journal, shows, last, clock } = await refused();
    shows(null);
    expect(journal.progressOf(change)?.status).toBe("undecided");
    expect(await settler.awaitLateLanding(change, ADA, NEVER)).toBe(true);
    expect(last()).toMatchObject({ ...REFUSAL, kind: "settled-refused", attempt: second.seq });
    expect(journal.progressOf(change)?.status).toBe("failed");
    expect(clock.slept).toEqual([LIMITS.quarantineMs, 2_000, 4_000, 8_000, 16_000, 32_000]);
  });

  test("names the last attempt of several as the refused one", async () => {
    const { settler, change, journal, shows, last } = await refused();
    const third = await journal.intend(change, "change", null, ADA);
    journal.observe(change, "refused", { attempt: third, answer: REFUSAL });
    shows(null);
    expect(await settler.awaitLateLanding(change, ADA, NEVER)).toBe(true);
    expect(last()).toMatchObject({ kind: "settled-refused", attempt: third.seq });
  });

  test("leaves it to a later apply when it is to give up", async () => {
    for (const pauses of [1, 2]) {
      const { settler, change, openJournal, shows, clock } = await refused();
      shows(null);
      const giveUp = new AbortController();
      clock.onMove.push(() => clock.slept.length >= pauses && giveUp.abort());
      expect(await settler.awaitLateLanding(change, ADA, giveUp.signal)).toBe(false);
      expect(openJournal().progressOf(change)?.status).toBe("undecided");
    }
  });
});
