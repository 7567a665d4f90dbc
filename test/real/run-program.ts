/**
 * Runs one of Samba's, OpenLDAP's or OpenSSL's programs and keeps everything it said.
 *
 * These programs explain a failure on stderr and little of it in their exit code, so a test that shows only the code
 * leaves nothing to work with.
 */
import { spawn } from "node:child_process";

export interface ProgramResult {
  /** Exit code, or null when a signal ended the program. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const TIME_LIMIT_MS = 180_000;

/**
 * Runs `program` to its end, without a shell and with nothing on stdin.
 *
 * @param environment Variables on top of this process's own; the locale is always C.UTF-8.
 * @returns Whatever the exit code: the caller decides which ones are a failure. After 180 seconds the program is killed.
 * @throws {Error} The program cannot be started.
 */
export function runProgram(
  program: string,
  programArguments: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, programArguments, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, LC_ALL: "C.UTF-8", ...environment },
      timeout: TIME_LIMIT_MS,
      killSignal: "SIGKILL",
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", reject);
    child.on("close", (exitCode) =>
      resolve({ exitCode, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    );
  });
}

/**
 * Runs `program` where anything but exit code 0 is a failure.
 *
 * @throws {Error} It ended otherwise; the message holds the last lines that it printed.
 */
export async function runProgramOrThrow(...call: Parameters<typeof runProgram>): Promise<ProgramResult> {
  const result = await runProgram(...call);
  if (result.exitCode === 0) return result;
  const said = lastLines(`${result.stdout}\n${result.stderr}`);
  throw new Error(`${call[0]} ended with ${result.exitCode ?? "a signal"}:\n${said}`);
}

/** The last 30 lines that are not blank: where a program says why it gave up. */
export function lastLines(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-30).join("\n");
}
