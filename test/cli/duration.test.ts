import { expect, test } from "vitest";
import { parseDuration } from "../../src/cli/duration.ts";

for (const [text, ms] of [
  ["90m", 5_400_000],
  ["2h", 7_200_000],
  ["1h30m", 5_400_000],
  ["45S", 45_000],
  [" 1d ", 86_400_000],
  ["7d", 604_800_000],
  ["7d1s", null],
  ["0m", null],
  ["", null],
  ["90", null],
  ["1.5h", null],
  ["-5m", null],
  ["30m1h", null],
] as const) {
  test(`"${text}" is ${ms === null ? "no time to wait" : `${ms} ms`}`, () => expect(parseDuration(text)).toBe(ms));
}
