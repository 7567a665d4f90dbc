/** `doctor` against servers in which one thing is wrong: each is named by one line, with what mends it. */
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import type { Duplex } from "node:stream";
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { DOCTOR_DOCUMENT, type DoctorDocument } from "../../src/cli/documents/doctor-document.ts";
import { PERMISSIONS } from "../../src/sim/demo/simulation.ts";
import { type SimulatedDirectory, startSimulatedDirectory } from "../../src/sim/directory/server.ts";
import { EXPIRED, makeCertificate, type Pair } from "../support/make-certificate.ts";
import {
  BASE_DN,
  describeDomain,
  describeEntry,
  describePerson,
  EVERYBODY,
  PASSWORD,
  type RunOptions,
  type SmallCompany,
  startCompany,
  startSmallCompany,
} from "../support/small-company.ts";

const HOST = "127.0.0.1";
const MINUTE_MS = 60_000;
const FOREIGN_TENANT = "11111111-2222-4333-8444-555555555555";
/** Everything that a plan reads, and nothing that writes. */
const READER = [...PERMISSIONS.filter((name) => name !== "User.ReadWrite.All"), "User.Read.All"];
let authority: Pair;
let foreign: Pair;
let expired: Pair;
beforeAll(() => {
  authority = makeCertificate({ name: "authority.contoso.example" });
  foreign = makeCertificate({ name: HOST, signer: makeCertificate({ name: "stranger.contoso.example" }) });
  expired = makeCertificate({ name: HOST, signer: authority, validity: EXPIRED });
});

let company: SmallCompany;
afterEach(() => company.close());

/** A domain controller with this certificate, put into the configuration. */
async function useTls(tls: Pair, ldaps = true): Promise<SimulatedDirectory> {
  const directory = await startSimulatedDirectory(describeDomain(EVERYBODY.map(describeEntry)), { ldaps, tls });
  onTestFinished(() => directory.close());
  company.write("ca.pem", authority.cert);
  configure(/url: .*/, `url: ${directory.url}\n    caFile: ca.pem${ldaps ? "" : "\n    startTls: true"}`);
  return directory;
}

function configure(old: RegExp, lines: string): void {
  company.write("hardmatch.yaml", company.configuration().replace(old, lines));
}

async function runDoctor(options: RunOptions = {}) {
  const { code, stdout, stderr } = await company.run(["doctor", "--json"], options);
  expect(stdout, stderr).not.toBe("");
  const document: DoctorDocument = DOCTOR_DOCUMENT.parse(JSON.parse(stdout));
  expect(document.exitCode).toBe(code);
  for (const secret of [PASSWORD, "not-the-one", company.environment.HARDMATCH_ACCESS_TOKEN])
    expect(`${stdout}${stderr}`).not.toContain(secret);
  return document;
}

const failuresOf = ({ lines }: DoctorDocument) => lines.filter(({ state }) => state === "failure");
const tokenWith = (request: Parameters<SmallCompany["tenant"]["mintToken"]>[0]) => ({
  environment: { HARDMATCH_ACCESS_TOKEN: company.tenant.mintToken(request) },
});

type Case = {
  readonly wrong: string;
  readonly company?: () => Promise<SmallCompany>;
  readonly arrange?: () => unknown;
  readonly options?: () => RunOptions;
  readonly check: string;
  readonly says: RegExp;
  readonly mend: RegExp;
  readonly exitCode: number;
  /** Checks that are then not made. */
  readonly leftOut?: readonly string[];
};

const UP_TO_ACCOUNTS = ["bind", "search-base", "sample-search"];

const cases: readonly Case[] = [
  {
    wrong: "an authority that is not the configured one",
    arrange: () => useTls(foreign),
    check: "tls",
    says: /is not trusted: .*authority that is not trusted here\. It showed: 127\.0\.0\.1, issued by stranger\.contoso\.example, valid 20/,
    mend: /Set caFile/,
    exitCode: 4,
    leftOut: UP_TO_ACCOUNTS,
  },
  {
    wrong: "that authority behind StartTLS",
    arrange: () => useTls(foreign, false),
    check: "tls",
    says: /authority that is not trusted here\. It showed: 127\.0\.0\.1, issued by stranger/,
    mend: /Set caFile/,
    exitCode: 4,
    leftOut: UP_TO_ACCOUNTS,
  },
  {
    wrong: "a certificate that has expired",
    arrange: () => useTls(expired),
    check: "tls",
    says: /its certificate has expired\. It showed: .*valid 2025-01-01 to 2025-02-01/,
    mend: /Renew the domain controller's certificate/,
    exitCode: 4,
    leftOut: UP_TO_ACCOUNTS,
  },
  {
    wrong: "a certificate for another name",
    arrange: () => useTls(makeCertificate({ name: "dc2.corp.contoso.example", signer: authority })),
    check: "tls",
    says: /its certificate is not for 127\.0\.0\.1\. It showed: dc2\.corp\.contoso\.example, issued by authority/,
    mend: /Set serverName/,
    exitCode: 4,
    leftOut: UP_TO_ACCOUNTS,
  },
  {
    wrong: "a wrong password",
    options: () => ({ environment: { HARDMATCH_LDAP_PASSWORD: "not-the-one" } }),
    check: "bind",
    says: /refused the sign-in of svc-hardmatch@corp\.contoso\.example: the name or the password is wrong/,
    mend: /Check bindDN and the password/,
    exitCode: 4,
    leftOut: ["search-base", "sample-search"],
  },
  {
    wrong: "a password that is not there",
    options: () => ({ environment: { HARDMATCH_LDAP_PASSWORD: undefined } }),
    check: "bind",
    says: /HARDMATCH_LDAP_PASSWORD, which is not set/,
    mend: /Provide it/,
    exitCode: 2,
    leftOut: ["search-base", "sample-search"],
  },
  {
    wrong: "a closed port",
    arrange: async () => configure(/url: .*/, `url: ldaps://${HOST}:${await findClosedPort()}`),
    check: "tcp",
    says: /nothing listens at that address and port/,
    mend: /Check host and port/,
    exitCode: 4,
    leftOut: ["tls", ...UP_TO_ACCOUNTS],
  },
  {
    wrong: "a name that nobody knows",
    arrange: () => configure(/url: .*/, "url: ldaps://dc1.invalid"),
    check: "dns",
    says: /its name is not known in DNS here/,
    mend: /Check the host name/,
    exitCode: 4,
    leftOut: ["tcp", "tls", ...UP_TO_ACCOUNTS],
  },
  {
    wrong: "a search base that does not exist",
    arrange: () => configure(/( +)url: /, `    baseDN: OU=Nobody,${BASE_DN}\n    url: `),
    check: "search-base",
    says: /could not search OU=Nobody.*: the search base does not exist/,
    mend: /Check baseDN/,
    exitCode: 4,
    leftOut: ["sample-search"],
  },
  {
    wrong: "another tenant than the configuration's",
    arrange: () => configure(/id: .*/, "id: fabrikam.example"),
    check: "tenant",
    says: /another tenant: the configuration names fabrikam\.example, and Graph answers for "Contoso"/,
    mend: /Correct tenant\.id/,
    exitCode: 5,
    leftOut: ["permissions", "checks", "sync", "hard-match"],
  },
  {
    wrong: "a token of another tenant",
    options: () => tokenWith({ roles: PERMISSIONS, tenantId: FOREIGN_TENANT }),
    check: "tenant",
    says: /the token belongs to tenant 11111111-2222-4333-8444-555555555555, the configuration names contoso\.example/,
    mend: /Put a new token for Microsoft Graph into the environment variable/,
    exitCode: 5,
    leftOut: ["permissions", "checks", "sync", "hard-match"],
  },
  {
    wrong: "a permission that is missing for writing",
    options: () => tokenWith({ roles: READER }),
    check: "permissions",
    says: /^The token lacks User\.ReadWrite\.All to write an immutable ID\.$/,
    mend: /grant admin consent/,
    exitCode: 5,
  },
  {
    wrong: "a token that is none",
    options: () => ({ environment: { HARDMATCH_ACCESS_TOKEN: "garbage" } }),
    check: "token",
    says: /^Graph refused the access token from the environment variable .*: it is no token at all/,
    mend: /Put a new token for Microsoft Graph into/,
    exitCode: 5,
    leftOut: [
      "tenant",
      ...["permissions", "permissions", "permissions", "permissions", "directory-roles"],
      ...["checks", "sync", "hard-match"],
    ],
  },
  {
    wrong: "a token that has ended",
    options: () => tokenWith({ roles: PERMISSIONS, lifetimeSeconds: -60 }),
    check: "token",
    says: /^The access token ended at 2/,
    mend: /new access token/,
    exitCode: 5,
    leftOut: ["tenant", "permissions", "checks", "sync", "hard-match"],
  },
  {
    wrong: "a clock that is ten minutes off",
    company: () => startSmallCompany({ dateOffsetMs: 10 * MINUTE_MS }),
    check: "clock",
    says: /^The clock of this machine is (10 min|9 min 5\d s).* behind the tenant's; apply refuses to write with more than 5 min\.$/,
    mend: /w32tm \/resync/,
    exitCode: 2,
  },
  {
    wrong: "a tenant that blocks hard matches",
    company: () =>
      startCompany({
        entries: EVERYBODY.map(describeEntry),
        users: EVERYBODY.map(describePerson),
        roles: { syncFeatures: { blockCloudObjectTakeoverThroughHardMatchEnabled: true } },
      }),
    check: "hard-match",
    says: /^The tenant blocks hard matches/,
    mend: /Switch the feature off/,
    exitCode: 5,
  },
  {
    wrong: "a tenant that cannot be reached",
    arrange: async () => configure(/endpoint: .*/, `endpoint: http://${HOST}:${await findClosedPort()}`),
    check: "graph",
    says: /^127\.0\.0\.1:\d+ cannot be reached: nothing listens at that address and port \(ECONNREFUSED\)\.$/,
    mend: /^Check tenant\.endpoint/,
    exitCode: 5,
    leftOut: [
      "clock",
      "token",
      "tenant",
      ...["permissions", "permissions", "permissions", "permissions", "directory-roles"],
      ...["checks", "sync", "hard-match"],
    ],
  },
];

async function findClosedPort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("doctor names in one line", () => {
  test.each(cases)("$wrong", async ({ company: start = startSmallCompany, arrange, options, ...expected }) => {
    company = await start();
    await arrange?.();
    const document = await runDoctor(options?.());
    const { check, says, mend, exitCode, leftOut = [] } = expected;
    expect(failuresOf(document)).toMatchObject([
      { check, says: expect.stringMatching(says), mend: expect.stringMatching(mend) },
    ]);
    expect(document.exitCode).toBe(exitCode);
    expect(document.lines.filter(({ state }) => state === "not-checked").map((line) => line.check)).toEqual(leftOut);
  });
});

test("where all is well doctor says so line by line, and ends with 0", async () => {
  company = await startSmallCompany();
  const directory = await useTls(makeCertificate({ name: HOST, signer: authority, validity: ["-days", "400"] }));
  const { code, stdout, stderr } = await company.run(["doctor"]);
  expect(code, `${stdout}${stderr}`).toBe(0);
  for (const line of [
    /^ {2}ok +node +Node \d+/m,
    /^ {2}ok +clock +The clock agrees with the tenant's\.$/m,
    /^ {2}(ok|warning) +run-folder +Run folders can be made in /m,
    /^ {2}ok +tcp +CORP: ldaps:\/\/127\.0\.0\.1:\d+ takes connections/m,
    /^ {2}warning +tls +CORP: .* is trusted over TLSv1\.3: 127\.0\.0\.1, issued by authority\.contoso\.example, valid .*; authority\.contoso\.example, signed by itself, valid .*ends on/m,
    /^ {2}ok +bind +CORP: Signed in as svc-hardmatch@corp\.contoso\.example/m,
    /^ {2}ok +search-base +CORP: Domain CORP, search base DC=corp,DC=contoso,DC=example/m,
    /^ {2}ok +sample-search +CORP: 5 accounts read, .*; mS-DS-ConsistencyGuid may be written, which only plan --write-to ad needs\.$/m,
    /^ {2}ok +tenant +"Contoso"/m,
    /^ {2}ok +permissions +apply, rollback: May write an immutable ID \(User\.ReadWrite\.All\)\.$/m,
    /^ {2}ok +checks +plan: Every check of a plan can be made\.$/m,
    /^ {2}ok +hard-match +Hard matches are allowed\./m,
    /^\d+ warnings?, \d+ ok\.$/m,
  ])
    expect(stdout).toMatch(line);
  expect(directory.ledger.read("modify")).toEqual([]);
  expect(company.applied()).toEqual([]);
});

test("a server that is not trusted is sent no password", async () => {
  company = await startSmallCompany();
  const untrusted = await useTls(foreign);
  await runDoctor();
  expect(untrusted.ledger.read("bind")).toEqual([]);
});

test("a wrong password is sent once, however many entries name its account", async () => {
  company = await startSmallCompany();
  const directory = await useTls(makeCertificate({ name: HOST, signer: authority }));
  const entry = /directories:\n([\s\S]*?)limits:/.exec(company.configuration())?.[1] ?? "";
  configure(/limits:/, `${entry.replace("CORP", "EU")}limits:`);
  const document = await runDoctor({ environment: { HARDMATCH_LDAP_PASSWORD: "not-the-one" } });
  expect(failuresOf(document).map(({ check, subject }) => [check, subject])).toEqual([
    ["bind", "CORP"],
    ["bind", "EU"],
  ]);
  expect(directory.ledger.read("bind")).toHaveLength(1);
});

test("a configuration with problems is told problem by problem, and both sides are left out", async () => {
  company = await startSmallCompany();
  configure(/bindDN:/, "bindDM:");
  configure(/cloud: .*|endpoint: .*/, "endpont: x");
  const document = await runDoctor();
  expect(document.exitCode).toBe(2);
  expect(failuresOf(document).map(({ check, says }) => [check, says])).toEqual([
    ["configuration", expect.stringMatching(/endpont.*endpoint/)],
    ["configuration", expect.stringMatching(/bindDN is missing|bindDM/)],
    ["configuration", expect.stringMatching(/bindDM|bindDN/)],
  ]);
  expect(document.lines.filter(({ state }) => state === "not-checked").map(({ part }) => part)).toEqual([
    "machine",
    "directory",
    "tenant",
  ]);
});

test("a folder that cannot be written is named before the night", async () => {
  company = await startSmallCompany();
  company.write("runs", "a file in the place of the folder");
  const document = await runDoctor();
  expect(failuresOf(document)).toMatchObject([{ part: "machine", check: "run-folder" }]);
  expect(document.exitCode).toBe(2);
});

test("Graph is reached through the proxy that HTTPS_PROXY names", async () => {
  company = await startSmallCompany();
  configure(/ +endpoint: .*\n/, "");
  const asked: string[] = [];
  const proxy = createHttpServer().on("connect", (request: { url?: string }, socket: Duplex) => {
    asked.push(request.url ?? "");
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise<void>((resolve) => proxy.listen(0, HOST, resolve));
  onTestFinished(() => void proxy.close());
  const { port } = proxy.address() as AddressInfo;
  const document = await runDoctor({ environment: { HTTPS_PROXY: `http://${HOST}:${port}` } });
  expect(asked).toEqual(["graph.microsoft.com:443"]);
  expect(failuresOf(document)).toMatchObject([{ check: "graph", mend: expect.stringContaining("HTTPS_PROXY") }]);
});
