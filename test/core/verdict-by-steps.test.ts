import { describe, expect, test } from "vitest";
import { type Plan, sealPlan } from "../../src/core/plan.ts";
import { lastThat } from "../../src/core/verdict-by-steps.ts";
import { verifyRows } from "../../src/core/verify-rows.ts";
import { account, anchorOf, cloudUser, digest, guidFor, mapping, planOf } from "../support/facts.ts";
import { outcomesAfter, presentSides } from "./present-sides.ts";

const [ADA, BEN] = [anchorOf("ada"), anchorOf("ben")];
/** Ada and Ben hold each other's ID: one of them is freed first and written again at the end. */
const SWAP = planOf({
  accounts: [account("ada"), account("ben")],
  users: [cloudUser("ada", { immutableId: BEN }), cloudUser("ben", { immutableId: ADA })],
  mappings: [mapping(2, "ada"), mapping(3, "ben")],
  options: { replace: true },
});

/** What is said of Ada, who holds this now. */
function judge(plan: Plan, stories: Readonly<Record<string, string>>, immutableId: string | null) {
  const users = [cloudUser("ada", { immutableId })];
  const rows = verifyRows(plan, outcomesAfter(plan, stories), presentSides({ users }));
  const row = rows.find(({ planned }) => planned.row === 2);
  return [row?.verdict, row?.detail, row?.trouble];
}

const PARKED = "the user is parked, without an immutable ID in the middle of a swap: apply the run again first of all";
const LOST = "the answer to its write was lost: apply the run again to settle it";
const FREED = "change accepted verified";

describe("of a swap that", () => {
  test("is looked at here, Ada is freed in a first step and written in a second", () => {
    expect(SWAP.changes.filter(({ row }) => row === 2).map(({ step, kind }) => `${step} ${kind}`)).toEqual([
      "1 clear",
      "2 set",
    ]);
  });

  for (const [title, stories, held, expected] of [
    ["has stopped half way it says so before all else", { "2.1": FREED }, null, ["not-done", PARKED, null]],
    [
      "has stopped half way with a lost answer it says so too",
      { "2.1": FREED, "2.2": "change undecided" },
      null,
      ["not-done", PARKED, null],
    ],
    [
      "has stopped half way, with a value by somebody else, it says how the row stands",
      { "2.1": FREED },
      "foreign",
      ["not-done", "the row is pending", "not-written"],
    ],
    [
      "has stopped half way and was taken back it says so",
      { "2.1": FREED, "2.2": "change refused" },
      BEN,
      ["rolled-back", "the user holds its old value again", "set-back"],
    ],
    ["was never begun it says that", {}, BEN, ["not-done", "the row is pending", "not-written"]],
    [
      "has lost the answer to its last write it says so",
      { "2.1": FREED, "2.2": "change undecided" },
      ADA,
      ["not-done", LOST, "not-written"],
    ],
    ["is done it says that the value stands", { "2.1": FREED, "2.2": FREED }, ADA, ["holds", "", null]],
    [
      "was done, and somebody has emptied the user, it says so",
      { "2.1": FREED, "2.2": FREED },
      null,
      ["drifted", "the user holds no ID", "value-changed"],
    ],
  ] as const) {
    test(title, () => expect(judge(SWAP, stories, held)).toEqual(expected));
  }
});

describe("of a row whose ID another object has to give up first", () => {
  const [first] = SWAP.rows;
  const [clear, set] = SWAP.changes.filter(({ row }) => row === 2);
  if (first === undefined || clear === undefined || set === undefined) throw new Error("the swap begins with Ada");
  const holder = { displayName: null, createdAt: null, lastSyncAt: null, licenceCount: 0 };
  const released = { ...clear, holder, objectId: guidFor("holder") };
  const rows = [{ ...first, previousImmutableId: null }];
  const plan = sealPlan({ ...SWAP, rows, changes: [released, set], findings: [] }, digest);
  const alone = sealPlan({ ...SWAP, rows, changes: [released], findings: [] }, digest);

  for (const [title, of, stories, held, expected] of [
    [
      "the user is not parked while only the other object has given it up",
      plan,
      { "2.1": FREED },
      null,
      ["not-done", "the row is pending", "not-written"],
    ],
    [
      "what was done to the other object is nothing that was set back",
      plan,
      { "2.1": FREED, "2.2": "change refused" },
      null,
      ["not-done", "the row is failed", "not-written"],
    ],
    [
      "a lost answer of the other object's write is lost for the row that has no other",
      alone,
      { "2.1": "change undecided" },
      ADA,
      ["not-done", LOST, "not-written"],
    ],
    [
      "a lost answer of the other object's write is not the row's",
      plan,
      { "2.1": "change undecided", "2.2": FREED },
      ADA,
      ["holds", "", null],
    ],
  ] as const) {
    test(title, () => expect(judge(of, stories, held)).toEqual(expected));
  }
});

describe("of a user that the canary has set back", () => {
  const one = planOf({ accounts: [account("ada")], users: [cloudUser("ada")], mappings: [mapping(2, "ada")] });
  const story = "change accepted verified canary-back accepted";
  for (const [held, expected] of [
    [null, ["not-done", "the row is pending", "not-written"]],
    ["foreign", ["not-done", "the row is pending", "not-written"]],
    [ADA, ["holds", "not written by this run", null]],
  ] as const) {
    test(`and that holds ${held ?? "no ID"}, it does not say that the run's value stood`, () =>
      expect(judge(one, { "2.1": story }, held)).toEqual(expected));
  }
});

test("lastThat takes the last that fits, and the very last where none does", () => {
  const isEven = (number: number) => number % 2 === 0;
  expect([lastThat([2, 4, 5], isEven), lastThat([1, 3, 5], isEven), lastThat([1, 2], isEven)]).toEqual([4, 5, 2]);
});
