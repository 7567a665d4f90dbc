/** `convert`: one source anchor in its four forms, offline. */
import { BatchError } from "../../core/errors.ts";
import { defineCommand, type Report } from "../command.ts";
import type { ConvertDocument } from "../documents/offline-documents.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { readIdForms } from "../id-forms.ts";
import type { Line } from "../render/screen.ts";
import { renderPairs } from "../render/table.ts";
import { CONVERT } from "./descriptions.ts";

const FORMS =
  "Give a GUID with dashes, an immutable ID (24 characters that end in ==), 32 hex digits, or LDAP filter bytes (16 times a backslash and two hex digits). Examples: hardmatch convert --help";

export const convert = defineCommand({
  ...CONVERT,
  async run(_values, program, operands): Promise<Report<ConvertDocument>> {
    const values =
      operands.length > 0 ? operands : (await program.screen.readLines()).filter((line) => line.trim() !== "");
    if (values.length === 0)
      throw new BatchError(
        "usage",
        "There is nothing to convert.",
        "Give values as arguments, or one per line on stdin.",
      );
    const read = values.map((value) => ({ value, forms: readIdForms(value) }));
    const bad = read.flatMap(({ value, forms }) =>
      "problem" in forms ? [`${JSON.stringify(value)}: ${forms.problem}`] : [],
    );
    const refusal = `${bad.length === 1 ? "A value" : `${bad.length} values`} cannot be converted.`;
    // One bad value does not hold back the others; where there are no others it is an error like any.
    if (bad.length === values.length) throw new BatchError("usage", refusal, FORMS, { details: bad });
    if (bad.length > 0) {
      program.screen.complain({ style: "bad", text: `error: ${refusal}` }, ...bad.map((problem) => `  ${problem}`));
    }
    const problems = read.flatMap(({ value, forms }) =>
      "problem" in forms ? [{ value, problem: forms.problem }] : [],
    );
    const good = read.flatMap(({ value, forms }) => ("problem" in forms ? [] : [{ value, ...forms }]));
    const lines = good.flatMap(({ form, guid, immutableId, hexBytes, ldapFilter }, index): Line[] => [
      ...(index === 0 ? [] : [""]),
      ...renderPairs(
        [
          ["GUID", guid],
          ["immutable ID", immutableId],
          ["hex bytes", hexBytes],
          ["LDAP filter", ldapFilter],
          ["read as", form],
        ],
        "",
      ),
    ]);
    const exitCode = bad.length === 0 ? EXIT_CODES.done : EXIT_CODES.usage;
    return { exitCode, lines, document: { values: good, problems } };
  },
});
