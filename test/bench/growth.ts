/**
 * What more rows cost: CPU time and peak memory of plan, apply and status for 1,000, 10,000 and 100,000 rows, quota and
 * latency off; plan and its files for 1,000,000.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Company, NO_LATENCY, startCompany } from "./company.ts";
import { compare, type Figure, limit, note } from "./figure.ts";
import { median } from "./median.ts";
import { runCommand, type Usage } from "./run-command.ts";
import type { BenchSize } from "./size.ts";

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
/** Beyond this only reading, plan and its files. */
const MOST_APPLIED = 100_000;
/** Of which the median counts: when the collector happens to come changes the peak of one plan by a tenth. */
const PLANS = 3;
/** Of plan. */
const MOST_MIB: Readonly<Record<number, number>> = { 100000: 400, 1000000: 1536 };
const MOST_GROWTH = 1.2;

type Step = { readonly rows: number; readonly usage: Usage };

export async function benchGrowth({ mostRows }: BenchSize): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const stepsOf = new Map<string, Step[]>();
  for (const rows of SIZES.filter((size) => size <= mostRows)) {
    for await (const [command, usage] of runCommands(rows)) {
      process.stderr.write(`${command} of ${rows} rows: ${JSON.stringify(usage)}\n`);
      const steps = stepsOf.get(command) ?? [];
      stepsOf.set(command, [...steps, { rows, usage }]);
      const about = { case: "growth", what: `${command} of ${rows.toLocaleString("en")} rows` };
      figures.push(note({ ...about, unit: "ms CPU a row", ours: usage.cpuMs / rows }));
      const most = command === "plan" ? MOST_MIB[rows] : undefined;
      const peak = { ...about, what: `${about.what}, peak memory`, unit: "MiB", ours: usage.peakMib };
      figures.push(most === undefined ? note(peak) : limit(peak, most));
    }
  }
  for (const [command, steps] of stepsOf) figures.push(...compareSteps(command, steps));
  return figures;
}

async function* runCommands(rows: number): AsyncGenerator<readonly [string, Usage]> {
  await using company = await startCompany({ people: rows, rows, latency: NO_LATENCY, quotaIsOff: true });
  takeQuotaOff(company);
  const run = async (...words: readonly string[]): Promise<Usage> => {
    const { cpuMs, peakMib } = await runCommand(company, words);
    return { cpuMs, peakMib };
  };
  const plan = (name: string) => run("plan", join("mappings", "example.csv"), "--run", name);
  const usages = [await plan("run")];
  while (rows <= MOST_APPLIED && usages.length < PLANS) usages.push(await plan(`run-${usages.length}`));
  yield ["plan", medianOf(usages)];
  if (rows > MOST_APPLIED) return;
  yield ["apply", await run("apply", "run", "--confirm", String(rows))];
  yield ["status with results.csv and report.html", await run("status", "run")];
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
function compareSteps(command: string, steps: readonly Step[]): Figure[] {
  const [first, second, third] = steps.slice(-3);
  if (first === undefined || second === undefined || third === undefined) return [];
  const added = (from: Step, to: Step, read: (usage: Usage) => number) =>
    (read(to.usage) - read(from.usage)) / (to.rows - from.rows);
  const step = `${command}: each row added from ${second.rows.toLocaleString("en")} to ${third.rows.toLocaleString("en")}`;
  const comparedWith = `from ${first.rows.toLocaleString("en")} to ${second.rows.toLocaleString("en")}`;
  // The first ten thousand rows hardly show what one more costs: nothing is promised before a million.
  const promised = third.rows > MOST_APPLIED ? ({ ratio: "ours/comparison", atMost: MOST_GROWTH } as const) : undefined;
  return [
    compare(
      {
        ...{ case: "growth", what: `${step}, CPU time`, unit: "ms", comparedWith },
        ours: added(second, third, ({ cpuMs }) => cpuMs),
        comparison: added(first, second, ({ cpuMs }) => cpuMs),
      },
      promised,
    ),
    compare(
      {
        ...{ case: "growth", what: `${step}, peak memory`, unit: "KiB", comparedWith },
        ours: added(second, third, ({ peakMib }) => peakMib * 1024),
        comparison: added(first, second, ({ peakMib }) => peakMib * 1024),
      },
      promised,
    ),
  ];
}
