import { expect, test } from "vitest";
import { foldAccents, foldCase } from "../../src/core/names.ts";

for (const [left, right, same] of [
  ["Ada", "aDA", true],
  ["JOSÉ", "josé", true],
  ["jose", "josé", false],
  ["\u212A", "k", false], // Kelvin sign
  ["\u0130", "i", false], // Turkish dotted I
  ["\uFF41\uFF44\uFF41", "ada", false], // full width
  ["jos\u00E9", "jose\u0301", false], // composed and decomposed
  ["ΣΟΦΙΑ", "σοφια", true],
] as const) {
  test(`${left} and ${right} are ${same ? "" : "not "}the same name`, () =>
    expect(foldCase(left) === foldCase(right)).toBe(same));
}

test("a name is folded to small letters, the sign beyond the last ASCII one included", () => {
  expect(foldCase("ADA")).toBe("ada");
  expect(foldCase("\u0080A")).toBe("\u0080a");
  expect(foldCase("ADA\u212A")).toBe("ada\u212A");
});

test("accents and width fold away when only a likeness is asked for", () => {
  expect(foldAccents("\uFF2Aos\u00E9")).toBe(foldAccents("jose\u0301 "));
});

test("a likeness is small letters without any mark, however many stand in a row, and without space around", () => {
  expect(foldAccents(" A\u0301\u0323DA ")).toBe("ada");
});
