/** plan of 50 users in a tenant of 100,000: what is looked up instead of listed. */
import { join } from "node:path";
import { startCompany } from "./company.ts";
import { type Figure, limit, note } from "./figure.ts";
import { countRequests } from "./plan-requests.ts";
import { runCommand } from "./run-command.ts";
import type { BenchSize } from "./size.ts";

const ROWS = 50;

export async function benchPlanSmall({ rows }: BenchSize): Promise<readonly Figure[]> {
  const name = "plan-small-in-large-tenant";
  await using company = await startCompany({ people: rows * 10, rows: ROWS });
  const planned = await runCommand(company, ["plan", join("mappings", "example.csv"), "--run", "run"]);
  const counted = countRequests((await company.ask("figures")).exchanges);
  return [
    limit(
      {
        case: name,
        what: `Graph requests for users and recycle bin, ${ROWS} of ${rows * 10}`,
        unit: "",
        ours: counted.users,
      },
      15,
    ),
    ...counted.others.map(({ what, count }) => note({ case: name, what, unit: "requests", ours: count })),
    note({ case: name, what: "time", unit: "s", ours: planned.elapsedMs / 1000 }),
  ];
}
