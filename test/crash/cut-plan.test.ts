/** A plan that is killed at its effects: there is no run, or the whole plan that an undisturbed one makes. */
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestShelf } from "../adapters/run-folder/folder-shelf.ts";
import { type CrashLane, openCrashLane } from "./crash-lane.ts";
import { describeGoldenTenant, GOLDEN_APPLY } from "./golden-company.ts";
import { isRun } from "./judge.ts";
import { chooseMoments, GOLDEN_PLAN } from "./kill-points.ts";

/** `1`, as in `npm run reliability:cases`, takes every moment. */
const STRIDE = Number(process.env.HARDMATCH_PLAN_STRIDE ?? 7);

let lane: CrashLane;
let wholePlan: unknown;
let moments: number;
beforeAll(async () => {
  lane = await openCrashLane(describeGoldenTenant(randomUUID()));
  const whole = lane.path("runs", "whole");
  const counted = await lane.kill(0, ...plan(whole));
  moments = counted.moments ?? 0;
  wholePlan = readWhole(whole);
});
afterAll(() => lane.close());

const plan = (folder: string) => ["plan", lane.path("people.csv"), ...GOLDEN_PLAN, "--run", folder];

/** The plan and its table, which are the same each time. */
function readWhole(folder: string): unknown {
  const run = openTestShelf().open(folder, "read");
  try {
    return [run.readPlan(), run.readJournal(), readFileSync(join(folder, "plan.csv"), "utf8")];
  } finally {
    run.close();
  }
}

test("D11: a plan killed before or after any effect leaves no plan, or a whole one that status makes complete", async () => {
  const chosen = chooseMoments(moments, STRIDE, 0);
  let [without, whole, last] = [0, 0, ""];
  for (const moment of chosen) {
    const folder = lane.path("runs", `cut-${moment}`);
    const { died } = await lane.kill(moment, ...plan(folder));
    expect(died, `moment ${moment}`).not.toBeNull();
    const status = await lane.run("status", folder);
    if (isRun(folder)) {
      expect([status.code, status.stdout], died ?? "").toEqual([0, expect.stringContaining("planned, not applied")]);
      expect(readWhole(folder), died ?? "").toEqual(wholePlan);
      expect(existsSync(join(folder, "report.html")), died ?? "").toBe(true);
      whole += 1;
      last = folder;
    } else {
      // What is left is told apart from a run, and the operator is told what to do with it.
      const says = existsSync(folder) ? `delete the folder and plan again` : "There is no run folder";
      expect([status.code, status.stderr], died ?? "").toEqual([2, expect.stringContaining(says)]);
      without += 1;
    }
  }
  console.info(`plan: ${chosen.length} of ${moments} moments, ${without} without a run, ${whole} whole`);
  expect(Math.min(without, whole)).toBeGreaterThan(0);
  const applied = await lane.run("apply", last, ...GOLDEN_APPLY);
  expect(applied.code, applied.stderr).toBe(0);
}, 300_000);
