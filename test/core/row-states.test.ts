import { expect, test } from "vitest";
import { foldJournal } from "../../src/core/change-progress.ts";
import type { Finding } from "../../src/core/findings.ts";
import { listOutcomes, OUTCOME_STATUSES, type Outcome } from "../../src/core/outcome.ts";
import {
  countDoneRows,
  countPlanStates,
  countRowStates,
  countWarnedRows,
  describeStepCount,
  listRowStates,
  PLAN_STATE_WORDS,
} from "../../src/core/row-states.ts";
import { account, anchorOf, cloudUser, mapping, planOf } from "../support/facts.ts";
import { tellJournal } from "../support/journal-story.ts";

/** Rows 2 and 3 swap, 4 and 5 are set, 6 holds its ID already, 7 names nobody. */
const PLAN = planOf({
  accounts: ["ada", "ben", "cyd", "dee", "eve"].map((name) => account(name)),
  users: [
    cloudUser("ada", { immutableId: anchorOf("ben") }),
    cloudUser("ben", { immutableId: anchorOf("ada") }),
    cloudUser("cyd"),
    cloudUser("dee"),
    cloudUser("eve", { immutableId: anchorOf("eve") }),
  ],
  mappings: ["ada", "ben", "cyd", "dee", "eve", "nobody"].map((name, index) => mapping(index + 2, name)),
  options: { replace: true },
});
const outcomesAfter = (...stories: (readonly [string, string])[]): Outcome[] => [
  ...listOutcomes(PLAN, foldJournal(tellJournal(stories, PLAN.changes))),
];
const inWords = (states: readonly { readonly name: string; readonly count: number }[]) =>
  states.map(({ name, count }) => `${count} ${name}`);

test("rows of a plan are counted by state in the order of the words, and no state that does not occur", () => {
  expect(inWords(countPlanStates(PLAN))).toEqual(["2 set", "2 replace", "1 already", "1 blocked"]);
  expect(countPlanStates({ rows: [] })).toEqual([]);
  expect(Object.values(PLAN_STATE_WORDS).every((words) => words.length > 0)).toBe(true);
});

test("a row is warned of once, and a finding that blocks is no warning", () => {
  const found = (severity: Finding["severity"], rows: readonly number[]): Finding => ({
    code: "anchor-differs",
    severity,
    rows,
    detail: "",
  });
  const findings = [found("warn", [2, 3]), found("warn", [3]), found("block", [4, 5, 6]), found("info", [7])];
  expect(countWarnedRows({ findings })).toBe(2);
});

const SWAP_DONE = [
  ["2.1", "change accepted verified"],
  ["3.1", "change accepted verified"],
  ["2.2", "change accepted verified"],
] as const;

for (const [title, stories, states] of [
  ["nothing done", [], ["1 already", "1 blocked", "4 pending"]],
  ["a swap that was done", SWAP_DONE, ["2 verified", "1 already", "1 blocked", "2 pending"]],
  ["a swap that stopped half way", [SWAP_DONE[0]], ["1 already", "1 blocked", "3 pending", "1 parked"]],
  [
    "rows that were refused, changed by others and lost",
    [
      ["4.1", "change refused"],
      ["5.1", "change undecided"],
      ["3.1", "drift"],
    ],
    ["1 already", "1 blocked", "1 failed", "1 drift", "1 undecided", "1 pending"],
  ],
  [
    "a swap whose first write was refused",
    [["2.1", "change refused"]],
    ["1 already", "1 blocked", "1 failed", "3 pending"],
  ],
  [
    "a swap whose last step nobody has read back",
    [...SWAP_DONE.slice(0, 2), ["2.2", "change accepted"]],
    ["1 verified", "1 accepted", "1 already", "1 blocked", "2 pending"],
  ],
] as const) {
  test(`each row is counted once, by its worst step: ${title}`, () => {
    expect(inWords(countRowStates(outcomesAfter(...stories)))).toEqual(states);
  });
}

test("of a row that is done its last step stands for it, and rows keep their order", () => {
  const rows = listRowStates(outcomesAfter(...SWAP_DONE));
  expect(rows.map(({ row, step }) => `${row}.${step}`)).toEqual(["2.2", "3.1", "4.1", "5.1", "6.1", "7.1"]);
});

test("states of a run come in the order of the statuses", () => {
  const names = countRowStates(outcomesAfter(["2.1", "change accepted"], ["4.1", "change accepted verified"])).map(
    ({ name }) => name,
  );
  expect(names).toEqual(OUTCOME_STATUSES.filter((status) => names.includes(status)));
});

test("steps are counted only where a row took more than one", () => {
  const outcomes = outcomesAfter(...SWAP_DONE);
  expect(describeStepCount(outcomes)).toBe("7 steps: 1 row took more than one.");
  const twice = [...outcomes, ...outcomes.map((outcome) => ({ ...outcome, row: outcome.row + 10 }))];
  expect(describeStepCount(twice)).toBe("14 steps: 2 rows took more than one.");
  expect(describeStepCount(outcomes.filter(({ step }) => step === 1))).toBeNull();
});

test("a row counts as done when all its steps are, and not when it was set back", () => {
  expect(countDoneRows(outcomesAfter())).toBe(1);
  expect(countDoneRows(outcomesAfter(...SWAP_DONE))).toBe(3);
  expect(countDoneRows(outcomesAfter(...SWAP_DONE.slice(0, 2)))).toBe(2);
  expect(countDoneRows(outcomesAfter(...SWAP_DONE.slice(0, 2), ["2.2", "change accepted verified set-back"]))).toBe(2);
});
