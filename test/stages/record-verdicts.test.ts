import { describe, expect, test } from "vitest";
import { foldJournal } from "../../src/core/change-progress.ts";
import type { Observation } from "../../src/core/journal.ts";
import { IN_RECYCLE_BIN, type Verdict, type VerifiedRow } from "../../src/core/verdict.ts";
import { listRunOutcomes, recordSeen, recordVerdicts } from "../../src/stages/record-run.ts";

import { DECISIONS, PLAN, runAfter } from "../support/recorded-run.ts";

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
