/** What a client may count on, and what not, at the port of a Global Catalog. */
import { Attribute, Change, Client } from "ldapts";
import { expect, onTestFinished, test } from "vitest";
import { startSimulatedDirectory } from "../../../src/sim/directory/server.ts";
import { makeForest } from "../../adapters/ldap/forest-world.ts";

async function bound(isCatalog: boolean) {
  const { root, child } = makeForest();
  const server = await startSimulatedDirectory(root, isCatalog ? { catalogOf: [child] } : {});
  const client = new Client({ url: server.url });
  onTestFinished(async () => {
    await client.unbind();
    await server.close();
  });
  const [credential] = root.credentials;
  await client.bind(credential?.name ?? "", credential?.password ?? "");
  const search = (base: string, filter: string, scope: "sub" | "one" = "sub") =>
    client.search(base, { filter, scope, attributes: ["sAMAccountName", "mS-DS-ConsistencyGuid"] });
  return { client, search };
}

test("a catalog finds accounts of every domain from the root, and from a parent those of its child", async () => {
  const { search } = await bound(true);
  for (const base of ["", "DC=contoso,DC=example"]) {
    const { searchEntries, searchReferences } = await search(base, "(sAMAccountName=ada)");
    expect(searchEntries.map(({ dn }) => dn)).toEqual([
      "CN=ada,OU=People,DC=contoso,DC=example",
      "CN=ada,OU=People,DC=eu,DC=contoso,DC=example",
    ]);
    expect(searchReferences).toEqual([]);
  }
});

test("a catalog has no consistency GUID, neither to read nor to find an account by", async () => {
  const { search } = await bound(true);
  const { searchEntries } = await search("", "(sAMAccountName=eve)");
  expect(searchEntries).toMatchObject([{ sAMAccountName: "eve", "mS-DS-ConsistencyGuid": [] }]);
  expect((await search("", "(mS-DS-ConsistencyGuid=*)")).searchEntries).toEqual([]);
});

test("a catalog takes no write", async () => {
  const { client } = await bound(true);
  const change = new Change({ operation: "replace", modification: new Attribute({ type: "mail", values: ["x@y"] }) });
  await expect(client.modify("CN=ada,OU=People,DC=contoso,DC=example", change)).rejects.toMatchObject({ code: 53 });
});

test("a domain's own port knows no root to search below, and keeps to its domain", async () => {
  const { search } = await bound(false);
  await expect(search("", "(sAMAccountName=ada)")).rejects.toMatchObject({ code: 32 });
  const { searchEntries } = await search("DC=contoso,DC=example", "(sAMAccountName=ada)");
  expect(searchEntries).toHaveLength(1);
});
