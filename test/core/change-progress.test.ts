import { describe, expect, test } from "vitest";
import { foldJournal, mayLandThoughRefused } from "../../src/core/change-progress.ts";
import { OBSERVATION_KINDS, type Observation, type ObservationKind } from "../../src/core/journal.ts";
import { orderChanges } from "../../src/core/order.ts";
import { CLOUD_ID } from "../support/facts.ts";
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

type Said = Readonly<Partial<Record<ObservationKind, Partial<Observation>>>>;

/** Where a change of no value to "A" stands after this story, with what its observations said. */
function progressAfter(story: string, said: Said = {}) {
  const wanted = { row: 2, objectId: CLOUD_ID("ada"), name: "ada", before: null, after: "A", certainty: 0 };
  const journal = tellJournal([["2.1", story]], orderChanges([wanted])).map((event) =>
    event.kind === "intent" ? event : { ...event, ...said[event.kind] },
  );
  return foldJournal(journal).get("2.1");
}

describe("what verify saw of sync", () => {
  const MADE = { errorCode: "duplicate-made", message: "made another user" };
  for (const [title, word, said, expected] of [
    ["stands when somebody else finds a foreign value", "mismatch", {}, MADE],
    [
      "gives way to what verify sees of a foreign value",
      "mismatch",
      { errorCode: "value-changed", message: "B" },
      null,
    ],
    ["stands when somebody else finds the old value", "set-back", {}, MADE],
    ["gives way to what verify sees of the old value", "set-back", { errorCode: "set-back", message: "old" }, null],
    [
      "gives way to what verify sees of sync, also where nothing is wrong",
      "sync-none",
      { message: "no cycle yet" },
      null,
    ],
  ] as const) {
    test(title, () => {
      const story = `change accepted verified sync-duplicate ${word}`;
      const note = progressAfter(story, { "sync-duplicate": MADE, [word]: said })?.syncNote;
      const { errorCode, message }: Partial<Observation> = expected ?? said;
      const at = timeOf(expected === null ? 5 : 4);
      expect(note).toEqual({ trouble: errorCode ?? null, text: message, at });
    });
  }

  test("is nothing where only the writer has looked", () => {
    expect(progressAfter("change accepted mismatch", { mismatch: { message: "holds B" } })?.syncNote).toBeNull();
  });
});

test("a refused write is not held open by an earlier one of another value: the canary's set-back", () => {
  const story = "change accepted canary-back undecided settled-applied canary-again refused";
  const progress = progressAfter(story);
  expect([progress?.status, progress?.unclear.map(({ purpose }) => purpose)]).toEqual(["failed", ["canary-back"]]);
});

test("the answer is the last one that came from somebody: Graph by its status, a domain controller by its name", () => {
  const answerAfter = (said: Said) => progressAfter("change accepted verified", said)?.answer;
  expect(answerAfter({ accepted: { requestId: "dc1.corp.example" } })).toMatchObject({ requestId: "dc1.corp.example" });
  expect(answerAfter({ accepted: { httpStatus: 204 } })).toMatchObject({ kind: "accepted", httpStatus: 204 });
  expect(answerAfter({})).toBeNull();
});

for (const [story, mayLand] of [
  ["change", false],
  ["change undecided", false],
  ["change refused", false],
  ["change undecided settled-not-applied change refused", true],
  ["change undecided settled-not-applied change refused settled-refused", false],
] as const) {
  test(`after "${story}" an earlier write ${mayLand ? "may land though the last was" : "is not waited for as of one that was"} refused`, () => {
    const progress = progressAfter(story);
    expect(progress && mayLandThoughRefused(progress)).toBe(mayLand);
  });
}
