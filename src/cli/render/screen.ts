/**
 * The operator's screen: results on stdout, everything else on stderr.
 *
 * A screen that goes away (`| head`, a closed terminal) must not end a run, so a broken pipe only ends the
 * display. Every line is made visible here, at the last moment: no caller can forget it.
 */
import { createInterface as createLineReader } from "node:readline";
import { createInterface } from "node:readline/promises";
import { styleText } from "node:util";
import { BatchError } from "../../core/errors.ts";
import { showVisibly } from "./visible-text.ts";
import { wrapLine } from "./wrap-line.ts";

/** How a whole line is shown; nothing inside a line has a colour, so nothing from outside can fake one. */
export type LineStyle = "good" | "bad" | "careful" | "strong";
export type Line = string | { readonly style: LineStyle; readonly text: string };

export interface Screen {
  /** Whether a person can be asked: stdin and stderr are both a terminal. */
  readonly interactive: boolean;
  /** Whether a line on stderr can be overwritten. */
  readonly live: boolean;
  /** A result, on stdout. */
  print(lines: readonly Line[]): void;
  /** Text that is printed as it is, on stdout: JSON, or what `demo` shows. */
  printRaw(text: string): void;
  /** Text that is printed as it is, on stderr. */
  noteRaw(text: string): void;
  /** All lines of stdin. @throws {BatchError} usage: stdin is a terminal, where nobody would know that it is read. */
  readLines(): Promise<string[]>;
  /** Something worth knowing, on stderr; `--quiet` leaves it out. */
  note(...lines: readonly Line[]): void;
  /** A problem, on stderr, always. */
  complain(...lines: readonly Line[]): void;
  /** The line that shows progress: replaced each time, removed with `null`. Only where `live`. */
  showProgress(text: string | null): void;
  /**
   * @param signal Its reason is thrown when it fires.
   * @throws {BatchError} refused: the input ended without an answer.
   */
  ask(question: string, signal: AbortSignal): Promise<string>;
  /** As `ask`, without showing what is typed. */
  askHidden(question: string, signal: AbortSignal): Promise<string>;
}

type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };
/** Only a terminal says that it is one, and how wide it is. */
type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export type ScreenStreams = { readonly stdin: Input; readonly stdout: Output; readonly stderr: Output };
export type ScreenOptions = { readonly quiet: boolean; readonly color: boolean; readonly dumb: boolean };

const STYLES = { good: "green", bad: "red", careful: "yellow", strong: "bold" } as const satisfies Record<
  LineStyle,
  string
>;
const CLEAR_LINE = "\r\u001b[K";

export function openScreen({ stdin, stdout, stderr }: ScreenStreams, { quiet, color, dumb }: ScreenOptions): Screen {
  let progress: string | null = null;
  const out = outlet(stdout);
  const err = outlet(stderr);
  const live = stderr.isTTY === true && !dumb && !quiet;
  const paint = (line: Line, stream: Output) => {
    const whole = showVisibly(typeof line === "string" ? line : line.text);
    const text = stream.isTTY === true ? wrapLine(whole, stream.columns ?? 80).join("\n") : whole;
    if (typeof line === "string" || !color || stream.isTTY !== true) return text;
    return styleText(STYLES[line.style], text, { validateStream: false });
  };
  const aside = (draw: () => void) => {
    if (live && progress !== null) err(CLEAR_LINE);
    draw();
    if (live && progress !== null) err(progress);
  };
  const complain = (...lines: readonly Line[]) =>
    aside(() => err(lines.map((line) => `${paint(line, stderr)}\n`).join("")));
  return {
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    live,
    print: (lines) => aside(() => out(lines.map((line) => `${paint(line, stdout)}\n`).join(""))),
    printRaw: (text) => aside(() => out(text)),
    noteRaw: (text) => aside(() => err(text)),
    readLines: () => readAllLines(stdin),
    note: (...lines) => (quiet ? undefined : complain(...lines)),
    complain,
    showProgress(text) {
      if (!live) return;
      const width = Math.max(20, (stderr.columns ?? 80) - 1);
      progress = text === null ? null : showVisibly(text).slice(0, width);
      err(`${CLEAR_LINE}${progress ?? ""}`);
    },
    ask: (question, signal) => askLine(question, { stdin, stderr, hidden: false }, signal),
    askHidden: (question, signal) => askLine(question, { stdin, stderr, hidden: true }, signal),
  };
}

/** Writes until the other end is gone; from then on nothing, silently: the run matters more than its display. */
function outlet(stream: Output): (text: string) => void {
  let gone = false;
  stream.on("error", () => {
    gone = true;
  });
  return (text) => {
    if (!gone && text !== "") stream.write(text);
  };
}

async function askLine(
  question: string,
  { stdin, stderr, hidden }: Pick<ScreenStreams, "stdin" | "stderr"> & { readonly hidden: boolean },
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  // Without an output readline echoes nothing; in terminal mode it also switches the terminal's own echo off.
  const lines = createInterface(
    hidden ? { input: stdin, terminal: true } : { input: stdin, output: stderr, terminal: true },
  );
  // In raw mode Ctrl-C is a key: it is made the signal again that it is everywhere else.
  lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  const ended = Promise.withResolvers<never>();
  lines.on("close", () =>
    ended.reject(
      new BatchError(
        "refused",
        "The question was not answered. Nothing was written.",
        "Run the same command again and answer it.",
      ),
    ),
  );
  const stop = () => ended.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  if (hidden) stderr.write(question);
  try {
    return await Promise.race([lines.question(hidden ? "" : question), ended.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
    lines.close();
    if (hidden) stderr.write("\n");
  }
}

async function readAllLines(stdin: Input): Promise<string[]> {
  if (stdin.isTTY === true)
    throw new BatchError("usage", "No value was given.", "Give values as arguments, or pipe them in, one per line.");
  const lines: string[] = [];
  for await (const line of createLineReader({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY })) lines.push(line);
  return lines;
}
