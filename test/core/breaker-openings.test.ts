import { expect, test } from "vitest";
import type { BreakerReason } from "../../src/core/breaker.ts";
import {
  acknowledgeOpening,
  addOpening,
  type BreakerOpening,
  findOpenBreaker,
  requireClosedBreaker,
} from "../../src/core/breaker-openings.ts";

const AT = "2026-11-22T02:00:00.000Z";
const WORD = { operator: "cyd", at: "2026-11-22T03:00:00.000Z" };
const VERDICT = { reason: "drift", detail: "3 users were changed" } as const;
const OPEN: BreakerOpening = { ...VERDICT, openedAt: AT, acknowledged: null };
const CLOSED: BreakerOpening = { ...OPEN, acknowledged: WORD };
const acknowledge = (openings: readonly BreakerOpening[], given?: BreakerReason) =>
  acknowledgeOpening(openings, given, WORD, (reason) => `apply runs/a --acknowledge ${reason}`);

test("an opening stands until it is acknowledged, and a later one is another", () => {
  expect(addOpening([], VERDICT, AT)).toEqual([OPEN]);
  expect(addOpening([OPEN], { reason: "refused", detail: "while it drained" }, AT)).toEqual([OPEN]);
  expect(addOpening([CLOSED], VERDICT, AT)).toEqual([CLOSED, OPEN]);
  expect([findOpenBreaker([OPEN]), findOpenBreaker([CLOSED]), findOpenBreaker([])]).toEqual([OPEN, null, null]);
});

test("only an opening that nobody has acknowledged keeps a run from going on", () => {
  expect(() => requireClosedBreaker([])).not.toThrow();
  expect(() => requireClosedBreaker([CLOSED])).not.toThrow();
  expect(() => requireClosedBreaker([CLOSED, OPEN])).toThrow(/for drift: 3 users were changed/);
});

test("the reason of the opening closes it, with who said so and when", () => {
  const earlier = { ...CLOSED, acknowledged: { operator: "ada", at: AT } };
  expect(acknowledge([earlier, OPEN], "drift")).toEqual([earlier, CLOSED]);
});

test("the same word once more, when the command is repeated, changes nothing", () => {
  const openings = [CLOSED];
  expect(acknowledge(openings, "drift")).toBe(openings);
  expect(acknowledge(openings)).toBe(openings);
});

for (const [title, openings, given, message] of [
  [
    "nothing said of an open breaker",
    [OPEN],
    undefined,
    /stopped this run at .* for drift: 3 users were changed\. Nothing/,
  ],
  ["another reason than the stored one", [OPEN], "refused", /for drift, which is not refused/],
  ["a reason for a breaker that never opened", [], "drift", /has never opened/],
  ["another reason than the one that was acknowledged", [CLOSED], "refused", /last opened for drift/],
] as const) {
  test(`${title} is refused`, () => {
    expect(() => acknowledge(openings, given)).toThrow(message);
    expect(() => acknowledge(openings, given)).toThrow(expect.objectContaining({ code: "refused" }));
  });
}

test("the refusal of an open breaker has the command that goes on", () => {
  expect(() => acknowledge([OPEN])).toThrow(
    expect.objectContaining({ hint: expect.stringContaining("apply runs/a --acknowledge drift") }),
  );
});
