import { describe, expect, test } from "vitest";
import { BatchError, describeError, nameSome } from "../../src/core/errors.ts";

/** An error below so many others. */
const nested = (levels: number): Error =>
  Array.from({ length: levels }).reduce<Error>(
    (cause, _, level) => new Error(`${level + 1}`, { cause }),
    new Error("0"),
  );

describe("describeError", () => {
  for (const [title, thrown, text] of [
    ["an error by its message", new Error("no disk"), "no disk"],
    ["an error without a message by its name", new RangeError(), "RangeError"],
    ["something that is no error as text", "cut", "cut"],
    ["what caused it in brackets", new Error("no plan", { cause: new Error("no disk") }), "no plan (no disk)"],
    ["a cause that is no error", new Error("no plan", { cause: "cut" }), "no plan (cut)"],
    ["five causes", nested(5), "5 (4 (3 (2 (1 (0)))))"],
    ["no more than five causes", nested(6), "6 (5 (4 (3 (2 (1)))))"],
  ] as const) {
    test(`tells ${title}`, () => expect(describeError(thrown)).toBe(text));
  }

  test("comes to an end where two errors name each other as their cause", () => {
    const one = new Error("one");
    one.cause = new Error("other", { cause: one });
    expect(describeError(one)).toBe("one (other (one (other (one (other)))))");
  });
});

test("a batch error carries its cause, and has none that was not given", () => {
  const cause = new Error("no disk");
  const error = new BatchError("disk", "No plan.", "Plan again.", { cause, details: ["row 2"] });
  expect([error.cause, error.details]).toEqual([cause, ["row 2"]]);
  const bare = new BatchError("disk", "No plan.", "Plan again.");
  expect([Object.hasOwn(bare, "cause"), bare.details]).toEqual([false, []]);
});

test("nameSome names twenty lines, and of more the number of the others and where they are", () => {
  const lines = Array.from({ length: 22 }, (_, index) => `row ${index + 2}`);
  expect(nameSome(lines.slice(0, 20), "a new plan")).toEqual(lines.slice(0, 20));
  expect(nameSome(lines.slice(0, 21), "a new plan")).toEqual([...lines.slice(0, 20), "and 1 more: see a new plan"]);
  expect(nameSome(lines, "a new plan").at(-1)).toBe("and 2 more: see a new plan");
});
