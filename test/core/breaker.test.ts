import { expect, test } from "vitest";
import { createBreaker } from "../../src/core/breaker.ts";
import type { ObservationKind } from "../../src/core/journal.ts";

const events = (kind: ObservationKind, count: number, errorCode: (index: number) => string | null = () => null) =>
  Array.from({ length: count }, (_, index) => ({ kind, errorCode: errorCode(index) }));
const different = (index: number) => `code${index}`;

for (const [title, rows, sequence, opens] of [
  ["2 equal refusals in a row do not open it", 100, events("refused", 2, () => "403"), false],
  ["3 equal refusals in a row open it", 100, events("refused", 3, () => "403"), true],
  [
    "4 different refusals of 50 do not open it",
    100,
    [...events("refused", 4, different), ...events("accepted", 46)],
    false,
  ],
  [
    "5 different refusals of 50 open it",
    100,
    [...events("refused", 4, different), ...events("accepted", 45), ...events("refused", 1, () => "last")],
    true,
  ],
  [
    "a refusal older than 50 writes counts no more",
    100,
    [...events("refused", 4, different), ...events("accepted", 50), ...events("refused", 1, () => "last")],
    false,
  ],
  ["2 drifted users of 100 do not open it", 100, events("drift", 2), false],
  ["3 drifted users of 100 open it", 100, events("drift", 3), true],
  ["10 drifted users of 1,000 do not open it", 1_000, events("drift", 10), false],
  ["11 drifted users of 1,000 open it", 1_000, events("drift", 11), true],
  ["one foreign value after a write opens it", 1_000, events("mismatch", 1), true],
  ["any number of lost answers does not open it", 100, events("undecided", 60), false],
] as const) {
  test(title, () => {
    const breaker = createBreaker(rows);
    expect(sequence.map((event) => breaker.watch(event)).some((reason) => reason !== null)).toBe(opens);
  });
}
