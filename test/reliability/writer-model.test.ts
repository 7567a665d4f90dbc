/**
 * E19: planner, writer, resume and rollback as one model, held against the ledger of the tenant.
 *
 * The long version is `npm run reliability:model`: 100,000 stories. HARDMATCH_MODEL_RUNS and HARDMATCH_MODEL_SEED say
 * other numbers; a failure prints seed, path and the smallest story that shows it.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Story } from "./story-plans.ts";
import { playStory } from "./writer-model.ts";

const RUNS = Number(process.env.HARDMATCH_MODEL_RUNS ?? 2_000);
const SEED = Number(process.env.HARDMATCH_MODEL_SEED ?? 1);
const MINUTES = 60_000;

const fates = fc.oneof(
  { weight: 6, arbitrary: fc.constant("accepted" as const) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "lost" as const,
      "lost-applied" as const,
      "refused" as const,
      "conflict" as const,
      "not-sent" as const,
      "too-late" as const,
      { late: 5_000 },
      { late: 60_000 },
      { late: 170_000 },
    ),
  },
);

const stories: fc.Arbitrary<Story> = fc.integer({ min: 1, max: 8 }).chain((size) =>
  fc.record({
    holding: fc.shuffledSubarray(
      Array.from({ length: size }, (_, index) => index),
      { minLength: size },
    ),
    holds: fc.array(
      fc.constantFrom("other" as const, "other" as const, "own" as const, "foreign" as const, "nothing" as const),
      {
        minLength: size,
        maxLength: size,
      },
    ),
    heldOutside: fc.array(fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)), {
      minLength: size,
      maxLength: size,
    }),
    canary: fc.integer({ min: 0, max: 3 }),
    fates: fc.array(fates, { maxLength: 40 }),
    failingReads: fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 4 }),
    deaths: fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 5 }),
    turns: fc.array(fc.nat(4), { maxLength: 12 }),
    lagMs: fc.constantFrom(0, 0, 2_000, 60_000),
  }),
);

/** Stories that were once told wrongly, each as small as it was found. */
const TOLD_WRONG_ONCE: readonly (readonly [what: string, story: Story])[] = [
  [
    "a process that dies while a refused row waits for its lost write to land",
    {
      holding: [5, 6, 4, 3, 1, 2, 0],
      holds: Array.from({ length: 7 }, () => "other" as const),
      heldOutside: [false, false, false, false, false, false, true],
      canary: 0,
      fates: ["lost", ...Array.from({ length: 6 }, () => "accepted" as const), { late: 170_000 }, "refused"],
      failingReads: [23],
      deaths: [4, 2, 1],
      turns: [],
      lagMs: 0,
    },
  ],
];

for (const [what, story] of TOLD_WRONG_ONCE) {
  test(`E19: ${what} loses no row`, async () => {
    expect(await playStory(story)).toEqual([]);
  });
}

test("E19: random batches under random faults and deaths lose no row, and rollback restores the start", {
  timeout: 60 * MINUTES,
}, async () => {
  const startedMs = performance.now();
  await fc.assert(
    fc.asyncProperty(stories, async (story) => {
      expect(await playStory(story)).toEqual([]);
    }),
    { numRuns: RUNS, seed: SEED },
  );
  const perSecond = Math.round((RUNS * 1000) / (performance.now() - startedMs));
  console.log(`E19: ${RUNS} stories, seed ${SEED}, ${perSecond} a second, nothing lost`);
});
