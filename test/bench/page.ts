/** The figures of the last run in docs/benchmarks.md, between two marks; the text around them is written by people. */
import { readFileSync, writeFileSync } from "node:fs";
import { arch, availableParallelism, cpus, platform, totalmem } from "node:os";
import { type Figure, writeFigures } from "./figure.ts";

const PAGE = new URL("../../docs/benchmarks.md", import.meta.url);
const BEGIN = "<!-- figures -->";
const END = "<!-- end of figures -->";

/** Puts the figures in the place of the last ones. @throws {Error} The page has no marks. */
export function putFigures(figures: readonly Figure[]): void {
  const page = readFileSync(PAGE, "utf8");
  const [head, rest] = page.split(BEGIN);
  const tail = rest?.split(END)[1];
  if (tail === undefined) throw new Error(`docs/benchmarks.md has no ${BEGIN} and ${END}`);
  writeFileSync(PAGE, `${head}${BEGIN}\n${describeMachine()}\n\n${writeFigures(figures)}\n${END}${tail}`);
}

function describeMachine(): string {
  const gib = Math.round(totalmem() / 2 ** 30);
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, Node ${process.versions.node} on ${platform()} ${arch()}, ${availableParallelism()} cores (${cpus()[0]?.model ?? "unknown"}), ${gib} GiB of memory.`;
}
