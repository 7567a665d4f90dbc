import { expect, test } from "vitest";
import { listUnclearWrites } from "../../src/core/journal.ts";
import { tellJournal, timeOf } from "../support/journal-story.ts";

const NOW = Date.parse("2026-11-22T09:00:00Z");

/** [what happened, by seq which attempts may still land, and of which event the time is the last at which each can have been sent] */
for (const [story, unclear] of [
  ["change", [[1, null]]],
  ["change accepted", []],
  ["change refused", []],
  ["change conflict", []],
  ["change not-sent", []],
  ["change undecided", [[1, 2]]],
  ["change undecided settled-applied", [[1, 2]]],
  ["change undecided settled-not-applied change accepted", [[1, 2]]],
  [
    "change undecided settled-not-applied change",
    [
      [1, 2],
      [4, null],
    ],
  ],
  ["change settled-not-applied settled-applied", [[1, 2]]],
  ["change accepted verified mismatch", []],
  ["already", []],
] as const) {
  test(`of "${story}" ${unclear.length === 0 ? "no write" : `the writes ${unclear.map(([seq]) => seq).join(" and ")}`} may still land`, () => {
    const found = listUnclearWrites(tellJournal([["2.1", story]]), NOW);
    expect(found.map(({ attempt, sentByMs }) => [attempt.seq, sentByMs])).toEqual(
      unclear.map(([seq, first]) => [seq, first === null ? NOW : Date.parse(timeOf(first))]),
    );
  });
}
