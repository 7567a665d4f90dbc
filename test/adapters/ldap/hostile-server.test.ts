/**
 * A server that means harm, or is broken: it must cost bounded memory and bounded time, and never look like an answer.
 *
 * Memory is measured in a process of its own, by the peak that the system has counted.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { openLdapDirectory } from "../../../src/adapters/ldap/ldap-directory.ts";
import { startSimulatedDirectory } from "../../../src/sim/directory/server.ts";
import { makeCertificate } from "../../sim/directory/domain-fixture.ts";
import { makeForest } from "./forest-world.ts";
import {
  ber,
  disconnectionNotice,
  entry,
  reference,
  result,
  type ScriptedAnswer,
  type ScriptedRequest,
  startScriptedServer,
} from "./scripted-server.ts";
import { type SettingsChanges, settingsFor } from "./settings.ts";

const never = new AbortController().signal;
const MOST_RESIDENT_MIB = 512;
const ADAPTER = new URL("../../../src/adapters/ldap/ldap-directory.ts", import.meta.url).href;
const SETTINGS = new URL("./settings.ts", import.meta.url).href;

/** Lets everybody in, then answers every search as told. */
async function start(answer: (request: ScriptedRequest) => ScriptedAnswer) {
  const server = await startScriptedServer((request) =>
    request.kind === "search" ? answer(request) : [result(request, 0)],
  );
  onTestFinished(() => server.close());
  return server;
}

async function open(answer: (request: ScriptedRequest) => ScriptedAnswer, changes: SettingsChanges = {}) {
  const server = await start(answer);
  const directory = openLdapDirectory(settingsFor(server.url, changes));
  onTestFinished(() => directory.close());
  return { server, directory };
}

const LONG_NAME = "x".repeat(100_000);
const floods: readonly [title: string, answer: (request: ScriptedRequest) => ScriptedAnswer, message: RegExp][] = [
  [
    "entries without end",
    (request) => [{ flood: entry(request, "CN=ada", { description: [LONG_NAME] }) }],
    /longer than 67108864 bytes/,
  ],
  [
    "small entries without end",
    (request) => [{ flood: entry(request, "CN=ada", { cn: ["ada"] }) }],
    /longer than 25000 messages/,
  ],
  [
    "references without end",
    (request) => [{ flood: reference(request, `ldap://127.0.0.1/${LONG_NAME}`) }],
    /longer than 67108864 bytes/,
  ],
  [
    "an entry of 100 MB",
    () => [Buffer.from("3084064000000201027f", "hex"), { flood: Buffer.alloc(1024 * 1024) }],
    /a message of 104857606 bytes is announced/,
  ],
  [
    "a hundred thousand open lengths",
    () => [{ flood: Buffer.from("3084", "hex") }],
    /sent an answer that cannot be trusted/,
  ],
  [
    "answers to another question without end",
    (request) => [{ flood: entry({ ...request, messageId: 999 }, "CN=ada", { description: [LONG_NAME] }) }],
    /longer than 67108864 bytes/,
  ],
];
for (const [title, answer, message] of floods) {
  test(`B18: ${title} cost at most ${MOST_RESIDENT_MIB} MiB and end in an error`, async () => {
    const server = await start(answer);
    const program = `
      import { openLdapDirectory } from ${JSON.stringify(ADAPTER)};
      import { settingsFor } from ${JSON.stringify(SETTINGS)};
      const directory = openLdapDirectory(settingsFor(${JSON.stringify(server.url)}, { operationTimeoutMs: 30_000 }));
      await directory.identify(new AbortController().signal).catch(({ name, message }) => console.log(name, message));
      await directory.close();
      console.log(process.resourceUsage().maxRSS / 1024);
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
    const [said = "", residentMib = ""] = stdout.trim().split("\n");
    expect(said).toMatch(message);
    expect(said).toMatch(/^BatchError /);
    expect(Number(residentMib)).toBeLessThan(MOST_RESIDENT_MIB);
    expect(server.connections()).toBe(1);
  });
}

const slow: readonly [title: string, answer: (request: ScriptedRequest) => ScriptedAnswer][] = [
  ["says nothing", () => ["hang"]],
  ["sends a byte now and then", (request) => [{ drip: result(request, 0), everyMs: 40 }]],
  ["sends all but the end", (request) => [entry(request, "", { defaultNamingContext: ["DC=x"] }), "hang"]],
];
for (const [title, answer] of slow) {
  test(`B12: a server that ${title} is given up when the time for an answer is over`, async () => {
    const { directory } = await open(answer, { operationTimeoutMs: 150, retryPausesMs: [] });
    await expect(directory.identify(never)).rejects.toThrow(/did not answer within 150 ms/);
  });
}

test("a server that takes connections and says nothing before TLS is given up after the connect time-out", async () => {
  const { server } = await open(() => []);
  const directory = openLdapDirectory(settingsFor(server.url.replace("ldap:", "ldaps:"), { connectTimeoutMs: 100 }));
  onTestFinished(() => directory.close());
  const identified = directory.identify(never);
  await expect(identified).rejects.toMatchObject({ code: "directory" });
  await expect(identified).rejects.toThrow(/cannot be reached/);
});

test.each([
  [51, /too busy/],
  [52, /not available/],
])(
  "a server that goes on answering %i is asked a bounded number of times, then said to be so",
  async (code, message) => {
    const { server, directory } = await open((request) => [result(request, code)], { retryPausesMs: [0, 0] });
    const identified = directory.identify(never);
    await expect(identified).rejects.toMatchObject({ name: "BatchError", code: "directory" });
    await expect(identified).rejects.toThrow(message);
    expect(server.requests.filter(({ kind }) => kind === "search")).toHaveLength(3);
  },
);

test("B11: references in a circle lead nowhere, and nobody is asked twice", async () => {
  let url = "";
  const { server, directory } = await open((request) => [reference(request, `${url}/DC=corp`), result(request, 10)]);
  url = server.url;
  await expect(directory.identify(never)).rejects.toThrow(/never followed/);
  expect([server.connections(), server.requests.filter(({ kind }) => kind === "search").length]).toEqual([1, 1]);
});

test("a server's last word ends the connection, and is no answer", async () => {
  const { directory } = await open(() => [disconnectionNotice(), "drop"], { retryPausesMs: [0] });
  await expect(directory.identify(never)).rejects.toMatchObject({ name: "BatchError", code: "directory" });
});

test("a result that is nested without end is no answer", async () => {
  let nested: Buffer = Buffer.alloc(0);
  for (let depth = 0; depth < 2_000; depth += 1) nested = ber(0x30, nested);
  const { directory } = await open((request) => [
    ber(0x30, ber(0x02, Buffer.from([0, request.messageId])), ber(0x65, nested)),
  ]);
  await expect(directory.identify(never)).rejects.toMatchObject({ name: "BatchError", code: "directory" });
});

test("B19: after a lost connection TLS is started again before the sign-in", async () => {
  const tls = makeCertificate();
  let lookups = 0;
  const { root } = makeForest();
  const server = await startSimulatedDirectory(root, {
    tls,
    requireEncryption: true,
    onRequest: ({ operation }) => {
      const isLookup = operation.kind === "search" && operation.attributes.includes("mS-DS-ConsistencyGuid");
      return isLookup && ++lookups === 1 ? { kind: "reset" } : undefined;
    },
  });
  const settings = settingsFor(server.url, { domain: "CONTOSO", startTls: true, ca: tls.cert });
  const directory = openLdapDirectory(settings);
  onTestFinished(async () => {
    await directory.close();
    await server.close();
  });
  expect(await directory.findAccounts("sAMAccountName", ["ada"], never)).toHaveLength(1);
  expect(lookups).toBe(2);
  expect(server.ledger.read("start-tls")).toHaveLength(2);
  expect(server.ledger.read("bind").map(({ encrypted, ok }) => [encrypted, ok])).toEqual([
    [true, true],
    [true, true],
  ]);
});
