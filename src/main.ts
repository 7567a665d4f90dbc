/**
 * The composition root: it and `composition/`, which holds what opens AD and the tenant, alone build adapters.
 *
 * Every effect on the world outside goes through `machine.perform` here; what an adapter does to the disk inside one
 * call is part of that call's effect.
 *
 * Every adapter is loaded when a command asks for it, so that `--help`, `explain` and `convert` start at once
 * and need neither the Graph SDK nor the sign-in library.
 */
import { homedir, hostname, userInfo } from "node:os";

import { keepHeapSmall, makeRoomForNewObjects } from "./adapters/system/heap.ts";
import { type Machine, thisMachine } from "./adapters/system/machine.ts";
import { performMethods } from "./adapters/system/perform-methods.ts";
import { COMMANDS } from "./cli/commands/commands.ts";
import { EXIT_OF_SIGNAL, type ExitCode, type StopSignal } from "./cli/exit-codes.ts";
import type { ClosableLog, Program, Run } from "./cli/program.ts";
import { createProgress } from "./cli/render/progress.ts";
import type { Screen } from "./cli/render/screen.ts";
import { runCommandLine } from "./cli/run-command-line.ts";
import { createStopping } from "./cli/stopping.ts";
import type { Perform } from "./ports/effects.ts";
import { readVersion } from "./version.ts";

/** @param words The command line after the program's name. */
export async function main(words: readonly string[]): Promise<void> {
  keepHeapSmall();
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
    async openWorld(settings, log, servers) {
      makeRoomForNewObjects();
      const { openWorld } = await import("./composition/open-world.ts");
      return openWorld(settings, servers, { log, clock, chance, progress, stopping, screen, environment, perform });
    },
    async openProbes(settings, log) {
      const { openProbes } = await import("./composition/open-probes.ts");
      return openProbes(settings, { log, clock, chance, progress, stopping, screen, environment, perform });
    },
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
