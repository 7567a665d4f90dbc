/** A machine whose clock is minutes off the tenant's: told by plan, refused by apply before anything is sent. */
import { afterEach, expect, test } from "vitest";
import { type SmallCompany, startSmallCompany } from "../support/small-company.ts";

let company: SmallCompany;
afterEach(async () => {
  await company.close();
});

const MINUTE_MS = 60_000;

test.each([
  ["4 minutes behind", 4 * MINUTE_MS, 0, /3 min 5\d s behind the tenant's\.$|4 min( \d+ s)? behind the tenant's\.$/m],
  ["6 minutes behind", 6 * MINUTE_MS, 7, /min.* behind the tenant's\. Apply refuses to write until it is set\.$/m],
  ["6 minutes ahead", -6 * MINUTE_MS, 7, /min.* ahead of the tenant's\. Apply refuses to write until it is set\.$/m],
] as const)("a clock %s is told by plan and ends apply as it must", async (_title, dateOffsetMs, exitCode, warning) => {
  company = await startSmallCompany({ dateOffsetMs });
  const planned = await company.run(["plan", company.writeMapping(["ada", "ben"]), "--run", "runs/a"]);
  expect([planned.code, planned.stdout]).toEqual([0, expect.stringMatching(warning)]);
  const { code, stderr } = await company.run(["apply", "runs/a", "--confirm", "2"]);
  expect(code, stderr).toBe(exitCode);
  expect(company.tenant.ledger.entries.length > 0).toBe(exitCode === 0);
  if (exitCode === 0) return;
  expect(stderr).toMatch(/error: The clock of this machine is .* too much to write with\. Nothing was written/);
  expect(stderr.match(/clock of this machine/g), "said once").toHaveLength(1);
  expect(stderr).toContain("w32tm /resync");
  expect((await company.run(["status", "runs/a"])).stdout).toContain("planned, not applied");
});
