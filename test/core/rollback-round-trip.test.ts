import fc from "fast-check";
import { expect, test } from "vitest";
import type { Change } from "../../src/core/change.ts";
import type { Guid } from "../../src/core/guid.ts";
import { orderChanges } from "../../src/core/order.ts";
import { sealPlan } from "../../src/core/plan.ts";
import type { CloudUser } from "../../src/core/snapshot.ts";
import { CLOUD_ID, cloudUser, digest, HEADER } from "../support/facts.ts";
import { plannedRow, recordOf, reverse } from "../support/rollback-record.ts";

/** Start and end values of a batch: any text, "" or nothing; distinct where they are IDs; chains and cycles among them. */
const batches = fc
  .uniqueArray(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 16 })
  .chain((numbers) =>
    fc.record({
      numbers: fc.constant(numbers),
      shuffled: fc.shuffledSubarray(numbers, { minLength: numbers.length }),
      start: fc.array(fc.constantFrom("id", "id", "id", "null", "empty"), {
        minLength: numbers.length,
        maxLength: numbers.length,
      }),
      fresh: fc.array(fc.boolean(), { minLength: numbers.length, maxLength: numbers.length }),
      stopAt: fc.nat(),
    }),
  )
  .map(({ numbers, shuffled, start, fresh, stopAt }) => ({
    stopAt,
    wanted: numbers
      .map((number, index) => {
        const id = `+${number} '=`;
        return {
          row: index + 2,
          objectId: CLOUD_ID(`user${index + 2}`),
          name: `user${index + 2}@contoso.example`,
          before: start[index] === "id" ? id : start[index] === "null" ? null : "",
          after: fresh[index] === true ? `new ${number}` : `+${shuffled[index]} '=`,
          certainty: number % 3,
        };
      })
      .filter(({ before, after }) => before !== after),
  }));

/** Applies the first `count` changes to what users hold, as the tenant would: an ID has one holder. */
function applyInMemory(changes: readonly Change[], held: Map<Guid, string | null>): void {
  for (const { objectId, before, after } of changes) {
    expect(held.get(objectId)).toBe(before);
    if (after !== null && after !== "") expect([...held.values()]).not.toContain(after);
    held.set(objectId, after);
  }
}

const usersHolding = (held: ReadonlyMap<Guid, string | null>): Map<Guid, CloudUser> =>
  new Map([...held].map(([id, immutableId]) => [id, cloudUser("somebody", { id, immutableId })]));

test("any run, stopped anywhere, rolls back to the start, and rolling that back gives the run's values again", () => {
  fc.assert(
    fc.property(batches, ({ wanted, stopAt }) => {
      const rows = wanted.map(({ row, objectId, name }) => plannedRow(row, objectId, name));
      const plan = sealPlan({ header: HEADER, rows, changes: orderChanges(wanted), findings: [] }, digest);
      const start = new Map(wanted.map(({ objectId, before }) => [objectId, before]));
      const done = stopAt % (plan.changes.length + 1);
      const held = new Map(start);
      applyInMemory(plan.changes.slice(0, done), held);
      const reached = new Map(held);

      const back = reverse(recordOf(plan, done), usersHolding(held)).plan;
      applyInMemory(back.changes, held);
      expect(held).toEqual(start);

      const again = reverse(recordOf(back, back.changes.length), usersHolding(held)).plan;
      applyInMemory(again.changes, held);
      expect(held).toEqual(reached);
    }),
    { numRuns: 1_000 },
  );
});
