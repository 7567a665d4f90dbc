/** A directory that is broken or means harm: `plan` ends with exit code 4, says so, and leaves no run behind. */
import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import {
  entry,
  result,
  type ScriptedAnswer,
  type ScriptedRequest,
  startScriptedServer,
} from "../adapters/ldap/scripted-server.ts";
import { type SmallCompany, startSmallCompany } from "../support/small-company.ts";

const BASE_DN = "DC=corp,DC=contoso,DC=example";
let company: SmallCompany;
beforeAll(async () => {
  company = await startSmallCompany();
});
afterAll(() => company.close());

/** Behaves as a domain until accounts are asked for. */
function answerUntilLookup(request: ScriptedRequest, lookup: ScriptedAnswer): ScriptedAnswer {
  const done = result(request, 0);
  if (request.kind !== "search") return [done];
  if (request.names.length > 0) return lookup;
  const attributes = { defaultNamingContext: [BASE_DN], objectGUID: [Buffer.alloc(16, 7)] };
  return [entry(request, request.baseDn, attributes), done];
}

const cases: readonly [title: string, lookup: (request: ScriptedRequest) => ScriptedAnswer, says: RegExp][] = [
  [
    "cuts every connection in the middle of an answer",
    (request) => [entry(request, "CN=ada", {}), "drop"],
    /closed the connection/,
  ],
  ["never ends an answer", (request) => [{ flood: entry(request, "CN=ada", { cn: ["ada"] }) }], /cannot be trusted/],
  ["falls silent", () => ["hang"], /did not answer within/],
  ["announces a message of two gigabytes", () => [Buffer.from("30847fffffff", "hex")], /cannot be trusted/],
  ["answers nonsense", () => [Buffer.from("HTTP/1.1 200 OK\r\n\r\n")], /cannot be trusted/],
];
test.each(cases)("B12: a directory that %s", async (_title, lookup, says) => {
  const server = await startScriptedServer((request) => answerUntilLookup(request, lookup(request)));
  onTestFinished(() => server.close());
  const good = readFileSync(company.path("hardmatch.yaml"), "utf8");
  const config = company.write(
    "hostile.yaml",
    good
      .replace(/url: ldap:.*/, `url: ${server.url}`)
      .replace(/requestTimeoutSeconds: .*/, "requestTimeoutSeconds: 0.5"),
  );
  const { code, stdout, stderr } = await company.run(["plan", company.writeMapping(["ada"]), "--config", config]);
  expect([code, stdout]).toEqual([4, ""]);
  expect(stderr).toMatch(says);
  expect(stderr).toContain("Nothing was written.");
  expect(existsSync(company.path("runs"))).toBe(false);
});
