/**
 * What a command is: a name, words for help, options picked by name, and a function from their values to a
 * report. The values are typed by the pick: an option that was not picked cannot be read.
 */
import type { ExitCode } from "./exit-codes.ts";
import { GLOBAL_OPTIONS, type GlobalValues, type OptionName, type OptionValues, valueNameOf } from "./options.ts";
import type { Program } from "./program.ts";
import type { Line } from "./render/screen.ts";

/** What a command hands back: the same facts for people and for programs. @typeParam Document As `documents/` has it. */
export type Report<Document extends object = object> = {
  readonly exitCode: ExitCode;
  /** For people, on stdout. */
  readonly lines: readonly Line[];
  /** For `--json`: one object, printed whole. */
  readonly document: Document;
};

/** An argument that is no option. */
export type Operand = {
  readonly name: string;
  readonly help: string;
  readonly presence: "required" | "optional" | "many";
};

/** Headings under which help lists the commands, in this order. */
export const COMMAND_GROUPS = {
  before: "Before the night",
  job: "The job",
  other: "Looking things up, and trying it out",
} as const;
export type CommandGroup = keyof typeof COMMAND_GROUPS;

/** A command line that can be typed as it stands, and what it is for. */
export type Example = readonly [line: string, purpose: string];

/** What is known of a command before it is loaded. */
type Description<Name extends OptionName> = {
  readonly name: string;
  readonly group: CommandGroup;
  readonly summary: string;
  /** What help says beyond the summary: paragraphs. */
  readonly about: string;
  readonly examples: readonly Example[];
  readonly operand: Operand | null;
  readonly options: readonly Name[];
};

type Definition<Name extends OptionName> = Description<Name> & {
  /**
   * @param operands As typed; as many as `operand` demands.
   * @throws {BatchError} Whatever ends the command early.
   */
  run(values: OptionValues<Name> & GlobalValues, program: Program, operands: readonly string[]): Promise<Report>;
};

/** A command as the command line sees it: which values it takes is its own affair. */
export type Command = Omit<Definition<OptionName>, "run"> & {
  run(raw: Readonly<Record<string, unknown>>, program: Program, operands: readonly string[]): Promise<Report>;
};

/** A description that keeps which options were picked. */
export function describeCommand<const Name extends OptionName = never>(
  description: Description<Name>,
): Description<Name> {
  return description;
}

/** A command that is loaded when it is run. */
export function loadLater(description: Description<OptionName>, load: () => Promise<Command>): Command {
  return { ...description, run: async (...given) => (await load()).run(...given) };
}

export function defineCommand<const Name extends OptionName = never>(definition: Definition<Name>): Command {
  const picked = [...GLOBAL_OPTIONS, ...definition.options].map(valueNameOf);
  return {
    ...definition,
    run: (raw, program, operands) => {
      const values = Object.fromEntries(picked.map((name) => [name, raw[name]]));
      // Each value was made by its option's own parser: what the type says is what is there.
      return definition.run(values as OptionValues<Name> & GlobalValues, program, operands);
    },
  };
}
