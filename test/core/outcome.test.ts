import { describe, expect, test } from "vitest";
import type { Change, ChangeKind } from "../../src/core/change.ts";
import { foldJournal } from "../../src/core/change-progress.ts";
import {
  countOutcomes,
  isDone,
  listOutcomes,
  OUTCOME_STATUSES,
  sayWhoAnswered,
  shownUserOf,
  shownValues,
} from "../../src/core/outcome.ts";
import type { Plan } from "../../src/core/plan.ts";
import { account, anchorOf, cloudUser, guidFor, mapping, planOf } from "../support/facts.ts";
import { tellJournal } from "../support/journal-story.ts";

/** Rows 2 and 3 swap their IDs, row 4 is simple, row 5 holds its ID already, row 6 names nobody. */
const PLAN: Plan = planOf({
  accounts: ["ada", "ben", "cyd", "dee"].map((name) => account(name)),
  users: [
    cloudUser("ada", { immutableId: anchorOf("ben") }),
    cloudUser("ben", { immutableId: anchorOf("ada") }),
    cloudUser("cyd"),
    cloudUser("dee", { immutableId: anchorOf("dee") }),
  ],
  mappings: ["ada", "ben", "cyd", "dee", "nobody"].map((name, index) => mapping(index + 2, name)),
  options: { replace: true },
});

const outcomesAfter = (...stories: (readonly [string, string])[]) => [
  ...listOutcomes(PLAN, foldJournal(tellJournal(stories, PLAN.changes))),
];

describe("listOutcomes", () => {
  test("a refused row says why it is open: an earlier write of it may still land", () => {
    const messageAfter = (story: string) => outcomesAfter(["4.1", story]).find(({ row }) => row === 4)?.message;
    expect(messageAfter("change undecided settled-not-applied change refused")).toMatch(/^refused .* may still land$/);
    expect(messageAfter("change refused")).toBeNull();
  });

  for (const [said, words] of [
    [null, "no reason given"],
    ["the tenant is read-only", "the tenant is read-only"],
  ] as const) {
    test(`a refused row that may still land says why it was refused: ${words}`, () => {
      const story = ["4.1", "change undecided settled-not-applied change refused"] as const;
      const journal = tellJournal([story], PLAN.changes).map((event) =>
        event.kind === "refused" ? { ...event, message: said } : event,
      );
      expect([...listOutcomes(PLAN, foldJournal(journal))].find(({ row }) => row === 4)?.message).toBe(
        `refused (${words}), but an earlier write of it, whose answer was lost, may still land`,
      );
    });
  }

  for (const [word, message] of [
    ["sync-duplicate", "what verify saw"],
    ["sync-error", "what verify saw"],
    ["sync-matched", "what the answer said"],
    ["sync-none", "what the answer said"],
  ] as const) {
    test(`after ${word} the message is ${message}`, () => {
      const journal = tellJournal([["4.1", `change accepted ${word}`]], PLAN.changes).map((event) => {
        if (event.kind === "accepted") return { ...event, message: "what the answer said" };
        return event.kind === word ? { ...event, message: "what verify saw" } : event;
      });
      expect([...listOutcomes(PLAN, foldJournal(journal))].find(({ row }) => row === 4)?.message).toBe(message);
    });
  }

  for (const [title, stories, expected] of [
    ["before the first write everything is pending but what was settled by the plan", [], "pending pending pending"],
    ["a pivot that was cleared is parked", [["2.1", "change accepted"]], "parked pending pending"],
    ["a pivot whose clearing is undecided is undecided", [["2.1", "change undecided"]], "undecided pending pending"],
    ["a pivot whose clearing was refused is failed, not parked", [["2.1", "change refused"]], "failed pending pending"],
    ["a pivot that somebody else had cleared is not our doing", [["2.1", "already"]], "already pending pending"],
    [
      "a pivot stays parked while its last write is undecided",
      [
        ["2.1", "change accepted verified"],
        ["3.1", "change accepted"],
        ["2.2", "change undecided"],
      ],
      "parked undecided accepted",
    ],
    [
      "a pivot stays parked when its last write failed",
      [
        ["2.1", "change accepted"],
        ["3.1", "change accepted"],
        ["2.2", "change refused"],
      ],
      "parked failed accepted",
    ],
    [
      "a pivot stays parked when its last write is blocked",
      [
        ["2.1", "change accepted"],
        ["3.1", "change refused"],
        ["2.2", "blocked"],
      ],
      "parked blocked failed",
    ],
    [
      "a pivot that got its value is parked no more",
      [
        ["2.1", "change accepted verified"],
        ["2.2", "change accepted"],
      ],
      "verified accepted pending",
    ],
    [
      "a pivot that somebody else gave its value is parked no more",
      [
        ["2.1", "change accepted"],
        ["2.2", "already"],
      ],
      "accepted already pending",
    ],
    [
      "a pivot that sync has matched is parked no more",
      [
        ["2.1", "change accepted"],
        ["2.2", "already sync-matched"],
      ],
      "accepted taken-over pending",
    ],
    [
      "a pivot that somebody changed after its last write is drift, not parked",
      [
        ["2.1", "change accepted verified"],
        ["2.2", "change accepted verified mismatch"],
      ],
      "verified drift pending",
    ],
    [
      "a pivot whose old value was put back is parked no more",
      [
        ["2.1", "change accepted"],
        ["2.2", "set-back"],
      ],
      "accepted pending pending",
    ],
    [
      "a pivot whose last write settled as a foreign value is still parked",
      [
        ["2.1", "change accepted"],
        ["2.2", "change undecided settled-drift"],
      ],
      "parked drift pending",
    ],
  ] as const) {
    test(title, () => {
      const statuses = outcomesAfter(...stories).map(({ row, step, status }) => `${row}.${step} ${status}`);
      const [first, second, third] = expected.split(" ");
      expect(statuses).toEqual([
        `2.1 ${first}`,
        `2.2 ${second}`,
        `3.1 ${third}`,
        "4.1 pending",
        "5.1 already",
        "6.1 blocked",
      ]);
    });
  }

  test("every row has a line, in input order, with its steps in theirs, whatever the order of the writes", () => {
    expect(PLAN.changes.map(({ row, step }) => `${row}.${step}`)).toEqual(["4.1", "2.1", "3.1", "2.2"]);
    expect(outcomesAfter().map(({ row, step }) => `${row}.${step}`)).toEqual([
      "2.1",
      "2.2",
      "3.1",
      "4.1",
      "5.1",
      "6.1",
    ]);
  });

  test("the steps of a row come in their order also from a plan that holds them in another", () => {
    const outcomes = [...listOutcomes({ ...PLAN, changes: PLAN.changes.toReversed() }, new Map())];
    expect(outcomes.map(({ row, step }) => `${row}.${step}`)).toEqual(["2.1", "2.2", "3.1", "4.1", "5.1", "6.1"]);
  });

  for (const [words, status, sync, message] of [
    ["sync-none", "already", "none", null],
    ["sync-matched", "taken-over", "matched", null],
    ["sync-duplicate", "already", "duplicate", null],
    ["mismatch", "drift", null, null],
    ["mismatch verified", "already", null, null],
  ] as const) {
    test(`a row without a write of which verify says "${words}" is ${status}`, () => {
      const line = outcomesAfter(["5.1", words]).find(({ row }) => row === 5);
      expect(line).toMatchObject({ change: null, attempts: 0, writtenAt: null, status, sync, message });
    });
  }

  test("a verified line still carries the answer to its write", () => {
    const journal = tellJournal([["4.1", "change accepted verified"]], PLAN.changes).map((event) =>
      event.kind === "accepted" ? { ...event, httpStatus: 204, requestId: "r-2" } : event,
    );
    expect([...listOutcomes(PLAN, foldJournal(journal))].find(({ row }) => row === 4)).toMatchObject({
      status: "verified",
      httpStatus: 204,
      requestId: "r-2",
    });
  });

  test("a line carries what the last answer said", () => {
    const journal = tellJournal([["4.1", "change refused"]], PLAN.changes).map((event) =>
      event.kind === "intent"
        ? event
        : { ...event, httpStatus: 403, errorCode: "Authorization_RequestDenied", message: "no", requestId: "r-1" },
    );
    expect([...listOutcomes(PLAN, foldJournal(journal))].find(({ row }) => row === 4)).toMatchObject({
      status: "failed",
      httpStatus: 403,
      errorCode: "Authorization_RequestDenied",
      message: "no",
      requestId: "r-1",
      attempts: 1,
    });
  });
});

/** Row 2 clears its user to open a swap; before its last write another user has to be deleted for good. */
const WITH_HOLDER: Plan = (() => {
  const [swap, clear, last] = ["3.1", "2.1", "2.2"].map((key) =>
    PLAN.changes.find(({ row, step }) => `${row}.${step}` === key),
  );
  if (swap === undefined || clear === undefined || last === undefined) throw new Error("the plan has no swap");
  const holder = { displayName: "Old", createdAt: null, lastSyncAt: null, licenceCount: 0 };
  const old = { ...last, wave: "holder", holder, objectId: guidFor("old") } as const;
  return {
    ...PLAN,
    changes: [
      clear,
      swap,
      { ...old, step: 2, kind: "delete", before: "live", after: "deleted" },
      { ...old, step: 3, kind: "purge", before: "deleted", after: "gone" },
      { ...last, step: 4 },
    ],
  };
})();
const stepsAfter = (...stories: (readonly [string, string])[]) =>
  [...listOutcomes(WITH_HOLDER, foldJournal(tellJournal(stories, WITH_HOLDER.changes)))].filter(({ row }) => row === 2);

test("only the step that has cleared the row's user is parked, not one that deleted another", () => {
  const first = [
    ["2.1", "change accepted"],
    ["2.2", "change accepted verified"],
  ] as const;
  expect(stepsAfter(...first).map(({ status }) => status)).toEqual(["parked", "verified", "pending", "pending"]);
  const last = [
    ["2.3", "change accepted"],
    ["2.4", "change accepted"],
  ] as const;
  expect(stepsAfter(...first, ...last).map(({ status }) => status)).toEqual([
    "accepted",
    "verified",
    "accepted",
    "accepted",
  ]);
});

test("a step that nothing brings back says so, and where the last state is once it was sent", () => {
  const [clear, remove, purge] = stepsAfter(["2.2", "change refused"]);
  expect(clear?.message).toBeNull();
  expect(remove?.message).toBe(`IRREVERSIBLE; its object's last state is in saved-row-2-step-2-${guidFor("old")}.json`);
  expect(purge?.message).toBe("IRREVERSIBLE");
});

test("a line shows the immutable ID before and after its step, also of one that moves none", () => {
  const shown = (kind: ChangeKind | null) => {
    const [line] = outcomesAfter();
    if (line?.change == null) throw new Error("the first line has no change");
    const change = kind === null ? null : { ...line.change, kind, before: "x", after: "y" };
    const { before, after } = shownValues({ ...line, change });
    return `${before} > ${after}`;
  };
  const [held, wanted] = [anchorOf("ben"), anchorOf("ada")];
  expect(shown(null)).toBe(`${held} > ${wanted}`);
  expect(shown("replace")).toBe("x > y");
  expect(shown("clear-object-identifier")).toBe("x > y");
  expect(shown("delete")).toBe(`${wanted} > null`);
  expect(shown("purge")).toBe(`${wanted} > null`);
  expect(shown("restore")).toBe(`${held} > ${held}`);
});

test("a line names the user that was written, or the cloud user of the account that was", () => {
  const [line] = outcomesAfter();
  if (line?.change == null) throw new Error("the first line has no change");
  const planned = { ...line.planned, userPrincipalName: "ada@contoso.example" };
  const shown = (change: Partial<Change> | null) =>
    shownUserOf({ planned, change: change === null || line.change === null ? null : { ...line.change, ...change } });
  expect(shown(null)).toBe("ada@contoso.example");
  expect(shown({ side: "cloud", name: "old@contoso.example" })).toBe("old@contoso.example");
  expect(shown({ side: "ad", name: "CORP\\ada" })).toBe("ada@contoso.example");
});

test("support finds an answer by Graph's request id, or by the domain controller that gave it", () => {
  const change = PLAN.changes[0] ?? null;
  if (change === null) throw new Error("the plan has no change");
  expect(sayWhoAnswered({ ...change, side: "cloud" }, "r-1")).toBe("request r-1");
  expect(sayWhoAnswered({ ...change, side: "ad" }, "dc1.corp.example")).toBe("domain controller dc1.corp.example");
  expect(sayWhoAnswered(null, "r-1")).toBe("request r-1");
});

test("isDone leaves out a row that was set back, though the run had written it", () => {
  const lines = outcomesAfter(["4.1", "change accepted verified set-back"]);
  expect(lines.map((line) => `${line.row}.${line.step} ${isDone(line)}`)).toEqual([
    "2.1 false",
    "2.2 false",
    "3.1 false",
    "4.1 false",
    "5.1 true",
    "6.1 false",
  ]);
});

test("countOutcomes counts every step once and knows every status", () => {
  const outcomes = outcomesAfter(["2.1", "change accepted"], ["3.1", "change refused"]);
  const counts = countOutcomes(outcomes);
  expect(Object.keys(counts)).toEqual([...OUTCOME_STATUSES]);
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(outcomes.length);
  expect(counts).toMatchObject({ parked: 1, pending: 2, failed: 1, already: 1, blocked: 1, verified: 0 });
});
