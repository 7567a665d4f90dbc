/** Runs one shipped command as a child process and measures it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Company } from "./company.ts";

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
export const PROGRAM = here("../../dist/bin.js");
const USAGE = new URL("report-usage.mjs", import.meta.url).href;
const SCALED = here("run-scaled.ts");

export type Usage = { readonly cpuMs: number; readonly peakMib: number };

export type Ran = Usage & {
  readonly exitCode: number;
  /** Real milliseconds from the start of the process to its end. */
  readonly elapsedMs: number;
  /** What it printed with --json. */
  readonly document: Readonly<Record<string, unknown>>;
};

/**
 * @param words After the program's name; --json is added.
 * @throws {Error} It ended with another code than 0 or 6: what it said.
 */
export async function runCommand(company: Company, words: readonly string[]): Promise<Ran> {
  const { factor } = company.scale;
  const program = factor === 1 ? [PROGRAM] : [SCALED, JSON.stringify(company.scale)];
  const extra = process.env.HARDMATCH_BENCH_NODE_OPTIONS?.split(" ") ?? [];
  const startedMs = performance.now();
  const child = spawn(process.execPath, [...extra, "--import", USAGE, ...program, ...words, "--json"], {
    cwd: company.folder,
    // The lock of the tenant is kept apart from those of other runs of the bench.
    env: { ...process.env, ...company.environment, XDG_STATE_HOME: company.folder, LOCALAPPDATA: company.folder },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const [, stdout, stderr, usage] = child.stdio;
  if (!isReadable(stdout) || !isReadable(stderr) || !isReadable(usage)) throw new Error("the child has no pipes");
  const [out, complaints, used, [code]] = await Promise.all([
    text(stdout),
    text(stderr),
    text(usage),
    once(child, "close"),
  ]);
  const elapsedMs = performance.now() - startedMs;
  const exitCode = Number(code);
  if (used === "" || (exitCode !== 0 && exitCode !== INCOMPLETE))
    throw new Error(`${words.join(" ")} ended with ${exitCode}\n${complaints.slice(-4000)}`);
  return { ...(JSON.parse(used) as Usage), exitCode, elapsedMs, document: JSON.parse(out) };
}

/** Not every row is done: another apply goes on. */
const INCOMPLETE = 6;

function isReadable(stream: unknown): stream is NodeJS.ReadableStream {
  return typeof stream === "object" && stream !== null && "read" in stream;
}
