/** The judge of the crash tests is itself tried: each of its findings is made to happen. */
import { expect, test } from "vitest";
import type { Attempt } from "../../src/core/journal.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type { LedgerEntry } from "../../src/sim/tenant/ledger.ts";
import { CLOUD_ID, idOf } from "../support/facts.ts";
import { countResends, findLostRows, findUntracedWrites, findWrongOrders, findWrongUsers } from "./ledger-oracle.ts";

const ADA = CLOUD_ID("ada");
const NEW = idOf("ada");
const OLD = idOf("somebody");
const AIMS = new Map([[ADA, { start: OLD, end: NEW }]]);

const write = (value: string | null, changes: Partial<LedgerEntry> = {}) =>
  ({
    sequence: 1,
    key: ADA,
    userId: ADA,
    value,
    applied: true,
    clientRequestId: "request-1",
    ...changes,
  }) as LedgerEntry;
const outcome = (status: Outcome["status"]) =>
  ({ row: 2, step: 1, status, change: { objectId: ADA, before: OLD, after: NEW } }) as Outcome;

const rows: readonly { status: Outcome["status"]; held: string | null; lost: boolean }[] = [
  { status: "pending", held: OLD, lost: false },
  { status: "pending", held: NEW, lost: true },
  { status: "undecided", held: OLD, lost: false },
  { status: "undecided", held: NEW, lost: false },
  { status: "undecided", held: null, lost: true },
  { status: "accepted", held: NEW, lost: false },
  { status: "verified", held: OLD, lost: true },
  { status: "failed", held: OLD, lost: true },
];
for (const { status, held, lost } of rows) {
  test(`findLostRows finds ${lost ? "a" : "no"} lost row where the record says ${status} and the user holds ${held}`, () => {
    expect(findLostRows([outcome(status)], () => held)).toHaveLength(lost ? 1 : 0);
  });
}

const orders: readonly { values: readonly (string | null)[]; way: "there" | "there and back"; wrong: boolean }[] = [
  { values: [], way: "there", wrong: false },
  { values: [NEW], way: "there", wrong: false },
  { values: [NEW, NEW], way: "there", wrong: false },
  { values: [null, NEW], way: "there", wrong: false },
  { values: [NEW, OLD, NEW], way: "there", wrong: false },
  { values: [NEW, OLD], way: "there", wrong: true },
  { values: [null], way: "there", wrong: true },
  { values: [NEW, null, NEW], way: "there", wrong: true },
  { values: [NEW, OLD], way: "there and back", wrong: false },
  { values: [null, NEW, null, OLD], way: "there and back", wrong: false },
  { values: [NEW], way: "there and back", wrong: true },
];
for (const { values, way, wrong } of orders) {
  const letters = values.map((value) => (value === NEW ? "new" : value === OLD ? "old" : "nothing"));
  test(`findWrongOrders ${wrong ? "objects" : "agrees"} to ${letters.join(", ") || "no write"} on the way ${way}`, () => {
    expect(
      findWrongOrders(
        values.map((value) => write(value)),
        AIMS,
        way,
      ),
    ).toHaveLength(wrong ? 1 : 0);
  });
}

test("findWrongOrders looks only at what was applied", () => {
  expect(findWrongOrders([write(OLD, { applied: false }), write(NEW)], AIMS, "there")).toEqual([]);
});

test("findWrongUsers finds a stranger, a foreign value and an address that is no object id", () => {
  expect(findWrongUsers([write(NEW), write(null), write(OLD)], AIMS)).toEqual([]);
  const wrong = [
    write(NEW, { userId: CLOUD_ID("ben"), key: CLOUD_ID("ben") }),
    write(idOf("ben")),
    write(NEW, { key: "ada@contoso.example" }),
  ];
  expect(findWrongUsers(wrong, AIMS)).toHaveLength(3);
});

test("findUntracedWrites finds a write without an intent, to another user, or with another value", () => {
  const intent = { kind: "intent", clientRequestId: "request-1", objectId: ADA, after: NEW } as Attempt;
  expect(findUntracedWrites([write(NEW)], [intent])).toEqual([]);
  const untraced = [write(NEW, { clientRequestId: "request-2" }), write(OLD), write(NEW, { userId: CLOUD_ID("ben") })];
  expect(findUntracedWrites(untraced, [intent])).toHaveLength(3);
});

test("countResends counts the same value to the same user in a row", () => {
  expect(countResends([write(NEW), write(NEW, { userId: CLOUD_ID("ben") }), write(NEW), write(OLD), write(NEW)])).toBe(
    1,
  );
});
