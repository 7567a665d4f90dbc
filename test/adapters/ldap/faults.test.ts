import { expect, onTestFinished, test } from "vitest";
import { openLdapDirectory } from "../../../src/adapters/ldap/ldap-directory.ts";
import {
  ber,
  entry,
  inMessage,
  RESULT_TAG,
  reference,
  result,
  type ScriptedAnswer,
  type ScriptedRequest,
  startScriptedServer,
} from "./scripted-server.ts";
import { PASSWORD, type SettingsChanges, settingsFor } from "./settings.ts";

const DOMAIN_DN = "DC=corp,DC=contoso,DC=example";
const GUID_BYTES = Buffer.from("d5e2d62868635a4db671d52b30172680", "hex");
const never = new AbortController().signal;

type Behaviour = (request: ScriptedRequest) => ScriptedAnswer | null;

/** A domain where every name asked for exists, except in what `misbehave` answers. */
function answerAsDomain(request: ScriptedRequest, misbehave: Behaviour): ScriptedAnswer {
  const special = misbehave(request);
  if (special !== null) return special;
  const done = result(request, 0);
  if (request.kind !== "search") return [done];
  if (request.baseDn === "") return [entry(request, "", { defaultNamingContext: [DOMAIN_DN] }), done];
  if (request.names.length === 0) return [entry(request, request.baseDn, { objectGUID: [GUID_BYTES] }), done];
  return [...request.names.map((name) => account(request, name)), done];
}

function account(request: ScriptedRequest, name: string): Buffer {
  const guid = Buffer.alloc(16);
  guid.write(name);
  return entry(request, `CN=${name},${DOMAIN_DN}`, { objectGUID: [guid], sAMAccountName: [name] });
}

async function open(misbehave: Behaviour, changes: SettingsChanges = {}) {
  const server = await startScriptedServer((request) => answerAsDomain(request, misbehave));
  const directory = openLdapDirectory(settingsFor(server.url, changes));
  onTestFinished(async () => {
    await directory.close();
    await server.close();
  });
  const count = (kind: ScriptedRequest["kind"]) => server.requests.filter((request) => request.kind === kind).length;
  return { server, directory, count };
}

const isLookup = (request: ScriptedRequest) => request.kind === "search" && request.names.length > 0;

/** Misbehaves in the first `times` lookups. */
function inLookups(times: number, answer: (request: ScriptedRequest) => ScriptedAnswer): Behaviour {
  let lookups = 0;
  return (request) => (isLookup(request) && ++lookups <= times ? answer(request) : null);
}

test.each([1, 2, 3])("B12: a search is tried again on a new connection after %i lost ones", async (times) => {
  const { server, directory } = await open(inLookups(times, (request) => [account(request, "ada"), "drop"]));
  const found = await directory.findAccounts("sAMAccountName", ["ada", "ben"], never);
  expect(found.map(({ accountName }) => accountName).sort()).toEqual(["ada", "ben"]);
  expect(server.connections()).toBe(1 + times);
});

test("a search whose connection is lost every time ends in an error after four tries", async () => {
  const { server, directory, count } = await open(inLookups(99, () => ["drop"]));
  await expect(directory.findAccounts("sAMAccountName", ["ada"], never)).rejects.toMatchObject({
    name: "BatchError",
    code: "directory",
  });
  expect(server.requests.filter(isLookup)).toHaveLength(4);
  expect(count("bind")).toBe(4);
});

test("a server that hangs is given up after the time-out of every try", async () => {
  const { server, directory } = await open(
    inLookups(99, () => ["hang"]),
    { operationTimeoutMs: 200 },
  );
  await expect(directory.findAccounts("sAMAccountName", ["ada"], never)).rejects.toThrow(
    /did not answer within 200 ms/,
  );
  expect(server.requests.filter(isLookup)).toHaveLength(4);
});

test("a search under way ends when it is aborted, although the server says nothing", async () => {
  const stop = new AbortController();
  const { directory } = await open(
    inLookups(1, () => {
      stop.abort();
      return ["hang"];
    }),
  );
  await expect(directory.findAccounts("sAMAccountName", ["ada"], stop.signal)).rejects.toMatchObject({
    code: "interrupted",
  });
});

test("a search under way ends when the directory is closed", async () => {
  const { directory } = await open(
    inLookups(1, () => {
      void directory.close();
      return ["hang"];
    }),
  );
  await expect(directory.findAccounts("sAMAccountName", ["ada"], never)).rejects.toMatchObject({ code: "interrupted" });
  await expect(directory.findAccounts("sAMAccountName", ["ada"], never)).rejects.toMatchObject({ code: "interrupted" });
});

test("B17: a wrong password is tried once, however many searches wait", async () => {
  const data = "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data 775, v1db1";
  const { server, directory, count } = await open(({ kind, ...rest }) =>
    kind === "bind" ? [result({ kind, ...rest }, 49, data)] : null,
  );
  const searches = Array.from({ length: 12 }, (_, index) =>
    directory.findAccounts("sAMAccountName", [`user${index}`], never),
  );
  for (const search of await Promise.allSettled(searches)) {
    expect(search).toMatchObject({ status: "rejected", reason: { code: "directory" } });
    expect(search.status === "rejected" && String(search.reason)).toMatch(/account is locked out/);
  }
  await expect(directory.identify(never)).rejects.toThrow(/account is locked out/);
  expect(count("bind")).toBe(1);
  expect(server.connections()).toBe(1);
});

test("a first sign-in that is never answered is not repeated", async () => {
  const { directory, count } = await open(({ kind }) => (kind === "bind" ? ["drop"] : null));
  await expect(directory.identify(never)).rejects.toMatchObject({ code: "directory" });
  await expect(directory.identify(never)).rejects.toMatchObject({ code: "directory" });
  expect(count("bind")).toBe(1);
});

test("B17: an empty password is refused before anything connects", async () => {
  const { server, directory } = await open(() => null, { password: async () => "" });
  await expect(directory.identify(never)).rejects.toMatchObject({ name: "BatchError", code: "config" });
  expect(server.connections()).toBe(0);
});

test("the searches share a few connections, and the password is asked for once", async () => {
  let asked = 0;
  const password = async () => {
    asked += 1;
    return PASSWORD;
  };
  const { server, directory } = await open(() => null, { connections: 3, password });
  const searches = Array.from({ length: 30 }, (_, index) =>
    directory.findAccounts("sAMAccountName", [`user${index}`], never),
  );
  expect((await Promise.all(searches)).flat()).toHaveLength(30);
  expect(server.connections()).toBeLessThanOrEqual(3);
  expect(asked).toBe(1);
});

test("B10: an answer that is too long for the server is asked for in halves, and nothing is lost or doubled", async () => {
  const limit = 3;
  const { directory } = await open((request) =>
    request.names.length > limit && isLookup(request)
      ? [...request.names.slice(0, limit).map((name) => account(request, name)), result(request, 4)]
      : null,
  );
  const names = Array.from({ length: 50 }, (_, index) => `user${index}`);
  const found = await directory.findAccounts("sAMAccountName", names, never);
  expect(found.map(({ accountName }) => accountName).sort()).toEqual([...names].sort());
});

test("a busy server is asked again", async () => {
  const { directory } = await open(inLookups(2, (request) => [result(request, 51)]));
  expect(await directory.findAccounts("sAMAccountName", ["ada"], never)).toHaveLength(1);
});

test("B11: references to other servers are ignored and never followed", async () => {
  const elsewhere = await startScriptedServer((request) => [result(request, 0)]);
  onTestFinished(() => elsewhere.close());
  const url = `${elsewhere.url}/${DOMAIN_DN}`;
  const { directory } = await open((request) =>
    isLookup(request) ? [reference(request, url), account(request, "ada"), result(request, 0)] : null,
  );
  expect(await directory.findAccounts("sAMAccountName", ["ada"], never)).toHaveLength(1);
  expect(elsewhere.connections()).toBe(0);
});

test.each([
  [32, true],
  [50, true],
  [1, false],
])("a list of domains that ends in result %i is done without: %s", async (code, doneWithout) => {
  const configuration = "CN=Configuration,DC=contoso,DC=example";
  const { directory } = await open((request) => {
    if (request.kind !== "search") return null;
    if (request.baseDn.startsWith("CN=Partitions,")) return [result(request, code)];
    if (request.baseDn !== "") return null;
    const root = { defaultNamingContext: [DOMAIN_DN], configurationNamingContext: [configuration] };
    return [entry(request, "", root), result(request, 0)];
  });
  const identified = directory.identify(never);
  if (doneWithout) expect(await identified).toMatchObject({ domain: "CORP", baseDn: DOMAIN_DN });
  else await expect(identified).rejects.toMatchObject({ code: "directory" });
});

test("a server without a domain is no directory", async () => {
  const { directory } = await open((request) =>
    request.kind === "search" ? [entry(request, "", { vendorName: ["OpenLDAP"] }), result(request, 0)] : null,
  );
  await expect(directory.identify(never)).rejects.toThrow(/no Active Directory domain controller/);
});

const notWhole: readonly [title: string, answer: (request: ScriptedRequest) => ScriptedAnswer, message: RegExp][] = [
  ["a time limit", (request) => [account(request, "ada"), result(request, 3)], /took longer than it allows/],
  [
    "a size limit for one name",
    (request) => [account(request, "ada"), result(request, 4)],
    /one account in one answer/,
  ],
  ["an operations error", (request) => [result(request, 1, "000004DC: LdapErr: DSID-0C090A5C")], /operations error/],
  ["a referral", (request) => [result(request, 10)], /never followed/],
  ["a result code of nobody", (request) => [result(request, 123)], /LDAP result 123/],
  ["text instead of LDAP", () => [Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")], /it is not LDAP/],
  ["a length without end", () => [Buffer.from([0x30, 0x84, 0x7f, 0xff, 0xff, 0xff])], /2147483653 bytes is announced/],
  ["an indefinite length", () => [Buffer.from([0x30, 0x80, 0x02, 0x01, 0x01])], /no readable length/],
  [
    "an entry that cannot be read",
    (request) => [inMessage(request, ber(0x64, Buffer.from("0000"))), result(request, 0)],
    /no well-formed LDAP/,
  ],
  [
    "an entry under no number",
    (request) => [ber(0x30, ber(0x04, Buffer.from("x")), ber(0x64)), result(request, 0)],
    /message has no number/,
  ],
  [
    "an entry for another question",
    (request) => [account({ ...request, messageId: 999 }, "ada"), result(request, 0)],
    /1 entries were sent and 0 could be read/,
  ],
  [
    "an objectGUID of 15 bytes",
    (request) => [entry(request, `CN=Ada,${DOMAIN_DN}`, { objectGUID: [Buffer.alloc(15)] }), result(request, 0)],
    /CN=Ada,DC=corp.*1 of 15 bytes/,
  ],
];
for (const [title, answer, message] of notWhole) {
  test(`an answer with ${title} is an error, not an answer`, async () => {
    const { server, directory } = await open(inLookups(1, answer));
    const search = directory.findAccounts("sAMAccountName", ["ada"], never);
    await expect(search).rejects.toMatchObject({ name: "BatchError", code: "directory" });
    await expect(search).rejects.toThrow(message);
    expect(server.requests.filter(isLookup)).toHaveLength(1);
  });
}

const startTlsAnswers: readonly [
  title: string,
  answer: (request: ScriptedRequest) => ScriptedAnswer,
  message: RegExp,
][] = [
  ["refused", (request) => [result(request, 52)], /LDAP result 52/],
  ["answered by closing", () => ["drop"], /closed the connection instead/],
  ["answered with something else", (request) => [inMessage(request, ber(0x65))], /not one to StartTLS/],
  ["answered with text", () => [Buffer.from("220 ready\r\n")], /not LDAP/],
  [
    "followed by bytes in clear",
    (request) => [Buffer.concat([startTlsAccepted(request), result({ ...request, kind: "bind" }, 0)])],
    /unencrypted bytes followed/,
  ],
  ["accepted without TLS after it", (request) => [startTlsAccepted(request), "drop"], /cannot be reached/],
];
for (const [title, answer, message] of startTlsAnswers) {
  test(`B15: nobody signs in when StartTLS is ${title}`, async () => {
    const { directory, count } = await open((request) => (request.kind === "extended" ? answer(request) : null), {
      startTls: true,
    });
    const identified = directory.identify(never);
    await expect(identified).rejects.toMatchObject({ name: "BatchError", code: "directory" });
    await expect(identified).rejects.toThrow(message);
    expect(count("bind")).toBe(0);
  });
}

test("a server that never answers StartTLS is given up after the connect time-out", async () => {
  const { directory, count } = await open(({ kind }) => (kind === "extended" ? ["hang"] : null), {
    startTls: true,
    connectTimeoutMs: 40,
  });
  await expect(directory.identify(never)).rejects.toThrow(/no TLS within 40 ms/);
  expect(count("bind")).toBe(0);
});

function startTlsAccepted(request: ScriptedRequest): Buffer {
  const empty = ber(0x04);
  return inMessage(request, ber(RESULT_TAG.extended, ber(0x0a, Buffer.from([0])), empty, empty));
}
