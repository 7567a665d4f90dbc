/**
 * The composition root: the only file that builds adapters.
 *
 * Every effect on the world outside goes through `machine.perform` here; what an adapter does to the disk inside one
 * call is part of that call's effect.
 *
 * Every adapter is loaded when a command asks for it, so that `--help`, `explain` and `convert` start at once
 * and need neither the Graph SDK nor the sign-in library.
 */
import { homedir, hostname, userInfo } from "node:os";
import type { AccessTokens } from "./adapters/graph/access-tokens.ts";
import type { SignInSettings } from "./adapters/ldap/ldap-settings.ts";
import { type Machine, thisMachine } from "./adapters/system/machine.ts";
import { performMethods } from "./adapters/system/perform-methods.ts";
import { COMMANDS } from "./cli/commands/commands.ts";
import { EXIT_OF_SIGNAL, type ExitCode, type StopSignal } from "./cli/exit-codes.ts";
import type { ClosableLog, OpenWorld, Probes, Program, Run } from "./cli/program.ts";
import { createProgress } from "./cli/render/progress.ts";
import type { Screen } from "./cli/render/screen.ts";
import { runCommandLine } from "./cli/run-command-line.ts";
import { describeSecretSource, readSecret, type SecretSource } from "./cli/secrets.ts";
import type {
  AuthSettings,
  DirectorySettings,
  DirectorySignIn,
  LiveDirectorySettings,
  Settings,
} from "./cli/settings.ts";
import { createStopping } from "./cli/stopping.ts";
import { parseGuid } from "./core/guid.ts";
import { foldCase } from "./core/names.ts";
import { preferRecorded } from "./core/server-record.ts";
import type { Directory } from "./ports/directory.ts";
import type { Perform } from "./ports/effects.ts";
import type { Forest } from "./ports/forest.ts";
import type { Log } from "./ports/log.ts";
import { readVersion } from "./version.ts";

/** For name resolution, connection and TLS together. */
const CONNECT_TIMEOUT_MS = 15_000;

/** @param words The command line after the program's name. */
export async function main(words: readonly string[]): Promise<void> {
  // Where Node is told to write a report about a crash, it would write every secret of the environment into it.
  process.report.excludeEnv = true;
  process.exitCode = await runOn(thisMachine, words);
}

/** Runs one command line on a machine. @returns Its exit code. @throws Nothing. */
export async function runOn(machine: Machine, words: readonly string[]): Promise<ExitCode> {
  const version = readVersion();
  const { streams, environment } = machine;
  return await runCommandLine(words, {
    commands: COMMANDS,
    version,
    streams,
    environment,
    onUncaught: (receive) => machine.onUncaught(receive),
    exit: (code) => machine.exit(code),
    makeProgram: (screen) => buildProgram(screen, version, machine),
  });
}

function buildProgram(screen: Screen, version: string, machine: Machine): Program {
  const { environment, perform } = machine;
  const clock = performMethods(machine.clock, { name: "clock", methods: ["sleep"], perform });
  const chance = performMethods(machine.chance, { name: "chance", methods: ["uuid"], perform });
  const { username: operator } = userInfo();
  const progress = createProgress(screen, clock);
  const { stopping, receive } = createStopping(
    (text) => screen.complain(text),
    (code) => machine.exit(code),
  );
  for (const signal of Object.keys(EXIT_OF_SIGNAL) as StopSignal[]) machine.onSignal(signal, () => receive(signal));
  const owner = { user: operator, host: hostname(), pid: process.pid };
  return {
    version,
    operator,
    clock,
    chance,
    screen,
    progress,
    stopping,
    environment,
    async readSettings(file, reading = { secrets: "now" }) {
      const { readSettings } = await import("./cli/config.ts");
      return readSettings(file, { environment, interactive: screen.interactive, ...reading });
    },
    openWorld: (settings, log, servers) =>
      openWorld(settings, servers, { log, clock, chance, progress, stopping, screen, environment, perform }),
    openProbes: (settings, log) =>
      openProbes(settings, { log, clock, chance, progress, stopping, screen, environment, perform }),
    async openFolderProbe() {
      const [{ folderProbe }, { collectFact }] = await Promise.all([
        import("./adapters/run-folder/folder-probe.ts"),
        import("./stages/collect-fact.ts"),
      ]);
      return { tryFolder: (folder) => collectFact(() => folderProbe.tryFolder(folder)) };
    },
    async openQuestions() {
      const { openQuestions } = await import("./adapters/prompts/terminal-questions.ts");
      const { stdin: input, stderr: output } = machine.streams;
      return openQuestions({ input, output, signal: stopping.drain });
    },
    async openConfigFiles() {
      const files = await import("./adapters/run-folder/config-file.ts");
      return {
        ...files,
        saveText: (...given) => perform("config-file.save", () => files.saveText(...given)),
      };
    },
    pipeline: () => import("./pipeline.ts"),
    onDemand: () => import("./stages/provision-on-demand.ts"),
    record: () => import("./stages/record-run.ts"),
    async openShelf() {
      const { openRunShelf } = await import("./adapters/run-folder/run-shelf.ts");
      const shelf = openRunShelf({
        ...owner,
        now: () => clock.now(),
        programVersion: version,
        // The rest of the disk is no effect on the world outside.
        clock: machine.clock,
      });
      return {
        create: (...given) =>
          performRun(
            perform("shelf.create", () => shelf.create(...given)),
            perform,
          ),
        open: (...given) =>
          performRun(
            perform("shelf.open", () => shelf.open(...given)),
            perform,
          ),
      };
    },
    findNetworkPlace: async (folder) =>
      (await import("./adapters/run-folder/network-place.ts")).findNetworkPlace(folder),
    async connectSync() {
      const { openConnectSync } = await import("./adapters/powershell/connect-sync.ts");
      const sync = openConnectSync({ platform: process.platform, environment });
      return performMethods(sync, { name: "connect-sync", methods: ["read", "startDelta"], perform });
    },
    async lockTenant(tenantId) {
      const { stateFolderOf, takeTenantLock } = await import("./adapters/run-folder/tenant-lock.ts");
      const folder = stateFolderOf({ platform: process.platform, environment, home: homedir() });
      const since = clock.now().toISOString();
      const lock = perform("tenant-lock.take", () => takeTenantLock(folder, tenantId, { ...owner, since }));
      return performMethods(lock, { name: "tenant-lock", methods: ["release"], perform });
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
    async openLog(path, now) {
      const { openRunLog } = await import("./adapters/log/run-log.ts");
      const log: ClosableLog = await perform("log.open", () => openRunLog(path, "info", now));
      return performMethods(log, { name: "log", methods: ["info", "warn", "close"], perform });
    },
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

/** What is read of a run is on disk already: only what changes something is an effect. */
function performRun(run: Run, perform: Perform): Run {
  const methods = ["storeDecisions", "intend", "observe", "recordEnd", "publish", "close"] as const;
  return performMethods(run, { name: "run", methods, perform });
}

type Surroundings = Pick<Program, "clock" | "chance" | "progress" | "stopping" | "screen" | "environment"> & {
  readonly log: Log;
  readonly perform: Perform;
};

async function openWorld(
  settings: Settings,
  servers: readonly string[],
  { log, clock, chance, progress, stopping, screen, environment, perform }: Surroundings,
): Promise<OpenWorld> {
  const [
    { openLdapDirectory },
    { openGlobalCatalog },
    { SignInGate },
    { openExportDirectory },
    { openGraph },
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
  const read = takeTurns((source) => readSecret(source, { environment, screen, signal: stopping.drain }));
  const auth = await withSecrets(tenant.auth, read);
  const credential = openAccessTokens(auth, signInOf(settings, screen), clock);
  const { requestTimeoutSeconds } = limits;
  const { tenant: cloud, cloudSync } = openGraph(
    { ...tenantOf(settings), credential },
    { clock, chance, log, progress, send: await openFetch(environment, perform) },
  );
  const gateOf = shareGates(() => new SignInGate());
  const opened = settings.directories.map((directory: DirectorySettings) => {
    if (directory.kind === "export") return { directory: openExportDirectory(directory), forest: null };
    const { urls, startTls, baseDn, serverName, globalCatalog } = directory;
    const shared = sharedOf(directory, { gateOf, read, requestTimeoutSeconds });
    return {
      directory: openLdapDirectory({ ...shared, urls: preferRecorded(urls, servers), startTls, baseDn, serverName }),
      forest: globalCatalog === null ? null : openGlobalCatalog({ ...shared, ...globalCatalog }),
    };
  });
  const directories = opened.map(({ directory }) => performDirectory(directory, perform));
  const forests = opened.flatMap(({ forest }): Forest[] => {
    if (forest === null) return [];
    return [performMethods(forest, { name: "forest", methods: ["locateAccounts", "close"], perform })];
  });
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
      flows: settings.flows,
      log,
      progress,
      limits: writerLimits,
      stop: stopping,
    },
    cloudSync,
    async close() {
      await Promise.all([...directories, ...forests, cloud].map((side) => side.close()));
    },
  };
}

/** Every question to a domain, and every write to it, is an effect. */
function performDirectory(directory: Directory, perform: Perform): Directory {
  const { side } = directory;
  const reads = ["identify", "findAccounts", "findNamesBeginningWith", "findAnchorHolders", "findWritable"] as const;
  const performed = performMethods(directory, { name: "directory", methods: [...reads, "close"], perform });
  if (side === null) return performed;
  const methods = ["readValue", "readWhole", "writeValue"] as const;
  const writable = performMethods(side, { name: "directory", methods, perform });
  return new Proxy(performed, { get: (target, key) => (key === "side" ? writable : Reflect.get(target, key)) });
}

async function openProbes(
  settings: Settings,
  { log, clock, chance, progress, stopping, screen, environment, perform }: Surroundings,
): Promise<Probes> {
  const [
    { openDirectoryProbe },
    { SignInGate },
    { openExportDirectory },
    { openTenantProbe },
    { openAccessTokens },
    { probeTenant, probeGraph },
    { probeDirectory, probeServers },
  ] = await Promise.all([
    import("./adapters/ldap/directory-probe.ts"),
    import("./adapters/ldap/sign-in-gate.ts"),
    import("./adapters/ad-export/export-directory.ts"),
    import("./adapters/graph/tenant-probe.ts"),
    import("./adapters/graph/auth.ts"),
    import("./stages/probe-tenant.ts"),
    import("./stages/probe-directory.ts"),
  ]);
  const { tenant, limits } = settings;
  const read = takeTurns((source) => readSecret(source, { environment, screen, signal: stopping.drain }));
  const gateOf = shareGates(() => new SignInGate());
  const send = await openFetch(environment, perform);
  return {
    probeTenant,
    probeDirectory,
    probeGraph,
    probeServers,
    openTenant() {
      const open = async () =>
        openAccessTokens(await withSecrets(tenant.auth, read), signInOf(settings, screen), clock);
      const credential = deferAccessTokens(open);
      return openTenantProbe(
        { ...tenantOf(settings), credential },
        { clock, chance, log, send, note: (text) => progress.note(text) },
      );
    },
    openDirectory(directory) {
      const name = directory.domain ?? "";
      if (directory.kind === "export") {
        const opened = openExportDirectory(directory);
        const { path } = directory;
        const identify = (signal: AbortSignal) => opened.identify(signal);
        return { kind: "export", name, path, identify, close: () => opened.close() };
      }
      const { urls, startTls, baseDn, serverName, globalCatalog } = directory;
      const { requestTimeoutSeconds } = limits;
      const shared = sharedOf(directory, { gateOf, read, requestTimeoutSeconds });
      return openDirectoryProbe({ ...shared, urls, startTls, baseDn, serverName }, globalCatalog);
    },
  };
}

/** Access tokens whose secret is read when the first one is wanted: what can be seen without it is seen before. */
function deferAccessTokens(open: () => Promise<AccessTokens>): AccessTokens {
  let opened: AccessTokens | null = null;
  const use = async () => {
    opened ??= await open();
    return opened;
  };
  return {
    token: async (signal) => (await use()).token(signal),
    renew: async (...given) => (await use()).renew(...given),
    expiresAt: () => opened?.expiresAt() ?? null,
    close: () => opened?.close(),
  };
}

function tenantOf({ tenant: { id, cloud, endpoint }, limits }: Settings) {
  return { tenantId: parseGuid(id), tenantName: id, cloud, endpoint, limits };
}

/** What a person has to be told to sign in stands on stderr. */
function signInOf({ tenant: { id, cloud } }: Settings, screen: Screen) {
  return { tenantName: id, cloud, show: (text: string) => screen.complain(text) };
}

/** Node's own fetch, through the company's proxy where there is one, every request an effect. */
async function openFetch(environment: Machine["environment"], perform: Perform): Promise<typeof fetch> {
  const { useProxyOf } = await import("./adapters/system/proxy.ts");
  useProxyOf(environment);
  return (address, options) => perform(`http ${options?.method ?? "GET"}`, () => fetch(address, options));
}

/** One gate for each account, whichever entries it stands in. */
function shareGates<Gate>(make: () => Gate): (signIn: DirectorySignIn) => Gate {
  const gates = new Map<string, Gate>();
  return (signIn) => {
    const account = accountOf(signIn);
    const gate = gates.get(account) ?? make();
    gates.set(account, gate);
    return gate;
  };
}

/** What a directory and its catalog are both opened with. */
function sharedOf<Gate>(
  { domain, ca, signIn }: LiveDirectorySettings,
  {
    gateOf,
    read,
    requestTimeoutSeconds,
  }: {
    readonly gateOf: (signIn: DirectorySignIn) => Gate;
    readonly read: ReadSecret;
    readonly requestTimeoutSeconds: number;
  },
) {
  return {
    domain,
    ca,
    gate: gateOf(signIn),
    signIn: withDirectorySecrets(signIn, read),
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    operationTimeoutMs: requestTimeoutSeconds * 1000,
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
