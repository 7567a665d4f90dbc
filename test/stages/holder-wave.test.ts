/** Rows with a holder action: one at a time, when all others are settled, each looked at once more before it. */
import { describe, expect, test } from "vitest";
import type { HeldValue } from "../../src/ports/writable-side.ts";
import { account, anchorOf, cloudUser, mapping, planOf } from "../support/facts.ts";
import { id, prepareRun } from "../support/writer-run.ts";

/** Ada's and Ben's IDs are held by Yan and Zoe, who are cleared; Cyd waits for nobody. */
function prepareHolders({ inFlight = 4 } = {}) {
  const onConflict = ["clear-holder"] as const;
  const holds = (name: string, of: string): HeldValue => ({
    objectId: id(name),
    name: `${name}@contoso.example`,
    value: anchorOf(of),
    synced: false,
  });
  const plan = planOf({
    accounts: ["ada", "ben", "cyd"].map((name) => account(name)),
    users: [
      ...["ada", "ben", "cyd"].map((name) => cloudUser(name)),
      cloudUser("yan", { immutableId: anchorOf("ada") }),
      cloudUser("zoe", { immutableId: anchorOf("ben") }),
    ],
    mappings: [mapping(2, "ada", { onConflict }), mapping(3, "ben", { onConflict }), mapping(4, "cyd")],
    options: { allow: ["clear-holder"] },
  });
  const others = [holds("yan", "ada"), holds("zoe", "ben")];
  return prepareRun(plan, { others, limits: { inFlight, settleMs: 10_000, quarantineMs: 180_000 } });
}

test("holders come last, one row after the other, each rechecked just before", async () => {
  const run = prepareHolders();
  const asked: string[] = [];
  const recheckRows = async (rows: ReadonlySet<number>) => {
    asked.push(`rows ${[...rows].join()} after ${run.side.ledger.length} writes`);
    return null;
  };
  expect(await run.apply({ recheckRows })).toBeNull();
  expect(run.side.ledger.map(({ objectId, after }) => [objectId, after])).toEqual([
    [id("cyd"), anchorOf("cyd")],
    [id("yan"), null],
    [id("ada"), anchorOf("ada")],
    [id("zoe"), null],
    [id("ben"), anchorOf("ben")],
  ]);
  expect(asked).toEqual(["rows 2 after 1 writes", "rows 3 after 3 writes"]);
  expect(run.stages.map(({ name, total, done }) => `${name} ${done}/${total}`)).toEqual([
    "writing 1/1",
    "holder actions 2/2",
    "holder actions 2/2",
  ]);
  expect(run.notes).toEqual([]);
});

test("no holder is touched while another row is on its way, and the run says which", async () => {
  const run = prepareHolders();
  run.side.script = (_n, { objectId }) => (objectId === id("cyd") ? "lost" : "accepted");
  expect(await run.apply()).toBe("row 4 is pending: holder actions wait until every other row is settled");
  expect(run.side.ledger.every(({ objectId }) => objectId === id("cyd"))).toBe(true);
});

test("a row whose recheck finds a reason is drift, its holder is left alone, and the next row goes on", async () => {
  const run = prepareHolders();
  const recheckRows = async (rows: ReadonlySet<number>) => (rows.has(2) ? "the holder has a licence now" : null);
  expect(await run.apply({ recheckRows })).toBeNull();
  expect(run.statuses()).toEqual(["2.1 drift", "2.2 blocked", "3.1 verified", "3.2 verified", "4.1 verified"]);
  expect(run.store.events).toContainEqual(
    expect.objectContaining({ row: 2, kind: "drift", message: "the holder has a licence now" }),
  );
  expect(run.side.ledger.map(({ objectId }) => objectId)).not.toContain(id("yan"));
});

test("a recheck over which the machine slept is made again", async () => {
  const run = prepareHolders();
  const asked: number[] = [];
  const recheckRows = async (rows: ReadonlySet<number>) => {
    asked.push(...rows);
    if (asked.length === 1) run.clock.suspend(3_600_000);
    return null;
  };
  expect(await run.apply({ recheckRows })).toBeNull();
  expect(asked).toEqual([2, 2, 3]);
});

test("a reason that was found counts, whether or not the machine slept over it", async () => {
  const run = prepareHolders();
  const asked: number[] = [];
  const recheckRows = async (rows: ReadonlySet<number>) => {
    asked.push(...rows);
    if (asked.length > 1) return null;
    run.clock.suspend(3_600_000);
    return "the holder has a licence now";
  };
  await run.apply({ recheckRows });
  expect(asked).toEqual([2, 3]);
  expect(run.statuses()[0]).toBe("2.1 drift");
});

test("a row whose holder is cleared already is not rechecked: the check would find what the run itself has done", async () => {
  const run = prepareHolders();
  run.side.script = (n) => (n === 3 ? "not-sent" : "accepted");
  expect(await run.apply()).toMatch(/^row 2 could not be written now/);
  const asked: number[] = [];
  const recheckRows = async (rows: ReadonlySet<number>) => {
    asked.push(...rows);
    return null;
  };
  run.side.script = () => "accepted";
  expect(await run.apply({ recheckRows })).toBeNull();
  expect(asked).toEqual([3]);
  expect(run.statuses().every((status) => status.endsWith("verified"))).toBe(true);
});

describe("a signal", () => {
  test("between two such rows keeps the second from being begun or rechecked", async () => {
    const run = prepareHolders();
    const asked: number[] = [];
    const recheckRows = async (rows: ReadonlySet<number>) => {
      asked.push(...rows);
      return null;
    };
    run.side.script = (n) => {
      if (n === 3) run.stop.drain.abort();
      return "accepted";
    };
    expect(await run.apply({ recheckRows })).toBe("stopped by a signal");
    expect(asked).toEqual([2]);
    expect(run.notes).toEqual(["Finishing the open holder action of row 2: 1 step to go."]);
    expect(run.statuses()).toEqual(["2.1 verified", "2.2 verified", "3.1 pending", "3.2 pending", "4.1 verified"]);
  });

  test("within such a row lets it be finished, and tells how much is left of it", async () => {
    const run = prepareHolders();
    run.side.script = (n) => {
      if (n === 2) run.stop.drain.abort();
      return "accepted";
    };
    expect(await run.apply()).toBe("stopped by a signal");
    expect(run.notes).toEqual(["Finishing the open holder action of row 2: 2 steps to go."]);
    expect(run.statuses().slice(0, 2)).toEqual(["2.1 verified", "2.2 verified"]);
  });

  test("before such a row has begun has nothing to tell", async () => {
    const rechecked = prepareHolders();
    const recheckRows = async () => {
      rechecked.stop.drain.abort();
      return null;
    };
    expect(await rechecked.apply({ recheckRows })).toBe("stopped by a signal");
    expect([rechecked.notes, rechecked.side.ledger.length]).toEqual([[], 1]);

    const read = prepareHolders();
    read.side.beforeRead = (_n, objectId) => {
      if (objectId === id("yan")) read.stop.drain.abort();
    };
    expect(await read.apply()).toBe("stopped by a signal");
    expect(read.notes).toEqual([]);
  });

  test("when all of such a row is written has nothing to tell", async () => {
    const run = prepareHolders();
    const observe = run.store.observe.bind(run.store);
    run.store.observe = (observation) => {
      const event = observe(observation);
      if (observation.row === 2 && observation.step === 2 && observation.kind === "verified") run.stop.drain.abort();
      return event;
    };
    expect(await run.apply()).toBe("stopped by a signal");
    expect(run.notes).toEqual([]);
  });

  test("after the run has nothing to tell, even where a row was left half done", async () => {
    const run = prepareHolders();
    run.side.script = (n) => (n === 3 ? "not-sent" : "accepted");
    expect(await run.apply()).toMatch(/^row 2 could not be written now/);
    run.stop.drain.abort();
    expect(run.notes).toEqual([]);
  });
});
