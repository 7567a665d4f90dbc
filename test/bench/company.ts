/** A simulated company in a process of its own, so that its computing is not the program's. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DirectoryAccess } from "../../src/sim/demo/simulation.ts";
import { makeTimeScale, type TimeScale } from "./scaled-time.ts";

/** Simulated milliseconds: for each Graph request, for each user in a page, for each LDAP search. */
export type Latency = { readonly requestMs: number; readonly userMs: number; readonly searchMs: number };

export const USUAL_LATENCY: Latency = { requestMs: 50, userMs: 1, searchMs: 5 };
export const NO_LATENCY: Latency = { requestMs: 0, userMs: 0, searchMs: 0 };

export type CompanyOrder = {
  /** Users of the tenant; each has an account. */
  readonly people: number;
  /** Lines of the mapping: the first so many people. */
  readonly rows: number;
  readonly folder: string;
  readonly latency: Latency;
  readonly scale: TimeScale;
  /** Writes that the tenant grants in 150 s; 3,000 unless told. */
  readonly writesPerWindow?: number;
  /** The tenant grants whatever is asked. */
  readonly quotaIsOff?: boolean;
  /** AD knows a manager of everybody, one for each ten people; the tenant knows none. */
  readonly hasManagers?: boolean;
  /** Share of the requests that faults strike once they are wished for. */
  readonly faultShare?: number;
};

/** One line of the mapping. */
export type SamplePerson = { readonly account: string; readonly domain: string; readonly upn: string };

export type CompanyServed = {
  readonly environment: Readonly<Record<string, string>>;
  readonly endpoint: string;
  readonly token: string;
  readonly directories: readonly DirectoryAccess[];
  readonly sample: readonly SamplePerson[];
};

export type CompanyFigures = {
  /** HTTP requests by version and route; a batch counts once, under the route of its first request. */
  readonly exchanges: Readonly<Record<string, number>>;
  /** Every write that reached the tenant: Unix milliseconds in its time, and the status it was answered with. */
  readonly writes: readonly { readonly atMs: number; readonly status: number | null }[];
  /** Faults that have struck. */
  readonly strikes: number;
  readonly cpuMs: number;
};

export type CompanyWish = "figures" | "faults" | "close";

export type Company = CompanyServed & {
  readonly folder: string;
  readonly scale: TimeScale;
  /** What was asked of it so far; with "faults" they begin to strike. */
  ask(wish: Exclude<CompanyWish, "close">): Promise<CompanyFigures>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** @param factor How much faster than real its time passes. */
export async function startCompany(
  order: Pick<CompanyOrder, "people" | "rows"> & Partial<Omit<CompanyOrder, "folder" | "scale">>,
  factor = 1,
): Promise<Company> {
  const folder = mkdtempSync(join(tmpdir(), "hardmatch-bench-"));
  const scale = makeTimeScale(factor);
  const whole: CompanyOrder = { latency: USUAL_LATENCY, ...order, folder, scale };
  const child = fork(fileURLToPath(new URL("serve-company.ts", import.meta.url)), [JSON.stringify(whole)], {
    execArgv: ["--max-old-space-size=18000"],
  });
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`the simulated company ended with ${String(code)}`);
  });
  const hear = async () => (await Promise.race([once(child, "message"), failed]))[0];
  const served: CompanyServed = await hear();
  return {
    ...served,
    folder,
    scale,
    async ask(wish) {
      child.send(wish);
      const figures: CompanyFigures = await hear();
      return figures;
    },
    async [Symbol.asyncDispose]() {
      failed.catch(() => undefined); // Its end is what is wanted now.
      child.send("close");
      await once(child, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
