/** From the words of the command line to an exit code: the frame around every command. */
import { BatchError, describeError } from "../core/errors.ts";
import type { Command, Report } from "./command.ts";
import { EXIT_CODES, type ExitCode, exitCodeOf } from "./exit-codes.ts";
import type { GlobalValues } from "./options.ts";
import { type Invocation, parseArguments } from "./parse-arguments.ts";
import type { Program } from "./program.ts";
import { type Line, openScreen, type Screen, type ScreenStreams } from "./render/screen.ts";
import { formatCount } from "./render/table.ts";
import { writeJson } from "./render/visible-text.ts";
import { asBatchError } from "./sessions.ts";

export type Frame = {
  readonly commands: readonly Command[];
  readonly version: string;
  readonly streams: ScreenStreams;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Called once, when it is known what is to be run. */
  makeProgram(screen: Screen, values: GlobalValues): Program;
};

const MOST_DETAILS_SHOWN = 200;

/** Runs one command and shows what came of it. @throws Nothing: whatever happens has an exit code. */
export async function runCommandLine(words: readonly string[], frame: Frame): Promise<ExitCode> {
  const end = words.indexOf("--");
  const flags = new Set(end === -1 ? words : words.slice(0, end));
  const has = (flag: string) => flags.has(flag);
  // Before the words are understood, the flags are looked for by text: an error has to be shown in the right way.
  const early = {
    json: has("--json"),
    quiet: has("--quiet"),
    verbose: has("--verbose"),
    noColor: has("--no-color"),
    config: undefined,
  };
  let screen = screenFor(frame, early);
  let program: Program | null = null;
  try {
    requireVerifiedTls(frame.environment);
    const printed: string[] = [];
    const invocation = await parseArguments(words, frame.commands, frame.version, {
      out: (text) => printed.push(text),
      err: screen.noteRaw,
    });
    if (invocation === null) {
      const text = printed.join("");
      screen.printRaw(early.json ? `${writeJson(describeHelp(text, frame.version))}\n` : text);
      return EXIT_CODES.done;
    }
    screen = screenFor(frame, invocation.values);
    program = frame.makeProgram(screen, invocation.values);
    const report = await runCommand(invocation, program);
    showReport(report, invocation.values.json, screen);
    return report.exitCode;
  } catch (error) {
    screen.showProgress(null);
    return showError(error, early, { screen, program });
  }
}

/** What --help or --version printed, for programs. */
function describeHelp(text: string, version: string): object {
  return text.trim() === version ? { version } : { help: text };
}

async function runCommand({ command, values, operands }: Invocation, program: Program): Promise<Report> {
  try {
    return await command.run(values, program, operands);
  } finally {
    program.screen.showProgress(null);
  }
}

function screenFor(
  { streams, environment }: Frame,
  { quiet, noColor }: Pick<GlobalValues, "quiet" | "noColor">,
): Screen {
  const dumb = environment.TERM === "dumb";
  return openScreen(streams, { quiet, dumb, color: !noColor && !dumb && !environment.NO_COLOR });
}

function showReport({ lines, document }: Report, json: boolean, screen: Screen): void {
  if (json) screen.printRaw(`${writeJson(document)}\n`);
  else screen.print(lines);
}

function showError(
  error: unknown,
  { json, verbose }: Pick<GlobalValues, "json" | "verbose">,
  { screen, program }: { readonly screen: Screen; readonly program: Program | null },
): ExitCode {
  const known = asBatchError(error);
  const { code, message, hint, details } = known === null ? describeBug(error, verbose) : known;
  if (json) screen.printRaw(`${writeJson({ error: { code, message, hint, details } })}\n`);
  const more = details.length - MOST_DETAILS_SHOWN;
  screen.complain(
    { style: "bad", text: `error: ${message}` },
    ...details.slice(0, MOST_DETAILS_SHOWN).map((detail): Line => `  ${detail}`),
    ...(more > 0 ? [`  and ${formatCount(more)} more; --json names all of them`] : []),
    hint,
  );
  if (known === null) return EXIT_CODES.bug;
  return known.code === "interrupted" ? (program?.stopping.exitCode ?? EXIT_CODES.interrupted) : exitCodeOf(known.code);
}

/** Anything that is not a BatchError is our own mistake, and says so. */
function describeBug(error: unknown, verbose: boolean) {
  const stack =
    error instanceof Error && error.stack !== undefined ? error.stack.split("\n").map((line) => line.trim()) : [];
  return {
    code: "bug",
    message: `hardmatch has a bug: ${describeError(error)}`,
    hint: verbose
      ? "Please report it with the lines above. A run that was under way can be resumed with the same command."
      : "Please report it with the output of the same command with --verbose. A run that was under way can be resumed.",
    details: verbose ? stack : [],
  };
}

/** @throws {BatchError} config: verification of certificates is switched off for the whole process. */
function requireVerifiedTls(environment: Frame["environment"]): void {
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED !== "0") return;
  throw new BatchError(
    "config",
    "NODE_TLS_REJECT_UNAUTHORIZED=0 is set: with it anybody in between could read and change what is sent, so nothing was.",
    "Unset it. For a domain controller with a certificate of your own authority, name that authority with caFile.",
  );
}
