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

test("a change of a system that is not connected is a bug, and says so", () => {
  const run = prepareRun(planFor(["ada"]));
  const [change] = run.plan.changes;
  if (change === undefined) throw new Error("the plan has a change");
  const writer = new WriterRun(run.approved(), { ...run.openWorld(), sides: {} });
  expect(() => writer.writerFor(change)).toThrow("no system is connected for the side cloud");
  expect(() => sideOfChange(change, { ad: run.side })).toThrow("no system is connected for the side cloud");
});
