import { describe, expect, test } from "vitest";
import { savedStateName } from "../../src/core/change.ts";
import { foldJournal } from "../../src/core/change-progress.ts";
import type { BatchError } from "../../src/core/errors.ts";
import type { Observation } from "../../src/core/journal.ts";
import type { Decisions, Plan } from "../../src/core/plan.ts";
import { IN_RECYCLE_BIN, type Verdict, type VerifiedRow } from "../../src/core/verdict.ts";
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
  recordSeen,
  recordStaleRows,
  recordVerdicts,
  requireFreshRows,
  saveObject,
  viewRun,
} from "../../src/stages/record-run.ts";
import { account, anchorOf, cloudUser, mapping, planOf } from "../support/facts.ts";
import { tellJournal, timeOf } from "../support/journal-story.ts";
import { ManualClock, MemoryRunStore } from "../support/memory-run.ts";

const DECISIONS: Decisions = {
  confirmed: 4,
  skipBlocked: true,
  confirmedHolders: null,
  canary: 1,
  syncPaused: false,
  operator: "cyd",
};
const chance = { uuid: () => "request", fraction: () => 0.5 };

/** Rows 2 to 4 pass their IDs round, row 5 is simple, row 6 holds its ID already; row 2 is the pivot. */
const PLAN: Plan = planOf({
  accounts: ["ada", "ben", "cyd", "dee", "eve"].map((name) => account(name)),
  users: [
    cloudUser("ada", { immutableId: anchorOf("cyd") }),
    cloudUser("ben", { immutableId: anchorOf("ada") }),
    cloudUser("cyd", { immutableId: anchorOf("ben") }),
    cloudUser("dee"),
    cloudUser("eve", { immutableId: anchorOf("eve") }),
  ],
  mappings: ["ada", "ben", "cyd", "dee", "eve"].map((name, index) => mapping(index + 2, name)),
  options: { replace: true },
});

function runAfter(...stories: (readonly [string, string])[]) {
  const clock = new ManualClock();
  const store = new MemoryRunStore(PLAN);
  store.events.push(...tellJournal(stories, PLAN.changes));
  const journal = () => new LiveJournal(store, "cyd", { clock, chance });
  const statuses = () => listRunOutcomes(store).map(({ row, step, status }) => `${row}.${step} ${status}`);
  return { clock, store, journal, statuses };
}

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

describe("recordVerdicts", () => {
  const verdictOn = (row: number, verdict: Verdict, value: string | null = "value"): VerifiedRow => {
    const planned = PLAN.rows.find((one) => one.row === row);
    if (planned === undefined) throw new RangeError(`there is no row ${row}`);
    const synced = verdict === "taken-over";
    return { planned, verdict, detail: verdict === "holds" ? "" : "in words", value, trouble: null, synced };
  };
  const record = (story: string, key: string, ...verdicts: readonly VerifiedRow[]) => {
    const { store, clock } = runAfter([key, story]);
    const before = store.events.length;
    for (const verdict of verdicts) recordVerdicts(PLAN, [verdict], { store, clock, rolledBackBy: new Map() });
    return {
      kinds: store.events.slice(before).map(({ kind, row, step }) => `${row}.${step} ${kind}`),
      progress: foldJournal(store.readJournal()).get(key),
      store,
    };
  };

  for (const [title, story, verdict, kinds, status] of [
    ["an accepted row that holds is verified", "change accepted", "holds", ["verified", "sync-none"], "verified"],
    ["a verified row that holds", "change accepted verified", "holds", ["sync-none"], "verified"],
    ["a row that sync took over", "change accepted", "taken-over", ["verified", "sync-matched"], "taken-over"],
    ["a row with a duplicate", "change accepted", "duplicate", ["verified", "sync-duplicate"], "verified"],
    ["a row whose anchor changed", "change accepted", "anchor-changed", ["verified", "sync-error"], "verified"],
    ["an accepted row that drifted is never verified", "change accepted", "drifted", ["mismatch"], "drift"],
    ["a verified row that drifted", "change accepted verified", "drifted", ["mismatch"], "drift"],
    ["a user that is gone", "change accepted verified", "gone", ["mismatch"], "drift"],
    ["a row that was not done", "change refused", "not-done", [], "failed"],
    ["a verified row that was set back", "change accepted verified", "rolled-back", ["set-back"], "verified"],
    ["an accepted row that was set back", "change accepted", "rolled-back", ["set-back"], "accepted"],
    ["a drifted row that was set back", "change accepted verified mismatch", "rolled-back", ["set-back"], "verified"],
    [
      "a row that was set back and is back",
      "change accepted verified set-back",
      "holds",
      ["verified", "sync-none"],
      "verified",
    ],
    ["a row that another hand has written", "change refused", "holds", ["sync-none"], "failed"],
    ["a row that drifted before it was written, and holds the value", "drift", "holds", ["sync-none"], "drift"],
    ["a user that was never written and is gone", "drift", "gone", [], "drift"],
    ["a row that drifted and is back", "change accepted mismatch", "holds", ["verified", "sync-none"], "verified"],
  ] as const) {
    test(`${title} is recorded as ${kinds.join(" and ") || "nothing"}`, () => {
      const { kinds: recorded, progress } = record(story, "5.1", verdictOn(5, verdict));
      expect(recorded).toEqual(kinds.map((kind) => `5.1 ${kind}`));
      expect(progress?.status).toBe(status);
    });
  }

  const broken = (row: number, changes: Partial<VerifiedRow>): VerifiedRow => ({
    ...verdictOn(row, "sync-error"),
    trouble: "property-conflict",
    ...changes,
  });

  test("a user that sync owns counts as taken over, whatever went wrong with it", () => {
    const { kinds, progress } = record("change accepted verified", "5.1", broken(5, { synced: true }));
    expect(kinds).toEqual(["5.1 sync-matched", "5.1 sync-error"]);
    expect([progress?.status, progress?.sync, progress?.syncNote]).toEqual([
      "taken-over",
      "error",
      { trouble: "property-conflict", text: "in words", at: expect.any(String) },
    ]);
  });

  test("what is wrong is recorded once, and again when it is something else", () => {
    const other = broken(5, { detail: "other words" });
    const { kinds, store } = record("change accepted verified", "5.1", broken(5, {}), broken(5, {}), other, other);
    expect(kinds).toEqual(["5.1 sync-error", "5.1 sync-error"]);
    expect(listRunOutcomes(store).find(({ row }) => row === 5)?.message).toBe("other words");
  });

  test("a look that does not ask why leaves it standing that Entra refuses, until sync has matched the user", () => {
    const refused = broken(5, { trouble: "takeover-refused" });
    const looks = [refused, verdictOn(5, "holds"), verdictOn(5, "taken-over")];
    expect(record("change accepted verified", "5.1", ...looks).kinds).toEqual(["5.1 sync-error", "5.1 sync-matched"]);
  });

  test("a user that counts as taken over is not taken over anew by what went wrong with it", () => {
    const story = "change accepted verified sync-matched";
    expect(record(story, "5.1", broken(5, { synced: true })).kinds).toEqual(["5.1 sync-error"]);
  });

  test("a user of a row without a write counts as taken over too", () => {
    const { store, clock } = runAfter();
    recordVerdicts(PLAN, [broken(6, { synced: true })], { store, clock, rolledBackBy: new Map() });
    expect(store.events.map(({ kind, row }) => `${row} ${kind}`)).toEqual(["6 sync-matched", "6 sync-error"]);
  });

  test("what is wrong is recorded again when it has another name, in whatever words", () => {
    const { kinds } = record("change accepted verified", "5.1", broken(5, {}), broken(5, { trouble: "other-account" }));
    expect(kinds).toEqual(["5.1 sync-error", "5.1 sync-error"]);
  });

  test("that nothing is wrong is recorded once, in whatever words", () => {
    const looks = ["", "not seen yet"].map((detail) => ({ ...verdictOn(5, "holds"), detail }));
    expect(record("change accepted verified", "5.1", ...looks).kinds).toEqual(["5.1 sync-none"]);
  });

  test("a look that names a trouble of its own takes the place of the refusal", () => {
    const late: VerifiedRow = { ...verdictOn(5, "holds"), trouble: "not-seen" };
    const looks = [broken(5, { trouble: "takeover-refused" }), late];
    expect(record("change accepted verified", "5.1", ...looks).kinds).toEqual(["5.1 sync-error", "5.1 sync-none"]);
  });

  test("that a user is gone is kept by its name for the report", () => {
    const gone = { ...verdictOn(5, "gone"), trouble: "user-gone" as const };
    const { progress } = record("change accepted verified", "5.1", gone);
    expect([progress?.status, progress?.syncNote?.trouble]).toEqual(["drift", "user-gone"]);
  });

  test("a verdict stands on the last step of its row, and on step 1 of a row without a write", () => {
    const { clock, store } = runAfter(["2.1", "change accepted"], ["2.2", "change accepted"]);
    const before = store.events.length;
    recordVerdicts(PLAN, [verdictOn(2, "holds"), verdictOn(6, "taken-over")], {
      store,
      clock,
      rolledBackBy: new Map(),
    });
    expect(store.events.slice(before).map(({ row, step, kind }) => `${row}.${step} ${kind}`)).toEqual([
      "2.2 verified",
      "2.2 sync-none",
      "6.1 sync-matched",
    ]);
  });

  for (const [title, story, verdict, kinds] of [
    ["a value that was there before the run and is gone", "already", verdictOn(5, "drifted"), ["mismatch"]],
    [
      "a value that the canary has taken away and not put back",
      "change accepted verified canary-back accepted",
      verdictOn(5, "drifted"),
      [],
    ],
    [
      "a drift that an apply has seen after its write",
      "change accepted drift",
      verdictOn(5, "drifted", null),
      ["mismatch"],
    ],
    ["a user that sync had taken over before the write", "overtaken", verdictOn(5, "taken-over"), ["sync-matched"]],
  ] as const) {
    test(`${title} is recorded as ${kinds.join(" and ") || "nothing"}`, () =>
      expect(record(story, "5.1", verdict).kinds).toEqual(kinds.map((kind) => `5.1 ${kind}`)));
  }

  test("a user that lies in the recycle bin is recorded once, however often it is seen there", () => {
    const binned = { ...verdictOn(5, "gone", null), detail: `${IN_RECYCLE_BIN}, deleted 2026-11-01` };
    expect(record("change accepted verified", "5.1", binned, binned, binned).kinds).toEqual(["5.1 mismatch"]);
  });

  for (const [title, writable, applied, kinds] of [
    ["that was applied and is held for writing is recorded", true, true, ["verified", "sync-none"]],
    ["that another process holds is not recorded", false, true, []],
    ["that was never applied is not recorded", true, false, []],
  ] as const) {
    test(`what is seen of a run ${title}`, () => {
      const { clock, store } = runAfter(["5.1", "change accepted"]);
      const before = store.events.length;
      if (applied) store.storeDecisions(DECISIONS);
      recordSeen(Object.assign(store, { writable }), [verdictOn(5, "holds")], { clock, rolledBackBy: new Map() });
      expect(store.events.slice(before).map(({ kind }) => kind)).toEqual(kinds);
    });
  }

  test("of a row that the run has not touched only sync is recorded", () => {
    for (const [verdict, kinds] of [
      ["drifted", []],
      ["not-done", []],
      ["rolled-back", ["set-back"]],
      ["holds", ["sync-none"]],
      ["taken-over", ["sync-matched"]],
    ] as const) {
      const { clock, store } = runAfter();
      recordVerdicts(PLAN, [verdictOn(5, verdict)], { store, clock, rolledBackBy: new Map() });
      expect(
        store.events.map(({ kind }) => kind),
        verdict,
      ).toEqual(kinds);
    }
  });

  test("a row without a write that drifted is shown as drift, with what was seen", () => {
    const { clock, store } = runAfter();
    recordVerdicts(PLAN, [verdictOn(6, "drifted", "foreign")], { store, clock, rolledBackBy: new Map() });
    const line = listRunOutcomes(store).find(({ row }) => row === 6);
    expect([line?.status, line?.message, line?.attempts]).toEqual(["drift", "in words", 0]);
    const [seen] = store.events as Observation[];
    expect([seen?.value, seen?.at]).toEqual(["foreign", clock.now().toISOString()]);
  });

  test("what is recorded is about no attempt and no answer, and a row that holds its value needs no words", () => {
    const { store } = record("change accepted", "5.1", verdictOn(5, "duplicate"));
    const none = { attempt: null, httpStatus: null, errorCode: null, requestId: null, value: "value" };
    expect(store.events.slice(-2)).toEqual([
      expect.objectContaining({ ...none, kind: "verified", message: null }),
      expect.objectContaining({ ...none, kind: "sync-duplicate", message: "in words" }),
    ]);
    const holds = record("change accepted verified", "5.1", verdictOn(5, "holds"));
    expect(holds.store.events.at(-1)).toMatchObject({ kind: "sync-none", message: null });
  });

  for (const [title, before, seen, message] of [
    [
      "that it lies in the recycle bin says more than that it was deleted",
      "the user was deleted after the write",
      "it lies in the recycle bin, deleted 2026-11-01",
      "it lies in the recycle bin, deleted 2026-11-01",
    ],
    [
      "that it no longer exists says no more than that it was deleted",
      "the user was deleted after the write",
      "the user no longer exists",
      "the user was deleted after the write",
    ],
  ] as const) {
    test(`of a user that is gone, ${title}`, () => {
      const { clock, store } = runAfter(["5.1", "change accepted verified mismatch"]);
      const last = store.events.pop();
      if (last === undefined || last.kind === "intent") throw new Error("the story ends with a mismatch");
      store.events.push({ ...last, message: before });
      recordVerdicts(PLAN, [{ ...verdictOn(5, "gone", null), detail: seen }], {
        store,
        clock,
        rolledBackBy: new Map(),
      });
      expect(listRunOutcomes(store).find(({ row }) => row === 5)?.message).toBe(message);
    });
  }

  test("a user that was set back is said to be, by the rollback that is known", () => {
    const { clock, store } = runAfter(["5.1", "change accepted verified"]);
    const messages = [new Map(), new Map([[5, "runs/back"]]), new Map([[5, "runs/back"]])].map((rolledBackBy) => {
      recordVerdicts(PLAN, [verdictOn(5, "rolled-back", null)], { store, clock, rolledBackBy });
      return listRunOutcomes(store).find(({ row }) => row === 5)?.message;
    });
    expect(messages).toEqual([
      "set back to its old value since",
      "set back to its old value since, by runs/back",
      "set back to its old value since, by runs/back",
    ]);
    expect(store.events.filter(({ kind }) => kind === "set-back")).toHaveLength(2);
  });

  for (const verdict of ["holds", "taken-over", "rolled-back", "duplicate", "drifted", "gone"] as const) {
    test(`a verify that sees ${verdict} again and again records it once`, () => {
      const again = Array.from({ length: 5 }, () => verdictOn(5, verdict));
      expect(record("change accepted verified", "5.1", ...again).kinds).toHaveLength(1);
    });
  }

  test("each change of what verify sees is recorded", () => {
    const seen = [
      verdictOn(5, "holds"),
      verdictOn(5, "taken-over"),
      verdictOn(5, "holds"),
      verdictOn(5, "drifted", "one"),
      verdictOn(5, "drifted", "two"),
      verdictOn(5, "taken-over"),
    ];
    expect(record("change accepted verified", "5.1", ...seen).kinds.map((kind) => kind.slice(4))).toEqual([
      "sync-none",
      "sync-matched",
      "sync-none",
      "mismatch",
      "mismatch",
      "verified",
      "sync-matched",
    ]);
  });
});
