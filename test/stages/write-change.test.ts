/** One change and its writer, without the run around it. */
import { describe, expect, test } from "vitest";
import { BatchError } from "../../src/core/errors.ts";
import { SuspendWatch } from "../../src/stages/suspend-watch.ts";
import { ChangeWriter } from "../../src/stages/write-change.ts";
import { ADA, NEVER, prepareWriter } from "../support/change-writer.ts";
import { id, planFor, prepareRun } from "../support/writer-run.ts";

describe("write", () => {
  test("a value that another object holds leaves the row alone and says who holds it", async () => {
    const { writer, change, side, store, told, last } = prepareWriter();
    side.change(id("eve"), { value: ADA });
    expect(await writer.write(change, NEVER)).toBe(true);
    expect(told()).toEqual(["change", "conflict", "drift"]);
    expect(last()).toMatchObject({ message: `another object holds the value: ${id("eve")}`, httpStatus: 400 });
    expect(store.events[1]).toMatchObject({ kind: "conflict", httpStatus: 400, attempt: store.events[0]?.seq });
  });

  test("a conflict of which Graph names no holder leaves the row alone, whoever frees values", async () => {
    const { writer, change, told, last } = prepareWriter(["conflict"], [id("eve")]);
    expect(await writer.write(change, NEVER)).toBe(true);
    expect(told()).toEqual(["change", "conflict", "drift"]);
    expect(last()?.message).toBe("another object holds the value: Graph does not say which");
  });

  test("a conflict with a value that this run frees is tried again, each time after a longer pause", async () => {
    const { writer, change, side, clock, told } = prepareWriter([], [id("eve")]);
    side.change(id("eve"), { value: ADA });
    clock.onMove.push(() => clock.slept.length === 2 && side.change(id("eve"), { value: null }));
    expect(await writer.write(change, NEVER)).toBe(true);
    expect(told()).toEqual(["change", "conflict", "change", "conflict", "change", "accepted"]);
    expect(clock.slept).toEqual([2_000, 4_000]);
  });

  test("a conflict with a value that is never let go leaves the row alone after five writes", async () => {
    const { writer, change, side, clock, told } = prepareWriter([], [id("eve")]);
    side.change(id("eve"), { value: ADA });
    expect(await writer.write(change, NEVER)).toBe(true);
    expect(told()).toEqual([...Array.from({ length: 5 }, () => ["change", "conflict"]).flat(), "drift"]);
    expect(clock.slept).toEqual([2_000, 4_000, 6_000, 8_000]);
  });

  for (const [script, goesOn, words] of [
    ["accepted", true, ["change", "accepted"]],
    ["refused", true, ["change", "refused"]],
    ["not-sent", false, ["change", "not-sent"]],
  ] as const) {
    test(`a write that is ${script} is not sent again, and the run ${goesOn ? "goes on" : "ends"}`, async () => {
      const { writer, change, told } = prepareWriter([script]);
      expect(await writer.write(change, NEVER)).toBe(goesOn);
      expect(told()).toEqual(words);
    });
  }

  test("a write that is lost each time is sent five times", async () => {
    const { writer, change, side, told } = prepareWriter(Array.from({ length: 9 }, () => "lost" as const));
    expect(await writer.write(change, NEVER)).toBe(true);
    expect(side.ledger).toHaveLength(5);
    expect(told().slice(0, 3)).toEqual(["change", "undecided", "settled-not-applied"]);
  });

  test("writes that came too late for their turn do not count, however many", async () => {
    const { writer, change, side, store } = prepareWriter(Array.from({ length: 9 }, () => "too-late" as const));
    expect(await writer.write(change, NEVER)).toBe(true);
    expect(side.ledger.map(({ applied }) => applied)).toEqual([...Array.from({ length: 9 }, () => false), true]);
    const [intent, notSent] = store.events;
    expect(notSent).toMatchObject({ kind: "not-sent", attempt: intent?.seq });
  });

  test("a write that the side refused for what it found is sent again after a read, which shows that nothing has moved", async () => {
    const { writer, change, store, told } = prepareWriter(["changed-meanwhile"]);
    expect(await writer.write(change, NEVER)).toBe(true);
    expect(told()).toEqual(["change", "conflict", "change", "accepted"]);
    expect(store.events[1]).toMatchObject({ attempt: store.events[0]?.seq });
  });

  test("a write that the side refused for what it found is left alone once it is to give up, and ends no run", async () => {
    const { writer, change, side, told } = prepareWriter();
    const giveUp = new AbortController();
    side.script = () => {
      giveUp.abort();
      return "changed-meanwhile";
    };
    expect(await writer.write(change, giveUp.signal)).toBe(true);
    expect(told()).toEqual(["change", "conflict"]);
    expect(side.reads, "the read before the write").toHaveLength(1);
  });

  test("what came too late for its turn while the machine slept was not sent, and is in no doubt", async () => {
    const { writer, change, side, clock, told } = prepareWriter();
    side.script = (n) => {
      if (n === 1) clock.suspend(3_600_000);
      return n === 1 ? "too-late" : "accepted";
    };
    expect(await writer.write(change, NEVER)).toBe(true);
    expect(told()).toEqual(["change", "not-sent", "change", "accepted"]);
  });

  test("what lies in the recycle bin is purged whatever it is called there", async () => {
    const { writer, change, side, told } = prepareWriter();
    side.change(id("ada"), { value: "deleted", name: "0123ada@contoso.example" });
    expect(await writer.write({ ...change, kind: "purge", before: "deleted", after: "gone" }, NEVER)).toBe(true);
    expect(told()).toEqual(["change", "accepted"]);
  });

  test("nothing is sent again once it is to give up", async () => {
    const giveUp = new AbortController();
    const late = prepareWriter(["too-late", "too-late"]);
    const { script } = late.side;
    late.side.script = (n, sent) => {
      if (n === 2) giveUp.abort();
      return script(n, sent);
    };
    expect(await late.writer.write(late.change, giveUp.signal)).toBe(true);
    expect(late.told()).toEqual(["change", "not-sent", "change", "not-sent"]);

    const lost = prepareWriter(["lost"]);
    const stop = new AbortController();
    lost.clock.onMove.push(() => stop.abort());
    expect(await lost.writer.write(lost.change, stop.signal)).toBe(true);
    expect(lost.told()).toEqual(["change", "undecided"]);
  });

  test("a value that is there already is recorded with it, and with sync where that owns the user", async () => {
    const { writer, change, side, store, told } = prepareWriter();
    side.change(id("ada"), { value: ADA, synced: true });
    expect(await writer.write(change, NEVER)).toBe(true);
    expect(told()).toEqual(["already", "sync-matched"]);
    expect(store.events.map((event) => (event.kind === "intent" ? null : event.value))).toEqual([ADA, ADA]);
    expect(side.ledger).toEqual([]);
  });

  test("a value that an earlier lost write has put there after all is settled as that one's", async () => {
    const { writer, change, side, store, told, last } = prepareWriter(["lost"]);
    const stop = new AbortController();
    const { script } = side;
    side.beforeRead = (n) => {
      if (n === 4) side.change(id("ada"), { value: ADA });
    };
    side.script = (n, sent) => script(n, sent);
    await writer.write(change, stop.signal);
    expect(told()).toEqual(["change", "undecided", "settled-not-applied", "settled-applied"]);
    expect(last()).toMatchObject({ value: ADA, attempt: store.events[0]?.seq });
  });

  test("an abort that came before the write cuts it off, and one that comes after it touches nothing", async () => {
    for (const before of [true, false]) {
      const { writer, change, side, abort } = prepareWriter();
      const signals: AbortSignal[] = [];
      const write = side.writeValue.bind(side);
      side.writeValue = (wanted, requestId, signal?: AbortSignal) => {
        if (signal !== undefined) signals.push(signal);
        return write(wanted, requestId);
      };
      side.beforeRead = () => {
        if (before) abort.abort(new Error("stopped"));
      };
      await writer.write(change, NEVER);
      if (!before) abort.abort(new Error("stopped"));
      expect(signals.map(({ aborted }) => aborted)).toEqual([before]);
    }
  });
});

test("a write that can be taken back saves nothing of its object", async () => {
  const { writer, change, side, told } = prepareWriter();
  side.readWhole = async () => {
    throw new RangeError("nobody asks for the whole object");
  };
  expect(await writer.write(change, NEVER)).toBe(true);
  expect(told()).toEqual(["change", "accepted"]);
});

describe("write, when it is to give up,", () => {
  test("leaves a lost answer undecided and lets the run end by itself", async () => {
    const { writer, change, side, told } = prepareWriter();
    const giveUp = new AbortController();
    side.script = () => {
      giveUp.abort();
      return "lost";
    };
    expect(await writer.write(change, giveUp.signal)).toBe(true);
    expect(told()).toEqual(["change", "undecided"]);
    expect(side.reads, "the read before the write").toHaveLength(1);
  });

  test("still sends a write that it was called for", async () => {
    const { writer, change, told } = prepareWriter();
    expect(await writer.write(change, AbortSignal.abort())).toBe(true);
    expect(told()).toEqual(["change", "accepted"]);
  });

  test("leaves a refused write failed without waiting for an earlier one that may still land", async () => {
    const { writer, change, clock, told } = prepareWriter(["lost", "refused"]);
    const giveUp = new AbortController();
    clock.onMove.push(() => clock.slept.length > 1 && giveUp.abort());
    expect(await writer.write(change, giveUp.signal)).toBe(true);
    expect(told()).toEqual(["change", "undecided", "settled-not-applied", "change", "refused"]);
  });

  test("sends nothing on a read that was broken off", async () => {
    const { writer, change, side, told } = prepareWriter();
    const giveUp = new AbortController();
    side.readValue = async () => {
      giveUp.abort();
      throw new BatchError("interrupted", "Stopped.", "Run the same command again.");
    };
    expect(await writer.write(change, giveUp.signal)).toBe(true);
    expect([told(), side.ledger]).toEqual([[], []]);
  });

  test("leaves a pivot's second value unsent while its lost first one may still land", async () => {
    const run = prepareRun(planFor(["ada", "ben"], { ada: "ben", ben: "ada" }));
    const [clear, set] = run.plan.changes.filter(({ objectId }) => objectId === id("ada"));
    if (clear === undefined || set === undefined) throw new Error("Ada is the pivot");
    const watch = new SuspendWatch(run.clock, () => undefined);
    const abort = new AbortController().signal;
    const { side, clock, openWorld } = run;
    const writer = new ChangeWriter({ ...openWorld(), side, releasers: new Set(), intoAd: new Set(), abort, watch });
    side.script = (n) => (n === 1 ? "lost-applied" : "accepted");
    expect(await writer.write(clear, NEVER)).toBe(true);
    const giveUp = new AbortController();
    clock.onMove.push(() => giveUp.abort());
    expect(await writer.write(set, giveUp.signal)).toBe(true);
    expect(side.ledger).toHaveLength(1);
  });
});
