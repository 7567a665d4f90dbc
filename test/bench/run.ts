/**
 * Measures the shipped commands against the simulation: ours, the comparison and the ratio side by side.
 *
 *   npm run bench -- [case ...] [--json] [--write] [--rows N] [--factor N] [--most-rows N]
 *
 * Without a case it takes all, about an hour and a half. `--write` puts the lines of a case into docs/benchmarks.md as
 * soon as it is done. Exit code 1 when a promise is not kept.
 */
import { parseArgs } from "node:util";
import { CASES } from "./cases.ts";
import { type Figure, writeFigures } from "./figure.ts";
import { putFigures } from "./page.ts";

const { values, positionals } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    rows: { type: "string", default: "10000" },
    factor: { type: "string", default: "1" },
    "most-rows": { type: "string", default: "1000000" },
  },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !CASES.has(name));
if (unknown.length > 0) {
  process.stderr.write(`no such case: ${unknown.join(", ")}; there are ${[...CASES.keys()].join(", ")}\n`);
  process.exit(2);
}
const size = {
  rows: Number(values.rows),
  factor: Number(values.factor),
  mostRows: Number(values["most-rows"]),
};
const figures: Figure[] = [];
for (const [name, bench] of CASES) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const startedMs = performance.now();
  const found = await bench(size);
  figures.push(...found);
  if (values.write) putFigures(name, found, [...CASES.keys()]);
  process.stderr.write(`${name}: ${Math.round((performance.now() - startedMs) / 1000)} s\n`);
}
process.stdout.write(values.json ? `${JSON.stringify(figures, null, 2)}\n` : `${writeFigures(figures)}\n`);
process.exitCode = figures.some(({ met }) => met === false) ? 1 : 0;
