/** Which of several domain controllers is asked, and that one failed sign-in is the last of all of them. */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { openGlobalCatalog } from "../../../src/adapters/ldap/global-catalog.ts";
import { openLdapDirectory } from "../../../src/adapters/ldap/ldap-directory.ts";
import { SignInGate } from "../../../src/adapters/ldap/sign-in-gate.ts";
import { startSimulatedDirectory } from "../../../src/sim/directory/server.ts";
import { makeCertificate } from "../../sim/directory/domain-fixture.ts";
import { makeForest } from "./forest-world.ts";
import { result, type ScriptedAnswer, type ScriptedRequest, startScriptedServer } from "./scripted-server.ts";
import { type SettingsChanges, settingsFor } from "./settings.ts";

const never = new AbortController().signal;
const { root, child } = makeForest();

async function startController(options: Parameters<typeof startSimulatedDirectory>[1] = {}) {
  const server = await startSimulatedDirectory(root, options);
  let closed = false;
  const close = async () => {
    if (!closed) await server.close();
    closed = true;
  };
  onTestFinished(close);
  return { url: server.url, close, binds: () => server.ledger.read("bind").length };
}

/** The address of a server that is gone. */
async function startAndStop(): Promise<string> {
  const { url, close } = await startController();
  await close();
  return url;
}

async function startScripted(answer: (request: ScriptedRequest) => ScriptedAnswer): Promise<string> {
  const server = await startScriptedServer(answer);
  onTestFinished(() => server.close());
  return server.url;
}

/** Anything that takes a connection. */
async function startRaw(scheme: string, answer: (socket: Socket) => unknown): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    answer(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return `${scheme}://127.0.0.1:${address.port}`;
}

function open(urls: readonly string[], changes: SettingsChanges = {}) {
  const directory = openLdapDirectory({ ...settingsFor("", changes), domain: "CONTOSO", urls });
  onTestFinished(() => directory.close());
  return directory;
}

test("the first server that answers is asked, and is the only one from then on", async () => {
  const [gone, second, third] = [await startAndStop(), await startController(), await startController()];
  const directory = open([gone, second.url, third.url]);
  expect(await directory.identify(never)).toMatchObject({ url: second.url });
  const names = ["ada", "ben", "cyd"];
  await Promise.all(names.map((name) => directory.findAccounts("sAMAccountName", [name], never)));
  expect([second.binds() > 0, third.binds()]).toEqual([true, 0]);
});

test("a server that is lost in the middle of a run is not replaced by another", async () => {
  const [first, second] = [await startController(), await startController()];
  const directory = open([first.url, second.url]);
  await directory.identify(never);
  await first.close();
  await expect(directory.findAccounts("sAMAccountName", ["ada"], never)).rejects.toMatchObject({ code: "directory" });
  expect(second.binds()).toBe(0);
});

test("when no server can be reached, every one is named with its reason", async () => {
  const urls = [await startAndStop(), await startAndStop()];
  const identified = open(urls).identify(never);
  await expect(identified).rejects.toThrow("Directory CONTOSO: none of its 2 domain controllers can be reached.");
  await expect(identified).rejects.toMatchObject({
    code: "directory",
    details: urls.map((url) => expect.stringMatching(new RegExp(`${url}.*nothing listens`))),
  });
});

test("a wrong password is not tried on the next server", async () => {
  const [first, second] = [await startController(), await startController()];
  const directory = open([first.url, second.url], { password: async () => "wrong" });
  await expect(directory.identify(never)).rejects.toThrow(/name or the password is wrong/);
  await expect(directory.identify(never)).rejects.toThrow(/name or the password is wrong/);
  expect([first.binds(), second.binds()]).toEqual([1, 0]);
});

const passedOver: readonly [
  title: string,
  answer: (socket: Socket) => unknown,
  scheme: "ldap" | "ldaps",
  reason: RegExp,
][] = [
  ["stays silent", () => undefined, "ldaps", /took the connection, but completed no TLS within 300 ms/],
  ["hangs up at once", (socket) => socket.end(), "ldaps", /closed the connection/],
  ["speaks no TLS", (socket) => socket.write("220 mail.contoso.example ESMTP\r\n"), "ldaps", /no TLS connection/],
  [
    "stays silent when asked for TLS",
    () => undefined,
    "ldap",
    /took the connection, but completed no TLS within 300 ms/,
  ],
  ["hangs up when asked for TLS", (socket) => socket.end(), "ldap", /closed the connection/],
];
for (const [title, answer, scheme, reason] of passedOver) {
  test(`a server that ${title} is passed over, and named with its reason when no other answers`, async () => {
    const bad = await startRaw(scheme, answer);
    const tls = makeCertificate();
    const server = await startController({ tls, ldaps: scheme === "ldaps" });
    const changes = { ca: tls.cert, startTls: scheme === "ldap", connectTimeoutMs: 300 };
    expect(await open([bad, server.url], { ...changes, connectTimeoutMs: 3_000 }).identify(never)).toMatchObject({
      url: server.url,
    });
    await expect(open([bad], changes).identify(never)).rejects.toThrow(reason);
    expect(server.binds()).toBeGreaterThan(0);
  });
}

const notPassedOver: readonly [
  title: string,
  answer: (request: ScriptedRequest) => ScriptedAnswer,
  startTls: boolean,
][] = [
  ["leaves a sign-in without an answer", ({ kind }) => (kind === "bind" ? ["drop"] : []), false],
  ["is too busy for a sign-in", (request) => [result(request, 51)], false],
  ["does not start TLS", (request) => [result(request, 52)], true],
];
for (const [title, answer, startTls] of notPassedOver) {
  test(`a server that ${title} is not passed over`, async () => {
    const second = await startController();
    const directory = open([await startScripted(answer), second.url], { startTls });
    await expect(directory.identify(never)).rejects.toMatchObject({ code: "directory" });
    expect(second.binds()).toBe(0);
  });
}

test("a server whose certificate is not trusted is not passed over", async () => {
  const tls = makeCertificate();
  const [first, second] = [await startController({ tls, ldaps: true }), await startController()];
  await expect(open([first.url, second.url]).identify(never)).rejects.toThrow(/authority that is not trusted/);
  expect(second.binds()).toBe(0);
});

test("directories and catalog of one account try a wrong password once between them", async () => {
  const controllers = [await startController(), await startController(), await startController({ catalogOf: [child] })];
  const gate = new SignInGate();
  const wrong = { gate, password: async () => "wrong" };
  const [one, other, catalog] = controllers.map(({ url }) => url) as [string, string, string];
  const { urls: _, baseDn: __, ...shared } = settingsFor("", wrong);
  const forest = openGlobalCatalog({ ...shared, domain: "CONTOSO", url: catalog });
  onTestFinished(() => forest.close());
  const asked = [open([one], wrong).identify(never), open([other], wrong).identify(never), forest.identify(never)];
  for (const answer of await Promise.allSettled(asked)) {
    expect(String(answer.status === "rejected" && answer.reason)).toMatch(/name or the password is wrong/);
  }
  expect(controllers.reduce((sum, { binds }) => sum + binds(), 0)).toBe(1);
});

test("the NetBIOS name is learnt where the configuration leaves it out, and accounts carry it", async () => {
  const { url } = await startController();
  const directory = openLdapDirectory({ ...settingsFor(url), domain: null });
  onTestFinished(() => directory.close());
  expect(await directory.identify(never)).toMatchObject({ domain: "CONTOSO" });
  const [ada] = await directory.findAccounts("sAMAccountName", ["ada"], never);
  expect(ada?.domain).toBe("CONTOSO");
});
