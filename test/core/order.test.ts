import fc from "fast-check";
import { expect, test } from "vitest";
import { type Change, keyOf } from "../../src/core/change.ts";
import { orderChanges, type WantedChange } from "../../src/core/order.ts";
import { CLOUD_ID } from "../support/facts.ts";

const wants = (row: number, before: string | null, after: string | null, certainty = 0): WantedChange => ({
  row,
  objectId: CLOUD_ID(String(row)),
  name: `user${row}@contoso.example`,
  before,
  after,
  certainty,
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
