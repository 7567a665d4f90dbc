/**
 * A simulation in a process of its own, a folder for the program, and the program as a child that can be killed.
 *
 * The simulation must outlive the program: what it has seen is the only witness of what a killed process did.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Company } from "../../src/sim/company/company.ts";
import { writeMappingCsv } from "../../src/sim/company/mapping-csv.ts";
import { type CsvLine, readCsv } from "../../src/sim/demo/read-csv.ts";
import type { SimulationWorld } from "../../src/sim/demo/simulation.ts";
import type { Announcement } from "../../src/sim/serve.ts";
import type { LedgerEntry } from "../../src/sim/tenant/ledger.ts";
import type { SimulatedUser } from "../../src/sim/tenant/world.ts";

/** The mapping that lies in the folder. */
export const MAPPING = "mappings/people.csv";

export type ProgramEnd = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type RunningProgram = {
  readonly ended: Promise<ProgramEnd>;
  /** Whether it still runs. */
  readonly alive: boolean;
  kill(signal: "SIGKILL" | "SIGINT"): void;
};

export type Surroundings = {
  readonly folder: string;
  start(...words: string[]): RunningProgram;
  run(...words: string[]): Promise<ProgramEnd>;
  /** Every write that reached the tenant. */
  ledger(): Promise<LedgerEntry[]>;
  /** Requests that reached the tenant, apart from the one for each user that a check before the first write makes. */
  countRequests(): Promise<number>;
  users(): Promise<SimulatedUser[]>;
  readRunCsv(run: string, file: string): CsvLine[];
  close(): Promise<void>;
};

/** @param tenantId One of its own: the lock of a tenant is shared by all tests of the machine. */
export async function startSurroundings(
  company: Company,
  {
    tenantId,
    tenantOptions = {},
  }: { readonly tenantId: string; readonly tenantOptions?: SimulationWorld["tenantOptions"] },
): Promise<Surroundings> {
  const folder = mkdtempSync(join(tmpdir(), "hardmatch-crash-"));
  mkdirSync(join(folder, "mappings"));
  writeFileSync(join(folder, MAPPING), writeMappingCsv(company.mapping));
  const world: SimulationWorld = {
    domains: company.domains,
    tenant: { ...company.tenant, id: tenantId },
    tenantOptions: { ...tenantOptions },
  };
  writeFileSync(join(folder, "world.json"), JSON.stringify(world));
  const simulation = spawn(
    process.execPath,
    [resolve("src/sim/serve.ts"), join(folder, "world.json"), "--folder", folder],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const simulationEnd = new Promise((settle) => simulation.once("close", settle));
  const announcement = await readAnnouncement(simulation);
  const state = join(folder, ".state");
  const environment = { ...process.env, ...announcement.environment, XDG_STATE_HOME: state, LOCALAPPDATA: state };
  const ask = async (path: string): Promise<unknown> =>
    (await fetch(`${announcement.control}/_control/${path}`)).json();
  const askLedger = async () =>
    (await ask("ledger")) as { entries: LedgerEntry[]; requestCounts: Readonly<Record<string, number>> };

  const programs = new Set<RunningProgram>();
  const start = (...words: string[]): RunningProgram => {
    const child = spawn(process.execPath, [resolve("src/bin.ts"), ...words], {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const program = watchProgram(child);
    programs.add(program);
    return program;
  };
  return {
    folder,
    start,
    run: (...words) => start(...words).ended,
    ledger: async () => (await askLedger()).entries,
    countRequests: async () =>
      Object.entries((await askLedger()).requestCounts)
        .filter(([route]) => !route.endsWith("/onPremisesSyncBehavior"))
        .reduce((sum, [, count]) => sum + count, 0),
    users: async () => (await ask("users")) as SimulatedUser[],
    readRunCsv: (run, file) => readCsv(readFileSync(join(folder, run, file), "utf8")),
    async close() {
      for (const program of programs) if (program.alive) program.kill("SIGKILL");
      await Promise.all(Array.from(programs, ({ ended }) => ended));
      simulation.stdin?.end();
      await simulationEnd;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function watchProgram(child: ChildProcess): RunningProgram {
  const read = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      read[name] += text;
    });
  }
  let alive = true;
  const ended = new Promise<ProgramEnd>((settle, reject) => {
    child.once("error", reject);
    child.once("exit", () => {
      alive = false;
    });
    child.once("close", (code) => settle({ code, ...read }));
  });
  return {
    ended,
    get alive() {
      return alive;
    },
    kill: (signal) => child.kill(signal),
  };
}

/** The first line of the simulation's output. @throws {Error} It ended without one. */
async function readAnnouncement(simulation: ChildProcess): Promise<Announcement> {
  if (simulation.stdout === null) throw new Error("the simulation has no output to read");
  for await (const line of createInterface({ input: simulation.stdout })) return JSON.parse(line);
  throw new Error("the simulation ended before it listened");
}
