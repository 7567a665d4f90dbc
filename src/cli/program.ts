/**
 * Everything that commands need of the rest of the program. `src/main.ts` builds it; adapters are loaded only
 * when a command asks for them.
 */
import type { ColumnChoice } from "../core/columns.ts";
import type { Fact } from "../core/diagnosis/fact.ts";
import type { MappingFile } from "../core/mapping.ts";
import type { ResultsFile } from "../core/result-line.ts";
import type { SourceKey } from "../core/source-key.ts";
import type { TextEncoding } from "../core/text-encodings.ts";
import type * as Pipeline from "../pipeline.ts";
import type { Chance, TickingClock } from "../ports/clock.ts";
import type { CloudSync } from "../ports/cloud-sync.ts";
import type { ConnectSync } from "../ports/connect-sync.ts";
import type { Log } from "../ports/log.ts";
import type { DirectoryProbe, TenantProbe } from "../ports/probes.ts";
import type { Progress } from "../ports/progress.ts";
import type { Projection } from "../ports/projection.ts";
import type { Questions } from "../ports/questions.ts";
import type { RunShelf, RunStore } from "../ports/run-store.ts";
import type * as ProbeDirectory from "../stages/probe-directory.ts";
import type * as ProbeTenant from "../stages/probe-tenant.ts";
import type * as OnDemand from "../stages/provision-on-demand.ts";
import type * as RunRecord from "../stages/record-run.ts";
import type { World } from "../stages/world.ts";
import type { Screen } from "./render/screen.ts";
import type { DirectorySettings, Settings } from "./settings.ts";
import type { Stopping } from "./stopping.ts";

/** A run, and how the last command that worked on it ended; `null` when it was cut off. */
export type Run = RunStore & { readEnd(): { readonly reason: string; readonly at: string } | null };

export type Shelf = {
  create(...parameters: Parameters<RunShelf["create"]>): Run;
  open(...parameters: Parameters<RunShelf["open"]>): Run;
};

/** A log that has to be closed; closing says why lines are missing from it, where some are. */
export type ClosableLog = Log & { close(): string | null };

export type OpenWorld = { readonly world: World; readonly cloudSync: CloudSync; close(): Promise<void> };

export type Probes = {
  /** @throws {BatchError} config: a setting is refused. */
  openTenant(): TenantProbe;
  /** Those of one call share the one failed sign-in that each account is allowed. @throws {BatchError} config */
  openDirectory(directory: DirectorySettings): DirectoryProbe;
  readonly probeTenant: typeof ProbeTenant.probeTenant;
  readonly probeDirectory: typeof ProbeDirectory.probeDirectory;
  /** The way alone, for answers that are tested before all of them are given. */
  readonly probeGraph: typeof ProbeTenant.probeGraph;
  readonly probeServers: typeof ProbeDirectory.probeServers;
};

/** Files that `init` writes. */
export type ConfigFiles = {
  /** @throws {BatchError} usage: the folder is not there, or the name is none that can be written safely. */
  requireWritableName(path: string): void;
  /** The text that is there; `null` where there is no such file. @throws {BatchError} disk */
  readPresentText(path: string): string | null;
  /**
   * Writes a file whole or not at all.
   *
   * @param present What stood there when the operator was asked; `null` for nothing.
   * @returns Where it stands.
   * @throws {BatchError} refused: something else stands there by now. disk: it was not written.
   */
  saveText(path: string, text: string, present: string | null): string;
};

export type DemoRequest = { readonly serve: boolean; readonly keep: string | null; write(text: string): void };

export type Program = {
  readonly version: string;
  /** The operating system's name of who runs the program, for the record. */
  readonly operator: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: TickingClock;
  readonly chance: Chance;
  readonly screen: Screen;
  readonly progress: Progress;
  readonly stopping: Stopping;

  /**
   * Reads and checks the configuration.
   *
   * @param reading.secrets `later` says nothing of secrets that are missing: whoever reads them does.
   * @throws {BatchError} config: every problem of it.
   */
  readSettings(file: string | undefined, reading?: { readonly secrets: "now" | "later" }): Promise<Settings>;
  /** Connects nothing yet. @param servers As recorded by the run: tried first. @throws {BatchError} config */
  openWorld(settings: Settings, log: Log, servers: readonly string[]): Promise<OpenWorld>;
  /** Probes of both sides, and the stages that go through them. Connects nothing yet. */
  openProbes(settings: Settings, log: Log): Promise<Probes>;
  openFolderProbe(): Promise<{
    tryFolder(folder: string): Promise<Fact<{ readonly folder: string; readonly freeBytes: number }>>;
  }>;
  /** Questions on the terminal. */
  openQuestions(): Promise<Questions>;
  openConfigFiles(): Promise<ConfigFiles>;
  /** The kind of shared file system that a folder lies on; `null` for a local one. */
  findNetworkPlace(folder: string): Promise<string | null>;
  pipeline(): Promise<
    Pick<typeof Pipeline, "planBatch" | "applyPlan" | "verifyRun" | "followTakeover" | "planRollback">
  >;
  /** Cloud Sync for named users. */
  onDemand(): Promise<Pick<typeof OnDemand, "provisionUsers">>;
  record(): Promise<Pick<typeof RunRecord, "listRunOutcomes" | "viewRun" | "publishRun">>;
  openShelf(): Promise<Shelf>;
  /** Connect Sync on this machine, if it is there. */
  connectSync(): Promise<ConnectSync>;
  /** @throws {BatchError} refused: another run writes to this tenant. */
  lockTenant(tenantId: string): Promise<{ release(): void }>;
  projections(): Promise<readonly Projection[]>;
  /** @param reading What stands in the account column, and what the operator says of a file that does not say it itself. */
  readMapping(
    path: string,
    reading: {
      readonly sourceKey: SourceKey;
      readonly encoding: TextEncoding | undefined;
      readonly columns: ColumnChoice | undefined;
    },
  ): Promise<MappingFile>;
  /** SHA-256 of a mapping's bytes, hex; `null` when there is no such file any more. */
  hashMapping(path: string): Promise<string | null>;
  readResults(path: string): Promise<ResultsFile>;
  /** @param now Time of the next line. */
  openLog(path: string, now: () => Date): Promise<ClosableLog>;
  runDemo(request: DemoRequest): Promise<number>;
};
