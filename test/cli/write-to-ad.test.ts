/** The way into AD as an operator goes it: plan, apply, verify and a rollback from the results file alone. */
import { readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { readCsv } from "../../src/sim/demo/read-csv.ts";
import { AD_GUID, idOf } from "../support/facts.ts";
import { type SmallCompany, startSmallCompany } from "../support/small-company.ts";

let company: SmallCompany;
beforeAll(async () => {
  company = await startSmallCompany();
});
afterAll(() => company.close());

const linesOf = (...path: readonly string[]) => readCsv(readFileSync(company.path(...path), "utf8"));

test("IDs are written into AD, seen by verify, and taken back from results.csv alone", async () => {
  // Ada's user holds no ID, Dee's and Eve's hold the ones of each other's accounts, Fay's that of her own.
  const mapping = company.writeMapping(["ada", "dee", "fay"]);
  const planned = await company.run(["plan", mapping, "--write-to", "ad", "--run", "runs/night", "--json"]);
  expect(planned, planned.stderr).toMatchObject({ code: EXIT_CODES.blocked });
  const { blockedRows, toSet, rowsToWrite } = JSON.parse(planned.stdout);
  expect(blockedRows.map(({ findings }: { findings: string[] }) => findings)).toEqual([
    ["cloud-id-missing"],
    ["consistency-guid-taken", "account-already-synced"],
  ]);
  expect(blockedRows[1].reason).toMatch(/CORP\\eve \(CN=eve,.*\) holds it as objectGUID/);
  expect([toSet, rowsToWrite]).toEqual([1, 1]);
  expect(linesOf("runs", "night", "plan.csv").map(({ side, action }) => `${side} ${action}`)).toEqual([
    "ad blocked",
    "ad blocked",
    "ad set-consistency-guid",
  ]);

  const applied = await company.run(["apply", "runs/night", "--confirm", "1", "--skip-blocked"]);
  expect(applied, applied.stderr).toMatchObject({ code: EXIT_CODES.done });
  expect(linesOf("runs", "night", "results.csv")[2]).toMatchObject({
    ...{
      side: "ad",
      action: "set-consistency-guid",
      objectId: AD_GUID("fay"),
      userPrincipalName: "fay@contoso.example",
    },
    ...{ previousWas: "unset", immutableId: idOf("fay"), otherSideValue: idOf("fay"), status: "verified" },
    requestId: "dc1.corp.contoso.example",
  });
  const verified = await company.run(["verify", "runs/night", "--json"]);
  expect([verified.code, JSON.parse(verified.stdout).counts.holds]).toEqual([EXIT_CODES.done, 1]);
  expect(company.applied()).toEqual([]);

  company.write("results.csv", readFileSync(company.path("runs", "night", "results.csv"), "utf8"));
  rmSync(company.path("runs", "night"), { recursive: true });
  const back = await company.run(["rollback", "results.csv", "--run", "runs/back", "--confirm", "1"]);
  expect(back, back.stderr).toMatchObject({ code: EXIT_CODES.done });
  const seen = await company.run(["verify", "runs/back", "--json"]);
  expect([seen.code, JSON.parse(seen.stdout).counts.holds]).toEqual([EXIT_CODES.done, 1]);
  const anew = await company.run(["plan", mapping, "--write-to", "ad", "--run", "runs/anew", "--json"]);
  expect(JSON.parse(anew.stdout).toSet).toBe(1);
});

test("a cell and an option that name no side are refused, with those that there are", async () => {
  const option = await company.run(["plan", "people.csv", "--write-to", "tenant"]);
  expect([option.code, option.stderr]).toEqual([EXIT_CODES.usage, expect.stringContaining("Choose one of cloud, ad.")]);
  const file = company.write(
    "sides.csv",
    "sAMAccountName,userPrincipalName,writeTo\nada,ada@contoso.example,on-premises\n",
  );
  const cell = await company.run(["plan", file]);
  expect([cell.code, cell.stderr]).toEqual([EXIT_CODES.usage, expect.stringContaining("write cloud or ad")]);
});
