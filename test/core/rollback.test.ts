import { describe, expect, test } from "vitest";
import { BatchError } from "../../src/core/errors.ts";
import { inWords, line, PIVOT, reverse, SENT, tenantNow } from "../support/rollback-record.ts";

describe("makeRollbackPlan", () => {
  for (const [title, lines, now, changes, settled] of [
    ["writes an old value back where the tenant holds ours", [line(2, "X", "A")], { 2: "A" }, ['2.1 "A">"X"'], [null]],
    ["restores no value as null", [line(2, null, "A")], { 2: "A" }, ['2.1 "A">null'], [null]],
    ["restores an empty text as an empty text", [line(2, "", "A")], { 2: "A" }, ['2.1 "A">""'], [null]],
    ["takes an empty text for something else than no value", [line(2, "", "A")], { 2: null }, [], ["drift"]],
    ["takes no value for something else than an empty text", [line(2, null, "A")], { 2: "" }, [], ["drift"]],
    ["does nothing where the old value is there again", [line(2, "X", "A")], { 2: "X" }, [], ["already"]],
    ["does nothing where the user is empty again", [line(2, null, "A")], { 2: null }, [], ["already"]],
    ["leaves a foreign value alone", [line(2, "X", "A")], { 2: "foreign" }, [], ["drift"]],
    ["leaves a value alone that differs in case", [line(2, "X", "Aa")], { 2: "AA" }, [], ["drift"]],
    ["names a user that is gone", [line(2, "X", "A")], {}, [], ["drift"]],
    ["leaves out a row that was never written", [line(2, null, "A", SENT("pending", 0))], { 2: null }, [], []],
    [
      "leaves out a row that was refused, whatever the user holds",
      [line(2, null, "A", SENT("failed"))],
      { 2: "A" },
      [],
      [],
    ],
    ["leaves out a row that held its ID before", [line(2, "A", "A", SENT("already", 0))], { 2: "A" }, [], []],
    [
      "leaves out a row that was never sent, though the user holds its value",
      [line(2, null, "A", SENT("pending", 0))],
      { 2: "A" },
      [],
      [],
    ],
    [
      "leaves out a row that somebody else gave its value when our write had not arrived",
      [line(2, null, "A", SENT("already", 1))],
      { 2: "A" },
      [],
      [],
    ],
    [
      "leaves out a row that a lost write would have left as it was",
      [line(2, "A", "A", SENT("pending", 1))],
      { 2: "A" },
      [],
      [],
    ],
    [
      "names a row that was written, then drifted, and is foreign still",
      [line(2, null, "A", { status: "drift" })],
      { 2: "foreign" },
      [],
      ["drift"],
    ],
    [
      "names a pivot that was written once, whatever became of its last write",
      [line(2, "B", null), line(2, null, "A", { step: 2, ...SENT("pending", 1) })],
      { 2: "foreign" },
      [],
      ["drift"],
    ],
    [
      "keeps rows in their order, whatever that of the lines",
      [line(4, null, "C"), line(2, null, "A"), line(3, "Y", "B")],
      { 2: "foreign", 3: "B", 4: "C" },
      ['4.1 "C">null', '3.1 "B">"Y"'],
      ["drift", null, null],
    ],
    ["leaves out a row that was blocked", [line(2, null, "A", SENT("blocked", 0))], { 2: null }, [], []],
    ["reverts an accepted row", [line(2, null, "A", { status: "accepted" })], { 2: "A" }, ['2.1 "A">null'], [null]],
    [
      "reverts an undecided row that now holds ours",
      [line(2, null, "A", SENT("undecided"))],
      { 2: "A" },
      ['2.1 "A">null'],
      [null],
    ],
    [
      "does nothing for an undecided row that never arrived",
      [line(2, null, "A", SENT("undecided"))],
      { 2: null },
      [],
      ["already"],
    ],
    [
      "reverts a row whose drift has gone back to ours",
      [line(2, null, "A", { status: "drift" })],
      { 2: "A" },
      ['2.1 "A">null'],
      [null],
    ],
    [
      "reverts a row whose lost write arrived after it was settled as not applied and refused",
      [line(2, null, "A", SENT("failed", 2))],
      { 2: "A" },
      ['2.1 "A">null'],
      [null],
    ],
    [
      "reverts a pending row whose lost write arrived late",
      [line(2, null, "A", SENT("pending", 1))],
      { 2: "A" },
      ['2.1 "A">null'],
      [null],
    ],
    [
      "leaves out a pending row whose write never arrived",
      [line(2, null, "A", SENT("pending", 1))],
      { 2: null },
      [],
      [],
    ],
    ["leaves out a drifted row that we never wrote", [line(2, null, "A", SENT("drift", 1))], { 2: "foreign" }, [], []],
    [
      "restores the pivot of a swap from its first old value, through null",
      PIVOT,
      { 2: "A", 3: "B" },
      ['2.1 "A">null', '3.1 "B">"A"', '2.2 null>"B"'],
      [null, null],
    ],
    [
      "restores a parked pivot",
      [line(2, "B", null, { status: "parked" }), line(2, null, "A", { step: 2, ...SENT("pending", 0) })],
      { 2: null },
      ['2.1 null>"B"'],
      [null],
    ],
    [
      "restores a parked pivot whose last write was lost and never arrived",
      [line(2, "B", null, { status: "parked" }), line(2, null, "A", { step: 2, ...SENT("undecided") })],
      { 2: null },
      ['2.1 null>"B"'],
      [null],
    ],
    [
      "restores a parked pivot whose last write was lost and arrived",
      [line(2, "B", null, { status: "parked" }), line(2, null, "A", { step: 2, ...SENT("undecided") })],
      { 2: "A" },
      ['2.1 "A">"B"'],
      [null],
    ],
    [
      "restores a parked pivot whose last write settled as drift and arrived late",
      [line(2, "B", null, { status: "parked" }), line(2, null, "A", { step: 2, ...SENT("drift") })],
      { 2: "A" },
      ['2.1 "A">"B"'],
      [null],
    ],
    [
      "restores a swap that stopped half way, each from what it holds",
      [line(2, "B", null, { status: "parked" }), line(2, null, "A", { step: 2, ...SENT("failed") }), line(3, "A", "B")],
      { 2: null, 3: "B" },
      ['3.1 "B">"A"', '2.1 null>"B"'],
      [null, null],
    ],
    [
      "undoes a chain from its other end",
      [line(2, null, "A"), line(3, "A", "B"), line(4, "B", "C")],
      { 2: "A", 3: "B", 4: "C" },
      ['2.1 "A">null', '3.1 "B">"A"', '4.1 "C">"B"'],
      [null, null, null],
    ],
    [
      "does not let one drifted row hold up the others",
      [line(2, null, "A"), line(3, null, "B")],
      { 2: "foreign", 3: "B" },
      ['3.1 "B">null'],
      ["drift", null],
    ],
    [
      "never restores the null of a swap when the line with the true old value is missing",
      [line(2, null, "A", { step: 2 })],
      { 2: "A" },
      [],
      ["drift"],
    ],
  ] as const) {
    test(title, () => {
      const { plan } = reverse(lines, tenantNow(now));
      expect(plan.changes.map(inWords)).toEqual(changes);
      expect(plan.rows.map((row) => row.settled)).toEqual(settled);
    });
  }

  for (const [title, held, settled] of [
    ["a user that sync took over cannot be reverted", "A", "taken-over"],
    ["a user that sync took over and changed cannot be reverted", "S", "taken-over"],
    ["a synced user that holds its old value needs nothing", "X", "already"],
  ] as const) {
    test(title, () => {
      const { plan } = reverse([line(2, "X", "A")], tenantNow({ 2: held }, { syncEnabled: true }));
      expect([plan.changes, plan.rows.map((row) => row.settled)]).toEqual([[], [settled]]);
    });
  }
});

test("two users that would get the same value back refuse the whole record", () => {
  const attempt = () => reverse([line(2, "X", "A"), line(3, "X", "B")], tenantNow({ 2: "A", 3: "B" }));
  expect(attempt).toThrow(BatchError);
  expect(attempt).toThrow(expect.objectContaining({ code: "input", cause: expect.any(RangeError) }));
});

test("two users that were empty, or held an empty text, are no conflict", () => {
  const lines = [line(2, null, "A"), line(3, null, "B"), line(4, "", "C"), line(5, "", "D")];
  expect(reverse(lines, tenantNow({ 2: "A", 3: "B", 4: "C", 5: "D" })).plan.changes).toHaveLength(4);
});
