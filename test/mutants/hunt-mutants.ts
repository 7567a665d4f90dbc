/**
 * Mutation testing of core, writer and the classifier of Graph's answers: prints figures, and every mutant that no test
 * notices and no reason explains.
 *
 *   npm run reliability:mutants -- [--concurrency N] [--write] [--reuse] [group or file ...]
 *
 * Without names it takes every group of `mutated-files.ts`, which is hours on two cores. With `--write` the figures of
 * each group go into `docs/mutation.md` as soon as it is done. With `--reuse` a group is quick the second time: what a
 * mutant came to counts again while its code stands and the tests that reach it have the same names.
 *
 * Exit code 1 when a group is below its floor, or a mutant survives that `surviving-*.ts` does not explain.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type GroupFigures, writeFigures } from "./figures-table.ts";
import { MUTATED } from "./mutated-files.ts";
import { runStryker, type Survivor, scoreOf } from "./run-stryker.ts";
import { SURVIVING } from "./surviving-mutants.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    concurrency: { type: "string", default: "1" },
    reporter: { type: "string", multiple: true },
    write: { type: "boolean", default: false },
    reuse: { type: "boolean", default: false },
  },
});
const concurrency = Number(values.concurrency);
if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
  process.stderr.write(`--concurrency must be a whole number from 1, not ${values.concurrency}\n`);
  process.exit(2);
}

const nameOf = ({ file, code, becomes }: Survivor) => `${file}: ${code}\n    becomes ${becomes}`;
const explained = new Set(SURVIVING.flatMap(({ mutants }) => mutants).map(nameOf));
const STRICTEST = Math.max(...Object.values(MUTATED).map(({ floor }) => floor));

/** Files that are named on their own go together and are held to the strictest floor. */
const groups = Object.entries(MUTATED).filter(([name]) => positionals.length === 0 || positionals.includes(name));
const files = positionals.filter((name) => !Object.hasOwn(MUTATED, name));
const parts = [
  ...groups.map(([name, group]) => ({ name, ...group })),
  ...(files.length === 0 ? [] : [{ name: "files that were named", files, floor: STRICTEST, tests: undefined }]),
];
/** Tests that the caller names go before those of the group: for a first look, or to see what they notice alone. */
const namedTests = process.env.MUTANT_TESTS?.split(" ");

const DOCUMENT = join(import.meta.dirname, "../../docs/mutation.md");

function write(figures: GroupFigures): void {
  const text = readFileSync(DOCUMENT, "utf8");
  writeFileSync(DOCUMENT, writeFigures(text, [figures], Object.keys(MUTATED)));
}

const startedMs = performance.now();
let failed = false;
for (const { name, files: globs, floor, tests } of parts) {
  const groupStartedMs = performance.now();
  const { scores, survivors } = await runStryker(globs, {
    concurrency,
    reporters: values.reporter ?? ["progress-append-only"],
    tests: namedTests ?? tests,
    reuse: values.reuse && Object.hasOwn(MUTATED, name) ? `.tmp/mutants-of-${name}.json` : undefined,
  });
  const score = scoreOf(scores);
  const unexplained = survivors.map(nameOf).filter((text) => !explained.has(text));
  for (const { file, killed, timedOut, survived } of scores) {
    const noticed = scoreOf([{ file, killed, timedOut, survived }]).toFixed(1);
    console.log(`  ${file}: ${killed} killed, ${timedOut} timed out, ${survived} survived, ${noticed} %`);
  }
  console.log(`${name}: mutation score ${score.toFixed(1)} %, floor ${floor} %, ${unexplained.length} unexplained`);
  for (const text of unexplained) console.log(`  ${text}`);
  if (values.write && Object.hasOwn(MUTATED, name)) {
    const seconds = (performance.now() - groupStartedMs) / 1000;
    const explainedCount = survivors.length - unexplained.length;
    const day = new Date().toISOString().slice(0, 10);
    write({ name, scores, explained: explainedCount, floor, seconds, reused: values.reuse, day });
  }
  failed ||= score < floor || unexplained.length > 0 || scores.length === 0;
}
console.log(`took ${Math.round((performance.now() - startedMs) / 1000)} s`);
process.exitCode = failed ? 1 : 0;
