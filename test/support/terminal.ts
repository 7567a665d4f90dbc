/** Runs the program on a terminal of its own, by util-linux's `script`, and types as a person would. */
import { spawn, spawnSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { COMPILE_CACHE } from "./small-company.ts";

/** Wait until this stands on the screen, after what was typed last; then type that. */
export type Keystroke = readonly [seen: RegExp, keys: string];

export const ENTER = "\r";
export const DOWN = "\u001b[B";
export const UP = "\u001b[A";
export const CTRL_C = "\u0003";
/** Takes away what stands in a question. */
export const CLEAR = "\u007f".repeat(60);

const PATIENCE_MS = 30_000;

/** Whether terminals can be had here; the options are those of util-linux. */
export const hasTerminals = /util-linux/.test(spawnSync("script", ["--version"], { encoding: "utf8" }).stdout ?? "");

export type TerminalEnd = {
  readonly code: number | null;
  /** Everything that was shown, without colours and movements. */
  readonly screen: string;
  /** Patterns that never came up. */
  readonly missed: readonly string[];
};

/** @param place.program The program's own file. */
export async function runInTerminal(
  words: readonly string[],
  place: { readonly program: string; readonly folder: string; readonly environment: NodeJS.ProcessEnv },
  keystrokes: readonly Keystroke[],
): Promise<TerminalEnd> {
  const command = [process.execPath, place.program, ...words].map((word) => `'${word}'`).join(" ");
  // A terminal made without one around it has no size.
  const line = `stty cols 120 rows 50; exec ${command}`;
  const child = spawn("script", ["-qefc", line, "/dev/null"], {
    cwd: place.folder,
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE, TERM: "xterm", ...place.environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting = [...keystrokes];
  let screen = "";
  let typedAt = 0;
  // A question that nobody answers would wait for ever, so the screen is shown instead.
  const giveUp = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  child.stdout.on("data", (chunk: Buffer) => {
    screen += stripVTControlCharacters(chunk.toString());
    const [next] = waiting;
    if (next === undefined || !next[0].test(screen.slice(typedAt))) return;
    waiting.shift();
    typedAt = screen.length;
    child.stdin.write(next[1]);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  clearTimeout(giveUp);
  return { code, screen, missed: waiting.map(([seen]) => seen.source) };
}
