import { expect, test } from "vitest";
import { approve, countRowsToWrite, type Decisions, planIdOf } from "../../src/core/plan.ts";
import { account, anchorOf, cloudUser, mapping, planOf } from "../support/facts.ts";

const decisions = (changes: Partial<Decisions> = {}): Decisions => ({
  confirmed: 2,
  skipBlocked: false,
  confirmedHolders: null,
  canary: 5,
  operator: "cyd",
  ...changes,
});
const names = ["ada", "ben"];
const clean = {
  accounts: names.map((name) => account(name)),
  users: names.map((name) => cloudUser(name)),
  mappings: [mapping(2, "ada"), mapping(3, "ben")],
};
const blocked = { ...clean, mappings: [...clean.mappings, mapping(4, "cyd")] };
const swap = {
  ...clean,
  users: [cloudUser("ada", { immutableId: anchorOf("ben") }), cloudUser("ben", { immutableId: anchorOf("ada") })],
  options: { replace: true },
};

test("the same facts give the same plan, byte for byte", () => {
  expect(planOf(swap)).toEqual(planOf(swap));
  expect(planIdOf(planOf(swap))).toMatch(/^[0-9a-f]{12}$/);
});

test("another value anywhere gives another hash", () => {
  const other = { ...clean, users: [cloudUser("ada"), cloudUser("ben", { displayName: "Ben B." })] };
  expect(planOf(other).hash).not.toBe(planOf(clean).hash);
});

for (const [title, world, said, expected] of [
  ["a clean plan and the right number pass", clean, {}, null],
  ["another number refuses", clean, { confirmed: 3 }, "refused"],
  ["a blocked row refuses", blocked, {}, "blocked"],
  ["a blocked row is left out with --skip-blocked", blocked, { skipBlocked: true }, null],
  ["the number is that of the rows, not of the writes", swap, { confirmed: 2 }, null],
  ["cycles without a canary refuse", swap, { canary: 0 }, "refused"],
  ["rows without cycles need no canary", clean, { canary: 0 }, null],
] as const) {
  test(title, () => {
    const plan = planOf(world);
    const attempt = () => approve(plan, decisions(said));
    if (expected === null) expect(attempt().hash).toBe(plan.hash);
    else expect(attempt).toThrow(expect.objectContaining({ code: expected }));
  });
}

test("a swap is two rows to write, in three writes", () => {
  const plan = planOf(swap);
  expect([countRowsToWrite(plan), plan.changes.length]).toEqual([2, 3]);
});

test("each row says what would happen to it and why", () => {
  const rows = planOf({
    ...blocked,
    users: [cloudUser("ada", { immutableId: anchorOf("ada") }), cloudUser("ben")],
  }).rows;
  expect(
    rows.map(({ row, action, settled, findings, immutableId }) => [
      row,
      action,
      settled,
      findings.join(" "),
      immutableId,
    ]),
  ).toEqual([
    [2, "none", "already", "target-already-matched", anchorOf("ada")],
    [3, "set", null, "", anchorOf("ben")],
    [4, "blocked", "blocked", "source-not-found target-not-found", null],
  ]);
});
