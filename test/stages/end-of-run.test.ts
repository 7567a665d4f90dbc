/** When a run ends, with what reason, and what is done all the same. */
import { describe, expect, test } from "vitest";
import { BatchError } from "../../src/core/errors.ts";
import { WriterRun } from "../../src/stages/writer-run.ts";
import { anchorOf } from "../support/facts.ts";
import { tellJournal } from "../support/journal-story.ts";
import { id, planFor, prepareRun } from "../support/writer-run.ts";

type Run = ReturnType<typeof prepareRun>;

/** Reads show the old value of every user for ever. */
function neverShow({ side }: Run): void {
  const read = side.readValue.bind(side);
  const first = new Map<string, string | null>();
  side.readValue = async (objectId, signal, options) => {
    const held = await read(objectId, signal, options);
    if (held === null) return null;
    if (!first.has(objectId)) first.set(objectId, held.value);
    return { ...held, value: first.get(objectId) ?? null };
  };
}

describe("the end", () => {
  test("of a run whose last row a signal kept from being read back is the signal", async () => {
    const run = prepareRun(planFor(["ada"]));
    neverShow(run);
    run.clock.onMove.push(() => run.stop.drain.abort());
    expect(await run.apply()).toBe("stopped by a signal");
    expect(run.statuses()).toEqual(["2.1 accepted"]);
  });

  test("of a run whose last lost answer a signal kept from being settled is the signal", async () => {
    const run = prepareRun(planFor(["ada"]));
    run.side.script = () => "lost";
    run.clock.onMove.push(() => run.stop.drain.abort());
    expect(await run.apply()).toBe("stopped by a signal");
    expect(run.statuses()).toEqual(["2.1 undecided"]);
  });

  test("of a run that was through before the signal came is no end before its last row", async () => {
    const run = prepareRun(planFor(["ada"]));
    const observe = run.store.observe.bind(run.store);
    run.store.observe = (observation) => {
      if (observation.kind === "verified") run.stop.drain.abort();
      return observe(observation);
    };
    expect(await run.apply()).toBeNull();
    expect(run.statuses()).toEqual(["2.1 verified"]);
  });

  test("of an open cycle comes in spite of a signal, but nobody waits for a copy to show its last write", async () => {
    const run = prepareRun(planFor(["ada", "ben"], { ada: "ben", ben: "ada" }), { canary: 1 });
    const read = run.side.readValue.bind(run.side);
    run.side.readValue = async (objectId) => {
      const held = await read(objectId);
      const isLast = run.side.ledger.length === 3 && objectId === id("ada");
      return held === null || !isLast ? held : { ...held, value: null };
    };
    run.side.script = () => {
      run.stop.drain.abort();
      return "accepted";
    };
    expect(await run.apply()).toBe("stopped by a signal");
    expect(run.statuses()).toEqual(["2.1 verified", "2.2 accepted", "3.1 verified"]);
    expect(run.side.valueOf(id("ada"))).toBe(anchorOf("ada"));
    expect(run.clock.slept).toEqual([]);
  });

  test("of an open cycle comes in spite of a signal, also where a copy lags behind its first write", async () => {
    const run = prepareRun(planFor(["ada", "ben"], { ada: "ben", ben: "ada" }), { canary: 1 });
    const read = run.side.readValue.bind(run.side);
    run.side.readValue = async (objectId) => {
      const held = await read(objectId);
      const lags = objectId === id("ada") && run.side.ledger.length > 0 && run.clock.slept.length < 2;
      return held === null || !lags ? held : { ...held, value: anchorOf("ben") };
    };
    run.side.script = () => {
      run.stop.drain.abort();
      return "accepted";
    };
    expect(await run.apply()).toBe("stopped by a signal");
    expect(run.statuses()).toEqual(["2.1 verified", "2.2 verified", "3.1 verified"]);
    expect(run.clock.slept).toEqual([2_000, 4_000]);
  });

  test("of a chain comes with the signal: nobody waits for a copy that lags", async () => {
    const run = prepareRun(planFor(["ada", "ben"], { ben: "ada" }));
    neverShow(run);
    run.side.script = () => {
      run.stop.drain.abort();
      return "accepted";
    };
    expect(await run.apply()).toBe("stopped by a signal");
    expect([run.statuses(), run.clock.slept]).toEqual([["2.1 pending", "3.1 accepted"], []]);
  });

  test("of a run that a signal reaches as a cycle is about to be opened comes before it", async () => {
    const run = prepareRun(planFor(["ada", "ben"], { ada: "ben", ben: "ada" }), { canary: 1 });
    const { progress } = run.openWorld();
    const begin: typeof progress.begin = (name, total) => {
      run.stop.drain.abort();
      return progress.begin(name, total);
    };
    expect(await run.apply({ progress: { ...progress, begin } })).toBe("stopped by a signal");
    expect(run.side.ledger).toEqual([]);
  });

  test("of a pause that the service asks for tells what it said", async () => {
    const run = prepareRun(planFor(["ada", "ben"]), {
      limits: { inFlight: 1, settleMs: 10_000, quarantineMs: 180_000 },
    });
    run.side.script = () => "not-sent";
    const write = run.side.writeValue.bind(run.side);
    run.side.writeValue = async (change, requestId) => ({
      ...(await write(change, requestId)),
      message: "the service asks for 20 minutes",
    });
    expect(await run.apply()).toBe(
      "row 2 could not be written now, nor anything after it: the service asks for 20 minutes",
    );
    expect(run.side.ledger).toHaveLength(1);
  });

  test("is a pause that a read was asked for, and no failure", async () => {
    const run = prepareRun(planFor(["ada", "ben"]));
    run.side.beforeRead = () => {
      throw new BatchError("paused", "Graph asks for an hour.", "Run the same command again.");
    };
    expect(await run.apply()).toBe("Graph asks for an hour.");
    expect(run.statuses()).toEqual(["2.1 pending", "3.1 pending"]);
  });

  test("is the first failure of all, when what the others have begun is done", async () => {
    const run = prepareRun(planFor(["ada", "ben", "cyd"]), {
      limits: { inFlight: 2, settleMs: 10_000, quarantineMs: 180_000 },
    });
    let failures = 0;
    run.side.beforeRead = (_n, objectId) => {
      if (objectId !== id("ada")) return;
      failures += 1;
      throw new BatchError("tenant", `no answer ${failures}`, "Try again.");
    };
    await expect(run.apply()).rejects.toMatchObject({ message: "no answer 1" });
    expect(run.statuses()).toEqual(["2.1 pending", "3.1 verified", "4.1 pending"]);
    expect(run.stages.map(({ ended }) => ended)).toEqual([true]);
  });

  test("is the breaker's where a user shows somebody else's value after the write, and is kept for the next apply", async () => {
    const run = prepareRun(planFor(["ada"]));
    run.side.beforeRead = () => {
      if (run.side.ledger.length > 0) run.side.change(id("ada"), { value: "foreign" });
    };
    expect(await run.apply()).toBe(
      "stopped by the breaker: a user shows a value that is neither the old nor the new one",
    );
    expect(run.store.readOpenings()).toEqual([expect.objectContaining({ reason: "foreign-value" })]);
  });

  test("is not the breaker's for what an earlier apply has seen", async () => {
    const run = prepareRun(planFor(["ada", "ben"]));
    run.store.events.push(...tellJournal([["2.1", "change accepted mismatch"]], run.plan.changes));
    expect(await run.apply()).toBeNull();
    expect(run.statuses()).toEqual(["2.1 drift", "3.1 verified"]);
  });

  test("has one reason: the first", () => {
    const run = prepareRun(planFor(["ada"]));
    const writer = new WriterRun(run.approved(), run.openWorld());
    writer.end("first");
    writer.end("second");
    expect(writer.endedBy).toBe("first");
  });
});
