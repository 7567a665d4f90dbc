/**
 * A folder, a tenant and an AD domain in which one run after the other is killed and looked after.
 *
 * The tenant lives in the process of the test, so that it survives the kill; only the victim is a process of its own.
 * What comes after the kill (status, the resume, the rollback) runs in this process on a machine whose clock does not
 * make it wait: no write is under way any more, so a quarantine that is slept through has nothing left to wait for.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type { Machine } from "../../src/adapters/system/machine.ts";
import { systemChance, systemClock } from "../../src/adapters/system/system-clock.ts";
import { runOn } from "../../src/main.ts";
import type { Perform } from "../../src/ports/effects.ts";
import { APPLICATION_ROLES, PERMISSIONS, RULES } from "../../src/sim/demo/simulation.ts";
import { bytesToGuid } from "../../src/sim/directory/guid-and-sid.ts";
import { startSimulatedDirectory } from "../../src/sim/directory/server.ts";
import type { SimulatedEntry } from "../../src/sim/directory/world.ts";
import { type RunningTenant, startSimulatedTenant } from "../../src/sim/tenant/server.ts";
import type { SimulatedTenant } from "../../src/sim/tenant/world.ts";
import { COMPILE_CACHE, describeConfiguration, describeDomain, PASSWORD } from "../support/small-company.ts";
import { describeGoldenEntries, GOLDEN_MAPPING } from "./golden-company.ts";
import { fromModification } from "./ledger-of-ad.ts";
import type { SeenWrite } from "./ledger-oracle.ts";

/**
 * Where there is a folder in memory it is taken: what a killed process has written is with the kernel, and no disk makes
 * it safer. Power loss is another test.
 */
const PLACE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const CHILD = resolve(import.meta.dirname, "die-at-effect.ts");
const PROGRAM = resolve(import.meta.dirname, "../../src/bin.ts");
/** A longer wait is cut short, but for the one that is the time-out of a request: `describeConfiguration` has both. */
const LOOK_EVERY_MS = 10_000;
const LONGEST_WAIT_MS = 150;
const REQUEST_TIMEOUT_MS = 5_000;

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };
/** `died` says at which moment; `null` where it came to its end. */
export type VictimEnd = {
  readonly died: string | null;
  readonly moments: number | null;
  /** `null` where a signal ended it. */
  readonly code: number | null;
  readonly stderr: string;
};

/** Everything from which a trial starts: run folders on disk, the tenant, and what had been written to it before. */
export type Stage = {
  readonly folder: string;
  readonly world: SimulatedTenant;
  /** The AD domain. */
  readonly accounts: readonly SimulatedEntry[];
  readonly entries: readonly SeenWrite[];
};

export type StartedProcess = {
  readonly process: ChildProcess;
  /** `code` is null where a signal ended it. */
  readonly ended: Promise<Omit<Ended, "code"> & { readonly code: number | null }>;
};

export type CrashLane = {
  /** The tenant of the trial that is under way. */
  readonly tenant: RunningTenant;
  /** Every write since the start of the golden run, to the tenant and to AD. */
  entries(): readonly SeenWrite[];
  /** What a user or an AD account holds now; `undefined` where there is none. */
  held(objectId: string): string | null | undefined;
  /** Puts everything back to where a stage was kept. */
  restore(stage: Stage): Promise<void>;
  /** Keeps where everything stands now. */
  keep(name: string): Stage;
  run(...words: string[]): Promise<Ended>;
  /** As `run`. @returns What was performed, in order: `before run.intend`, `after run.intend`. */
  record(...words: string[]): Promise<readonly string[]>;
  /** @param moment See `die-at-effect.ts`. */
  kill(moment: number | string, ...words: string[]): Promise<VictimEnd>;
  /** The program itself in a process of its own, after these words of a shell: `ulimit -n 24`. */
  start(shell: string, ...words: string[]): StartedProcess;
  /** Absolute, in the folder of the lane. */
  path(...parts: readonly string[]): string;
  close(): Promise<void>;
};

/** @param world The tenant before anything was written. */
export async function openCrashLane(world: SimulatedTenant): Promise<CrashLane> {
  const base = mkdtempSync(join(PLACE, "hardmatch-kill-"));
  const folder = join(base, "work");
  const stages = join(base, "stages");
  for (const each of [folder, stages, join(folder, "runs")]) mkdirSync(each);
  const directory = await startSimulatedDirectory(describeDomain(describeGoldenEntries()));
  let before: readonly SeenWrite[] = [];
  /** Modifications of earlier trials. */
  let past = 0;
  const modifications = () => directory.ledger.read("modify").slice(past).map(fromModification);
  let tenant: RunningTenant | null = null;
  let environment: Readonly<Record<string, string>> = {};
  const path = (...parts: readonly string[]) => join(folder, ...parts);
  const running = () => {
    if (tenant === null) throw new Error("no tenant is running");
    return tenant;
  };
  const start = async (of: SimulatedTenant) => {
    await tenant?.close();
    tenant = await startSimulatedTenant(of, { rules: RULES });
    const token = tenant.mintToken({ roles: PERMISSIONS, directoryRoles: APPLICATION_ROLES });
    const state = join(base, ".state");
    environment = {
      ...{ HARDMATCH_ACCESS_TOKEN: token, HARDMATCH_LDAP_PASSWORD: PASSWORD, NO_COLOR: "1" },
      ...{ XDG_STATE_HOME: state, LOCALAPPDATA: state },
    };
    const access = { endpoint: tenant.endpoint, url: directory.url, bindDN: "svc-hardmatch@corp.contoso.example" };
    writeFileSync(path("hardmatch.yaml"), describeConfiguration(access));
    writeFileSync(path("people.csv"), GOLDEN_MAPPING);
  };
  await start(world);
  return {
    get tenant() {
      return running();
    },
    entries: () => [...before, ...running().ledger.entries, ...modifications()],
    held(objectId) {
      const user = running().user(objectId);
      if (user) return user.onPremisesImmutableId;
      const account = directory.domain.entries.find(({ binary }) => guidOf(binary) === objectId);
      return account === undefined ? undefined : (account.binary["mS-DS-ConsistencyGuid"]?.[0] ?? null);
    },
    async restore(stage) {
      // The folder itself stays: a test may have mounted a disk there.
      for (const name of readdirSync(path("runs"))) rmSync(path("runs", name), { recursive: true });
      cpSync(stage.folder, path("runs"), { recursive: true });
      before = stage.entries;
      directory.replaceEntries(stage.accounts);
      past = directory.ledger.read("modify").length;
      await start(stage.world);
    },
    keep(name) {
      const kept = join(stages, name);
      cpSync(path("runs"), kept, { recursive: true });
      return {
        folder: kept,
        world: { ...world, users: running().users(), deletedUsers: running().deletedUsers() },
        accounts: directory.domain.entries,
        entries: [...before, ...structuredClone(running().ledger.entries), ...modifications()],
      };
    },
    run: (...words) => runHere([...words, "--config", path("hardmatch.yaml")], environment),
    async record(...words) {
      const performed: string[] = [];
      await runHere([...words, "--config", path("hardmatch.yaml")], environment, (effect, act) => {
        performed.push(`before ${effect}`);
        const over = () => performed.push(`after ${effect}`);
        const result = act();
        if (result instanceof Promise) result.then(over, over);
        else over();
        return result;
      });
      return performed;
    },
    kill: (moment, ...words) => runVictim(moment, [...words, "--config", path("hardmatch.yaml")], environment),
    start: (shell, ...words) => startProgram(shell, [...words, "--config", path("hardmatch.yaml")], environment),
    path,
    async close() {
      await Promise.all([tenant?.close(), directory.close()]);
      rmSync(base, { recursive: true, force: true });
    },
  };
}

function guidOf({ objectGUID: [base64 = ""] = [] }: SimulatedEntry["binary"]): string {
  return bytesToGuid(Buffer.from(base64, "base64"));
}

async function runHere(
  words: readonly string[],
  environment: Machine["environment"],
  perform: Perform = (_effect, act) => act(),
): Promise<Ended> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end();
  const printed = Promise.all([text(stdout), text(stderr)]);
  let skippedMs = 0;
  const looks = new Set<() => void>();
  const machine: Machine = {
    clock: {
      now: () => new Date(Date.now() + skippedMs),
      monotonicMs: () => performance.now() + skippedMs,
      async sleep(ms, signal) {
        const waitMs = ms === REQUEST_TIMEOUT_MS ? ms : Math.min(ms, LONGEST_WAIT_MS);
        await systemClock.sleep(waitMs, signal);
        // time that passes at once must not look like a machine that slept
        for (let leftMs = ms - waitMs; leftMs > 0; leftMs -= LOOK_EVERY_MS) {
          skippedMs += Math.min(leftMs, LOOK_EVERY_MS);
          for (const look of looks) look();
        }
      },
      every(_ms, look) {
        looks.add(look);
        return () => looks.delete(look);
      },
    },
    chance: systemChance,
    streams: { stdin, stdout, stderr },
    environment,
    perform,
    onSignal: () => undefined,
    onUncaught: () => undefined,
    exit: (code) => {
      throw new Error(`the program wanted to exit with ${code}`);
    },
  };
  const code = await runOn(machine, words);
  stdout.end();
  stderr.end();
  const [out, err] = await printed;
  return { code, stdout: out, stderr: err };
}

function startProgram(
  shell: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): StartedProcess {
  const { HOME, PATH } = process.env;
  const child = spawn("sh", ["-c", `${shell}; exec "$0" "$@"`, process.execPath, PROGRAM, ...words], {
    env: { HOME, PATH, NODE_COMPILE_CACHE: COMPILE_CACHE, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = new Promise<number | null>((settle, reject) => {
    child.once("error", reject);
    child.once("close", settle);
  });
  const ended = Promise.all([closed, text(child.stdout), text(child.stderr)]).then(([code, stdout, stderr]) => ({
    ...{ code, stdout, stderr },
  }));
  return { process: child, ended };
}

async function runVictim(
  moment: number | string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<VictimEnd> {
  const { HOME, PATH } = process.env;
  const child = spawn(process.execPath, [CHILD, String(moment), ...words], {
    env: { HOME, PATH, NODE_COMPILE_CACHE: COMPILE_CACHE, ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((settle, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => settle({ code, signal }));
  });
  const [stderr, { code, signal }] = await Promise.all([text(child.stderr), ended]);
  const count = /^moments (\d+)$/m.exec(stderr)?.[1];
  const at = /^died (.+)$/m.exec(stderr)?.[1] ?? null;
  const reached = /^reached (.+)$/m.exec(stderr)?.[1];
  // Some time after a moment it may have come to its end before.
  const died = at ?? (signal === "SIGKILL" && reached !== undefined ? `${moment} (${reached})` : null);
  if ((signal === "SIGKILL") !== (died !== null)) throw new Error(`the victim ended with ${signal}: ${stderr}`);
  return { died, moments: count === undefined ? null : Number(count), code, stderr };
}
