import { describe, expect, test } from "vitest";
import type { ChangeKind } from "../../src/core/change.ts";
import { foldJournal } from "../../src/core/change-progress.ts";
import { OBSERVATION_KINDS } from "../../src/core/journal.ts";
import { countOutcomes, isDone, listOutcomes, OUTCOME_STATUSES, shownValues } from "../../src/core/outcome.ts";
import type { Plan } from "../../src/core/plan.ts";
import { account, anchorOf, cloudUser, guidFor, mapping, planOf } from "../support/facts.ts";
import { tellJournal, timeOf } from "../support/journal-story.ts";

/** [what happened, status, is an attempt open, writes sent, seq of the event at which it counts as written, as verified] */
const STORIES = [
  ["change", "undecided", true, 1, null, null],
  ["change accepted", "accepted", false, 1, 2, null],
  ["change accepted verified", "verified", false, 1, 2, 3],
  ["change accepted mismatch", "drift", false, 1, 2, null],
  ["change refused", "failed", false, 1, null, null],
  ["change undecided settled-not-applied change refused", "undecided", false, 2, null, null],
  ["change undecided settled-not-applied change refused settled-refused", "failed", false, 2, null, null],
  ["change undecided settled-not-applied change refused settled-applied", "verified", false, 2, 6, 6],
  ["change conflict change refused", "failed", false, 2, null, null],
  ["change conflict", "pending", false, 1, null, null],
  ["change conflict drift", "drift", false, 1, null, null],
  ["change not-sent", "pending", false, 1, null, null],
  ["change undecided", "undecided", true, 1, null, null],
  ["change undecided settled-applied", "verified", false, 1, 3, 3],
  ["change undecided settled-not-applied", "pending", false, 1, null, null],
  ["change undecided settled-not-applied change accepted", "accepted", false, 2, 5, null],
  ["change undecided settled-drift", "drift", false, 1, null, null],
  ["change accepted canary-back", "undecided", true, 2, 2, null],
  ["change accepted canary-back accepted", "pending", false, 2, 4, null],
  ["change accepted canary-back settled-applied", "pending", false, 2, 4, null],
  ["change accepted canary-back refused", "accepted", false, 2, 2, null],
  ["change accepted canary-back conflict", "accepted", false, 2, 2, null],
  ["change accepted canary-back not-sent", "accepted", false, 2, 2, null],
  ["change accepted canary-back undecided", "undecided", true, 2, 2, null],
  ["change accepted canary-back undecided settled-not-applied", "accepted", false, 2, 2, null],
  ["change accepted canary-back settled-drift", "drift", false, 2, 2, null],
  ["change accepted canary-back accepted canary-again", "undecided", true, 3, 4, null],
  ["change accepted canary-back accepted canary-again accepted", "accepted", false, 3, 6, null],
  ["change accepted canary-back accepted canary-again refused", "failed", false, 3, 4, null],
  ["change accepted canary-back accepted canary-again settled-applied", "verified", false, 3, 6, 6],
  ["change accepted canary-back accepted canary-again settled-not-applied", "pending", false, 3, 4, null],
  ["already", "already", false, 0, null, 1],
  ["drift", "drift", false, 0, null, null],
  ["overtaken", "drift", false, 0, null, null],
  ["blocked", "blocked", false, 0, null, null],
  ["change accepted sync-none", "accepted", false, 1, 2, null],
  ["change accepted verified sync-none", "verified", false, 1, 2, 3],
  ["change accepted verified sync-matched", "taken-over", false, 1, 2, 3],
  ["change accepted verified sync-matched sync-none", "verified", false, 1, 2, 3],
  ["change accepted verified sync-duplicate", "verified", false, 1, 2, 3],
  ["change accepted verified sync-error", "verified", false, 1, 2, 3],
  ["change accepted mismatch verified", "verified", false, 1, 2, 4],
  ["change accepted set-back", "accepted", false, 1, 2, null],
  ["change accepted verified set-back", "verified", false, 1, 2, 3],
  ["change accepted verified mismatch set-back", "verified", false, 1, 2, 3],
  ["change accepted verified sync-matched set-back", "verified", false, 1, 2, 3],
] as const;

describe("foldJournal", () => {
  for (const [story, status, open, attempts, writtenSeq, verifiedSeq] of STORIES) {
    test(`a change of which the journal says "${story}" is ${status}`, () => {
      const progress = foldJournal(tellJournal([["2.1", story]])).get("2.1");
      expect(progress).toMatchObject({
        status,
        writtenAt: writtenSeq === null ? null : timeOf(writtenSeq),
        verifiedAt: verifiedSeq === null ? null : timeOf(verifiedSeq),
      });
      expect(progress?.open !== null).toBe(open);
      expect(progress?.attempts).toHaveLength(attempts);
    });
  }

  for (const [story, achieved, setBack] of [
    ["change accepted", "accepted", false],
    ["change accepted verified", "verified", false],
    ["change accepted verified mismatch", "verified", false],
    ["change accepted verified set-back", "verified", true],
    ["change accepted verified set-back verified", "verified", false],
    ["change accepted verified set-back mismatch", "verified", false],
    ["change accepted verified set-back sync-none", "verified", false],
    ["change accepted canary-back accepted", null, false],
    ["change accepted canary-back undecided settled-applied", null, false],
    ["change accepted canary-back accepted canary-again accepted", "accepted", false],
    ["change undecided settled-applied", "verified", false],
    ["change refused", null, false],
    ["already", null, false],
    ["drift", null, false],
  ] as const) {
    test(`a change of which the journal says "${story}" has achieved ${achieved ?? "nothing"} and is ${setBack ? "" : "not "}set back`, () => {
      const progress = foldJournal(tellJournal([["2.1", story]])).get("2.1");
      const seq = story.split(" ").length;
      expect([progress?.achieved, progress?.setBackAt]).toEqual([achieved, setBack ? timeOf(seq) : null]);
    });
  }

  test("every kind of observation is told in some story", () => {
    const told = new Set(STORIES.flatMap(([story]) => story.split(" ")));
    expect(OBSERVATION_KINDS.filter((kind) => !told.has(kind))).toEqual([]);
  });

  test("the steps of a row, and the rows, are kept apart", () => {
    const progress = foldJournal(
      tellJournal([
        ["2.1", "change accepted"],
        ["2.2", "change refused"],
        ["3.1", "already"],
      ]),
    );
    expect([...progress].map(([key, { status }]) => `${key} ${status}`)).toEqual([
      "2.1 accepted",
      "2.2 failed",
      "3.1 already",
    ]);
  });

  for (const [word, sync] of [
    ["sync-none", "none"],
    ["sync-matched", "matched"],
    ["sync-duplicate", "duplicate"],
    ["sync-error", "error"],
  ] as const) {
    test(`${word} is shown as ${sync} and leaves what the last answer said in place`, () => {
      const progress = foldJournal(tellJournal([["2.1", `change accepted ${word}`]])).get("2.1");
      expect([progress?.sync, progress?.last?.kind]).toEqual([sync, "accepted"]);
    });
  }
});

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
