/** Asks where a secret comes from, never for the secret itself. */

import type { Questions } from "../../ports/questions.ts";
import type { Environment } from "../secrets.ts";
import { CHECKS, checkPresent } from "./draft.ts";

/** Where a secret comes from, as the file says it; both missing: it is asked for each time. */
export type SecretPlace = { readonly env: string } | { readonly file: string } | null;

type Wish = {
  /** As it completes "Where does ... come from?". */
  readonly what: string;
  readonly variable: string;
  /** Where it came from before, when it is asked again. */
  readonly before: SecretPlace;
  /** Of the configuration. */
  readonly file: string;
  readonly environment: Environment;
};

/** @throws {BatchError} interrupted */
export async function askSecretPlace(questions: Questions, wish: Wish): Promise<SecretPlace> {
  const { what, variable, before, file, environment } = wish;
  const from = await questions.choose({
    message: `Where does ${what} come from? The secret itself is never written.`,
    initial: before === null ? "env" : "env" in before ? "env" : "file",
    choices: [
      { value: "env", label: "An environment variable", hint: "for scheduled tasks and vaults" },
      { value: "file", label: "A file that only its owner can read", hint: "mode 0600" },
      { value: "ask", label: "A question each time", hint: "only at a terminal" },
    ],
  });
  if (from === "ask") return null;
  if (from === "file") {
    const path = await questions.askText({
      message: "Which file?",
      ...(before !== null && "file" in before ? { initial: before.file } : {}),
      check: checkPresent(file),
    });
    return { file: path };
  }
  let initial = before !== null && "env" in before ? before.env : variable;
  for (;;) {
    const name = await questions.askText({ message: "Name of the variable", initial, check: CHECKS.variable });
    // A secret that was pasted here by mistake may look like a name, and would stand in the file.
    if (environment[name] || name === variable || (await isReallyName(questions))) return { env: name };
    initial = variable;
  }
}

/** The name is not repeated: it may be the secret. */
async function isReallyName(questions: Questions): Promise<boolean> {
  return await questions.confirm({
    message: "No such variable is set here. Is that surely its name, and not the secret itself?",
    initial: false,
  });
}
