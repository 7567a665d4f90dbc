/**
 * A company of seven people, an AD domain and a tenant for them on loopback, and a folder from which the program
 * is run as an operator would: a process of its own, a configuration, an exit code.
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { guidToBytes } from "../../src/core/guid.ts";
import { startSimulation } from "../../src/sim/demo/simulation.ts";
import type { SimulatedDomain, SimulatedEntry } from "../../src/sim/directory/world.ts";
import type { RunningTenant, TenantOptions } from "../../src/sim/tenant/server.ts";
import { describeTenant, describeUser, type SimulatedUser } from "../../src/sim/tenant/world.ts";
import { AD_GUID, CLOUD_ID, idOf } from "./facts.ts";
import { requireDocument } from "./json-schemas.ts";

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };
export type RunOptions = {
  /** Added to the company's own; `undefined` takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Called with everything printed on stderr so far; may send a signal. */
  readonly watch?: (stderr: string, kill: (signal: NodeJS.Signals) => void) => void;
  /** Calls `watch` also when nothing is printed, each time this many milliseconds have passed. */
  readonly nudgeMs?: number;
};

export type SmallCompany = {
  /** Where the program is run; holds hardmatch.yaml. */
  readonly folder: string;
  readonly tenant: RunningTenant;
  /** The program's own file, and the variables that it is run with. */
  readonly program: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Runs `hardmatch` with these words. */
  run(words: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Writes a mapping of these names, each with its own account and user, and tells its file. */
  writeMapping(names: readonly string[]): string;
  write(name: string, content: string): string;
  /** The text of hardmatch.yaml. */
  configuration(): string;
  path(...parts: readonly string[]): string;
  /** The value that each named user holds now. */
  held(...names: readonly string[]): (string | null | undefined)[];
  /** Writes that changed something, as the tenant's own ledger has them. */
  applied(): { readonly userId: string | null; readonly value: unknown }[];
  close(): Promise<void>;
};

/**
 * Ada, Ben and Cyd hold no ID; Dee and Eve hold each other's; Fay is matched already; Gus is a guest, whom no
 * plan may touch.
 */
export const EVERYBODY = ["ada", "ben", "cyd", "dee", "eve", "fay", "gus"] as const;

const CHANGES: Readonly<Record<string, Partial<SimulatedUser>>> = {
  dee: { onPremisesImmutableId: idOf("eve") },
  eve: { onPremisesImmutableId: idOf("dee") },
  fay: { onPremisesImmutableId: idOf("fay") },
  gus: { userType: "Guest" },
};

export const PASSWORD = "only-for-tests";
/** Every child would strip the types of the whole program again. */
export const COMPILE_CACHE = join(tmpdir(), "hardmatch-test-compile-cache");
const PROGRAM = new URL("../../src/bin.ts", import.meta.url).pathname;

export function startSmallCompany(
  tenantOptions: Pick<TenantOptions, "latencyMs" | "dateOffsetMs"> = {},
): Promise<SmallCompany> {
  return startCompany({ entries: EVERYBODY.map(describeEntry), users: EVERYBODY.map(describePerson) }, tenantOptions);
}

/** A company of other people, in one AD domain. */
export async function startCompany(
  people: {
    readonly entries: SimulatedEntry[];
    readonly users: SimulatedUser[];
    /** Roles of the users. */
    readonly roles?: Parameters<typeof describeTenant>[0];
    readonly foldAccents?: boolean;
  },
  tenantOptions: Pick<TenantOptions, "latencyMs" | "dateOffsetMs"> = {},
): Promise<SmallCompany> {
  const folder = mkdtempSync(join(tmpdir(), "hardmatch-cli-"));
  const { directories, tenant, token, close } = await startSimulation({
    domains: [describeDomain(people.entries)],
    directoryOptions: { foldAccents: people.foldAccents ?? false },
    // Locks of a tenant are named for it: every company has one of its own.
    tenant: describeTenant({ id: randomUUID(), users: people.users, ...people.roles }),
    tenantOptions,
  });
  const environment = {
    HARDMATCH_ACCESS_TOKEN: token,
    HARDMATCH_LDAP_PASSWORD: PASSWORD,
    XDG_STATE_HOME: join(folder, ".state"),
    LOCALAPPDATA: join(folder, ".state"),
    NO_COLOR: "1",
  };
  const write = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return name;
  };
  const [{ url, bindDN }] = directories as [(typeof directories)[number]];
  write("hardmatch.yaml", describeConfiguration({ endpoint: tenant.endpoint, url, bindDN }));
  mkdirSync(join(folder, "mappings"));
  const { HOME, PATH } = process.env;
  return {
    folder,
    tenant,
    program: PROGRAM,
    environment: { HOME, PATH, NODE_COMPILE_CACHE: COMPILE_CACHE, ...environment },
    run: (words, options = {}) => runProgram(words, { folder, environment, options }),
    writeMapping: (names) =>
      write(
        "mappings/people.csv",
        `sAMAccountName,userPrincipalName,wave\n${names.map((name) => `${name},${name}@contoso.example,1\n`).join("")}`,
      ),
    write,
    configuration: () => readFileSync(join(folder, "hardmatch.yaml"), "utf8"),
    path: (...parts) => join(folder, ...parts),
    held: (...names) => names.map((name) => tenant.user(CLOUD_ID(name))?.onPremisesImmutableId),
    applied: () =>
      tenant.ledger.entries.filter(({ applied }) => applied).map(({ userId, value }) => ({ userId, value })),
    async close() {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function describeConfiguration(access: {
  readonly endpoint: string;
  readonly url: string;
  readonly bindDN: string;
}): string {
  return `tenant:
  id: contoso.example
  endpoint: ${access.endpoint}
  auth:
    method: access-token
    tokenEnv: HARDMATCH_ACCESS_TOKEN
directories:
  - domain: CORP
    url: ${access.url}
    bindDN: ${access.bindDN}
    passwordEnv: HARDMATCH_LDAP_PASSWORD
limits:
  requestTimeoutSeconds: 5
  settleSeconds: 0.1
  quarantineSeconds: 6
`;
}

export function describePerson(name: string): SimulatedUser {
  return describeUser({
    id: CLOUD_ID(name),
    userPrincipalName: `${name}@contoso.example`,
    displayName: name,
    ...CHANGES[name],
  });
}

export const BASE_DN = "DC=corp,DC=contoso,DC=example";

/** The AD account of a person of this name, in the domain of {@link describeDomain}. */
export function describeEntry(name: string): SimulatedEntry {
  return {
    dn: `CN=${name},OU=People,${BASE_DN}`,
    objectClass: ["user"],
    attributes: {
      sAMAccountName: [name],
      displayName: [name],
      mail: [`${name}@contoso.example`],
      userAccountControl: ["512"],
    },
    binary: { objectGUID: [Buffer.from(guidToBytes(AD_GUID(name))).toString("base64")] },
  };
}

/** The domain CORP with these accounts; the program signs in with {@link PASSWORD}. */
export function describeDomain(entries: SimulatedEntry[]): SimulatedDomain {
  return {
    netbiosName: "CORP",
    dnsName: "corp.contoso.example",
    baseDn: BASE_DN,
    objectGuid: AD_GUID("the domain's head"),
    objectSid: "S-1-5-21-1004336348-1177238915-682003330",
    hostName: "dc1.corp.contoso.example",
    credentials: [{ name: "svc-hardmatch@corp.contoso.example", password: PASSWORD }],
    entries,
  };
}

type Place = {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly options: RunOptions;
};

/** Runs the program without a terminal and waits for its end. */
export async function runProgram(
  words: readonly string[],
  { folder, environment, options: { environment: changed = {}, input = "", watch, nudgeMs } }: Place,
): Promise<Ended> {
  const { HOME, PATH } = process.env;
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    cwd: folder,
    env: { HOME, PATH, NODE_COMPILE_CACHE: COMPILE_CACHE, ...environment, ...changed },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(input);
  let seen = "";
  const look = () => watch?.(seen, (signal) => child.kill(signal));
  child.stderr.on("data", (chunk: Buffer) => {
    seen += chunk.toString();
    look();
  });
  const nudge = nudgeMs === undefined ? undefined : setInterval(look, nudgeMs);
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    }),
  ]);
  clearInterval(nudge);
  // Whatever a test looks at: a document that differs from its published schema breaks somebody's script.
  if (words.includes("--json") && stdout !== "")
    requireDocument(words.find((word) => !word.startsWith("-")) ?? "help", stdout);
  return { code, stdout, stderr };
}
