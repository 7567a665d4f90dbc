/**
 * The figures of `docs/mutation.md`: a line for each group, the last time it was measured.
 *
 * All groups together take hours, so a run of some of them replaces their lines and leaves the others.
 */
import { type FileScore, scoreOf } from "./run-stryker.ts";

/** What one run of a group has come to. */
export type GroupFigures = {
  readonly name: string;
  readonly scores: readonly FileScore[];
  /** Survivors that `surviving-mutants.ts` gives a reason for. */
  readonly explained: number;
  /** Per cent. */
  readonly floor: number;
  readonly seconds: number;
  /** Some results may be those of an earlier run, so the seconds say little. */
  readonly reused: boolean;
  /** The day of the run, YYYY-MM-DD. */
  readonly day: string;
};

const BLOCK = /(<!-- mutation figures -->\n)[\s\S]*?(<!-- \/mutation figures -->)/;
const HEADINGS = ["Group", "Killed", "Timed out", "Survived", "Explained", "Score", "Floor", "Seconds", "Measured"];

/**
 * @param text The whole document as it stands.
 * @param order Names of all groups; lines of others are left out.
 * @throws {Error} The document has no block of figures.
 */
export function writeFigures(text: string, figures: readonly GroupFigures[], order: readonly string[]): string {
  const [block] = BLOCK.exec(text) ?? [];
  if (block === undefined) throw new Error("the document has no block <!-- mutation figures -->");
  const lines = new Map<string, string>();
  for (const line of block.split("\n")) {
    const name = /^\| (\S+) \|/.exec(line)?.[1];
    if (name !== undefined) lines.set(name, line);
  }
  for (const group of figures) lines.set(group.name, lineOf(listCells(group)));
  const kept = order.flatMap((name) => lines.get(name) ?? []);
  const table = [lineOf(HEADINGS), `|---|${"---:|".repeat(HEADINGS.length - 2)}---|`, ...kept];
  return text.replace(BLOCK, (_whole, open: string, close: string) => `${open}${table.join("\n")}\n${close}`);
}

function listCells({ name, scores, explained, floor, seconds, reused, day }: GroupFigures): string[] {
  const sum = (of: "killed" | "timedOut" | "survived") => scores.reduce((total, score) => total + score[of], 0);
  const counts = [sum("killed"), sum("timedOut"), sum("survived"), explained].map(String);
  const took = `${Math.round(seconds)}${reused ? " (reused)" : ""}`;
  return [name, ...counts, `${scoreOf(scores).toFixed(1)} %`, `${floor} %`, took, day];
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
