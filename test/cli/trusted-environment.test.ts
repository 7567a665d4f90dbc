/** Switches in the environment that change what is trusted stand in the log of the run, by name and never by value. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SmallCompany, startSmallCompany } from "../support/small-company.ts";

let company: SmallCompany;
beforeAll(async () => {
  company = await startSmallCompany();
});
afterAll(() => company.close());

const namedIn = (run: string) =>
  readFileSync(company.path("runs", run, "log.ndjson"), "utf8")
    .trimEnd()
    .split("\n")
    .flatMap((line) => JSON.parse(line).variable ?? []);

test("E07: NODE_OPTIONS and NODE_EXTRA_CA_CERTS are logged by plan and apply", async () => {
  const preload = company.path(company.write("preload.cjs", "globalThis.canary = 'value-of-a-switch';\n"));
  const authority = company.path(company.write("authority.pem", ""));
  const environment = { NODE_OPTIONS: `--require ${preload}`, NODE_EXTRA_CA_CERTS: authority };
  const mapping = company.writeMapping(["ada"]);
  expect((await company.run(["plan", mapping, "--run", "runs/a"], { environment })).code).toBe(0);
  expect(namedIn("a")).toEqual(["NODE_OPTIONS", "NODE_EXTRA_CA_CERTS"]);
  expect((await company.run(["apply", "runs/a", "--confirm", "1"], { environment })).code).toBe(0);
  expect(namedIn("a")).toHaveLength(4);
  const log = readFileSync(company.path("runs/a/log.ndjson"), "utf8");
  expect([log.includes(preload), log.includes(authority)]).toEqual([false, false]);
});

test("nothing is logged of an environment without such switches", async () => {
  expect((await company.run(["plan", company.writeMapping(["ada"]), "--run", "runs/b"])).code).toBe(0);
  expect(namedIn("b")).toEqual([]);
});
