/** The figures of the last runs in docs/benchmarks.md, between two marks; the text around them is written by people. */
import { readFileSync, writeFileSync } from "node:fs";
import { arch, availableParallelism, cpus, platform, totalmem } from "node:os";
import { type Figure, tellFigure, writeTable } from "./figure.ts";

const PAGE = new URL("../../docs/benchmarks.md", import.meta.url);
const BEGIN = "<!-- figures -->";
const END = "<!-- end of figures -->";
const COLUMNS = ["Case", "What", "Ours", "Comparison", "Ratio", "Wanted", "Met", "Measured"] as const;

/** Puts the figures of one case in the place of its last ones. @throws {Error} The page has no marks. */
export function putFigures(name: string, figures: readonly Figure[], order: readonly string[]): void {
  const day = new Date().toISOString().slice(0, 10);
  writeFileSync(PAGE, replaceFigures(readFileSync(PAGE, "utf8"), { name, figures, order, day }));
}

/**
 * The page with new lines for one case. Those of the other cases stay, in the order of the bench; a line of a case that
 * there is no longer goes.
 *
 * @param order Names of all cases. @throws {Error} The page has no marks.
 */
export function replaceFigures(
  page: string,
  {
    name,
    figures,
    order,
    day,
  }: {
    readonly name: string;
    readonly figures: readonly Figure[];
    readonly order: readonly string[];
    readonly day: string;
  },
): string {
  const [head, rest] = page.split(BEGIN);
  const [table, tail] = rest?.split(END) ?? [];
  if (table === undefined || tail === undefined)
    throw new Error(`docs/benchmarks.md has no ${BEGIN} and ${END}: put them where the table is to stand`);
  const kept = table.split("\n").map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const rows = order.flatMap((each) =>
    each === name ? figures.map((figure) => [...tellFigure(figure), day]) : kept.filter(([first]) => first === each),
  );
  return `${head}${BEGIN}\n${describeMachine()}\n\n${writeTable(COLUMNS, rows)}\n${END}${tail}`;
}

function describeMachine(): string {
  const gib = Math.round(totalmem() / 2 ** 30);
  return `Node ${process.versions.node} on ${platform()} ${arch()}, ${availableParallelism()} cores (${cpus()[0]?.model ?? "unknown"}), ${gib} GiB of memory.`;
}
