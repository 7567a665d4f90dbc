/** A forest of two domains as an operator meets it: names in both, a Global Catalog, several domain controllers. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { APPLICATION_ROLES, PERMISSIONS } from "../../src/sim/demo/simulation.ts";
import { type SimulatedDirectory, startSimulatedDirectory } from "../../src/sim/directory/server.ts";
import { type RunningTenant, startSimulatedTenant } from "../../src/sim/tenant/server.ts";
import { describeTenant, describeUser } from "../../src/sim/tenant/world.ts";
import { makeForest } from "../adapters/ldap/forest-world.ts";
import { PASSWORD } from "../adapters/ldap/settings.ts";
import { CLOUD_ID } from "../support/facts.ts";
import { runProgram } from "../support/small-company.ts";

const { root, child } = makeForest();
const NAMES = ["ada", "ben", "cyd", "eve", "ida"];
const running: { close(): Promise<void> }[] = [];
let folder: string;
let tenant: RunningTenant;
let contoso: SimulatedDirectory;
let eu: SimulatedDirectory;
let catalog: SimulatedDirectory;

async function start<Server extends { close(): Promise<void> }>(starting: Promise<Server>): Promise<Server> {
  const server = await starting;
  running.push(server);
  return server;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hardmatch-forest-"));
  const users = NAMES.map((name) =>
    describeUser({ id: CLOUD_ID(name), userPrincipalName: `${name}@contoso.example`, displayName: name }),
  );
  tenant = await start(startSimulatedTenant(describeTenant({ id: randomUUID(), users })));
  [contoso, eu, catalog] = await Promise.all([
    start(startSimulatedDirectory(root)),
    start(startSimulatedDirectory(child)),
    start(startSimulatedDirectory(root, { catalogOf: [child] })),
  ]);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
  rmSync(folder, { recursive: true });
});

/** @param directories Lines of each entry of `directories`, the sign-in aside. */
function configure(...directories: readonly (readonly string[])[]): void {
  const signIn = [`bindDN: ${root.credentials[0]?.name}`, "passwordEnv: LDAP_PASSWORD"];
  const entries = directories.map((lines) => `  - ${[...lines, ...signIn].join("\n    ")}\n`);
  writeFileSync(
    join(folder, "hardmatch.yaml"),
    `tenant:\n  id: contoso.example\n  endpoint: ${tenant.endpoint}\n  auth:\n    method: access-token\n    tokenEnv: TOKEN\ndirectories:\n${entries.join("")}limits:\n  requestTimeoutSeconds: 5\n  settleSeconds: 0.1\n  quarantineSeconds: 6\n`,
  );
}

function run(...words: readonly string[]) {
  const token = tenant.mintToken({ roles: PERMISSIONS, directoryRoles: APPLICATION_ROLES });
  const environment = { TOKEN: token, LDAP_PASSWORD: PASSWORD, XDG_STATE_HOME: join(folder, ".state"), NO_COLOR: "1" };
  return runProgram(words, { folder, environment, options: {} });
}

async function plan(accounts: readonly string[], ...words: readonly string[]) {
  const rows = accounts.map((account) => `${account},${account.replace(/.*\\/, "")}@contoso.example\n`);
  writeFileSync(join(folder, "people.csv"), `source,upn\n${rows.join("")}`);
  const { code, stdout, stderr } = await run("plan", "people.csv", "--run", "runs/a", "--json", ...words);
  if (stdout === "") throw new Error(stderr);
  const lines = readFileSync(join(folder, "runs/a/plan.csv"), "utf8").split("\r\n");
  return { code, blocked: JSON.parse(stdout).blockedRows.map((row: { reason: string }) => row.reason), lines };
}

const searchesFor = (server: SimulatedDirectory, name: string) =>
  server.ledger.read("search").filter(({ filter }) => filter.includes(`=${name})`)).length;

test("with the catalog an account in a domain that nobody configured is named, and blocks its row", async () => {
  configure([`url: ${contoso.url}`, `globalCatalog: ${catalog.url}`]);
  const { code, blocked, lines } = await plan(["ada", "eve", "ben"]);
  expect(code).toBe(3);
  expect(blocked).toEqual([
    "source-ambiguous: found as CONTOSO\\ada and EU\\ada (no directory is configured for EU)",
    "source-not-found: no account eve; it lies in the domain EU, for which no directory is configured",
  ]);
  expect(lines[3]).toMatch(/^4,ben,CONTOSO,ben@contoso\.example,cloud,set,/);
});

test("with both domains only those that hold a name are asked, and the anchor comes from the domain's own controller", async () => {
  configure([`url: ${contoso.url}`, `globalCatalog: ${catalog.url}`], [`url: ${eu.url}`]);
  const { blocked, lines } = await plan(["eve", "ben", "EU\\ida"], "--anchor", "mS-DS-ConsistencyGuid");
  expect(blocked).toEqual([]);
  const anchorOf = (name: string) =>
    child.entries.find(({ attributes }) => attributes.sAMAccountName?.[0] === name)?.binary[
      "mS-DS-ConsistencyGuid"
    ]?.[0];
  expect(lines[1]).toContain(`,mS-DS-ConsistencyGuid,${anchorOf("eve")},`);
  expect(lines[3]).toContain(`,mS-DS-ConsistencyGuid,${anchorOf("ida")},`);
  expect([searchesFor(contoso, "eve"), searchesFor(eu, "eve")]).toEqual([0, 1]);
  expect([searchesFor(contoso, "ben"), searchesFor(eu, "ben")]).toEqual([1, 0]);
  expect(searchesFor(catalog, "ida")).toBe(0);
});

test("B04: without a catalog every domain is asked, and a name of both is ambiguous", async () => {
  configure([`url: ${contoso.url}`], [`url: ${eu.url}`]);
  const { blocked, lines } = await plan(["ada", "eve"], "--anchor", "objectGUID");
  expect(blocked).toEqual(["source-ambiguous: found as CONTOSO\\ada and EU\\ada"]);
  expect(lines[2]).toMatch(/^3,eve,EU,eve@contoso\.example,cloud,set,/);
});

test("two entries of one domain are refused, whatever they are called", async () => {
  const second = await start(startSimulatedDirectory(root));
  configure([`url: ${contoso.url}`], [`url: ${second.url}`]);
  writeFileSync(join(folder, "people.csv"), "source,upn\nada,ada@contoso.example\n");
  const { code, stderr } = await run("plan", "people.csv");
  expect(code).toBe(2);
  expect(stderr).toContain("Two entries of directories are one domain");
});

test("apply and verify keep to the domain controller that answered for the plan", async () => {
  const first = await startSimulatedDirectory(root);
  const { port } = first;
  await first.close();
  configure(["domain: CONTOSO", `url: [${first.url}, ${contoso.url}]`]);
  expect((await plan(["ben"])).code).toBe(0);
  const back = await start(startSimulatedDirectory(root, { port }));
  const applied = await run("apply", "runs/a", "--confirm", "1");
  expect(applied.code, applied.stderr).toBe(0);
  expect((await run("verify", "runs/a")).code).toBe(0);
  expect(back.ledger.read("connect")).toEqual([]);
  expect(readFileSync(join(folder, "runs/a/report.html"), "utf8")).toContain(
    `CONTOSO: ${root.hostName} (${contoso.url})`,
  );
});
