/** Runs the program as an operator would: a process of its own, in the operator's folder, with words on a command line. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export type ProgramPlace = {
  /** The Node that runs it. */
  readonly execPath: string;
  readonly programPath: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
};

/**
 * @param show Gets every line of stdout and stderr as it comes.
 * @returns The exit code; 128 and more when a signal ended it.
 * @throws {Error} The program cannot be started.
 */
export async function runProgram(
  place: ProgramPlace,
  words: readonly string[],
  { show, signal }: { readonly show: (line: string) => void; readonly signal: AbortSignal },
): Promise<number> {
  const child = spawn(place.execPath, [place.programPath, ...words], {
    cwd: place.folder,
    env: { ...process.env, NO_COLOR: "1", ...place.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const interrupt = () => child.kill("SIGINT");
  signal.addEventListener("abort", interrupt, { once: true });
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", show);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, endedBy) => resolve(code ?? (endedBy === "SIGINT" ? 130 : 143)));
    });
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
}
