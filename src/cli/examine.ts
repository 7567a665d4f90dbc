/** Looks at both sides by way of their probes and judges what came back; shared by `doctor` and `init`. */
import { type DiagnosisLine, type DiagnosisPart, endSentence, failure } from "../core/diagnosis/diagnosis-line.ts";
import { type DirectoryFacts, describeDirectory, describeServers } from "../core/diagnosis/directory-lines.ts";
import type { Failed } from "../core/diagnosis/fact.ts";
import { describeGraph, describeTenant, type TenantFacts } from "../core/diagnosis/tenant-lines.ts";
import { BatchError } from "../core/errors.ts";
import { createEarlyLog } from "./early-log.ts";
import type { Program } from "./program.ts";
import type { DirectorySettings, Settings } from "./settings.ts";

/** What was found, where the settings allowed a look at all, and what it comes to. */
export type Examined<Facts> = { readonly facts: Facts | null; readonly lines: readonly DiagnosisLine[] };

/** @throws {BatchError} interrupted. */
export async function examineTenant(program: Program, settings: Settings): Promise<Examined<TenantFacts>> {
  const { stopping, clock, screen } = program;
  const { openTenant, probeTenant } = await program.openProbes(settings, createEarlyLog(clock));
  screen.showProgress("Looking at the tenant ...");
  return await orRefusal("tenant", null, async () => {
    const probe = openTenant();
    try {
      const facts = await probeTenant(probe, { signal: stopping.drain, clock });
      return { facts, lines: describeTenant(facts, clock.now()) };
    } finally {
      await probe.close();
      screen.showProgress(null);
    }
  });
}

/** Looks no further than the way to Graph. @throws {BatchError} interrupted. */
export async function examineGraph(program: Program, settings: Settings): Promise<readonly DiagnosisLine[]> {
  const { stopping, clock } = program;
  const { openTenant, probeGraph } = await program.openProbes(settings, createEarlyLog(clock));
  const { lines } = await orRefusal("tenant", null, async () => {
    const probe = openTenant();
    try {
      return { facts: null, lines: [describeGraph(await probeGraph(probe, stopping.drain))] };
    } finally {
      await probe.close();
    }
  });
  return lines;
}

/** Looks no further than the way to a directory's servers. @throws {BatchError} interrupted. */
export async function examineServers(
  program: Program,
  settings: Settings,
  directory: DirectorySettings,
): Promise<readonly DiagnosisLine[]> {
  const { stopping, clock } = program;
  const { openDirectory, probeServers } = await program.openProbes(settings, createEarlyLog(clock));
  const { lines } = await orRefusal("directory", directory.domain, async () => {
    const probe = openDirectory(directory);
    try {
      if (probe.kind === "export") return { facts: null, lines: [] };
      const servers = await probeServers(probe, stopping.drain);
      return { facts: null, lines: describeServers(servers, probe.name, clock.now()) };
    } finally {
      await probe.close();
    }
  });
  return lines;
}

/**
 * Looks at directories in turn; those that share an account share its one failed sign-in.
 *
 * @param failedBefore A sign-in that was refused before and is not to be tried again; `null` to sign in.
 * @throws {BatchError} interrupted.
 */
export async function examineDirectories(
  program: Program,
  settings: Settings,
  directories: readonly DirectorySettings[] = settings.directories,
  failedBefore: Failed | null = null,
): Promise<Examined<DirectoryFacts>[]> {
  const { stopping, clock, screen } = program;
  const { openDirectory, probeDirectory } = await program.openProbes(settings, createEarlyLog(clock));
  const examined: Examined<DirectoryFacts>[] = [];
  for (const directory of directories) {
    const { domain } = directory;
    screen.showProgress(`Looking at ${domain === null ? "the directory" : `directory ${domain}`} ...`);
    const one = await orRefusal("directory", domain, async () => {
      const probe = openDirectory(directory);
      try {
        const facts = await probeDirectory(probe, { signal: stopping.drain, failedBefore });
        return { facts, lines: describeDirectory(facts, clock.now()) };
      } finally {
        await probe.close();
        screen.showProgress(null);
      }
    });
    examined.push(one);
  }
  return examined;
}

/** A setting that is refused before anything connects is a line too. */
async function orRefusal<Facts>(
  part: DiagnosisPart,
  subject: string | null,
  examine: () => Promise<Examined<Facts>>,
): Promise<Examined<Facts>> {
  try {
    return await examine();
  } catch (error) {
    if (!(error instanceof BatchError) || error.code === "interrupted") throw error;
    return { facts: null, lines: [describeRefusal(error, error.code === "config" ? "configuration" : part, subject)] };
  }
}

/** A refusal of the settings, as a line. */
export function describeRefusal(error: BatchError, part: DiagnosisPart, subject: string | null): DiagnosisLine {
  const says = [error.message, ...error.details].map(endSentence).join(" ");
  return { part, subject, check: "configuration", ...failure(says, error.hint) };
}
