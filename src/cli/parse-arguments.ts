/** Reads the command line: which command, which values. Help and suggestions come from the same definitions. */
import { Argument, CommanderError, InvalidArgumentError, Option, Command as Parser } from "commander";
import { BatchError } from "../core/errors.ts";
import { COMMAND_GROUPS, type Command, type Example, type Operand } from "./command.ts";
import { findNearest } from "./nearest.ts";
import {
  flagOf,
  GLOBAL_OPTIONS,
  type GlobalValues,
  OPTION_GROUPS,
  OPTIONS,
  type OptionName,
  valueNameOf,
} from "./options.ts";

export const PROGRAM_NAME = "hardmatch";
const DESCRIPTION =
  "Ties Microsoft Entra users to the right Active Directory accounts, thousands at a time: plan, apply, verify, roll back.";
const HELP_AFTER = `
Try it:      ${PROGRAM_NAME} demo
Begin with:  ${PROGRAM_NAME} init, ${PROGRAM_NAME} doctor, ${PROGRAM_NAME} plan <mapping.csv>
A command:   ${PROGRAM_NAME} <command> --help
Exit codes:  ${PROGRAM_NAME} explain`;

export type Invocation = {
  readonly command: Command;
  readonly values: Readonly<Record<string, unknown>> & GlobalValues;
  readonly operands: readonly string[];
};

/** Where help and version are written. */
export type HelpOutput = { out(text: string): void; err(text: string): void };

/**
 * @returns What is to be run, or `null` when help or version was asked for and printed.
 * @throws {BatchError} usage: anything else that the definitions do not allow.
 */
export async function parseArguments(
  words: readonly string[],
  commands: readonly Command[],
  version: string,
  output: HelpOutput,
): Promise<Invocation | null> {
  let chosen: Invocation | null = null;
  const parser = new Parser(PROGRAM_NAME)
    .description(DESCRIPTION)
    .version(version, "--version", "Print the version")
    .helpOption("-h, --help", "Print this help")
    .configureHelp({ showGlobalOptions: true })
    .helpCommand(false)
    .configureOutput({ writeOut: output.out, writeErr: output.err, outputError: () => undefined })
    .exitOverride()
    .addHelpText("after", HELP_AFTER);
  for (const name of GLOBAL_OPTIONS) parser.addOption(makeOption(name));
  for (const command of commands) {
    const subparser = parser
      .command(command.name)
      .helpGroup(`${COMMAND_GROUPS[command.group]}:`)
      .summary(command.summary)
      .description(`${command.summary}.\n\n${command.about}`);
    if (command.operand !== null) subparser.addArgument(makeArgument(command.operand));
    const ofGroup = (group: string) => command.options.filter((name) => OPTIONS[name].group === group);
    for (const name of Object.keys(OPTION_GROUPS).flatMap(ofGroup)) subparser.addOption(makeOption(name));
    subparser.addHelpText("after", renderExamples(command.examples));
    subparser.action(() => {
      chosen = { command, values: readValues(subparser), operands: subparser.args };
    });
  }
  addHelpCommand(parser, commands);
  try {
    await parser.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return null;
    throw asUsageError(error, words, commands);
  }
  return chosen;
}

/** `help <command>`: the library's own takes any other word for a wish to see all of them. */
function addHelpCommand(parser: Parser, commands: readonly Command[]): void {
  parser
    .command("help")
    .helpGroup(`${COMMAND_GROUPS.other}:`)
    .summary("Print this help, or that of one command")
    .argument("[command]", "Name of a command")
    .action((name: string | undefined) => {
      if (name === undefined || name === "help") return parser.help();
      const wanted = parser.commands.find((command) => command.name() === name);
      if (wanted !== undefined) return wanted.help();
      throw refuseTopic(
        name,
        commands.map((command) => command.name),
      );
    });
}

function refuseTopic(word: string, names: readonly string[]): BatchError {
  const nearest = findNearest(word, names);
  const hint =
    nearest === null
      ? `The commands are ${names.join(", ")}. For findings and exit codes: ${PROGRAM_NAME} explain`
      : `Did you mean ${PROGRAM_NAME} help ${nearest}? All commands: ${PROGRAM_NAME} --help`;
  return new BatchError("usage", `There is no command ${JSON.stringify(word)} to help with.`, hint);
}

function makeOption(name: OptionName): Option {
  const { group, help, fallback, parse } = OPTIONS[name];
  const option = new Option(flagOf(name), fallback === null ? help : `${help} (default: ${fallback})`);
  if (group !== null) option.helpGroup(`${OPTION_GROUPS[group]}:`);
  if (parse !== null) {
    option.argParser((text: string, before: unknown): unknown => {
      // the last of two would win without a word
      if (before !== undefined) throw new InvalidArgumentError("It was given before; give it once.");
      return parse(text);
    });
  }
  if (name === "verbose") option.conflicts("quiet");
  return option;
}

function renderExamples(examples: readonly Example[]): string {
  return ["", "Examples:", ...examples.flatMap(([line, purpose]) => [`  ${line}`, `      ${purpose}`])].join("\n");
}

function makeArgument({ name, help, presence }: Operand): Argument {
  const shape = { required: `<${name}>`, optional: `[${name}]`, many: `[${name}...]` }[presence];
  return new Argument(shape, help);
}

/** commander keeps `--no-color` as a true `color`; here every switch is false until it is given. */
function readValues(parser: Parser): Invocation["values"] {
  const { color, ...given } = parser.optsWithGlobals<Record<string, unknown>>();
  const switches = Object.entries(OPTIONS)
    .filter(([, { value }]) => value === null)
    .map(([name]) => [valueNameOf(name), false]);
  const values = { ...Object.fromEntries(switches), ...given, noColor: color === false };
  return values as Invocation["values"];
}

function asUsageError(
  { code, message }: CommanderError,
  words: readonly string[],
  commands: readonly Command[],
): BatchError {
  const command = commands.find(({ name }) => words.includes(name));
  const help = `${PROGRAM_NAME}${command === undefined ? "" : ` ${command.name}`} --help`;
  if (code === "commander.help")
    return new BatchError(
      "usage",
      "No command was given.",
      `Begin with: ${PROGRAM_NAME} init, or try it with: ${PROGRAM_NAME} demo`,
    );
  const [first = "", ...rest] = message.replace(/^error: /, "").split("\n");
  const suggestion = rest.join(" ").replace(/^\((.*)\)$/, "$1");
  const secret = code === "commander.unknownOption" && /password|secret|token|key/i.test(first);
  const hint = secret
    ? "No secret is taken on the command line, where others can see it: name an environment variable or a file in hardmatch.yaml."
    : `${suggestion === "" ? "" : `${suggestion} `}See: ${help}`;
  return new BatchError(
    "usage",
    `${first.charAt(0).toUpperCase()}${first.slice(1)}${/[.?!]$/.test(first) ? "" : "."}`,
    hint,
  );
}
