import fc from "fast-check";
import { expect, test } from "vitest";
import { type ChangeProgress, foldJournal, UNTOUCHED } from "../../src/core/change-progress.ts";
import { OBSERVATION_KINDS } from "../../src/core/journal.ts";
import { createProgressPacker } from "../../src/core/settled-progress.ts";
import { tellJournal } from "../support/journal-story.ts";

const FEWEST = 3;
const many = () => createProgressPacker(FEWEST, FEWEST);
const KEY = "2.1";
const tell = (words: string) => tellJournal([[KEY, words]]);
const progressAfter = (words: string): ChangeProgress => foldJournal(tell(words)).get(KEY) ?? UNTOUCHED;

test("whatever happens to a change, its progress is the same as without packing", () => {
  const word = fc.constantFrom("change", "canary-back", "canary-again", ...OBSERVATION_KINDS);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), (words) => {
      const journal = tell(words.join(" "));
      expect([...foldJournal(journal, many())]).toEqual([...foldJournal(journal)]);
    }),
  );
});

for (const [story, packed] of [
  ["change accepted verified", true],
  ["already", true],
  ["change accepted verified sync-matched", true],
  ["change accepted verified set-back", true],
  ["change undecided settled-not-applied change accepted verified", false],
  ["change", false],
  ["change accepted", false],
  ["change refused", false],
  ["change accepted mismatch", false],
] as const) {
  test(`a change of which the journal says "${story}" is ${packed ? "packed" : "left as it is"}`, () => {
    const progress = progressAfter(story);
    const kept = many()(progress);
    expect([kept === progress, kept]).toEqual([!packed, progress]);
  });
}

test("the progress of few changes is left as it is", () => {
  const progress = progressAfter("change accepted verified");
  expect(createProgressPacker(FEWEST - 1, FEWEST)(progress)).toBe(progress);
});
