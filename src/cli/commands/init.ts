/** `init`: asks the questions, tests each answer as soon as it can be tested, and writes `hardmatch.yaml`; writes to no directory. */
import { basename, dirname, join, resolve } from "node:path";
import type { DiagnosisLine } from "../../core/diagnosis/diagnosis-line.ts";
import { BatchError } from "../../core/errors.ts";
import type { Questions } from "../../ports/questions.ts";
import { defineCommand, type Report } from "../command.ts";
import type { InitDocument } from "../documents/init-document.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { nextCommand } from "../next-command.ts";
import type { Program } from "../program.ts";
import type { Line } from "../render/screen.ts";
import { INIT } from "./descriptions.ts";

const DEFAULT_FILE = "hardmatch.yaml";

export const init = defineCommand({
  ...INIT,
  async run(values, program): Promise<Report<InitDocument>> {
    const { screen } = program;
    if (!screen.interactive)
      throw new BatchError(
        "usage",
        "init asks questions, and there is no terminal to ask on.",
        "Run it in a terminal, or write hardmatch.yaml by hand: the README shows one. Then run: hardmatch doctor",
      );
    const file = resolve(values.config ?? DEFAULT_FILE);
    const files = await program.openConfigFiles();
    files.requireWritableName(file);
    const questions = await program.openQuestions();
    const { SCHEMA_FILE, renderConfigSchema } = await import("../init/config-json-schema.ts");
    const schemaFile = join(dirname(file), SCHEMA_FILE);
    const presentConfig = files.readPresentText(file);
    if (presentConfig !== null) await requireReplacing(questions, file);
    const schema = renderConfigSchema();
    const presentSchema = files.readPresentText(schemaFile);
    const keepsSchema =
      presentSchema !== null && presentSchema !== schema && !(await isToBeReplaced(questions, schemaFile));

    const { interview } = await import("../init/interview.ts");
    const { text, variables, lines } = await interview(program, questions, { file, schemaFile: SCHEMA_FILE });

    const savedSchema = keepsSchema ? null : files.saveText(schemaFile, schema, presentSchema);
    const config = files.saveText(file, text, presentConfig);
    const document: InitDocument = { config, schema: savedSchema, variables: [...variables], lines: [...lines] };
    return { exitCode: EXIT_CODES.done, lines: describeEnd(document, values, program), document };
  },
});

async function requireReplacing(questions: Questions, file: string): Promise<void> {
  if (await isToBeReplaced(questions, file)) return;
  throw new BatchError(
    "refused",
    `${file} is left as it is.`,
    "Name another file with --config <file>, or change this one by hand and run: hardmatch doctor",
  );
}

async function isToBeReplaced(questions: Questions, file: string): Promise<boolean> {
  return await questions.confirm({ message: `${basename(file)} is here already. Replace it?`, initial: false });
}

function describeEnd(
  { config, schema, variables, lines }: InitDocument,
  values: { readonly config: string | undefined },
  { environment }: Program,
): Line[] {
  const failed = lines.filter(({ state }: DiagnosisLine) => state === "failure").length;
  const unset = variables.filter((name) => !environment[name]);
  return [
    { style: "good", text: `${config} is written${schema === null ? "" : `, and ${basename(schema)} beside it`}.` },
    "No secret stands in them.",
    ...(unset.length === 0 ? [] : [`Set before the next command: ${unset.join(", ")}.`]),
    ...(failed === 0 ? [] : [{ style: "careful", text: "Not everything that was tested is as it must be." } as const]),
    "",
    "To look at everything:",
    { style: "strong", text: `  ${nextCommand(values, "doctor")}` },
    "A first dry run with five rows; it writes to no directory:",
    { style: "strong", text: `  ${nextCommand(values, "plan", "mapping.csv", "--limit", "5")}` },
  ];
}
