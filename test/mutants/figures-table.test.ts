import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type GroupFigures, writeFigures } from "./figures-table.ts";
import { MUTATED } from "./mutated-files.ts";

const DOCUMENT = `# Title

<!-- mutation figures -->
| Group | Killed | Timed out | Survived | Explained | Score | Floor | Seconds | Measured |
|---|---:|---:|---:|---:|---:|---:|---:|---|
| writer | 8 | 1 | 1 | 1 | 90.0 % | 85 % | 60 | 2026-11-01 |
| former | 1 | 0 | 0 | 0 | 100.0 % | 85 % | 1 | 2026-11-01 |
<!-- /mutation figures -->

Text below.
`;
const planner: GroupFigures = {
  name: "planner",
  scores: [
    { file: "a.ts", killed: 5, timedOut: 1, survived: 2 },
    { file: "b.ts", killed: 1, timedOut: 0, survived: 0 },
  ],
  explained: 2,
  floor: 90,
  seconds: 12.6,
  reused: false,
  day: "2026-11-25",
};
const ORDER = ["planner", "writer", "checks"];

test("a group that was measured gets its line, others keep theirs, and one that is no more loses it", () => {
  expect(writeFigures(DOCUMENT, [planner], ORDER)).toBe(
    DOCUMENT.replace("| writer", "| planner | 6 | 1 | 2 | 2 | 77.8 % | 90 % | 13 | 2026-11-25 |\n| writer").replace(
      /\| former.*\n/,
      "",
    ),
  );
});

test("writing the same figures twice changes nothing the second time", () => {
  const once = writeFigures(DOCUMENT, [planner], ORDER);
  expect(writeFigures(once, [planner], ORDER)).toBe(once);
});

test("a document without a block of figures is named, not filled", () => {
  expect(() => writeFigures("# Title\n", [planner], ORDER)).toThrow("has no block");
});

test("docs/mutation.md names each group as it was measured: at or above its floor, with every survivor explained", () => {
  const document = readFileSync(join(import.meta.dirname, "../../docs/mutation.md"), "utf8");
  expect(writeFigures(document, [], Object.keys(MUTATED))).toBe(document);
  const lines = document.split("\n").filter((line) => /^\| [a-z]+ \|/.test(line));
  for (const line of lines) {
    const [name = "", , , survived, explained, score = ""] = line.slice(2).split(" | ");
    expect(explained, name).toBe(survived);
    expect(Number.parseFloat(score), name).toBeGreaterThanOrEqual(MUTATED[name]?.floor ?? 100);
  }
});
