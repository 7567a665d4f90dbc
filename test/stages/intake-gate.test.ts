import { describe, expect, test } from "vitest";
import { IntakeGate } from "../../src/stages/intake-gate.ts";
import type { Unit } from "../../src/stages/writer-run.ts";
import { id, planFor, prepareRun } from "../support/writer-run.ts";

/**
 * A gate for one write at a time, or for more, over rows of which the first `undecided` have no clear answer.
 *
 * @param elsewhere Undecided writes of waves whose turn has not come.
 */
function gateWith(
  undecided: number,
  settles: (round: number) => boolean = () => true,
  { inFlight = 1, elsewhere = 0 } = {},
) {
  const { changes } = planFor(Array.from({ length: 12 }, (_, index) => `user${index}`));
  const units: readonly Unit[] = changes.map((change) => [change]);
  const open = new Set<Unit>(units.slice(0, undecided));
  const worked: number[] = [];
  const notes: string[] = [];
  let stopped = false;
  const gate = new IntakeGate({
    inFlight,
    countUndecided: () => open.size + elsewhere,
    isUndecided: (unit) => open.has(unit),
    isStopped: () => stopped,
    note: (text) => notes.push(text),
  });
  gate.expect(units);
  const rounds = new Map<number, number>();
  const work = async (unit: Unit) => {
    const row = unit[0]?.row ?? 0;
    worked.push(row);
    const round = (rounds.get(row) ?? 0) + 1;
    rounds.set(row, round);
    if (settles(round)) open.delete(unit);
  };
  const take = (index: number) => gate.take(units[index] ?? [], work);
  const stop = () => {
    stopped = true;
  };
  return { gate, units, take, worked, notes, open, stop };
}

test.each([3, 4])("D27: with %i undecided writes and one place, a new row is begun", async (undecided) => {
  const { take, worked, notes } = gateWith(undecided);
  expect(await take(11)).toBeNull();
  expect([worked, notes]).toEqual([[13], []]);
});

test("D27: with 5 undecided writes and one place, no row is begun until half are settled", async () => {
  const { take, worked, notes, open } = gateWith(5);
  expect(await take(11)).toBeNull();
  expect(worked).toEqual([2, 3, 4, 13]);
  expect(open.size).toBe(2);
  expect(notes).toEqual([expect.stringMatching(/^5 writes have no clear answer/), expect.stringMatching(/going on/)]);
});

test("rows that come meanwhile wait for the same pause", async () => {
  const { take, worked } = gateWith(5);
  await Promise.all([take(10), take(11)]);
  expect(worked).toEqual([2, 3, 4, 12, 13]);
});

test("what settles only later is tried again, and what never does ends the run", async () => {
  const later = gateWith(5, (round) => round >= 3);
  expect(await later.take(11)).toBeNull();
  const never = gateWith(5, () => false);
  expect(await never.take(11)).toBe("5 writes have no clear answer, and reading does not settle them");
  expect(never.worked).not.toContain(13);
});

test("a signal ends the pause at once", async () => {
  const run = gateWith(5, () => {
    run.stop();
    return false;
  });
  expect(await run.take(11)).toBeNull();
  expect(run.worked).toEqual([2, 13]);
});

test("no pause is begun, and none is told, once the run is stopped", async () => {
  const { take, worked, notes, stop } = gateWith(5, () => false);
  stop();
  expect(await take(11)).toBeNull();
  expect([worked, notes]).toEqual([[13], []]);
});

test.each([
  [8, 0],
  [9, 2],
])(
  "with %i undecided writes and two places, %i notes are given: the limit is four for each place",
  async (undecided, notes) => {
    const gate = gateWith(undecided, undefined, { inFlight: 2 });
    expect(await gate.take(11)).toBeNull();
    expect(gate.notes).toHaveLength(notes);
  },
);

test("undecided writes of later waves hold back nobody: they cannot be settled yet", async () => {
  for (const [undecided, elsewhere] of [
    [4, 1],
    [2, 9],
  ] as const) {
    const { take, notes, worked } = gateWith(undecided, undefined, { elsewhere });
    expect(await take(11)).toBeNull();
    expect([notes, worked]).toEqual([[], [13]]);
  }
});

test("half of six is three: then intake goes on", async () => {
  const { take, worked, open } = gateWith(6);
  expect(await take(11)).toBeNull();
  expect([worked, open.size]).toEqual([[2, 3, 4, 13], 3]);
});

test("five rounds are made, and what settles in the fifth is in time", async () => {
  const fifth = gateWith(5, (round) => round >= 5);
  expect(await fifth.take(11)).toBeNull();
  const sixth = gateWith(5, (round) => round >= 6);
  expect(await sixth.take(11)).toMatch(/reading does not settle them$/);
  expect(sixth.worked).toHaveLength(25);
});

test("intake pauses anew when there are too many again", async () => {
  const { take, notes, open, units } = gateWith(5);
  await take(11);
  for (const unit of units.slice(0, 5)) open.add(unit);
  await take(10);
  expect(notes).toHaveLength(4);
});

test("a row that is being worked on is not worked on a second time while intake pauses", async () => {
  const { gate, units, open } = gateWith(5);
  const [first, last] = [units[0], units[11]];
  if (first === undefined || last === undefined) throw new Error("there are twelve rows");
  open.delete(first);
  const begun: (number | undefined)[] = [];
  const [sent, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow = gate.take(first, async ([change]) => {
    begun.push(change?.row);
    open.add(first);
    sent.resolve();
    await answered.promise;
    open.delete(first);
  });
  await sent.promise;
  const next = gate.take(last, async (unit) => {
    begun.push(unit[0]?.row);
    open.delete(unit);
  });
  expect(await next).toBeNull();
  answered.resolve();
  expect(await slow).toBeNull();
  expect(begun).toEqual([2, 3, 4, 5, 13]);
});

describe("a run over a tenant whose reads contradict each other", () => {
  /** The first `lost` writes get no answer, and reads of their users show another value each time until `calm`. */
  function prepareFlapping(lost: number) {
    const people = Array.from({ length: 10 }, (_, index) => `user${index}`);
    const run = prepareRun(planFor(people), { limits: { inFlight: 1, settleMs: 10_000, quarantineMs: 180_000 } });
    const flapping = new Set(people.slice(0, lost).map(id));
    let calm = false;
    const written = () => new Set(run.side.ledger.map(({ objectId }) => objectId));
    run.side.script = (_n, { objectId }) => (flapping.has(objectId) && !calm ? "lost-applied" : "accepted");
    const read = run.side.readValue.bind(run.side);
    let reads = 0;
    run.side.readValue = async (objectId) => {
      const held = await read(objectId);
      if (held === null || calm || !flapping.has(objectId) || !written().has(objectId)) return held;
      reads += 1;
      return { ...held, value: reads % 2 === 0 ? null : held.value };
    };
    return { run, calmDown: () => (calm = true), written };
  }

  test("goes on at 4 undecided writes for each place and begins no row beyond", async () => {
    const four = prepareFlapping(4);
    expect(await four.run.apply()).toBeNull();
    expect(four.written().size).toBe(10);
    const five = prepareFlapping(5);
    expect(await five.run.apply()).toBe("5 writes have no clear answer, and reading does not settle them");
    expect(five.written().size).toBe(5);
    expect(five.run.statuses().slice(4, 6)).toEqual(["6.1 undecided", "7.1 pending"]);
    expect([four.run.notes, five.run.notes]).toEqual([
      [],
      ["5 writes have no clear answer: no further row is begun until half of them are settled."],
    ]);
  });

  test("ends at once when a signal comes in the pause", async () => {
    const { run, written } = prepareFlapping(5);
    const { progress } = run.openWorld();
    const note = () => run.stop.drain.abort();
    expect(await run.apply({ progress: { ...progress, note } })).toBe("stopped by a signal");
    const reads = run.side.reads.length;
    expect(written().size).toBe(5);
    await run.apply();
    expect(run.side.reads).toHaveLength(reads);
  });

  test("counts a chain of which one write is undecided", async () => {
    const chains = Array.from({ length: 6 }, (_, index) => [`first${index}`, `second${index}`] as const);
    const holds = Object.fromEntries(chains.map(([first, second]) => [first, second]));
    const run = prepareRun(planFor(chains.flat(), holds), {
      limits: { inFlight: 1, settleMs: 10_000, quarantineMs: 180_000 },
    });
    run.side.script = () => "lost-applied";
    const read = run.side.readValue.bind(run.side);
    let reads = 0;
    run.side.readValue = async (objectId) => {
      const held = await read(objectId);
      if (held === null || !run.side.ledger.some((entry) => entry.objectId === objectId)) return held;
      reads += 1;
      return { ...held, value: reads % 2 === 0 ? null : held.value };
    };
    expect(await run.apply()).toBe("5 writes have no clear answer, and reading does not settle them");
    expect(run.side.ledger).toHaveLength(5);
  });

  test("finishes in a later apply, settled before anything new is begun, each value written once", async () => {
    const { run, calmDown } = prepareFlapping(5);
    await run.apply();
    calmDown();
    expect(await run.apply()).toBeNull();
    expect(new Set(run.statuses().map((status) => status.split(" ")[1]))).toEqual(new Set(["verified"]));
    expect(run.side.ledger).toHaveLength(10);
  });
});
