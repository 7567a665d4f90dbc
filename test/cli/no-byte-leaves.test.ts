/**
 * What would carry a secret to the wrong place is refused before anything connects.
 *
 * Every socket that the program opens and every name that it looks up is heard, by Node's own diagnostics channel: no
 * packet can leave without one.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type SmallCompany, startSmallCompany } from "../support/small-company.ts";

const LISTENER = join(import.meta.dirname, "list-connections.mjs");

let company: SmallCompany;
let heard: string;
beforeAll(async () => {
  company = await startSmallCompany();
  heard = company.path("heard.txt");
});
afterAll(() => company.close());
beforeEach(() => rmSync(heard, { force: true }));

const connections = () => (existsSync(heard) ? readFileSync(heard, "utf8").trimEnd().split("\n") : []);

async function planWith(change: (configuration: string) => string) {
  const config = company.write("changed.yaml", change(company.configuration()));
  const environment = { NODE_OPTIONS: `--import ${LISTENER}`, HEARD_CONNECTIONS: heard };
  return await company.run(["plan", company.writeMapping(["ada"]), "--config", config], { environment });
}

test("what listens hears every connection of an ordinary plan", async () => {
  expect((await planWith((text) => text)).code).toBe(0);
  expect(connections().length).toBeGreaterThanOrEqual(2);
});

test.each(["ldap://dc1.corp.contoso.example", "ldap://192.0.2.1", "ldap://127.0.0.1.corp.contoso.example"])(
  "B14: a sign-in over %s is refused before one byte leaves",
  async (url) => {
    const { code, stderr } = await planWith((text) => text.replace(/url: ldap:.*/, `url: ${url}`));
    expect([code, stderr]).toEqual([2, expect.stringContaining("unencrypted")]);
    expect(connections()).toEqual([]);
  },
);

test.each([
  "http://graph.microsoft.com",
  "https://graph.contoso.example",
  "https://graph.microsoft.com.contoso.example",
  "http://192.0.2.1:8401",
  "https://eve@graph.microsoft.com",
])("E08: the endpoint %s is refused before the token leaves", async (endpoint) => {
  const { code, stderr } = await planWith((text) => text.replace(/endpoint: .*/, `endpoint: ${endpoint}`));
  expect([code, stderr]).toEqual([2, expect.stringContaining("endpoint")]);
  expect(connections()).toEqual([]);
});
