/**
 * The composition root: the only file that builds adapters.
 *
 * Every adapter is loaded when a command asks for it, so that `--help`, `explain` and `convert` start at once
 * and need neither the Graph SDK nor the sign-in library.
 */
import { readFileSync } from "node:fs";
import { homedir, hostname, userInfo } from "node:os";
import type { SignInSettings } from "./adapters/ldap/ldap-settings.ts";
import { systemChance, systemClock } from "./adapters/system/system-clock.ts";
import { COMMANDS } from "./cli/commands/commands.ts";
import { EXIT_OF_SIGNAL, type StopSignal } from "./cli/exit-codes.ts";
import type { OpenWorld, Program } from "./cli/program.ts";
import { createProgress } from "./cli/render/progress.ts";
import type { Screen } from "./cli/render/screen.ts";
import { runCommandLine } from "./cli/run-command-line.ts";
import { describeSecretSource, readSecret, type SecretSource } from "./cli/secrets.ts";
import type { AuthSettings, DirectorySettings, DirectorySignIn, Settings } from "./cli/settings.ts";
import { createStopping } from "./cli/stopping.ts";
import { parseGuid } from "./core/guid.ts";
import { foldCase } from "./core/names.ts";
import { preferRecorded } from "./core/server-record.ts";
import type { Log } from "./ports/log.ts";

/** For name resolution, connection and TLS together. */
const CONNECT_TIMEOUT_MS = 15_000;

/** @param words The command line after the program's name. */
export async function main(words: readonly string[]): Promise<void> {
  // Where Node is told to write a report about a crash, it would write every secret of the environment into it.
  process.report.excludeEnv = true;
  const version = readVersion();
  process.exitCode = await runCommandLine(words, {
    commands: COMMANDS,
    version,
    streams: process,
    environment: process.env,
    makeProgram: (screen) => buildProgram(screen, version),
  });
}

function readVersion(): string {
  const text: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  if (typeof text === "object" && text !== null && "version" in text && typeof text.version === "string")
    return text.version;
  throw new Error("package.json has no version");
}

function buildProgram(screen: Screen, version: string): Program {
  const clock = systemClock;
  const chance = systemChance;
  const { username: operator } = userInfo();
  const progress = createProgress(screen, clock);
  const { stopping, receive } = createStopping(
    (text) => screen.complain(text),
    (code) => process.exit(code),
  );
  for (const signal of Object.keys(EXIT_OF_SIGNAL) as StopSignal[]) process.on(signal, () => receive(signal));
  const owner = { user: operator, host: hostname(), pid: process.pid };
  return {
    version,
    operator,
    clock,
    chance,
    screen,
    progress,
    stopping,
    environment: process.env,
    async readSettings(file) {
      const { readSettings } = await import("./cli/config.ts");
      return readSettings(file, { environment: process.env, interactive: screen.interactive });
    },
    openWorld: (settings, log, servers) =>
      openWorld(settings, servers, { log, clock, chance, progress, stopping, screen }),
    pipeline: () => import("./pipeline.ts"),
    record: () => import("./stages/record-run.ts"),
    async openShelf() {
      const { openRunShelf } = await import("./adapters/run-folder/run-shelf.ts");
      return openRunShelf({ ...owner, now: () => clock.now(), programVersion: version });
    },
    async lockTenant(tenantId) {
      const { stateFolderOf, takeTenantLock } = await import("./adapters/run-folder/tenant-lock.ts");
      const folder = stateFolderOf({ platform: process.platform, environment: process.env, home: homedir() });
      return takeTenantLock(folder, tenantId, { ...owner, since: clock.now().toISOString() });
    },
    async projections() {
      const [{ planCsv }, { resultsCsv }, { retryCsv }, { reportHtml }] = await Promise.all([
        import("./adapters/csv/plan-csv.ts"),
        import("./adapters/csv/results-csv.ts"),
        import("./adapters/csv/retry-csv.ts"),
        import("./adapters/report/report-html.ts"),
      ]);
      return [planCsv, resultsCsv, retryCsv, reportHtml];
    },
    readMapping: async (path, reading) =>
      (await import("./adapters/csv/read-mapping.ts")).readMappingFile(path, reading),
    hashMapping: async (path) => (await import("./adapters/csv/hash-mapping.ts")).hashMappingFile(path),
    readResults: async (path) => (await import("./adapters/csv/read-results.ts")).readResultsFile(path),
    openLog: async (path, now) => (await import("./adapters/log/run-log.ts")).openRunLog(path, "info", now),
    async runDemo(request) {
      const { runDemo } = await import("./sim/demo.ts");
      return runDemo({
        ...request,
        programPath: process.argv[1] ?? "",
        execPath: process.execPath,
        signal: stopping.drain,
      });
    },
  };
}

type Surroundings = Pick<Program, "clock" | "chance" | "progress" | "stopping" | "screen"> & { readonly log: Log };

async function openWorld(
  settings: Settings,
  servers: readonly string[],
  { log, clock, chance, progress, stopping, screen }: Surroundings,
): Promise<OpenWorld> {
  const [
    { openLdapDirectory },
    { openGlobalCatalog },
    { SignInGate },
    { openExportDirectory },
    { openGraphTenant },
    { openAccessTokens },
    { digest },
  ] = await Promise.all([
    import("./adapters/ldap/ldap-directory.ts"),
    import("./adapters/ldap/global-catalog.ts"),
    import("./adapters/ldap/sign-in-gate.ts"),
    import("./adapters/ad-export/export-directory.ts"),
    import("./adapters/graph/graph-tenant.ts"),
    import("./adapters/graph/auth.ts"),
    import("./adapters/run-folder/digest.ts"),
  ]);
  const { tenant, limits } = settings;
  const read = takeTurns((source) => readSecret(source, { environment: process.env, screen, signal: stopping.drain }));
  const auth = await withSecrets(tenant.auth, read);
  const tenantName = tenant.id;
  const credential = openAccessTokens(
    auth,
    { tenantName, cloud: tenant.cloud, show: (text) => screen.complain(text) },
    clock,
  );
  const { requestTimeoutSeconds } = limits;
  const cloud = openGraphTenant(
    { tenantId: parseGuid(tenantName), tenantName, cloud: tenant.cloud, endpoint: tenant.endpoint, limits, credential },
    { clock, chance, log, progress },
  );
  const gates = new Map<string, InstanceType<typeof SignInGate>>();
  const opened = settings.directories.map((directory: DirectorySettings) => {
    if (directory.kind === "export") return { directory: openExportDirectory(directory), forest: null };
    const { domain, urls, startTls, baseDn, ca, serverName, signIn, globalCatalog } = directory;
    const account = accountOf(signIn);
    const gate = gates.get(account) ?? new SignInGate();
    gates.set(account, gate);
    const shared = {
      ...{ domain, ca, gate },
      signIn: withDirectorySecrets(signIn, read),
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      operationTimeoutMs: requestTimeoutSeconds * 1000,
    };
    return {
      directory: openLdapDirectory({ ...shared, urls: preferRecorded(urls, servers), startTls, baseDn, serverName }),
      forest: globalCatalog === null ? null : openGlobalCatalog({ ...shared, ...globalCatalog }),
    };
  });
  const directories = opened.map(({ directory }) => directory);
  const forests = opened.flatMap(({ forest }) => forest ?? []);
  const writerLimits = {
    inFlight: limits.inFlight,
    settleMs: limits.settleSeconds * 1000,
    quarantineMs: limits.quarantineSeconds * 1000,
  };
  return {
    world: {
      directories,
      forests,
      tenant: cloud,
      clock,
      chance,
      digest,
      log,
      progress,
      limits: writerLimits,
      stop: stopping,
    },
    async close() {
      await Promise.all([...directories, ...forests, cloud].map((side) => side.close()));
    },
  };
}

type ReadSecret = (source: SecretSource) => Promise<string>;

/** One question at a time: two directories that connect at once must not both ask on the same line. */
function takeTurns(read: ReadSecret): ReadSecret {
  let before: Promise<unknown> = Promise.resolve();
  return (source) => {
    const answer = before.then(() => read(source));
    // Whoever asked hears of a failure; the next in turn only waits for it to be over.
    before = answer.catch(() => undefined);
    return answer;
  };
}

/** Whose sign-in it is: entries that share an account share the one failed sign-in that it is allowed. */
function accountOf(signIn: DirectorySignIn): string {
  return signIn.method === "simple" ? foldCase(signIn.bindDn) : signIn.certificate;
}

/** The sign-in to a directory, its secrets read when the first connection is made. */
function withDirectorySecrets(signIn: DirectorySignIn, read: ReadSecret): SignInSettings {
  if (signIn.method === "simple")
    return { method: "simple", bindDn: signIn.bindDn, password: () => read(signIn.password) };
  const { certificate, key, keyPassword } = signIn;
  return {
    method: "external",
    certificate: async () => ({
      certificate,
      key: await read(key),
      passphrase: keyPassword === null ? null : await read(keyPassword),
    }),
  };
}

/** The sign-in with its secrets read; the adapter never learns where they come from. */
async function withSecrets(auth: AuthSettings, read: ReadSecret) {
  switch (auth.method) {
    case "client-certificate": {
      const { method, clientId } = auth;
      const certificate = await read(auth.certificate);
      if (auth.certificatePassword === null) return { method, clientId, certificate: () => certificate };
      const password = await read(auth.certificatePassword);
      return { method, clientId, certificate: () => certificate, certificatePassword: () => password };
    }
    case "client-secret": {
      const secret = await read(auth.secret);
      return { method: auth.method, clientId: auth.clientId, secret: () => secret };
    }
    case "access-token": {
      const token = await read(auth.token);
      return { method: auth.method, token: () => token, origin: describeSecretSource(auth.token) };
    }
    default:
      return auth;
  }
}
