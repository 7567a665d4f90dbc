import { describe, expect, test } from "vitest";
import { IntakeGate } from "../../src/stages/intake-gate.ts";
import type { Unit } from "../../src/stages/writer-run.ts";
import { id, planFor, prepareRun } from "../support/writer-run.ts";

/** A gate for one write at a time over rows of which the first `undecided` have no clear answer. */
function gateWith(undecided: number, settles: (round: number) => boolean = () => true) {
  const { changes } = planFor(Array.from({ length: 12 }, (_, index) => `user${index}`));
  const units: readonly Unit[] = changes.map((change) => [change]);
  const open = new Set<Unit>(units.slice(0, undecided));
  const worked: number[] = [];
  const notes: string[] = [];
  let stopped = false;
  const gate = new IntakeGate({
    inFlight: 1,
    countUndecided: () => open.size,
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
  return { take, worked, notes, open, stop };
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
  const { take, worked, stop } = gateWith(5, () => false);
  stop();
  expect(await take(11)).toBeNull();
  expect(worked).toEqual([13]);
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
