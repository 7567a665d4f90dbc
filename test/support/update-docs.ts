/**
 * Writes the generated blocks of README.md and the JSON Schemas from the tables that the program itself reads: options,
 * codes, columns, exit codes, documents. `--check` changes nothing and fails when something is out of date.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { COMMANDS } from "../../src/cli/commands/commands.ts";
import { EXIT_CODES, EXIT_MEANINGS, type ExitName } from "../../src/cli/exit-codes.ts";
import { flagOf, GLOBAL_OPTIONS, OPTIONS, type OptionDefinition, type OptionName } from "../../src/cli/options.ts";
import { EXPLANATIONS } from "../../src/core/checks/checks.ts";
import { CHECK_COLUMN, MAPPING_COLUMNS, PLAN_COLUMNS, RESULT_COLUMNS } from "../../src/core/columns.ts";
import { FINDING_CODES } from "../../src/core/findings.ts";
import { HOLDER_ACTION_WORDS } from "../../src/core/holder-action-words.ts";
import { HOLDER_ACTIONS } from "../../src/core/mapping.ts";
import { listSchemaFiles } from "./json-schemas.ts";

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(headings), `|${headings.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

const code = (text: string) => `\`${text}\``;
const written = (columns: readonly { readonly heading: string; readonly help: string }[]) =>
  table(
    ["Column", "What it says"],
    columns.map(({ heading, help }) => [code(heading), help]),
  );

function optionsTable(): string {
  const commandsWith = (name: OptionName) =>
    (GLOBAL_OPTIONS as readonly OptionName[]).includes(name)
      ? "all"
      : COMMANDS.filter(({ options }) => options.includes(name))
          .map((command) => command.name)
          .join(", ");
  const rows = (Object.entries(OPTIONS) as [OptionName, OptionDefinition][]).map(([name, { help, fallback }]) => [
    code(flagOf(name)),
    fallback === null ? help : `${help} (default: ${fallback})`,
    commandsWith(name),
  ]);
  return table(["Option", "What it does", "Commands"], rows);
}

/** Every generated block by its name in the README. */
export const BLOCKS: Readonly<Record<string, () => string>> = {
  "plan-columns": () => written(PLAN_COLUMNS),
  "result-columns": () => written([...RESULT_COLUMNS, CHECK_COLUMN]),
  "mapping-columns": () =>
    table(
      ["Column", "Also accepted", "Required", "What it says"],
      Object.values(MAPPING_COLUMNS).map(({ heading, aliases, required, help }) => [
        code(heading),
        aliases.map(code).join(" "),
        required ? "yes" : "",
        help,
      ]),
    ),
  codes: () =>
    table(
      ["Code", "Severity", "What it means"],
      FINDING_CODES.map((name) => [code(name), EXPLANATIONS[name].severity, EXPLANATIONS[name].says]),
    ),
  "holder-actions": () =>
    table(
      ["Action", "What it does", "Never on", "Undo"],
      HOLDER_ACTIONS.map((action) => {
        const { does, barred, undo } = HOLDER_ACTION_WORDS[action];
        return [code(action), does, barred, undo];
      }),
    ),
  options: optionsTable,
  "exit-codes": () =>
    table(
      ["Code", "What it means"],
      (Object.keys(EXIT_CODES) as ExitName[]).map((name) => [String(EXIT_CODES[name]), EXIT_MEANINGS[name]]),
    ),
};

/** The text with every block made anew. @throws {Error} a block is unknown, or one is missing. */
export function fillBlocks(text: string): string {
  const seen = new Set<string>();
  const filled = text.replace(
    /(<!-- generated:([\w-]+) -->\n)[\s\S]*?(<!-- \/generated -->)/g,
    (_whole, open: string, name: string, close: string) => {
      const make = BLOCKS[name];
      if (make === undefined) throw new Error(`README.md names the unknown block ${name}`);
      seen.add(name);
      return `${open}${make()}\n${close}`;
    },
  );
  const missing = Object.keys(BLOCKS).filter((name) => !seen.has(name));
  if (missing.length > 0) throw new Error(`README.md lacks the blocks ${missing.join(", ")}`);
  return filled;
}

/** Every generated file with what it should hold. */
function listGenerated(): { readonly path: string; readonly text: string }[] {
  return [
    { path: "README.md", text: fillBlocks(readFileSync("README.md", "utf8")) },
    ...listSchemaFiles().map(({ name, text }) => ({ path: `schemas/${name}`, text })),
  ];
}

if (import.meta.main) {
  const stale = listGenerated().filter(({ path, text }) => !existsSync(path) || readFileSync(path, "utf8") !== text);
  if (stale.length === 0) process.stdout.write("generated files are current\n");
  else if (process.argv.includes("--check")) {
    process.stderr.write(`out of date: ${stale.map(({ path }) => path).join(", ")}; run \`npm run docs\`\n`);
    process.exitCode = 1;
  } else {
    mkdirSync("schemas", { recursive: true });
    for (const { path, text } of stale) writeFileSync(path, text);
    process.stdout.write(`written: ${stale.map(({ path }) => path).join(", ")}\n`);
  }
}
