import { expect, test } from "vitest";
import { describeSkew, MOST_SKEW_MS, requireRightClock } from "../../src/core/clock-skew.ts";
import { BatchError } from "../../src/core/errors.ts";

for (const [title, clockSkewMs, refused] of [
  ["a tenant that sends no date", null, false],
  ["a clock that is right", 0, false],
  ["a clock 5 minutes behind", MOST_SKEW_MS, false],
  ["a clock 5 minutes ahead", -MOST_SKEW_MS, false],
  ["a clock a millisecond more than 5 minutes behind", MOST_SKEW_MS + 1, true],
  ["a clock a millisecond more than 5 minutes ahead", -MOST_SKEW_MS - 1, true],
  ["a clock a year ahead", -365 * 24 * 3_600_000, true],
] as const) {
  test(`${title} ${refused ? "is too far off to write with" : "may write"}`, () => {
    const act = () => requireRightClock({ clockSkewMs });
    if (refused) expect(act).toThrow(BatchError);
    else expect(act).not.toThrow();
  });
}

test("the refusal says how far off, in which direction, and how the clock is set", () => {
  expect(() => requireRightClock({ clockSkewMs: 7 * 60_000 })).toThrow(
    /7 min behind the tenant's, and more than 5 min is too much/,
  );
  expect(() => requireRightClock({ clockSkewMs: -7_200_000 })).toThrow(/2 h ahead of the tenant's/);
  try {
    requireRightClock({ clockSkewMs: 3_600_000 });
  } catch (error) {
    expect(error).toMatchObject({
      code: "refused",
      hint: expect.stringMatching(/w32tm.*chronyc.*run the same command/),
    });
  }
  expect(describeSkew(-90_000)).toBe("1 min 30 s ahead of the tenant's");
});
