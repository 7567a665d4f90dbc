import fc from "fast-check";
import { expect, test } from "vitest";
import { type Change, keyOf } from "../../src/core/change.ts";
import type { HolderStep } from "../../src/core/holder-actions.ts";
import { insertHolderSteps, kindOfChange, orderChanges, type WantedChange } from "../../src/core/order.ts";
import { CLOUD_ID } from "../support/facts.ts";
import { findTwoOfOneNumber } from "../support/two-of-one-number.ts";

const wants = (row: number, before: string | null, after: string | null, certainty = 0): WantedChange => ({
  row,
  objectId: CLOUD_ID(String(row)),
  name: `user${row}@contoso.example`,
  before,
  after,
  certainty,
});

test("values that share a number are not taken for each other", () => {
  const [left, right] = findTwoOfOneNumber((count) => `value ${count}`);
  const wanted = [wants(2, null, left), wants(3, null, right), wants(4, left, "A"), wants(5, right, "B")];
  expect(orderChanges(wanted).map(inWords)).toEqual([
    `4.1 ${left}>A chain`,
    `2.1 null>${left} chain`,
    `5.1 ${right}>B chain`,
    `3.1 null>${right} chain`,
  ]);
});

/** `2.1 null>A simple` */
const inWords = ({ row, step, before, after, wave }: Change) => `${row}.${step} ${before}>${after} ${wave}`;

for (const [title, wanted, expected] of [
  [
    "rows that wait for nobody keep their order",
    [wants(2, null, "A"), wants(3, "X", "B")],
    ["2.1 null>A simple", "3.1 X>B simple"],
  ],
  [
    "a chain starts where the value is free",
    [wants(2, null, "A"), wants(3, "A", "B"), wants(4, "B", "C")],
    ["4.1 B>C chain", "3.1 A>B chain", "2.1 null>A chain"],
  ],
  [
    "a swap goes through null",
    [wants(2, "A", "B"), wants(3, "B", "A")],
    ["2.1 A>null cycle", "3.1 B>A cycle", "2.2 null>B cycle"],
  ],
  [
    "the surest row of a cycle is its pivot",
    [wants(2, "A", "B", 1), wants(3, "B", "C", 4), wants(4, "C", "A", 2)],
    ["3.1 B>null cycle", "2.1 A>B cycle", "4.1 C>A cycle", "3.2 null>C cycle"],
  ],
  [
    "a row that clears frees its value for a chain",
    [wants(2, "A", null), wants(3, null, "A")],
    ["2.1 A>null chain", "3.1 null>A chain"],
  ],
  [
    "simple rows come before chains, chains before cycles",
    [wants(2, "A", "B"), wants(3, "B", "A"), wants(4, null, "C"), wants(5, "C", "D"), wants(6, null, "E")],
    ["6.1 null>E simple", "5.1 C>D chain", "4.1 null>C chain", "2.1 A>null cycle", "3.1 B>A cycle", "2.2 null>B cycle"],
  ],
] as const) {
  test(title, () => expect(orderChanges(wanted).map(inWords)).toEqual(expected));
}

test("each change of a group waits for the one before it, and the first for none", () => {
  const changes = orderChanges([wants(2, "A", "B"), wants(3, "B", "C"), wants(4, "C", "A")]);
  expect(changes.map(({ waitsFor }) => waitsFor && keyOf(waitsFor))).toEqual([
    null,
    ...changes.slice(0, -1).map(keyOf),
  ]);
});

test("two rows that want one value are refused", () => {
  expect(() => orderChanges([wants(2, null, "A"), wants(3, null, "A")])).toThrow(/rows 2 and 3/);
});

test("any number of rows may start from an empty value, and none of them waits for another", () => {
  expect(orderChanges([wants(2, "", "A"), wants(3, "", "B")]).map(inWords)).toEqual(["2.1 >A simple", "3.1 >B simple"]);
});

test("each chain and each cycle has a group of its own, numbered from 1", () => {
  const changes = orderChanges([
    wants(2, null, "A"),
    wants(3, "A", "B"),
    wants(4, null, "C"),
    wants(5, "C", "D"),
    wants(6, "E", "F"),
    wants(7, "F", "E"),
    wants(8, null, "G"),
  ]);
  expect(changes.map(({ row, group }) => `${row} in ${group}`)).toEqual([
    "8 in 0",
    "3 in 1",
    "2 in 1",
    "5 in 2",
    "4 in 2",
    "6 in 3",
    "7 in 3",
    "6 in 3",
  ]);
});

for (const [before, after, kind] of [
  [null, "A", "set"],
  ["", "A", "set"],
  ["A", "B", "replace"],
  ["A", null, "clear"],
  ["", null, "clear"],
] as const) {
  test(`from ${JSON.stringify(before)} to ${JSON.stringify(after)} is called ${kind}`, () => {
    expect(kindOfChange(before, after)).toBe(kind);
    expect(kindOfChange(before, after, "ad")).toBe(`${kind}-consistency-guid`);
  });
}

const purge: HolderStep = {
  kind: "purge",
  objectId: CLOUD_ID("9"),
  name: "old@contoso.example",
  before: "deleted",
  after: "gone",
  holder: { displayName: "Old", createdAt: null, lastSyncAt: null, licenceCount: 0 },
};

for (const [title, wanted, rowsWithSteps, expected] of [
  [
    "a batch without holder steps stays as it is",
    [wants(2, null, "A"), wants(3, "B", "C")],
    [],
    ["2.1 set simple 0, waits for nobody", "3.1 replace simple 0, waits for nobody"],
  ],
  [
    "rows with holder steps come last, each in a group of its own",
    [wants(2, null, "A"), wants(3, null, "B"), wants(4, null, "C")],
    [2, 3],
    [
      "4.1 set simple 0, waits for nobody",
      "2.1 purge holder 1, waits for nobody",
      "2.2 set holder 1, waits for 2.1",
      "3.1 purge holder 2, waits for nobody",
      "3.2 set holder 2, waits for 3.1",
    ],
  ],
  [
    "a chain moves whole, its groups counted on from the last one",
    [
      wants(2, null, "A"),
      wants(3, "A", "B"),
      wants(4, null, "C"),
      wants(5, "C", "D"),
      wants(6, "E", "F"),
      wants(7, "F", "E"),
    ],
    [2, 5],
    [
      "6.1 clear cycle 3, waits for nobody",
      "7.1 replace cycle 3, waits for 6.1",
      "6.2 set cycle 3, waits for 7.1",
      "3.1 replace holder 4, waits for nobody",
      "2.1 purge holder 4, waits for 3.1",
      "2.2 set holder 4, waits for 2.1",
      "5.1 purge holder 5, waits for nobody",
      "5.2 replace holder 5, waits for 5.1",
      "4.1 set holder 5, waits for 5.2",
    ],
  ],
  [
    "in a cycle the holder steps come right before the last write of their row",
    [wants(2, "A", "B"), wants(3, "B", "A")],
    [2, 3],
    [
      "2.1 clear holder 2, waits for nobody",
      "3.1 purge holder 2, waits for 2.1",
      "3.2 replace holder 2, waits for 3.1",
      "2.2 purge holder 2, waits for 3.2",
      "2.3 set holder 2, waits for 2.2",
    ],
  ],
] as const) {
  test(title, () => {
    const stepsOfRow = new Map<number, HolderStep[]>([[99, []]]);
    for (const row of rowsWithSteps) stepsOfRow.set(row, [purge]);
    const changes = insertHolderSteps(orderChanges(wanted), stepsOfRow);
    expect(
      changes.map(
        ({ row, step, kind, wave, group, waitsFor }) =>
          `${row}.${step} ${kind} ${wave} ${group}, waits for ${waitsFor === null ? "nobody" : keyOf(waitsFor)}`,
      ),
    ).toEqual(expected);
    expect(changes.filter(({ kind }) => kind === "purge").every(({ objectId }) => objectId === purge.objectId)).toBe(
      true,
    );
  });
}

test("a batch without any holder step keeps its order", () => {
  const changes = orderChanges([wants(2, "A", "B"), wants(3, null, "A"), wants(4, null, "C")]);
  expect(insertHolderSteps(changes, new Map())).toEqual(changes);
});

/** Any batch that the checks let through: distinct old values, distinct new ones, nobody keeps its own. */
const batches = fc
  .record({
    size: fc.integer({ min: 0, max: 40 }),
    shift: fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
    free: fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
  })
  .map(({ size, shift, free }) => {
    const rows = Array.from({ length: size }, (_, index) => index);
    const olds = rows.map((index) => (take(free) < 0.3 ? null : `old${index}`));
    const pool = rows.map((index) => (take(free) < 0.4 ? `new${index}` : `old${index}`));
    const shuffled = pool.map((value) => ({ value, key: take(shift) })).sort((left, right) => left.key - right.key);
    return rows
      .flatMap((index) => {
        const after = shuffled[index]?.value ?? null;
        const before = olds[index] ?? null;
        return before === after ? [] : [wants(index + 2, before, take(shift) < 0.05 ? null : after)];
      })
      .filter(({ before, after }) => before !== after);
  });

function take(stream: Iterator<number>): number {
  return stream.next().value ?? 0;
}

test("any batch, written in order, never gives a value to two users and ends as wanted", () => {
  fc.assert(
    fc.property(batches, (wanted) => {
      const changes = orderChanges(wanted);
      const held = new Map(wanted.map(({ objectId, before }) => [objectId, before]));
      const done = new Set<string>();
      for (const change of changes) {
        expect(held.get(change.objectId)).toBe(change.before);
        if (change.after !== null) expect([...held.values()]).not.toContain(change.after);
        if (change.waitsFor !== null) expect(done).toContain(keyOf(change.waitsFor));
        held.set(change.objectId, change.after);
        done.add(keyOf(change));
      }
      for (const { objectId, after } of wanted) expect(held.get(objectId)).toBe(after);
      const cycles = new Set(changes.filter(({ wave }) => wave === "cycle").map(({ group }) => group));
      expect(changes).toHaveLength(wanted.length + cycles.size);
    }),
    { numRuns: 2_000 },
  );
});
