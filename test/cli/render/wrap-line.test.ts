import fc from "fast-check";
import { expect, test } from "vitest";
import { wrapLine } from "../../../src/cli/render/wrap-line.ts";

const CASES = [
  { name: "a line that fits", line: "  row 2  fine", width: 40, lines: ["  row 2  fine"] },
  {
    name: "a table's line, under its last column",
    line: "  source-used-twice  2 rows  Two rows lead to one AD account, or to two accounts with the same source anchor.",
    width: 80,
    lines: [
      "  source-used-twice  2 rows  Two rows lead to one AD account, or to two accounts",
      "                             with the same source anchor.",
    ],
  },
  {
    name: "a line without columns, a little further in",
    line: "Rollback works only until sync takes a user over: about 30 minutes.",
    width: 50,
    lines: ["Rollback works only until sync takes a user over:", "  about 30 minutes."],
  },
  {
    name: "a command, never",
    line: "To undo it:  hardmatch rollback runs/a-very-long-name-of-a-run-folder --confirm 1200",
    width: 40,
    lines: ["To undo it:  hardmatch rollback runs/a-very-long-name-of-a-run-folder --confirm 1200"],
  },
  { name: "a word that is too long, as it is", line: "x".repeat(90), width: 40, lines: ["x".repeat(90)] },
];
for (const { name, line, width, lines } of CASES) {
  test(`wrapLine wraps ${name}`, () => expect(wrapLine(line, width)).toEqual(lines));
}

test("wrapLine loses no word and adds none, and a line is too long only where a word is", () => {
  const words = fc.array(fc.stringMatching(/^[a-z0-9]{1,30}$/), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(words, fc.integer({ min: 40, max: 120 }), fc.nat({ max: 20 }), (list, width, gapAt) => {
      const line = list.map((word, at) => (at === gapAt ? `  ${word}` : word)).join(" ");
      const wrapped = wrapLine(line, width);
      expect(wrapped.join(" ").split(/\s+/).filter(Boolean)).toEqual(line.split(/\s+/).filter(Boolean));
      for (const each of wrapped) {
        if (each.length > width) expect(each.trim().split(/\s+/).length).toBeLessThanOrEqual(2);
      }
    }),
  );
});
