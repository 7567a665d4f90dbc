/** Memory of a plan where each row has a change to preview: AD knows a manager of everybody, the tenant knows none. */
import { join } from "node:path";
import type { PlanDocument } from "../../src/cli/documents/plan-document.ts";
import { NO_LATENCY, startCompany } from "./company.ts";
import { type Figure, limit, note } from "./figure.ts";
import { runCommand } from "./run-command.ts";
import type { BenchSize } from "./size.ts";

const ROWS = 100_000;
const MOST_MIB = 400;

export async function benchManagers({ mostRows }: BenchSize): Promise<readonly Figure[]> {
  const rows = Math.min(ROWS, mostRows);
  await using company = await startCompany({
    ...{ people: rows, rows, latency: NO_LATENCY },
    ...{ quotaIsOff: true, hasManagers: true },
  });
  const planned = await runCommand(company, ["plan", join("mappings", "example.csv"), "--run", "run"]);
  const about = { case: "plan-managers", what: `plan of ${rows.toLocaleString("en")} rows, one manager for each ten` };
  return [
    limit({ ...about, what: `${about.what}, peak memory`, unit: "MiB", ours: planned.peakMib }, MOST_MIB),
    note({ ...about, unit: "ms CPU a row", ours: planned.cpuMs / rows }),
    note({ ...about, what: "users whose manager changes", unit: "", ours: countManagers(planned.document) }),
  ];
}

/** Of the takeover preview in the plan's JSON document. */
function countManagers({ takeover }: Readonly<Record<string, unknown>>): number {
  const { properties } = takeover as PlanDocument["takeover"];
  return properties.find(({ property }) => property === "manager")?.added ?? 0;
}
