/**
 * `hardmatch demo`: the whole job on a simulated directory and tenant, with the ordinary commands.
 *
 * Somebody who looks at the program for the first time has no tenant to try it on. The simulations listen on free
 * ports of the loopback address and everything lies in a folder of its own, so that two demonstrations at once, or
 * one beside a real run, have nothing to do with each other.
 */
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Company, makeCleanCompany, makeCompany, withSyncAt } from "./company/company.ts";
import { writeMappingCsv } from "./company/mapping-csv.ts";
import { playDemo } from "./demo/play.ts";
import { writeProgramFolder } from "./demo/program-folder.ts";
import type { ProgramPlace } from "./demo/run-program.ts";
import { serveUntilStopped } from "./demo/serve-demo.ts";
import { type RunningSimulation, startSimulation } from "./demo/simulation.ts";
import { createTranscript, type Transcript } from "./demo/transcript.ts";

export type DemoRequest = {
  /** The program's own file, run with `execPath`. */
  readonly programPath: string;
  readonly execPath: string;
  /** Leave the simulation running instead of playing the steps. */
  readonly serve: boolean;
  /** Folder to work in and to leave behind, empty or not there yet; `null` works in a temporary one and removes it. */
  readonly keep: string | null;
  readonly signal: AbortSignal;
  /** Takes text that ends with its own line breaks. */
  write(text: string): void;
};

/** Exit codes as the program's own table has them. */
const EXIT = { held: 0, differs: 1, interrupted: 130 } as const;

/** Where commands are tried, sync waits until it is started, so that a rollback can be tried before. */
const PAUSED_SYNC = { kind: "cloud-sync", jobState: "Paused", cycleMs: 10_000, everyMs: 120_000 } as const;

/** @returns 0 when everything that was announced came true, 1 when not, 130 when stopped. */
export async function runDemo(request: DemoRequest): Promise<number> {
  const { keep, signal } = request;
  const transcript = createTranscript(request.write);
  const folder = keep === null ? mkdtempSync(join(tmpdir(), "hardmatch-demo-")) : resolve(keep);
  mkdirSync(folder, { recursive: true });
  const company = withSyncAt(makeCompany(), new Date().toISOString());
  try {
    const simulation = await startSimulation({
      ...company,
      ...(request.serve ? { sync: PAUSED_SYNC } : {}),
      tenant: { ...company.tenant, id: randomUUID() },
      directoryOptions: { foldAccents: true },
    });
    try {
      return await demonstrate(request, { company, simulation, folder, transcript });
    } finally {
      await simulation.close();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    transcript.say("Stopped.");
    return EXIT.interrupted;
  } finally {
    if (keep === null) rmSync(folder, { recursive: true, force: true });
  }
}

type Surroundings = {
  readonly company: Company;
  readonly simulation: RunningSimulation;
  readonly folder: string;
  readonly transcript: Transcript;
};

async function demonstrate(
  request: DemoRequest,
  { company, simulation, folder, transcript }: Surroundings,
): Promise<number> {
  const { execPath, programPath, signal, serve } = request;
  const { directories, tenant, token } = simulation;
  const access = { directories, token, endpoint: tenant.endpoint, tenantName: "contoso.example" };
  const environment = writeProgramFolder(folder, access, writeMappingCsv(company.mapping));
  const place: ProgramPlace = { execPath, programPath, folder, environment };
  transcript.say(`A simulated company of ${company.mapping.rows.length} people who move to a new Active Directory.`);
  for (const { domain, url } of directories) transcript.say(`  domain ${domain.padEnd(4)}  ${url}`);
  transcript.say(`  tenant       ${tenant.endpoint}`);
  transcript.say(`  folder       ${folder}`);
  transcript.say(`hardmatch stands for ${execPath} ${programPath}`);
  if (serve) {
    await serveUntilStopped(place, { transcript, control: tenant.control, signal });
    return EXIT.held;
  }
  // The lock of the tenant lies in the user's state folder; a demonstration leaves nothing there.
  const stateFolder = join(folder, ".state");
  const ownState = { ...environment, XDG_STATE_HOME: stateFolder, LOCALAPPDATA: stateFolder };
  const closed = await startClosedTenant();
  try {
    const closedFolder = join(folder, "another-tenant");
    const { company: few, access: closedAccess } = closed;
    const closedSecrets = writeProgramFolder(closedFolder, closedAccess, writeMappingCsv(few.mapping));
    const closedPlace = { ...place, folder: closedFolder, environment: { ...ownState, ...closedSecrets } };
    await playDemo({ company, tenant, transcript, signal, closedPlace, place: { ...place, environment: ownState } });
  } finally {
    await closed.simulation.close();
  }
  return transcript.failed === 0 ? EXIT.held : EXIT.differs;
}

/** A small company in a tenant that takes nobody over, and an application that may read little of why. */
async function startClosedTenant() {
  const company = makeCleanCompany(1, 12);
  const simulation = await startSimulation({
    ...company,
    tenant: {
      ...company.tenant,
      id: randomUUID(),
      onPremisesSyncEnabled: null,
      syncFeatures: { blockCloudObjectTakeoverThroughHardMatchEnabled: true },
    },
  });
  const { directories, tenant } = simulation;
  const roles = ["User.ReadWrite.All", "Organization.Read.All", "OnPremDirectorySynchronization.Read.All"];
  const access = { directories, token: tenant.mintToken({ roles }), endpoint: tenant.endpoint };
  return { company, simulation, access: { ...access, tenantName: "contoso.example" } };
}
