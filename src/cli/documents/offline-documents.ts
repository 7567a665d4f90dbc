/** The JSON documents of the commands that need no run: `convert`, `explain`, `demo`, help and errors. */
import { z } from "zod";
import { HOLDER_ACTIONS } from "../../core/mapping.ts";
import { SYNC_TROUBLES } from "../../core/sync-trouble.ts";
import { findingCode, guid, listOf, severity } from "./parts.ts";

const form = z.enum(["GUID", "immutable ID", "hex bytes", "LDAP filter"]);
export const CONVERT_DOCUMENT = z.strictObject({
  values: listOf(
    z.strictObject({
      value: z.string().describe("As it was given"),
      form: form.describe("As what it was read"),
      guid,
      immutableId: z.string(),
      hexBytes: z.string(),
      ldapFilter: z.string(),
    }),
  ),
  problems: listOf(z.strictObject({ value: z.string(), problem: z.string() })),
});
export type ConvertDocument = z.input<typeof CONVERT_DOCUMENT>;

const exitCode = z.int();
const action = z.enum(HOLDER_ACTIONS);
const trouble = z
  .strictObject({ trouble: z.enum(SYNC_TROUBLES), means: z.string(), next: z.string() })
  .describe("What verify --wait-for-sync says of a row that sync has not matched");
export const EXPLAIN_DOCUMENT = z.union([
  z.strictObject({
    findings: listOf(z.strictObject({ code: findingCode, severity, says: z.string() })),
    actions: listOf(z.strictObject({ action, does: z.string() })),
    troubles: listOf(trouble),
    exitCodes: listOf(z.strictObject({ exitCode, means: z.string() })),
  }),
  z.strictObject({
    code: findingCode,
    severity,
    says: z.string(),
    asWarning: z.string().nullable(),
    why: z.string(),
    mend: z.string(),
    source: z.string(),
    checked: z.string().describe("Year and month in which the source was read"),
    mending: z.strictObject({
      portal: z.string().nullable(),
      powershell: listOf(z.string()),
      graph: listOf(z.string()),
    }),
  }),
  z.strictObject({
    action,
    does: z.string(),
    resolves: z.string(),
    barred: z.string(),
    undo: z.string(),
    chosen: z.string(),
  }),
  trouble,
  z.strictObject({ exitCode, means: z.string() }),
]);
export type ExplainDocument = z.input<typeof EXPLAIN_DOCUMENT>;

export const DEMO_DOCUMENT = z.strictObject({ exitCode });
export type DemoDocument = z.input<typeof DEMO_DOCUMENT>;

/** `--help` and `--version`, of every command. */
export const HELP_DOCUMENT = z.union([z.strictObject({ version: z.string() }), z.strictObject({ help: z.string() })]);

/** What stands in the place of every command's document when it ends with an error. */
export const ERROR_DOCUMENT = z.strictObject({
  error: z.strictObject({
    code: z.string().describe("Kind of the error; the exit code follows from it"),
    message: z.string(),
    hint: z.string().describe("What to do next"),
    details: listOf(z.string()),
  }),
});
