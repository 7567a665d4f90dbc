/**
 * The long version of the crash tests: prints figures, with the seed that they come from.
 *
 *   npm run reliability -- [--stride N] [--offset N] [--lanes N] [--series N] [--random N] [--seed N] [--minutes N] [--write]
 *
 * Without options it takes every kill point there is, which is more than an hour on two cores; `--stride 3` takes a third
 * of them, `--minutes` begins no new one after that time. `--write` puts the table into docs/reliability.md. Exit code 1
 * when anything was found broken.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { arch, availableParallelism, platform } from "node:os";
import { parseArgs } from "node:util";
import { tryDamage } from "./damage-figures.ts";
import { writeTable } from "./figure.ts";
import { tryKillPoints } from "./kill-figures.ts";
import { tryStarts } from "./start-figures.ts";

const { values } = parseArgs({
  options: {
    stride: { type: "string", default: "1" },
    offset: { type: "string", default: "0" },
    lanes: { type: "string", default: String(availableParallelism()) },
    series: { type: "string", default: "25" },
    random: { type: "string", default: "1000" },
    seed: { type: "string", default: "20261122" },
    minutes: { type: "string", default: "1440" },
    write: { type: "boolean", default: false },
  },
});

function wholeNumber(name: "stride" | "offset" | "lanes" | "series" | "random" | "seed" | "minutes"): number {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  process.stderr.write(`--${name} must be a whole number, not ${values[name]}\n`);
  process.exit(2);
}

const [stride, offset, seed] = [wholeNumber("stride"), wholeNumber("offset"), wholeNumber("seed")];
const endMs = performance.now() + wholeNumber("minutes") * 60_000;
const note = (text: string) => process.stderr.write(`${text}\n`);
const choice = {
  stride,
  offset,
  seed,
  lanes: wholeNumber("lanes"),
  series: wholeNumber("series"),
  randomKills: wholeNumber("random"),
};
const chapters = [
  await tryDamage(seed, note),
  await tryStarts(note),
  await tryKillPoints({ ...choice, goOn: () => performance.now() < endMs }, note),
];
const reports = chapters.flatMap((chapter) => chapter.reports);
const which = stride === 1 ? "every moment" : `one moment in ${stride}, from ${offset % stride}`;
const page = `# Reliability: figures of one run

Made by \`npm run reliability\` with seed ${seed} and ${which}, Node ${process.versions.node} on ${platform()} ${arch()}, ${new Date().toISOString().slice(0, 10)}.
A kill point is the moment before or after one effect: a request, a wait, a commit, a system call that changes the disk.

${writeTable(chapters.flatMap(({ figures }) => figures))}
`;
process.stdout.write(page);
if (reports.length > 0) process.stdout.write(`\nFound broken:\n${reports.map((text) => `- ${text}\n`).join("")}`);
if (values.write) writePage();
process.exitCode = reports.length === 0 ? 0 : 1;

/** What stands from the long runs on is written by hand, from what `reliability:model` and its like print. */
function writePage(): void {
  const path = new URL("../../docs/reliability.md", import.meta.url);
  const known = readFileSync(path, "utf8");
  const byHand = known.indexOf("\n## Long runs");
  writeFileSync(path, byHand === -1 ? page : page + known.slice(byHand));
}
