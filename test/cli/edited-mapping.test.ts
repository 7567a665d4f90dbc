/** The mapping file between plan and apply, and mappings of which there is nothing to plan. */
import { existsSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { idOf } from "../support/facts.ts";
import { type SmallCompany, startSmallCompany } from "../support/small-company.ts";

let company: SmallCompany;
beforeEach(async () => {
  company = await startSmallCompany();
});
afterEach(() => company.close());

const plan = () => company.run(["plan", company.writeMapping(["ada", "ben"]), "--run", "runs/a"]);
const apply = () => company.run(["apply", "runs/a", "--confirm", "2"]);
const CHANGED = "mappings/people.csv was changed after the plan was made. That has no effect";

test("A23: a mapping that was edited after the plan has no effect, and apply says so", async () => {
  expect((await plan()).code).toBe(0);
  company.writeMapping(["ada", "cyd"]);
  const { code, stderr } = await apply();
  expect([code, stderr]).toEqual([0, expect.stringContaining(CHANGED)]);
  expect(stderr).toContain("the plan stands with the rows it was made of");
  expect(company.held("ada", "ben", "cyd")).toEqual([idOf("ada"), idOf("ben"), null]);
});

test.each([
  ["is as it was", () => undefined],
  ["has been moved away", () => renameSync(company.path("mappings"), company.path("moved"))],
])("A23: apply says nothing of a mapping that %s", async (_title, change) => {
  await plan();
  change();
  const { code, stderr } = await apply();
  expect([code, stderr]).toEqual([0, expect.not.stringContaining("was changed after the plan")]);
});

test.each([
  ["is empty", ""],
  ["has a header alone", "sAMAccountName,userPrincipalName\n"],
])("A25: a mapping that %s ends with 2 and leaves no run behind", async (_title, content) => {
  const { code, stderr } = await company.run(["plan", company.write("mappings/people.csv", content)]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("write")]);
  expect(existsSync(company.path("runs"))).toBe(false);
});

test("A26: values that look like paths touch no file", async () => {
  const rows = [
    "..,ada@contoso.example,../../x",
    "ben,ben@contoso.example,C:\\x",
    "cyd,cyd@contoso.example,/etc/passwd",
  ];
  writeFileSync(company.path("mappings/people.csv"), `sAMAccountName,userPrincipalName,wave\n${rows.join("\n")}\n`);
  const before = readdirSync(company.folder);
  const { code } = await company.run(["plan", "mappings/people.csv", "--run", "runs/a"]);
  expect(code).toBe(3);
  expect(readdirSync(company.folder).filter((name) => !before.includes(name))).toEqual(["runs"]);
  expect(readdirSync(company.path("runs"))).toEqual(["a"]);
  expect(readdirSync(company.path("runs/a")).sort()).toEqual([
    "log.ndjson",
    "plan.csv",
    "report.html",
    "run.lock",
    "run.sqlite",
  ]);
});
