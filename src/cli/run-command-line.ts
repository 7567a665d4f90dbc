/** From the words of the command line to an exit code: the frame around every command. */
import { BatchError, describeError } from "../core/errors.ts";
import type { Command, Report } from "./command.ts";
import { EXIT_CODES, type ExitCode, exitCodeOf } from "./exit-codes.ts";
import type { GlobalValues } from "./options.ts";
import { type Invocation, parseArguments } from "./parse-arguments.ts";
import type { Program } from "./program.ts";
import { renderCommandLine } from "./render/command-line.ts";
import { type Line, openScreen, type Screen, type ScreenStreams } from "./render/screen.ts";
import { formatCount } from "./render/table.ts";
import { writeJson } from "./render/visible-text.ts";
import { asBatchError } from "./sessions.ts";

export type Frame = {
  readonly commands: readonly Command[];
  readonly version: string;
  readonly streams: ScreenStreams;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Has a function called with whatever was thrown where nobody could catch it. */
  onUncaught(receive: (error: unknown) => void): void;
  /** Ends the program at once. */
  exit(code: ExitCode): void;
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
  let command: string | null = null;
  // Nothing can be trusted any more after this, and everything that was sent is on disk: the process ends here.
  frame.onUncaught((error) => {
    screen.showProgress(null);
    showTrouble(describeBug(error, { words, command }, early.verbose), early.json, screen);
    frame.exit(EXIT_CODES.bug);
  });
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
    command = invocation.command.name;
    program = frame.makeProgram(screen, invocation.values);
    const report = await runCommand(invocation, program);
    showReport(report, invocation.values.json, screen);
    return report.exitCode;
  } catch (error) {
    screen.showProgress(null);
    return showError(error, early, { screen, program, words, command });
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
  { screen, program, ...started }: Started & { readonly screen: Screen; readonly program: Program | null },
): ExitCode {
  const known = asBatchError(error);
  showTrouble(known ?? describeBug(error, started, verbose), json, screen);
  if (known === null) return EXIT_CODES.bug;
  return known.code === "interrupted" ? (program?.stopping.exitCode ?? EXIT_CODES.interrupted) : exitCodeOf(known.code);
}

/** What was typed, and the name of the command that it was understood as; `null` before that. */
type Started = { readonly words: readonly string[]; readonly command: string | null };

type Trouble = Pick<BatchError, "message" | "hint" | "details"> & { readonly code: string };

function showTrouble({ code, message, hint, details }: Trouble, json: boolean, screen: Screen): void {
  if (json) screen.printRaw(`${writeJson({ error: { code, message, hint, details } })}\n`);
  const more = details.length - MOST_DETAILS_SHOWN;
  screen.complain(
    { style: "bad", text: `error: ${message}` },
    ...details.slice(0, MOST_DETAILS_SHOWN).map((detail): Line => `  ${detail}`),
    ...(more > 0 ? [`  and ${formatCount(more)} more; --json names all of them`] : []),
    ...hint.split("\n"),
  );
}

/** Commands that write to a directory: of the others it can be said that nothing was. */
const WRITING: ReadonlySet<string> = new Set(["apply", "rollback"]);

/** Anything that is not a BatchError is our own mistake, and says so, where the run stands and how it goes on. */
function describeBug(error: unknown, { words, command }: Started, verbose: boolean): Trouble {
  const stack =
    error instanceof Error && error.stack !== undefined ? error.stack.split("\n").map((line) => line.trim()) : [];
  const state =
    command !== null && WRITING.has(command)
      ? "Everything that was sent is recorded, and what has no answer is settled when the run goes on"
      : "Nothing was written to a directory";
  const report = verbose ? "the lines above" : "the output of the same command with --verbose";
  return {
    code: "bug",
    message: `hardmatch has a bug: ${describeError(error)}. ${state}.`,
    hint: `To go on, run the same command again: ${renderCommandLine(["hardmatch", ...words])}\nPlease report the bug with ${report}.`,
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
