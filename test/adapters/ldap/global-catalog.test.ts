/** The Global Catalog of a simulated forest of two domains, and everything that is none. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openGlobalCatalog } from "../../../src/adapters/ldap/global-catalog.ts";
import { openLdapDirectory } from "../../../src/adapters/ldap/ldap-directory.ts";
import { domainOfDn } from "../../../src/core/forest.ts";
import { startSimulatedDirectory } from "../../../src/sim/directory/server.ts";
import { describeForest } from "../../conformance/forest.ts";
import { makeForest } from "./forest-world.ts";
import { settingsFor } from "./settings.ts";

const never = new AbortController().signal;
const { root, child } = makeForest();

function openOn(url: string, domain: string | null = "CONTOSO") {
  const { urls: _, baseDn: __, ...shared } = settingsFor(url);
  const catalog = openGlobalCatalog({ ...shared, domain, url });
  onTestFinished(() => catalog.close());
  return catalog;
}

describe("the catalog of a simulated forest", () => {
  let simulation: Awaited<ReturnType<typeof startSimulatedDirectory>>;
  beforeAll(async () => {
    simulation = await startSimulatedDirectory(root, { catalogOf: [child] });
  });
  afterAll(() => simulation.close());

  describeForest("LDAP on the simulation", async () => ({
    forest: openOn(simulation.url),
    expected: {
      domains: ["CONTOSO", "EU"],
      accounts: [
        ...root.entries.map(({ attributes }) => `CONTOSO\\${attributes.sAMAccountName}`),
        ...child.entries.map(({ attributes }) => `EU\\${attributes.sAMAccountName}`),
      ],
    },
  }));

  test("tells by UPN, mail and GUID in which domain an account lies, and never its anchor", async () => {
    const catalog = openOn(simulation.url);
    const eve = child.entries[1];
    const values = {
      userPrincipalName: eve?.attributes.userPrincipalName?.[0] ?? "",
      mail: eve?.attributes.mail?.[0] ?? "",
      objectGUID: (await readGuid("eve")) ?? "",
    };
    for (const [key, value] of Object.entries(values) as [keyof typeof values, string][]) {
      const found = await catalog.locateAccounts(key, [value], never);
      expect(found).toEqual([{ domain: { domain: "EU", dn: child.baseDn }, dn: eve?.dn, accountName: "eve", value }]);
    }
    expect(simulation.ledger.read("search").flatMap(({ attributes }) => attributes)).not.toContain(
      "mS-DS-ConsistencyGuid",
    );
  });

  async function readGuid(name: string) {
    const domain = await startSimulatedDirectory(child);
    const directory = openLdapDirectory(settingsFor(domain.url, { domain: "EU" }));
    const [account] = await directory.findAccounts("sAMAccountName", [name], never);
    await directory.close();
    await domain.close();
    return account?.objectGuid;
  }
});

test("a domain controller's own port is no catalog, and that is said with the ports that are", async () => {
  const simulation = await startSimulatedDirectory(root);
  onTestFinished(() => simulation.close());
  const located = openOn(simulation.url).locateAccounts("sAMAccountName", ["ada"], never);
  await expect(located).rejects.toMatchObject({ code: "directory", hint: expect.stringContaining("3269") });
  await expect(located).rejects.toThrow(/no Global Catalog/);
});

test.each([
  ["ldaps://gc1.contoso.example:636", /port 636 of globalCatalog is a domain's own/],
  ["ldap://127.0.0.1:389", /port 389 of globalCatalog is a domain's own/],
  ["ldap://gc1.contoso.example:3268", /unencrypted/],
  ["https://gc1.contoso.example", /not an LDAP URL/],
])("openGlobalCatalog refuses %s", (url, message) => {
  expect(() => openOn(url)).toThrow(message);
});

test("an account of a child domain lies in the child, though its DN ends as the parent's does", () => {
  const domains = [root, child].map(({ netbiosName, baseDn }) => ({ domain: netbiosName, dn: baseDn }));
  expect(domainOfDn(child.entries[0]?.dn ?? "", domains)?.domain).toBe("EU");
});
