import { describe, expect, test } from "vitest";
import { savedStateName } from "../../src/core/change.ts";
import type { BatchError } from "../../src/core/errors.ts";
import type { Projection } from "../../src/ports/projection.ts";
import { LiveJournal } from "../../src/stages/live-journal.ts";
import {
  keepDecisions,
  listDueChanges,
  listOwnLastChanges,
  listRunOutcomes,
  listTouchedRows,
  listWriteTimes,
  publishRun,
  recordStaleRows,
  requireFreshRows,
  saveObject,
  viewRun,
} from "../../src/stages/record-run.ts";
import { account, anchorOf, cloudUser, mapping, planOf } from "../support/facts.ts";
import { timeOf } from "../support/journal-story.ts";
import { ManualClock, MemoryRunStore } from "../support/memory-run.ts";

import { chance, DECISIONS, PLAN, runAfter } from "../support/recorded-run.ts";

describe("publishRun", () => {
  const told = (from: Projection["from"], fileName: string): Projection => ({
    fileName,
    from,
    *render({ outcomes, about }) {
      yield `${about.runId} ${outcomes?.length ?? "no"} lines`;
    },
  });
  const projections = [told("plan", "plan.csv"), told("apply", "results.csv")];

  for (const [title, applied, expected] of [
    ["before the first apply only the plan's files are made", false, { "plan.csv": "run-1 no lines" }],
    [
      "from the first apply on every file is made",
      true,
      { "plan.csv": "run-1 6 lines", "results.csv": "run-1 6 lines" },
    ],
  ] as const) {
    test(title, () => {
      const { store } = runAfter();
      if (applied) store.storeDecisions(DECISIONS);
      const published: Record<string, string> = {};
      const publish = (fileName: string, texts: Iterable<string>) => {
        published[fileName] = [...texts].join("");
        return fileName;
      };
      expect(publishRun(Object.assign(store, { publish }), projections)).toEqual([]);
      expect(published).toEqual(expected);
      expect(viewRun(store).outcomes === null).toBe(!applied);
    });
  }

  test("a file that had to be written under another name is named", () => {
    const { store } = runAfter();
    const publish = (fileName: string) => `${fileName}.new`;
    expect(publishRun(Object.assign(store, { publish }), projections)).toEqual(["plan.csv.new"]);
  });
});

describe("rows that went stale", () => {
  const stale = (...rows: readonly number[]) => new Map(rows.map((row) => [row, `row ${row} has moved`]));

  test("refuse the run without --skip-blocked, all named, and say nothing with it", () => {
    const attempt = () => requireFreshRows(PLAN, stale(2, 5), { ...DECISIONS, skipBlocked: false });
    expect(attempt).toThrow(
      expect.objectContaining({
        code: "blocked",
        details: [
          "row 2  ada -> ada@contoso.example: row 2 has moved",
          "row 5  dee -> dee@contoso.example: row 5 has moved",
        ],
      }),
    );
    expect(() => requireFreshRows(PLAN, stale(2, 5), DECISIONS)).not.toThrow();
    expect(() => requireFreshRows(PLAN, stale(), { ...DECISIONS, skipBlocked: false })).not.toThrow();
  });

  for (const [title, stories, rows, expected] of [
    ["a simple row is drift", [], [5], "pending pending pending pending drift"],
    ["a row of a cycle keeps the whole cycle from being opened", [], [3], "blocked blocked drift blocked pending"],
    ["a pivot keeps its cycle from being opened", [], [2], "drift pending blocked blocked pending"],
    [
      "a row of a cycle whose pivot is cleared is drift, and the pivot stays parked",
      [["2.1", "change accepted"]],
      [3],
      "parked pending drift pending pending",
    ],
    [
      "a cycle whose pivot surely was not cleared is not opened",
      [["2.1", "change not-sent"]],
      [4],
      "blocked blocked blocked drift pending",
    ],
  ] as const) {
    test(title, () => {
      const { journal, statuses } = runAfter(...stories);
      recordStaleRows(PLAN, stale(...rows), journal());
      const words = expected.split(" ");
      expect(statuses()).toEqual([
        `2.1 ${words[0]}`,
        `2.2 ${words[1]}`,
        `3.1 ${words[2]}`,
        `4.1 ${words[3]}`,
        `5.1 ${words[4]}`,
        "6.1 already",
      ]);
    });
  }

  test("a blocked row says which row it waits for", () => {
    const { store, journal } = runAfter();
    recordStaleRows(PLAN, stale(4), journal());
    expect(listRunOutcomes(store).map(({ message }) => message)).toEqual([
      "waits for row 4, which is drift",
      "waits for row 4, which is drift",
      "waits for row 4, which is drift",
      "row 4 has moved",
      null,
      null,
    ]);
  });
});

test("a chain with a stale row is left to the writer, which knows what waits for what", () => {
  const plan = planOf({
    accounts: ["ada", "ben"].map((name) => account(name)),
    users: [cloudUser("ada"), cloudUser("ben", { immutableId: anchorOf("ada") })],
    mappings: ["ada", "ben"].map((name, index) => mapping(index + 2, name)),
    options: { replace: true },
  });
  const store = new MemoryRunStore(plan);
  recordStaleRows(
    plan,
    new Map([[3, "row 3 has moved"]]),
    new LiveJournal(store, "cyd", { clock: new ManualClock(), chance }),
  );
  expect(store.events.map(({ kind, row }) => `${row} ${kind}`)).toEqual(["3 drift"]);
});

test("one row and two that went stale are counted in words, and of very many twenty are named", () => {
  const refusal = (count: number) => {
    const rows = Array.from({ length: count }, (_, index) => [index + 2, "moved"] as const);
    try {
      requireFreshRows(PLAN, new Map(rows), { ...DECISIONS, skipBlocked: false });
    } catch (error) {
      return error as BatchError;
    }
    throw new Error("nothing was refused");
  };
  expect(refusal(1).message).toMatch(/^1 row has changed since the plan/);
  expect(refusal(2).message).toMatch(/^2 rows have changed since the plan/);
  expect(refusal(22).details.at(-1)).toBe("and 2 more: see a new plan");
});

describe("listDueChanges", () => {
  for (const [words, due] of [
    ["", true],
    ["change undecided", true],
    ["change not-sent", true],
    ["change accepted canary-back accepted", true],
    ["change accepted", false],
    ["change accepted verified", false],
    ["already", false],
    ["change refused", false],
    ["drift", false],
    ["blocked", false],
  ] as const) {
    test(`a change of which the journal says "${words}" is ${due ? "" : "not "}due`, () => {
      const { store } = runAfter(...(words === "" ? [] : [["5.1", words] as const]));
      expect(listDueChanges(store).some(({ row }) => row === 5)).toBe(due);
    });
  }

  test("a parked row is due with both its steps, and a row without a write is not", () => {
    const { store } = runAfter(["2.1", "change accepted verified"]);
    expect(listDueChanges(store).map(({ row, step }) => `${row}.${step}`)).toEqual(["2.1", "2.2", "3.1", "4.1", "5.1"]);
  });
});

test("saveObject puts the object's last state into the file that is named after row and object", () => {
  const { store } = runAfter();
  const [change] = PLAN.changes;
  if (change === undefined) throw new Error("the plan has changes");
  const saved: [string, string][] = [];
  const publish = (fileName: string, texts: Iterable<string>) => {
    saved.push([fileName, [...texts].join("")]);
    return fileName;
  };
  saveObject(Object.assign(store, { publish }), change, { displayName: "Ada" });
  const [[fileName = "", text = ""] = []] = saved;
  expect(fileName).toBe(savedStateName(change));
  const { row, step, kind: action, before } = change;
  expect(JSON.parse(text)).toEqual({ row, step, action, before, object: { displayName: "Ada" } });
  expect(text.endsWith("}\n")).toBe(true);
});

test("whoever goes on with a run keeps its first operator, and decides the rest anew", () => {
  const { store } = runAfter();
  keepDecisions(store, DECISIONS);
  expect(store.readDecisions()).toEqual(DECISIONS);
  keepDecisions(store, { ...DECISIONS, canary: 3, operator: "dee" });
  expect(store.readDecisions()).toEqual({ ...DECISIONS, canary: 3 });
  expect(viewRun(store).canary).toBe(3);
});

describe("listTouchedRows", () => {
  for (const [words, touched] of [
    ["change", true],
    ["change undecided", true],
    ["change accepted", true],
    ["change accepted verified", true],
    ["drift", true],
    ["blocked", true],
    ["change not-sent", false],
    ["change conflict", false],
    ["change undecided settled-not-applied", false],
    ["change accepted canary-back accepted", false],
  ] as const) {
    test(`a row of which the journal says "${words}" ${touched ? "is" : "is not"} touched`, () =>
      expect([...listTouchedRows(PLAN, runAfter(["5.1", words]).journal())]).toEqual(touched ? [5] : []));
  }
});

test("listWriteTimes tells when each row was last written, and leaves out what was not", () => {
  const { store } = runAfter(["2.2", "change accepted"], ["2.1", "change accepted"], ["5.1", "change refused"]);
  expect([...listWriteTimes(store)]).toEqual([[2, timeOf(4)]]);
  const other = runAfter(["2.1", "change accepted"], ["2.2", "change accepted verified"], ["5.1", "change accepted"]);
  expect([...listWriteTimes(other.store)]).toEqual([
    [2, timeOf(4)],
    [5, timeOf(7)],
  ]);
});

test("listOwnLastChanges takes the last write to a row's own user, and the last of all where there is none", () => {
  const [change] = PLAN.changes;
  if (change === undefined) throw new Error("the plan has changes");
  const holder = { displayName: null, createdAt: null, lastSyncAt: null, licenceCount: 0 };
  const changes = [
    { ...change, row: 2, step: 1, holder },
    { ...change, row: 2, step: 2 },
    { ...change, row: 3, step: 2 },
    { ...change, row: 3, step: 1 },
    { ...change, row: 3, step: 3, holder },
    { ...change, row: 4, step: 1, holder },
    { ...change, row: 4, step: 2, holder },
  ];
  const keys = listOwnLastChanges({ changes }).map(({ row, step }) => `${row}.${step}`);
  expect(keys.toSorted()).toEqual(["2.2", "3.2", "4.2"]);
});
