import { expect, test } from "vitest";
import { BREAKER_REASONS, type BreakerReason, createBreaker } from "../../src/core/breaker.ts";
import type { ObservationKind } from "../../src/core/journal.ts";

const events = (kind: ObservationKind, count: number, errorCode: (index: number) => string | null = () => null) =>
  Array.from({ length: count }, (_, index) => ({ kind, errorCode: errorCode(index) }));
const different = (index: number) => `code${index}`;
/** 4 refusals and then as many accepted writes that a fifth refusal makes so many writes in all. */
const refusedIn = (writes: number) => [
  ...events("refused", 4, different),
  ...events("accepted", writes - 5),
  ...events("refused", 1, () => "last"),
];

const CASES: readonly (readonly [
  title: string,
  rows: number,
  sequence: ReturnType<typeof events>,
  opens: BreakerReason | null,
])[] = [
  ["2 equal refusals in a row do not open it", 100, events("refused", 2, () => "403"), null],
  ["3 equal refusals in a row open it", 100, events("refused", 3, () => "403"), "equal-refusals"],
  [
    "3 equal refusals that were only settled later open it",
    100,
    events("settled-refused", 3, () => "403"),
    "equal-refusals",
  ],
  ["4 refusals of 50 do not open it", 100, [...events("refused", 4, different), ...events("accepted", 46)], null],
  ["5 refusals of 49 open it", 100, refusedIn(49), "refused"],
  ["5 refusals of 50 open it", 100, refusedIn(50), "refused"],
  ["5 refusals of 51 do not open it: the first counts no more", 100, refusedIn(51), null],
  ["2 drifted users of 100 do not open it", 100, events("drift", 2), null],
  ["3 drifted users of 100 open it", 100, events("drift", 3), "drift"],
  ["2 drifted users of 2 do not open it", 2, events("drift", 2), null],
  ["9 drifted users of 1,000 do not open it", 1_000, events("drift", 9), null],
  ["10 drifted users of 1,000 do not open it", 1_000, events("drift", 10), null],
  ["11 drifted users of 1,000 open it", 1_000, events("drift", 11), "drift"],
  ["users that sync has taken over count as drifted", 100, [...events("drift", 1), ...events("overtaken", 2)], "drift"],
  ["one foreign value after a write opens it", 1_000, events("mismatch", 1), "foreign-value"],
  ["one lost write that settles as a foreign value opens it", 1_000, events("settled-drift", 1), "foreign-value"],
  [
    "equal refusals are in a row whatever is learned between them",
    100,
    events("refused", 3, () => "403").flatMap((event, index) =>
      index === 0 ? [event] : [...events("verified", 1), event],
    ),
    "equal-refusals",
  ],
  [
    "what is no answer does not push refusals out of the window",
    100,
    [...events("refused", 4, different), ...events("verified", 60), ...events("refused", 1, () => "last")],
    "refused",
  ],
  ["any number of lost answers does not open it", 100, events("undecided", 60), null],
];

for (const [title, rows, sequence, opens] of CASES) {
  test(`D27: breaker thresholds: ${title}`, () => {
    const breaker = createBreaker(rows);
    const verdicts = sequence.map((event) => breaker.watch(event)?.reason ?? null);
    expect(verdicts.slice(0, -1).every((reason) => reason === null)).toBe(true);
    expect(verdicts.at(-1)).toBe(opens);
  });
}

test("every reason opens the breaker in some case", () => {
  expect(BREAKER_REASONS.filter((reason) => !CASES.some(([, , , opens]) => opens === reason))).toEqual([]);
});

test("the detail of drift says how many users sync has taken over", () => {
  const breaker = createBreaker(100);
  const [last] = [...events("drift", 1), ...events("overtaken", 2)].map((event) => breaker.watch(event)).slice(-1);
  expect(last?.detail).toBe("3 users were changed by somebody else since the plan, 2 of them taken over by sync");
});

for (const [title, sequence, detail] of [
  ["drift", events("drift", 3), "3 users were changed by somebody else since the plan"],
  ["equal refusals", events("refused", 3, () => "Denied"), "3 writes in a row were refused with Denied"],
  ["equal refusals without a code", events("refused", 3), "3 writes in a row were refused with the same answer"],
  ["refusals", refusedIn(49), "5 of the last 49 writes were refused"],
] as const) {
  test(`the detail of ${title} has the figures`, () => {
    const breaker = createBreaker(100);
    expect(sequence.map((event) => breaker.watch(event)).at(-1)?.detail).toBe(detail);
  });
}
