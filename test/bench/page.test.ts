import { expect, test } from "vitest";
import { note } from "./figure.ts";
import { replaceFigures } from "./page.ts";

const PAGE = `before
<!-- figures -->
an old machine

| Case | What | Ours | Comparison | Ratio | Wanted | Met | Measured |
|---|---|---|---|---|---|---|---|
| start-up | --version | 26 ms | 23 ms (node) | 1.1 | at most 2.5x | yes | 2026-11-01 |
| growth | plan of 10 rows | 1 MiB |  |  |  |  | 2026-11-01 |
| growth | plan of 20 rows | 2 MiB |  |  |  |  | 2026-11-01 |
| gone | a case that was | 3 s |  |  |  |  | 2026-11-01 |
<!-- end of figures -->
after
`;
const ORDER = ["plan", "start-up", "growth"];
const replace = (name: string, page = PAGE) =>
  replaceFigures(page, {
    ...{ name, order: ORDER, day: "2026-11-26" },
    figures: [note({ case: name, what: "new", unit: "s", ours: 4.5 })],
  });
const linesOf = (page: string) => page.split("\n").filter((line) => /^\| (?!Case|---)/.test(line));

const NEW = (name: string) => `| ${name} | new | 4.5 s |  |  |  |  | 2026-11-26 |`;
const START_UP = "| start-up | --version | 26 ms | 23 ms (node) | 1.1 | at most 2.5x | yes | 2026-11-01 |";
const GROWTH = [10, 20].map((rows) => `| growth | plan of ${rows} rows | ${rows / 10} MiB |  |  |  |  | 2026-11-01 |`);

for (const [name, lines] of [
  ["growth", [START_UP, NEW("growth")]],
  ["start-up", [NEW("start-up"), ...GROWTH]],
  ["plan", [NEW("plan"), START_UP, ...GROWTH]],
] as const) {
  test(`the lines of ${name} take the place of its last ones, the others stay in the order of the bench`, () => {
    expect(linesOf(replace(name))).toEqual(lines);
  });
}

test("the text around the table stays, and the machine is that of the last run", () => {
  const page = replace("plan");
  expect([
    page.startsWith("before\n<!-- figures -->\nNode "),
    page.endsWith("<!-- end of figures -->\nafter\n"),
  ]).toEqual([true, true]);
  expect(page).not.toContain("an old machine");
  expect(linesOf(replace("plan", page))).toEqual(linesOf(page));
});

test("a page without marks is left alone", () => {
  expect(() => replace("plan", "no table here")).toThrow("docs/benchmarks.md has no <!-- figures -->");
});
