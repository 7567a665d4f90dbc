/** Which writes run side by side, when nothing more is begun, and what the operator is shown of it. */
import { describe, expect, test } from "vitest";
import { BatchError } from "../../src/core/errors.ts";
import { sideOfChange, WriterRun } from "../../src/stages/writer-run.ts";
import { anchorOf } from "../support/facts.ts";
import { tellJournal } from "../support/journal-story.ts";
import type { ShownStage } from "../support/writer-run.ts";
import { id, planFor, prepareRun } from "../support/writer-run.ts";

type Run = ReturnType<typeof prepareRun>;

/** Ada to Eve: Ada waits for Ben; Cyd and Dee swap; Eve waits for nobody. */
const MIXED = { ben: "ada", cyd: "dee", dee: "cyd" };
const mixed = () => planFor(["ada", "ben", "cyd", "dee", "eve"], MIXED);
const shown = ({ name, total, done, ended }: ShownStage) => `${name} ${done}/${total}${ended ? "" : " open"}`;

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

describe("what is shown", () => {
  test("is each wave with the number of its changes, from its first to its end", async () => {
    const run = prepareRun(mixed(), { canary: 1 });
    expect(await run.apply()).toBeNull();
    expect(run.stages.map(shown)).toEqual([
      "canary 1/1",
      "proving that rollback works 0/null",
      "writing chains 2/2",
      expect.stringMatching(/^writing a cycle, \w+@contoso\.example of row \d is parked until its end 3\/3$/),
    ]);
  });

  test("is nothing of a wave that an earlier apply has done, and of another what is left", async () => {
    const run = prepareRun(planFor(["ada", "ben", "cyd"]));
    run.store.events.push(...tellJournal([["2.1", "change accepted verified"]], run.plan.changes));
    run.side.change(id("ada"), { value: anchorOf("ada") });
    await run.apply();
    expect(run.stages.splice(0).map(shown)).toEqual(["writing 2/2"]);
    await run.apply();
    expect(run.stages).toEqual([]);
  });

  test("is the end of a wave that a signal has cut short", async () => {
    const run = prepareRun(planFor(["ada", "ben", "cyd"]), {
      limits: { inFlight: 1, settleMs: 10_000, quarantineMs: 180_000 },
    });
    run.side.script = () => {
      run.stop.drain.abort();
      return "accepted";
    };
    expect(await run.apply()).toBe("stopped by a signal");
    expect(run.stages.map(shown)).toEqual(["writing 1/3"]);
    expect(run.side.ledger).toHaveLength(1);
  });
});

describe("what is logged", () => {
  const changes = (run: Run) => run.logged.flatMap(([name, fields]) => (name === "change" ? [fields] : []));

  test("is where each change stands when it was written, with its answer and no field that is empty", async () => {
    const run = prepareRun(planFor(["ada", "ben"]));
    run.side.script = (_n, { objectId }) => (objectId === id("ada") ? "accepted" : "refused");
    await run.apply();
    expect(changes(run)).toEqual([
      { row: 2, step: 1, objectId: id("ada"), status: "accepted", httpStatus: 204 },
      {
        row: 3,
        step: 1,
        objectId: id("ben"),
        status: "failed",
        httpStatus: 403,
        errorCode: "Request_BadRequest",
      },
    ]);
  });

  test("is the id that support asks for", async () => {
    const run = prepareRun(planFor(["ada"]));
    const write = run.side.writeValue.bind(run.side);
    run.side.writeValue = async (change, requestId) => ({
      ...(await write(change, requestId)),
      requestId: "request-of-graph",
    });
    await run.apply();
    expect(changes(run)).toEqual([expect.objectContaining({ requestId: "request-of-graph" })]);
  });

  test("is nothing of what an earlier apply has done", async () => {
    const run = prepareRun(mixed(), { canary: 1 });
    await run.apply();
    run.logged.splice(0);
    await run.apply();
    expect(run.logged).toEqual([]);
  });

  test("is no field of an answer that never came", async () => {
    const run = prepareRun(planFor(["ada"]));
    run.side.script = () => "not-sent";
    await run.apply();
    expect(changes(run)).toEqual([{ row: 2, step: 1, objectId: id("ada"), status: "pending" }]);
  });

  for (const [title, words, status] of [
    ["pending where it was never sent", null, "pending"],
    ["undecided where the process died after the promise", "change", "undecided"],
  ] as const) {
    test(`is a change that a signal kept from being read: ${title}`, async () => {
      const run = prepareRun(planFor(["ada"]));
      if (words !== null) run.store.events.push(...tellJournal([["2.1", words]], run.plan.changes));
      run.side.readValue = async () => {
        run.stop.drain.abort();
        throw new BatchError("interrupted", "Stopped.", "Run the same command again.");
      };
      expect(await run.apply()).toBe("stopped by a signal");
      expect(changes(run)).toEqual([{ row: 2, step: 1, objectId: id("ada"), status }]);
    });
  }

  test("is a change that an earlier apply has left undecided, when it is settled", async () => {
    const run = prepareRun(planFor(["ada"]));
    run.store.events.push(...tellJournal([["2.1", "change undecided"]], run.plan.changes));
    run.side.change(id("ada"), { value: anchorOf("ada") });
    await run.apply();
    expect(changes(run)).toEqual([{ row: 2, step: 1, objectId: id("ada"), status: "verified" }]);
  });

  test("is how long the machine slept", async () => {
    const run = prepareRun(planFor(["ada"]));
    run.side.script = () => {
      run.clock.suspend(3_600_000);
      return "accepted";
    };
    await run.apply();
    expect(run.logged).toContainEqual(["suspended", { waitMs: 3_599_000 }]);
    expect(run.notes[0]).toMatch(/^The machine slept for 59 min/);
  });
});

describe("a row that waits for another", () => {
  const chain = () => prepareRun(planFor(["ada", "ben"], { ben: "ada" }));

  test("stays pending while that one's answer is lost and reads contradict each other", async () => {
    const run = chain();
    run.side.script = () => "lost-applied";
    const read = run.side.readValue.bind(run.side);
    let reads = 0;
    run.side.readValue = async (objectId) => {
      const held = await read(objectId);
      reads += run.side.ledger.length;
      return held === null || reads % 2 === 0 ? held : { ...held, value: anchorOf("ada") };
    };
    await run.apply();
    expect(run.statuses()).toEqual(["2.1 pending", "3.1 undecided"]);
    expect(run.stages.map(shown)).toEqual(["writing chains 1/2"]);
  });

  test("stays pending, and is not shown as done, while that one's answer was lost each time", async () => {
    const run = chain();
    run.side.script = () => "lost";
    await run.apply();
    expect(run.statuses()).toEqual(["2.1 pending", "3.1 pending"]);
    expect(run.stages.map(shown)).toEqual(["writing chains 1/2"]);
  });

  test("stays pending while that one could not be sent", async () => {
    const run = chain();
    run.side.script = () => "not-sent";
    await run.apply();
    expect(run.statuses()).toEqual(["2.1 pending", "3.1 pending"]);
    expect(run.side.ledger).toHaveLength(1);
  });

  test("stays pending when a signal comes in between", async () => {
    const run = chain();
    run.side.script = () => {
      run.stop.drain.abort();
      return "accepted";
    };
    expect(await run.apply()).toBe("stopped by a signal");
    expect(run.statuses().map((status) => status.split(" ")[1])).toEqual(["pending", "verified"]);
  });

  test("is blocked where that one was set back: its value is not free any more", async () => {
    const run = chain();
    run.store.events.push(...tellJournal([["3.1", "change accepted verified set-back"]], run.plan.changes));
    await run.apply();
    expect(run.store.events.at(-1)).toMatchObject({
      row: 2,
      kind: "blocked",
      message: "waits for row 3, which is set back",
    });
    const recorded = run.store.events.length;
    await run.apply();
    expect([run.store.events.length, run.side.ledger]).toEqual([recorded, []]);
  });

  test("goes on when that one is done, whoever did it", async () => {
    for (const story of ["change accepted verified", "change accepted sync-matched", "already"]) {
      const run = chain();
      run.store.events.push(...tellJournal([["3.1", story]], run.plan.changes));
      run.side.change(id("ben"), { value: anchorOf("ben") });
      expect(await run.apply()).toBeNull();
      expect(run.statuses()[0], story).toBe("2.1 verified");
    }
  });

  test("stays pending while that one was not tried", async () => {
    const plan = planFor(["ada", "ben"]);
    const [first, second] = plan.changes;
    if (first === undefined || second === undefined) throw new Error("the plan has two changes");
    const run = prepareRun(
      { ...plan, changes: [{ ...first, waitsFor: second }, second] },
      { limits: { inFlight: 1, settleMs: 10_000, quarantineMs: 180_000 } },
    );
    await run.apply();
    expect(run.statuses()).toEqual(["2.1 pending", "3.1 verified"]);
  });

  test("is blocked where the plan has no such row", async () => {
    const plan = planFor(["ada"]);
    const run = prepareRun({
      ...plan,
      changes: plan.changes.map((change) => ({ ...change, waitsFor: { row: 9, step: 1 } })),
    });
    await run.apply();
    expect(run.statuses()).toEqual(["2.1 blocked"]);
  });
});

describe("a conflict", () => {
  /** Ada's first write is refused because this user holds her value. */
  const conflictOnce = (run: Run, holder: string) => {
    const write = run.side.writeValue.bind(run.side);
    run.side.writeValue = async (change, requestId) => {
      const answer = await write(change, requestId);
      if (change.objectId !== id("ada") || run.side.ledger.filter(({ objectId }) => objectId === id("ada")).length > 1)
        return answer;
      run.side.change(id("ada"), { value: null });
      return { ...answer, meaning: "refused", httpStatus: 400, conflict: { holderId: id(holder) } };
    };
  };

  test("with a user from whom this run takes a value passes", async () => {
    const run = prepareRun(planFor(["ada", "ben"], { ben: "ada" }));
    conflictOnce(run, "ben");
    expect(await run.apply()).toBeNull();
    expect(run.statuses()).toEqual(["2.1 verified", "3.1 verified"]);
  });

  test("with a user of the batch who held nothing does not", async () => {
    const run = prepareRun(planFor(["ada", "ben"]));
    conflictOnce(run, "ben");
    await run.apply();
    expect(run.statuses()).toEqual(["2.1 drift", "3.1 verified"]);
  });
});

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

test("a change of a system that is not connected is a bug, and says so", () => {
  const run = prepareRun(planFor(["ada"]));
  const [change] = run.plan.changes;
  if (change === undefined) throw new Error("the plan has a change");
  const writer = new WriterRun(run.approved(), { ...run.openWorld(), sides: {} });
  expect(() => writer.writerFor(change)).toThrow("no system is connected for the side cloud");
  expect(() => sideOfChange(change, { ad: run.side })).toThrow("no system is connected for the side cloud");
});
