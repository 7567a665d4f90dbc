/**
 * What more rows cost, quota and latency off: CPU time and peak memory of plan and its files from 1,000 to 1,000,000
 * rows, and in a case of their own, which nothing is promised of, of apply and status up to 100,000.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Company, NO_LATENCY, startCompany } from "./company.ts";
import { compare, type Figure, limit, note } from "./figure.ts";
import { median } from "./median.ts";
import { runCommand, type Usage } from "./run-command.ts";
import type { BenchSize } from "./size.ts";

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
/** Beyond this a plan is made once, and nothing is applied. */
const MOST_REPEATED = 100_000;
/** Of which the median counts: when the collector happens to come changes the peak of one plan by a tenth. */
const PLANS = 3;
/** Of plan. */
const MOST_MIB: Readonly<Record<number, number>> = { 100000: 400, 1000000: 1536 };
const MOST_GROWTH = 1.2;

type Step = { readonly rows: number; readonly usage: Usage };

/** The commands of one case with so many rows, each with what it is called. */
type Commands = (rows: number, run: RunWords) => AsyncIterable<readonly [string, Usage]>;
type RunWords = (...words: readonly string[]) => Promise<Usage>;

export async function benchGrowth({ mostRows }: BenchSize): Promise<readonly Figure[]> {
  return await measure("growth", mostRows, async function* (rows, run) {
    const usages = [await plan(run, "run")];
    while (rows <= MOST_REPEATED && usages.length < PLANS) usages.push(await plan(run, `run-${usages.length}`));
    yield ["plan", medianOf(usages)];
  });
}

export async function benchGrowthOfApply({ mostRows }: BenchSize): Promise<readonly Figure[]> {
  return await measure("growth-apply", Math.min(mostRows, MOST_REPEATED), async function* (rows, run) {
    await plan(run, "run");
    yield ["apply", await run("apply", "run", "--confirm", String(rows))];
    yield ["status with results.csv and report.html", await run("status", "run")];
  });
}

const plan = (run: RunWords, name: string) => run("plan", join("mappings", "example.csv"), "--run", name);

async function measure(name: string, mostRows: number, commands: Commands): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const stepsOf = new Map<string, Step[]>();
  for (const rows of SIZES.filter((size) => size <= mostRows)) {
    await using company = await startCompany({ people: rows, rows, latency: NO_LATENCY, quotaIsOff: true });
    takeQuotaOff(company);
    const run: RunWords = async (...words) => {
      const { cpuMs, peakMib } = await runCommand(company, words);
      return { cpuMs, peakMib };
    };
    for await (const [command, usage] of commands(rows, run)) {
      process.stderr.write(`${command} of ${rows} rows: ${JSON.stringify(usage)}\n`);
      const steps = stepsOf.get(command) ?? [];
      stepsOf.set(command, [...steps, { rows, usage }]);
      const about = { case: name, what: `${command} of ${rows.toLocaleString("en")} rows` };
      figures.push(note({ ...about, unit: "ms CPU a row", ours: usage.cpuMs / rows }));
      const most = command === "plan" ? MOST_MIB[rows] : undefined;
      const peak = { ...about, what: `${about.what}, peak memory`, unit: "MiB", ours: usage.peakMib };
      figures.push(most === undefined ? note(peak) : limit(peak, most));
    }
  }
  for (const [command, steps] of stepsOf) figures.push(...compareSteps(name, command, steps));
  return figures;
}

const medianOf = (usages: readonly Usage[]): Usage => ({
  cpuMs: median(usages.map(({ cpuMs }) => cpuMs)),
  peakMib: median(usages.map(({ peakMib }) => peakMib)),
});

function takeQuotaOff({ folder }: Company): void {
  const file = join(folder, "hardmatch.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("limits:\n", "limits:\n  writes: 1000000000\n"));
}

/** The last step up against the one before: what each added row costs. */
function compareSteps(name: string, command: string, steps: readonly Step[]): Figure[] {
  const [first, second, third] = steps.slice(-3);
  if (first === undefined || second === undefined || third === undefined) return [];
  const added = (from: Step, to: Step, read: (usage: Usage) => number) =>
    (read(to.usage) - read(from.usage)) / (to.rows - from.rows);
  const step = `${command}: each row added from ${second.rows.toLocaleString("en")} to ${third.rows.toLocaleString("en")}`;
  const comparedWith = `from ${first.rows.toLocaleString("en")} to ${second.rows.toLocaleString("en")}`;
  // The first ten thousand rows hardly show what one more costs: nothing is promised before a million.
  const promised =
    third.rows > MOST_REPEATED ? ({ ratio: "ours/comparison", atMost: MOST_GROWTH } as const) : undefined;
  return [
    compare(
      {
        ...{ case: name, what: `${step}, CPU time`, unit: "ms", comparedWith },
        ours: added(second, third, ({ cpuMs }) => cpuMs),
        comparison: added(first, second, ({ cpuMs }) => cpuMs),
      },
      promised,
    ),
    compare(
      {
        ...{ case: name, what: `${step}, peak memory`, unit: "KiB", comparedWith },
        ours: added(second, third, ({ peakMib }) => peakMib * 1024),
        comparison: added(first, second, ({ peakMib }) => peakMib * 1024),
      },
      promised,
    ),
  ];
}
