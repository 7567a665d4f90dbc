/**
 * The LDAP adapter against the simulated Active Directory: the conformance suite, and which domain is behind a url.
 */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openLdapDirectory } from "../../../src/adapters/ldap/ldap-directory.ts";
import { type DirectoryOptions, startSimulatedDirectory } from "../../../src/sim/directory/server.ts";
import type { SimulatedDomain, SimulatedEntry } from "../../../src/sim/directory/world.ts";
import { type DirectoryExpectations, describeDirectory, type ExpectedUser } from "../../conformance/directory.ts";
import { PASSWORD, type SettingsChanges, settingsFor } from "./settings.ts";

const BASE_DN = "DC=corp,DC=contoso,DC=example";
const AWKWARD_NAMES = ["ada (it) o'neil", "josé.ñandú", "日本.太郎", "#r&d!{~}", "-_%^$`cyd"];
const never = new AbortController().signal;

const users = [...AWKWARD_NAMES, ...Array.from({ length: 350 }, (_, index) => `Ada.${index}`)].map(makeUser);
const others = [
  { accountName: "ADA-PC$", kind: "computer", objectClass: "computer" },
  { accountName: "svc-ada$", kind: "managed-service-account", objectClass: "msDS-GroupManagedServiceAccount" },
  { accountName: "Ada's Team (IT)", kind: "group", objectClass: "group" },
] as const;

function makeUser(accountName: string, index: number): ExpectedUser {
  const consistencyGuidBytes = [0, 16, 20][index] ?? 0;
  return {
    accountName,
    objectGuidBase64: hash(accountName).subarray(0, 16).toString("base64"),
    consistencyGuidBase64:
      consistencyGuidBytes === 0
        ? null
        : hash(`own ${accountName}`).subarray(0, consistencyGuidBytes).toString("base64"),
    disabled: index % 7 === 0,
    userPrincipalName: `user${index}@contoso.example`,
    displayName: `${accountName}, user ${index}`,
    proxyAddresses: [`SMTP:user${index}@contoso.example`, `smtp:${index}@contoso.example`],
  };
}

function toEntry(user: ExpectedUser, index: number): SimulatedEntry {
  return {
    dn: `CN=user ${index},OU=People,${BASE_DN}`,
    objectClass: ["user"],
    attributes: {
      sAMAccountName: [user.accountName],
      userPrincipalName: [user.userPrincipalName ?? ""],
      mail: [user.proxyAddresses[0]?.slice("SMTP:".length) ?? ""],
      displayName: [user.displayName ?? ""],
      proxyAddresses: [...user.proxyAddresses],
      userAccountControl: [user.disabled ? "514" : "512"],
    },
    binary: {
      objectGUID: [user.objectGuidBase64],
      ...(user.consistencyGuidBase64 === null ? {} : { "mS-DS-ConsistencyGuid": [user.consistencyGuidBase64] }),
    },
  };
}

const domain: SimulatedDomain = {
  ...{ netbiosName: "CORP", dnsName: "corp.contoso.example", baseDn: BASE_DN, hostName: "dc1.corp.contoso.example" },
  objectGuid: "28d6e2d5-6368-4d5a-b671-d52b30172680",
  objectSid: "S-1-5-21-1000-2000-3000",
  otherDomains: [{ netbiosName: "LAB", dnsName: "lab.contoso.example", baseDn: `DC=lab,${BASE_DN}` }],
  credentials: [{ name: "svc-hardmatch@corp.contoso.example", password: PASSWORD }],
  entries: [
    ...users.map(toEntry),
    ...others.map(({ accountName, objectClass }, index) => ({
      dn: `CN=other ${index},${BASE_DN}`,
      objectClass: [objectClass],
      attributes: { sAMAccountName: [accountName] },
      binary: { objectGUID: [hash(accountName).subarray(0, 16).toString("base64")] },
    })),
  ],
};

const expected: DirectoryExpectations = {
  domain: "CORP",
  users,
  awkwardNames: AWKWARD_NAMES,
  others: others.map(({ accountName, kind }) => ({ accountName, kind })),
};

const variants: readonly [title: string, options: DirectoryOptions][] = [
  ["LDAP on the simulation", {}],
  ["LDAP on a simulation that spells attributes in lower case", { lowerCaseAttributeNames: true }],
];
for (const [title, options] of variants) {
  describe(title, () => {
    let simulation: Awaited<ReturnType<typeof startSimulatedDirectory>>;
    beforeAll(async () => {
      simulation = await startSimulatedDirectory(domain, options);
    });
    afterAll(() => simulation.close());
    describeDirectory(title, async () => ({ directory: openLdapDirectory(settingsFor(simulation.url)), expected }));
  });
}

async function openOnSimulation(changes: SettingsChanges = {}, options: DirectoryOptions = {}) {
  const simulation = await startSimulatedDirectory(domain, options);
  const directory = openLdapDirectory(settingsFor(simulation.url, changes));
  onTestFinished(async () => {
    await directory.close();
    await simulation.close();
  });
  return { simulation, directory };
}

test("identify names the domain's head, its DN and the server that answered", async () => {
  const { simulation, directory } = await openOnSimulation();
  expect(await directory.identify(never)).toEqual({
    ...{ url: simulation.url, source: { kind: "live" } },
    ...{ domain: "CORP", domainId: domain.objectGuid, baseDn: BASE_DN, server: domain.hostName },
  });
});

test("identify takes a base DN within the domain, whatever its case and spaces", async () => {
  const baseDn = "ou=people, dc=CORP, dc=contoso, dc=example";
  const { directory } = await openOnSimulation({ baseDn });
  expect(await directory.identify(never)).toMatchObject({ baseDn, domainId: domain.objectGuid });
  expect(await directory.findAccounts("sAMAccountName", ["Ada.1", "ADA-PC$"], never)).toHaveLength(1);
});

const refusals: readonly [title: string, changes: SettingsChanges, code: string, message: RegExp][] = [
  ["another domain's name, and says the right one", { domain: "OLD" }, "config", /domain is called CORP/],
  ["a base DN of another domain", { baseDn: "DC=lab,DC=fabrikam,DC=example" }, "config", /does not lie in the domain/],
  ["a base DN above the domain", { baseDn: "DC=contoso,DC=example" }, "config", /does not lie in the domain/],
  ["a base DN that is not there", { baseDn: `OU=Nobody,${BASE_DN}` }, "directory", /search base does not exist/],
  ["a wrong password", { password: async () => "wrong" }, "directory", /name or the password is wrong/],
];
for (const [title, changes, code, message] of refusals) {
  test(`identify refuses ${title}`, async () => {
    const { directory } = await openOnSimulation(changes);
    const refused = directory.identify(never);
    await expect(refused).rejects.toMatchObject({ name: "BatchError", code });
    await expect(refused).rejects.toThrow(message);
  });
}

test("B02: a server that folds accents hands over its own spelling, for the caller to compare", async () => {
  const { directory } = await openOnSimulation({}, { foldAccents: true });
  const found = await directory.findAccounts("sAMAccountName", ["jose.nandu"], never);
  expect(found.map(({ accountName }) => accountName)).toEqual(["josé.ñandú"]);
});

test("every search is asked in its group, once, after a sign-in, and nothing is written", async () => {
  const { simulation, directory } = await openOnSimulation();
  const names = users.map(({ accountName }) => accountName);
  await directory.findAccounts("sAMAccountName", names.slice(0, directory.groupSize), never);
  const kinds = simulation.ledger.read().map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === "bind")).toHaveLength(1);
  expect(kinds.indexOf("bind")).toBeLessThan(kinds.indexOf("search"));
  expect(new Set(kinds)).toEqual(new Set(["connect", "bind", "search"]));
  expect(simulation.ledger.read("search").at(-1)).toMatchObject({ count: directory.groupSize, code: 0 });
});

test("every search asks the server to leave other domains out, and for its answer in one piece", async () => {
  const controls: string[][] = [];
  const { directory } = await openOnSimulation(
    {},
    {
      onRequest: (request) => {
        if (request.operation.kind === "search") controls.push(request.controls.map(({ oid }) => oid));
        return undefined;
      },
    },
  );
  await directory.findAccounts("sAMAccountName", ["Ada.1"], never);
  expect(controls.length).toBeGreaterThan(1);
  expect(new Set(controls.flat())).toEqual(new Set(["1.2.840.113556.1.4.1339"]));
});

test("a beginning that more names share than the server hands out at once is left out, and costs nobody the others", async () => {
  const crowd = Array.from({ length: 1_100 }, (_, index) =>
    toEntry(makeUser(`many.${index}`, index + 1_000), index + 1_000),
  );
  const simulation = await startSimulatedDirectory({ ...domain, entries: [...domain.entries, ...crowd] });
  const directory = openLdapDirectory(settingsFor(simulation.url));
  onTestFinished(async () => {
    await directory.close();
    await simulation.close();
  });
  const found = await directory.findNamesBeginningWith(["many.", "Ada.34", "many.109"], never);
  expect(new Set(found.map((name) => name.slice(0, 6)))).toEqual(new Set(["Ada.34", "many.1"]));
  expect(found).toHaveLength(11 + 11);
});

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
