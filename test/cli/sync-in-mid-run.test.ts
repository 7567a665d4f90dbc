/** Sync that takes users over while a run writes: what the run leaves alone, what it says, and what no rollback reaches. */
import { appendFileSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CLOUD_ID, idOf } from "../support/facts.ts";
import { type SmallCompany, startSmallCompany } from "../support/small-company.ts";

let company: SmallCompany;
beforeEach(async () => {
  company = await startSmallCompany();
  appendFileSync(company.path("hardmatch.yaml"), "  inFlight: 1\n");
  company.tenant.addFault({ match: { method: "PATCH" }, action: { kind: "delay", ms: 500 } });
});
afterEach(async () => {
  await company.close();
});

/** Applies a plan of these people, and lets sync take some over as soon as the canary is written. */
async function applyUnderSync(names: readonly string[], overtaken: readonly string[]) {
  await company.run(["plan", company.writeMapping(names), "--replace", "--run", "runs/a"]);
  let synced = false;
  return await company.run(["apply", "runs/a", "--confirm", String(names.length), "--canary", "1"], {
    watch: (stderr) => {
      if (synced || !stderr.includes("proving that rollback works")) return;
      synced = true;
      for (const name of overtaken) company.tenant.changeUser(CLOUD_ID(name), { onPremisesSyncEnabled: true });
    },
  });
}

test("C20: sync that takes users over in mid-run: the run leaves them alone, and says what cannot be reverted any more", async () => {
  const { code, stdout } = await applyUnderSync(["ada", "ben", "cyd"], ["ada", "cyd"]);
  expect(code).toBe(6);
  expect(stdout).toContain("row 4  cyd -> cyd@contoso.example: sync has taken the user over since the plan");
  expect(stdout).toContain("Sync has taken over 1 user that this run had not written yet.\n");
  expect(stdout).toContain(
    "IRREVERSIBLE: sync has taken over 1 user that this run has written, out of reach of any rollback.\n  row 2  ada -> ada@contoso.example",
  );
  expect(stdout).not.toContain("breaker");
  expect(company.held("ada", "ben", "cyd")).toEqual([idOf("ada"), idOf("ben"), null]);
  const results = readFileSync(company.path("runs/a/results.csv"), "utf8");
  expect(results).toMatch(/^2,1,ada,[^\n]*,taken-over,matched,/m);
  expect(results).toMatch(/^4,1,cyd,[^\n]*,drift,matched,[^\n]*sync has taken the user over since the plan/m);

  const shown = JSON.parse((await company.run(["status", "runs/a", "--json"])).stdout);
  expect(shown.takenOver).toEqual({ written: [2], leftAlone: [4] });
  const back = await company.run(["rollback", "runs/a", "--confirm", "1"]);
  expect([back.code, back.stdout]).toEqual([6, expect.stringContaining("1 row cannot be rolled back any more")]);
  expect(company.held("ada", "ben", "cyd")).toEqual([idOf("ada"), null, null]);
});

test("C20: sync that takes many users over in mid-run stops the run and lists what cannot be reverted", async () => {
  const names = ["ada", "ben", "cyd", "dee", "eve"];
  const { code, stdout } = await applyUnderSync(names, ["ada", "ben", "cyd", "dee"]);
  expect(code).toBe(6);
  expect(stdout).toContain(
    "stopped by the breaker: 3 users were changed by somebody else since the plan, 3 of them taken over by sync",
  );
  expect(stdout).toContain("Sync has taken over 3 users that this run had not written yet.");
  expect(stdout).toContain("IRREVERSIBLE: sync has taken over 1 user that this run has written");
  const again = await company.run(["apply", "runs/a", "--confirm", "5"]);
  expect([again.code, again.stderr]).toEqual([7, expect.stringContaining("--acknowledge drift")]);
});
