/** The published JSON Schemas: of what `--json` prints, from the table that the commands are held to, and of `hardmatch.yaml`. */
import { z } from "zod";
import { DOCUMENTS } from "../../src/cli/documents/documents.ts";
import { renderConfigSchema, SCHEMA_FILE } from "../../src/cli/init/config-json-schema.ts";

/** Each schema as it is published, by its file name in `schemas/`. */
export function listSchemaFiles(): { readonly name: string; readonly text: string }[] {
  const documents = Object.entries(DOCUMENTS).map(([name, document]) => {
    const schema = z.toJSONSchema(document, { io: "input", reused: "ref" });
    const title = `hardmatch ${name} --json`;
    return { name: `${name}.schema.json`, text: `${JSON.stringify({ title, ...schema }, null, 2)}\n` };
  });
  return [...documents, { name: SCHEMA_FILE, text: renderConfigSchema() }];
}

/**
 * Holds what a command printed against its schema.
 *
 * @throws {Error} naming each place where it differs.
 */
export function requireDocument(command: string, printed: string): void {
  const document: unknown = JSON.parse(printed);
  const kinds = isError(document) ? ["error"] : [command, "help"];
  const found = kinds.map((kind) => DOCUMENTS[kind]?.safeParse(document));
  if (found.some((result) => result?.success)) return;
  const trouble = found[0]?.error === undefined ? `there is no schema of ${command}` : z.prettifyError(found[0].error);
  throw new Error(`hardmatch ${command} --json does not print what its schema says:\n${trouble}`);
}

function isError(document: unknown): boolean {
  return typeof document === "object" && document !== null && "error" in document;
}
