import { once } from "node:events";
import { connect } from "node:net";
import {
  Attribute,
  type BerWriter,
  Change,
  Client,
  Control,
  EqualityFilter,
  type Filter,
  type SearchOptions,
} from "ldapts";
import { afterEach, expect, test } from "vitest";
import { TAG, writeElement, writeInteger, writeText } from "../../../src/sim/directory/ber.ts";
import {
  type DirectoryOptions,
  type SimulatedDirectory,
  startSimulatedDirectory,
} from "../../../src/sim/directory/server.ts";
import { ADA_GUID, BASE, crowd, domain, makeCertificate, PASSWORD, SERVICE, user } from "./domain-fixture.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: DirectoryOptions = {}, world = domain()): Promise<SimulatedDirectory> {
  const directory = await startSimulatedDirectory(world, options);
  cleanups.push(() => directory.close());
  return directory;
}

function clientFor({ url }: SimulatedDirectory, ca?: string): Client {
  const client = new Client({ url, ...(ca === undefined ? {} : { tlsOptions: { ca } }) });
  cleanups.push(() => client.unbind());
  return client;
}

async function bound(options: DirectoryOptions = {}, world = domain()) {
  const directory = await start(options, world);
  const client = clientFor(directory);
  await client.bind(SERVICE, PASSWORD);
  const names = async (filter: string | Filter, more: SearchOptions = {}, base = BASE) => {
    const { searchEntries } = await client.search(base, { filter, attributes: ["name"], ...more });
    return searchEntries.map(({ name }) => name);
  };
  return { directory, client, names };
}

const refusalOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => ({ code: 0, message: "" }),
    (error: { code: number; message: string }) => ({ code: error.code, message: error.message }),
  );

const MATCHES: readonly [title: string, filter: string, expected: string[]][] = [
  ["an account in another letter case", "(sAMAccountName=ADA)", ["Ada"]],
  ["an escaped account", "(sAMAccountName=ben\\28b\\29)", ["Ben (B,) Test"]],
  ["nobody for an escaped star", "(sAMAccountName=\\2a)", []],
  ["one value of several", "(proxyAddresses=SMTP:A@contoso.example)", ["Ada"]],
  [
    "an OR of names in the order of the directory",
    "(|(sAMAccountName=cyd)(sAMAccountName=ada)(sAMAccountName=none))",
    ["Ada", "Cyd"],
  ],
  [
    "people by category, without computers and service accounts",
    "(&(objectCategory=person)(objectClass=user)(!(cn=Service)))",
    ["Ada", "Ben (B,) Test", "José", "Cyd"],
  ],
  ["a computer and a service account by class", "(objectClass=computer)", ["PC1", "gmsa"]],
  ["a contact by class", "(objectClass=contact)", ["Cyd Contact"]],
  ["a flag by bit AND", "(userAccountControl:1.2.840.113556.1.4.803:=2)", ["Ben (B,) Test"]],
  ["any of some flags by bit OR", "(userAccountControl:1.2.840.113556.1.4.804:=6)", ["Ben (B,) Test"]],
  ["not every flag by bit AND", "(userAccountControl:1.2.840.113556.1.4.803:=6)", []],
  ["numbers by size, not by text", "(&(userAccountControl>=99)(userAccountControl<=513)(cn=A*))", ["Ada"]],
  ["a substring with three pieces", "(mail=a*@cont*.example)", ["Ada"]],
  ["nobody when the pieces of a substring overlap", "(sAMAccountName=ad*da)", []],
  ["presence", "(mail=*)", ["Ada"]],
  ["an approximate match as an equal one", "(sAMAccountName~=ada)", ["Ada"]],
  ["nobody for an unknown attribute", "(unknownAttribute=1)", []],
  ["nobody for NOT of an unknown attribute", "(&(sAMAccountName=ada)(!(unknownAttribute=1)))", []],
  ["nobody for NOT of a number that is none", "(&(sAMAccountName=ada)(!(userAccountControl=abc)))", []],
  ["NOT of an attribute that is known and missing", "(&(sAMAccountName=cyd)(!(mail=x)))", ["Cyd"]],
  ["a SID by its text", "(objectSid=S-1-5-21-1004336348-1177238915-682003330-1105)", ["Ada"]],
  ["a DN with other case and spaces", "(distinguishedName=cn=ada, ou=people,dc=CORP,dc=contoso,dc=example)", ["Ada"]],
  ["all accounts of users by type", "(sAMAccountType=805306369)", ["PC1", "gmsa"]],
  ["nobody deleted", "(sAMAccountName=gone)", []],
  ["nobody accent-insensitively without folding", "(sAMAccountName=jose)", []],
];

test.each(MATCHES)("a search finds %s", async (_title, filter, expected) => {
  const { names } = await bound();
  expect(await names(filter)).toEqual(expected);
});

test("a GUID is found by its octets as Active Directory orders them, and by no other order", async () => {
  const { names } = await bound();
  const byOctets = (hex: string) => new EqualityFilter({ attribute: "objectGUID", value: Buffer.from(hex, "hex") });
  expect(await names(byOctets("d5e2d62868635a4db671d52b30172680"))).toEqual(["Ada"]);
  expect(await names(byOctets(ADA_GUID.replaceAll("-", "")))).toEqual([]);
});

test.each([["jose"], ["JOSÉ"], ["ｊｏｓé"], ["jose\u0301"]])("with folding %s finds josé", async (name) => {
  const { names } = await bound({ foldAccents: true });
  expect(await names(`(sAMAccountName=${name})`)).toEqual(["José"]);
});

test("scopes, a GUID as base, and an escaped comma in a DN lead to the right entries", async () => {
  const { names } = await bound();
  expect(await names("(objectClass=*)", { scope: "base" }, `<GUID=${ADA_GUID}>`)).toEqual(["Ada"]);
  expect(await names("(objectClass=*)", { scope: "one" }, BASE)).toEqual(["People", "Other"]);
  expect(await names("(objectClass=*)", { scope: "base" }, `CN=Ben (B\\2c) Test,OU=People,${BASE}`)).toEqual([
    "Ben (B,) Test",
  ]);
  expect(await names("(cn=*)", { scope: "sub" }, `OU=People,${BASE}`)).toEqual([
    "Ada",
    "Ben (B,) Test",
    "José",
    "Service",
  ]);
});

test("octets, the schema's spelling and chosen attributes come back", async () => {
  const { client } = await bound();
  const { searchEntries } = await client.search(BASE, {
    filter: "(cn=ada)",
    attributes: ["OBJECTGUID", "samaccountname"],
    explicitBufferAttributes: ["objectGUID"],
  });
  expect(searchEntries).toEqual([
    {
      dn: `CN=Ada,OU=People,${BASE}`,
      sAMAccountName: "ada",
      objectGUID: Buffer.from("d5e2d62868635a4db671d52b30172680", "hex"),
    },
  ]);
  const types = await client.search(BASE, { filter: "(cn=ada)", attributes: ["mail"], returnAttributeValues: false });
  expect(types.searchEntries).toEqual([{ dn: `CN=Ada,OU=People,${BASE}`, mail: [] }]);
  const none = await client.search(BASE, { filter: "(cn=ada)", attributes: ["1.1"] });
  expect(Object.keys(none.searchEntries[0] ?? {}).sort()).toEqual(["1.1", "dn"]); // the client adds what it asked for
});

test("a subtree search from the domain head refers to the contexts it does not cross, unless told not to", async () => {
  const { client } = await bound();
  const { searchReferences } = await client.search(BASE, { filter: "(cn=ada)" });
  expect(searchReferences).toEqual([
    `ldap://ForestDnsZones.corp.contoso.example/DC=ForestDnsZones,${BASE}`,
    `ldap://DomainDnsZones.corp.contoso.example/DC=DomainDnsZones,${BASE}`,
    `ldap://eu.corp.contoso.example/DC=eu,${BASE}`,
    `ldap://corp.contoso.example/CN=Configuration,${BASE}`,
  ]);
  const scoped = await client.search(
    BASE,
    { filter: "(cn=ada)" },
    new Control("1.2.840.113556.1.4.1339", { critical: true }),
  );
  expect(scoped.searchReferences).toEqual([]);
});

test("Partitions names the domains of the forest", async () => {
  const { client } = await bound();
  const { searchEntries } = await client.search(`CN=Partitions,CN=Configuration,${BASE}`, {
    filter: "(nETBIOSName=*)",
    attributes: ["nETBIOSName", "nCName", "dnsRoot"],
  });
  expect(searchEntries.map(({ nETBIOSName, nCName, dnsRoot }) => [nETBIOSName, nCName, dnsRoot])).toEqual([
    ["CORP", BASE, "corp.contoso.example"],
    ["EU", `DC=eu,${BASE}`, "eu.corp.contoso.example"],
  ]);
});

test("an anonymous client reads the rootDSE", async () => {
  const client = clientFor(await start());
  const { searchEntries } = await client.search("", { scope: "base", filter: "(objectClass=*)" });
  expect(searchEntries[0]).toMatchObject({
    defaultNamingContext: BASE,
    configurationNamingContext: `CN=Configuration,${BASE}`,
    dnsHostName: "dc1.corp.contoso.example",
    isGlobalCatalogReady: "TRUE",
  });
  expect(searchEntries[0]?.supportedCapabilities).toContain("1.2.840.113556.1.4.800");
  expect(searchEntries[0]?.supportedExtension).not.toContain("1.3.6.1.4.1.1466.20037");
});

test("paging returns every entry once; without it 1,000 come with code 4", async () => {
  const { directory, client } = await bound({}, domain(crowd(2300)));
  const paged = await client.search(BASE, {
    filter: "(sAMAccountName=user*)",
    attributes: ["sAMAccountName"],
    paged: { pageSize: 500 },
  });
  expect(new Set(paged.searchEntries.map(({ sAMAccountName }) => sAMAccountName)).size).toBe(2300);
  expect(directory.ledger.read("search").map(({ count }) => count)).toEqual([500, 500, 500, 500, 300]);
  const unpaged = client.search(BASE, { filter: "(sAMAccountName=user*)", attributes: ["cn"] });
  expect(await refusalOf(unpaged)).toMatchObject({ code: 4 });
  await refusalOf(client.search(BASE, { filter: "(sAMAccountName=user*)", attributes: ["cn"], sizeLimit: 7 }));
  expect(
    directory.ledger
      .read("search")
      .slice(-2)
      .map(({ count, code }) => [count, code]),
  ).toEqual([
    [1000, 4],
    [7, 4],
  ]);
});

test("an OR of 100 names against 10,000 entries answers through the index", async () => {
  const { names } = await bound({}, domain(crowd(10_000)));
  const clauses = Array.from({ length: 100 }, (_, position) => `(sAMAccountName=USER${position * 100})`);
  expect(await names(`(&(objectCategory=person)(objectClass=user)(|${clauses.join("")}))`)).toHaveLength(100);
});

/** The paging control with a cookie of one's own: the client keeps its own control to itself. */
class OnePage extends Control {
  constructor() {
    super("1.2.840.113556.1.4.319", { critical: true });
  }

  protected override writeControl(writer: BerWriter): void {
    writer.writeBuffer(writeElement(TAG.sequence, writeInteger(1), writeText("unknown")), TAG.octetString);
  }
}

type Attempt = (parts: { client: Client; directory: SimulatedDirectory }) => Promise<unknown>;
const bindAs =
  (name: string, password: string): Attempt =>
  ({ client }) =>
    client.bind(name, password);
const afterBind =
  (attempt: Attempt): Attempt =>
  async (parts) => {
    await parts.client.bind(SERVICE, PASSWORD);
    return attempt(parts);
  };
const modify = (operation: "add" | "delete" | "replace", type: string, values: string[]) =>
  afterBind(({ client }) =>
    client.modify(`CN=Ada,OU=People,${BASE}`, new Change({ operation, modification: new Attribute({ type, values }) })),
  );
const searchBase = (base: string): Attempt => afterBind(({ client }) => client.search(base, { filter: "(cn=x)" }));

const REFUSALS: readonly [title: string, code: number, text: string, attempt: Attempt, options?: DirectoryOptions][] = [
  ["a search before bind", 1, "000004DC: LdapErr", ({ client }) => client.search(BASE, { filter: "(cn=x)" })],
  [
    "a search after a bind without password",
    1,
    "a successful bind must be completed",
    async ({ client }) => {
      await client.bind(SERVICE, "");
      await client.search(BASE, { filter: "(cn=x)" });
    },
  ],
  [
    "a subtree search of the rootDSE",
    1,
    "000004DC",
    ({ client }) => client.search("", { filter: "(cn=x)", scope: "sub" }),
  ],
  ["a wrong password", 49, "data 52e, v4563", bindAs(SERVICE, "no")],
  ["an unknown user", 49, "data 525, v4563", bindAs("nobody@corp.contoso.example", "no")],
  ["a disabled account", 49, "data 533, v4563", bindAs("disabled@corp.contoso.example", PASSWORD)],
  ["a disabled account with a wrong password", 49, "data 52e, v4563", bindAs("CORP\\disabled", "no")],
  ["an expired password", 49, "data 532, v4563", bindAs("expired@corp.contoso.example", PASSWORD)],
  ["a locked account, even with a wrong password", 49, "data 775, v4563", bindAs("locked@corp.contoso.example", "no")],
  [
    "a plain simple bind where encryption is required",
    8,
    "00002028: LdapErr",
    bindAs(SERVICE, PASSWORD),
    { requireEncryption: true },
  ],
  ["StartTLS without a certificate", 52, "Error initializing SSL/TLS", ({ client }) => client.startTLS()],
  [
    "an unknown critical control",
    12,
    "UNAVAIL_EXTENSION",
    afterBind(async ({ client }) => {
      await client.search(BASE, { filter: "(cn=x)" }, new Control("1.2.3.4", { critical: true }));
    }),
  ],
  [
    "an unknown page cookie",
    12,
    "Error processing control",
    afterBind(({ client }) => client.search(BASE, { filter: "(cn=*)" }, new OnePage())),
  ],
  [
    "a base that is missing",
    32,
    `best match of:\n\t'OU=People,${BASE}'`,
    searchBase(`CN=None,OU=None,OU=People,${BASE}`),
  ],
  ["an empty base", 32, "best match of:\n\t''", searchBase("")],
  ["a base in another domain", 10, "0000202B: RefErr", searchBase("DC=fabrikam,DC=example")],
  ["a base in a child domain", 10, "ref 1: 'eu.corp.contoso.example'", searchBase(`CN=x,DC=eu,${BASE}`)],
  ["a base that is no DN", 34, "BAD_NAME", searchBase("garbage")],
  ["deleting a value that is not there", 16, "NO_ATTRIBUTE_OR_VAL", modify("delete", "mail", ["ben@contoso.example"])],
  ["deleting an attribute that is not there", 16, "(title)", modify("delete", "title", [])],
  ["adding to a single value", 20, "ATT_OR_VALUE_EXISTS", modify("add", "mail", ["ben@contoso.example"])],
  ["two values for a single-valued attribute", 19, "00002081", modify("replace", "mail", ["a@x", "b@x"])],
  ["writing objectGUID", 19, "000020B1", modify("replace", "objectGUID", ["0123456789abcdef"])],
  ["writing an unknown attribute", 16, "attribute conversion", modify("add", "unknownAttribute", ["1"])],
  ["writing a number that is none", 21, "attribute conversion", modify("replace", "userAccountControl", ["abc"])],
  ["renaming by modify", 67, "CANT_ON_RDN", modify("replace", "cn", ["Ben"])],
  ["modify before bind", 1, "000004DC", ({ client }) => client.modify(`CN=Ada,OU=People,${BASE}`, [])],
  ["an add", 53, "simulated", afterBind(({ client }) => client.add(`CN=x,${BASE}`, { cn: "x" }))],
  [
    "a fault that a test asked for",
    51,
    "busy",
    ({ client }) => client.bind(SERVICE, PASSWORD),
    { onRequest: () => ({ kind: "result", code: 51, message: "busy" }) },
  ],
];

test.each(REFUSALS)("%s is refused with code %i", async (_title, code, text, attempt, options) => {
  const directory = await start(options);
  const refusal = await refusalOf(attempt({ client: clientFor(directory), directory }));
  expect(refusal.code).toBe(code);
  expect(refusal.message).toContain(text);
});

test.each([SERVICE, "corp\\SVC-hardmatch", `cn=service, ou=People,${BASE}`])(
  "%s binds, and the ledger names it",
  async (name) => {
    const directory = await start();
    await clientFor(directory).bind(name, PASSWORD);
    expect(directory.ledger.read("bind")).toMatchObject([{ name, ok: true, encrypted: false }]);
    expect(JSON.stringify(directory.ledger.read())).not.toContain(PASSWORD);
  },
);

test("a value is exchanged by delete and add in one modify, all or nothing", async () => {
  const { directory, client, names } = await bound();
  const dn = `CN=Ada,OU=People,${BASE}`;
  const change = (operation: "add" | "delete", value: Buffer) =>
    new Change({ operation, modification: new Attribute({ type: "mS-DS-ConsistencyGuid", values: [value] }) });
  const first = Buffer.from("000102030405060708090a0b0c0d0eff", "hex");
  const second = Buffer.from("ff0102030405060708090a0b0c0d0e0f", "hex");
  await client.modify(dn, change("add", first));
  expect(await refusalOf(client.modify(dn, [change("delete", second), change("add", second)]))).toMatchObject({
    code: 16,
  });
  await client.modify(dn, [change("delete", first), change("add", second)]);
  expect(await names(new EqualityFilter({ attribute: "mS-DS-ConsistencyGuid", value: second }))).toEqual(["Ada"]);
  expect(directory.domain.entries[0]?.binary["mS-DS-ConsistencyGuid"]).toEqual([second.toString("base64")]);
  expect(directory.ledger.read("modify").map(({ code }) => code)).toEqual([0, 16, 0]);
});

test("changes of a running directory reach the index", async () => {
  const { directory, names } = await bound();
  directory.setAttribute(`CN=Ada,OU=People,${BASE}`, "samaccountname", ["countess"]);
  expect([await names("(sAMAccountName=ada)"), await names("(sAMAccountName=countess)")]).toEqual([[], ["Ada"]]);
  directory.replaceEntries([user("Ben", "ada")]);
  expect([await names("(sAMAccountName=ada)"), await names("(sAMAccountName=countess)")]).toEqual([["Ben"], []]);
  directory.removeEntry(`CN=Ben,OU=People,${BASE}`);
  expect(await names("(sAMAccountName=ada)")).toEqual([]);
});

test("StartTLS and LDAPS carry a bind where encryption is required, and references then say ldaps", async () => {
  const tls = makeCertificate();
  for (const ldaps of [false, true]) {
    const directory = await start({ tls, ldaps, requireEncryption: true });
    const client = clientFor(directory, ldaps ? tls.cert : undefined);
    if (!ldaps) await client.startTLS({ ca: tls.cert });
    await client.bind(SERVICE, PASSWORD);
    const { searchReferences } = await client.search(BASE, { filter: "(cn=ada)" });
    expect(searchReferences.every((uri) => uri.startsWith("ldaps://"))).toBe(true);
    expect(directory.ledger.read("bind")).toMatchObject([{ ok: true, encrypted: true }]);
  }
});

/** Sends octets on a fresh socket and returns everything that comes until the server closes. */
async function exchange({ port }: SimulatedDirectory, octets: Buffer): Promise<Buffer> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.write(octets);
  await once(socket, "close");
  return Buffer.concat(chunks);
}

const message = (operation: Buffer, id = 1) => writeElement(TAG.sequence, writeInteger(id), operation);
const MALFORMED: readonly [title: string, octets: Buffer][] = [
  ["octets that are no sequence", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
  ["an indefinite length", Buffer.from([0x30, 0x80, 0x02, 0x01, 0x01])],
  ["an element that runs past its parent", Buffer.from([0x30, 0x03, 0x02, 0x05, 0x01])],
  ["a declared length over 10 MB", Buffer.from([0x30, 0x84, 0x00, 0xa0, 0x00, 0x01])],
  ["an operation of no request", message(writeElement(0x65))],
  [
    "a bind whose name is not UTF-8",
    message(
      writeElement(0x60, writeInteger(3), writeElement(TAG.octetString, Buffer.from([0xff])), writeText("x", 0x80)),
    ),
  ],
];

test.each(MALFORMED)("%s end the connection with a notice of disconnection", async (_title, octets) => {
  const directory = await start();
  const answer = await exchange(directory, octets);
  expect(answer.includes("1.3.6.1.4.1.1466.20036")).toBe(true);
  expect(answer.includes("Error decoding ldap message")).toBe(true);
  expect(directory.ledger.read("disconnection")).toHaveLength(1);
});

test("octets sent along with StartTLS end the connection before any of them is read", async () => {
  const directory = await start({ tls: makeCertificate() });
  const startTls = message(writeElement(0x77, writeText("1.3.6.1.4.1.1466.20037", 0x80)));
  const bind = message(writeElement(0x60, writeInteger(3), writeText(SERVICE), writeText(PASSWORD, 0x80)), 2);
  await exchange(directory, Buffer.concat([startTls, bind]));
  expect(directory.ledger.read("bind")).toEqual([]);
});

test("an abandoned search is not answered, the one behind it is", async () => {
  const directory = await start({ delayMs: 20 });
  const present = writeText("objectClass", 0x87);
  const limits = [writeInteger(0), writeInteger(0), writeElement(TAG.boolean, Buffer.from([0]))];
  const rootDse = writeElement(
    0x63,
    writeText(""),
    writeInteger(0, TAG.enumerated),
    writeInteger(0, TAG.enumerated),
    ...limits,
    present,
    writeElement(TAG.sequence),
  );
  const socket = connect(directory.port, "127.0.0.1");
  socket.write(Buffer.concat([message(rootDse, 11), message(rootDse, 12), message(writeInteger(11, 0x50), 13)]));
  const [answer] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  expect(answer.includes(Buffer.from([0x02, 0x01, 12, 0x64]))).toBe(true);
  expect(directory.ledger.read("search")).toHaveLength(1);
});

test("a reset that a test asked for breaks the connection", async () => {
  const directory = await start({
    onRequest: ({ operation }) => (operation.kind === "search" ? { kind: "reset" } : undefined),
  });
  const client = clientFor(directory);
  await client.bind(SERVICE, PASSWORD);
  await expect(client.search(BASE, { filter: "(cn=x)" })).rejects.toThrow();
  expect(directory.ledger.read("search")).toEqual([]);
});

test("close ends a client that waits for an answer", async () => {
  const directory = await startSimulatedDirectory(domain(), { onRequest: () => ({ kind: "hang" }) });
  const client = new Client({ url: directory.url });
  const waiting = refusalOf(client.bind(SERVICE, PASSWORD));
  while (directory.ledger.read("connect").length === 0) await new Promise((resolve) => setImmediate(resolve));
  await directory.close();
  expect((await waiting).message).not.toBe("");
});
