/** Opens what a command works with and closes it again, however the command ends. */
import { join } from "node:path";
import { BatchError, describeError } from "../core/errors.ts";
import type { CloudSync } from "../ports/cloud-sync.ts";
import type { Log } from "../ports/log.ts";
import type { World } from "../stages/world.ts";
import type { Program, Run } from "./program.ts";
import type { Settings } from "./settings.ts";
import { logTrustedEnvironment } from "./trusted-environment.ts";

const LOG_FILE = "log.ndjson";

/**
 * Works with both sides; their connections end with the work.
 *
 * @param servers The servers that a run was planned with, as it has recorded them: of several they are tried first.
 */
export async function withWorld<Result>(
  program: Program,
  settings: Settings,
  log: Log,
  work: (world: World, cloudSync: CloudSync) => Promise<Result>,
  servers: readonly string[] = [],
): Promise<Result> {
  logTrustedEnvironment(program.environment, log);
  const opened = await program.openWorld(settings, log, servers);
  try {
    return await work(opened.world, opened.cloudSync);
  } finally {
    await opened.close();
  }
}

/** As {@link withWorld}, for commands that work on no run and so have no log to keep. */
export async function withLogless<Result>(
  program: Program,
  settings: Settings,
  work: (world: World, cloudSync: CloudSync) => Promise<Result>,
): Promise<Result> {
  return await withWorld(program, settings, SILENT, work);
}

/** Works with both sides without writing; what goes wrong is told with the word that nothing was written. */
export async function withReadingWorld<Result>(...parameters: Parameters<typeof withWorld<Result>>): Promise<Result> {
  try {
    return await withWorld(...parameters);
  } catch (error) {
    throw addToMessage(error, "Nothing was written.");
  }
}

/** The same error of a directory or tenant with one more sentence; anything else as it is. */
export function addToMessage(error: unknown, sentence: string): unknown {
  if (!(error instanceof BatchError) || !["directory", "tenant", "paused"].includes(error.code)) return error;
  if (error.message.includes("Nothing was written")) return error;
  const { code, message, hint, details, cause } = error;
  return new BatchError(code, `${message}${/[.?!]$/.test(message) ? "" : "."} ${sentence}`, hint, { details, cause });
}

/** Works with an open run; its lock ends with the work. */
export async function withRun<Result>(run: Run, work: (run: Run) => Promise<Result>): Promise<Result> {
  try {
    return await work(run);
  } finally {
    run.close();
  }
}

/** Works with the run's log, where the run can be written; a log that cannot be kept does not stop the work. */
export async function withLog<Result>(
  program: Program,
  run: Run,
  work: (log: Log) => Promise<Result>,
): Promise<Result> {
  if (!run.writable) return await work(SILENT);
  const log = await program.openLog(logPathOf(run.folder), () => program.clock.now());
  try {
    return await work(log);
  } finally {
    noteLogTrouble(program, log.close());
  }
}

export function logPathOf(folder: string): string {
  return join(folder, LOG_FILE);
}

export function noteLogTrouble(program: Program, trouble: string | null): void {
  if (trouble !== null)
    program.screen.complain(`${LOG_FILE} is incomplete: ${trouble}. The run itself is not touched by that.`);
}

const SILENT: Log = { info: () => undefined, warn: () => undefined };

/** Makes the files for people anew and says where a file could only be written beside the old one. */
export async function publishFiles(program: Program, run: Run): Promise<void> {
  const publish = await preparePublishing(program, run);
  publish();
}

/** As {@link publishFiles}, with everything loaded beforehand: what is returned does it at once. */
export async function preparePublishing(program: Program, run: Run): Promise<() => void> {
  const { publishRun } = await program.record();
  const projections = await program.projections();
  return () => {
    for (const name of publishRun(run, projections)) {
      program.screen.complain(`A file is held open by another program, so the new one is ${join(run.folder, name)}.`);
    }
  };
}

/** @throws {BatchError} interrupted: a signal came before anything that would have to be kept. */
export function requireNotStopped(program: Program): void {
  program.stopping.drain.throwIfAborted();
}

/** Any thrown thing as an error of the batch; `null` for a bug. */
export function asBatchError(error: unknown): BatchError | null {
  if (error instanceof BatchError) return error;
  const aborted = error instanceof Error && error.name === "AbortError";
  return aborted
    ? new BatchError("interrupted", `Stopped: ${describeError(error)}.`, "Run the same command again.")
    : null;
}
