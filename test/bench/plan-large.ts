/** plan of many users in a tenant that is hardly larger: requests, and time beside the reading part of the usual loop. */
import { join } from "node:path";
import { startCompany } from "./company.ts";
import { compare, type Figure, limit, note } from "./figure.ts";
import { median } from "./median.ts";
import { countRequests } from "./plan-requests.ts";
import { runCommand } from "./run-command.ts";
import type { BenchSize } from "./size.ts";
import { LOOP_SAMPLE, runLoop } from "./usual-loop.ts";

const TENANT_FACTOR = 1.2;
const PARALLEL = 8;
/** Of which the median counts: when the collector happens to come changes the time of one by a few parts in a hundred. */
const PLANS = 3;

export async function benchPlanLarge({ rows }: BenchSize): Promise<readonly Figure[]> {
  const name = "plan-large";
  const people = rows * TENANT_FACTOR;
  await using company = await startCompany({ people, rows });
  const plan = (run: string) => runCommand(company, ["plan", join("mappings", "example.csv"), "--run", run]);
  const plans = [await plan("run-1")];
  const counted = countRequests((await company.ask("figures")).exchanges);
  while (plans.length < PLANS) plans.push(await plan(`run-${plans.length + 1}`));
  const sample = company.sample.slice(0, LOOP_SAMPLE);
  const sequential = await runLoop(company, { sample, lanes: 1, part: "reading" });
  const parallel = await runLoop(company, { sample, lanes: PARALLEL, part: "reading" });
  const scaled = (elapsedMs: number) => ((elapsedMs / sample.length) * rows) / 1000;
  const seconds = plans.map(({ elapsedMs }) => elapsedMs / 1000);
  const ours = median(seconds);
  const beside = { case: name, what: `plan of ${rows} users in a tenant of ${people}`, unit: "s", ours };
  const basis = `measured on ${sample.length} users and scaled`;
  return [
    compare(
      { ...beside, comparison: scaled(sequential), comparedWith: `reading of the usual loop, ${basis}` },
      { ratio: "comparison/ours", atLeast: 70 },
    ),
    compare(
      { ...beside, comparison: scaled(parallel), comparedWith: `the same, ${PARALLEL} in flight, ${basis}` },
      { ratio: "comparison/ours", atLeast: 8 },
    ),
    limit({ case: name, what: "Graph requests for users and recycle bin", unit: "", ours: counted.users }, 20),
    ...counted.others.map(({ what, count }) => note({ case: name, what, unit: "requests", ours: count })),
    note({ case: name, what: "CPU time", unit: "s", ours: median(plans.map(({ cpuMs }) => cpuMs / 1000)) }),
    note({ case: name, what: "peak memory", unit: "MiB", ours: median(plans.map(({ peakMib }) => peakMib)) }),
    note({ case: name, what: `slowest of ${PLANS} plans`, unit: "s", ours: Math.max(...seconds) }),
  ];
}
