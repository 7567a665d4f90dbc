/**
 * Where a secret comes from, and reading it: an environment variable, a file that only its owner can read, or a
 * hidden question. Never the configuration file, never the command line, and never into a message.
 */
import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { BatchError, describeError } from "../core/errors.ts";
import type { Screen } from "./render/screen.ts";

export type SecretSource =
  | { readonly from: "environment"; readonly name: string }
  | { readonly from: "file"; readonly path: string }
  | { readonly from: "question"; readonly question: string };

export type Environment = Readonly<Record<string, string | undefined>>;

/** The place in words, for messages: never what is in it. */
export function describeSecretSource(source: SecretSource): string {
  switch (source.from) {
    case "environment":
      return `the environment variable ${source.name}`;
    case "file":
      return `the file ${source.path}`;
    case "question":
      return "the answer to the question";
  }
}

const MOST_BYTES = 1024 * 1024;
/** What Windows PowerShell 5.1 and Notepad put in front of a text: it would be sent as a part of the secret. */
const MARKS = ["efbbbf", "fffe", "feff"].map((hex) => Buffer.from(hex, "hex"));
const SAVE_PLAIN = "save it as UTF-8 without a mark, in PowerShell with Set-Content -NoNewline -Encoding ascii";

/** Why the secret cannot be read, in words that fit behind the name of a setting; `null` when it can. */
export function findSecretTrouble(source: SecretSource, environment: Environment, interactive: boolean): string | null {
  switch (source.from) {
    case "environment":
      return environment[source.name]
        ? null
        : `names the environment variable ${source.name}, which is not set or empty`;
    case "file": {
      const read = readPrivateFile(source.path);
      return typeof read === "string" ? null : read.trouble;
    }
    case "question":
      return interactive ? null : "is not said, and there is no terminal to ask on";
  }
}

/**
 * @throws {BatchError} config: it is not there, or others can read it. refused: the question was not answered.
 */
export async function readSecret(
  source: SecretSource,
  {
    environment,
    screen,
    signal,
  }: { readonly environment: Environment; readonly screen: Screen; readonly signal: AbortSignal },
): Promise<string> {
  const trouble = findSecretTrouble(source, environment, screen.interactive);
  if (trouble !== null)
    throw new BatchError("config", `A secret ${trouble}.`, "Provide it, then run the same command again.");
  switch (source.from) {
    case "environment":
      return environment[source.name] ?? "";
    case "file": {
      const read = readPrivateFile(source.path);
      return typeof read === "string" ? read.replace(/\r?\n$/, "") : "";
    }
    case "question":
      return await screen.askHidden(`${source.question}: `, signal);
  }
}

function readPrivateFile(path: string): string | { readonly trouble: string } {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const isLink = error instanceof Error && "code" in error && error.code === "ELOOP";
    return {
      trouble: isLink
        ? `names ${path}, which is a symbolic link; name the file itself`
        : `names a file that cannot be read: ${describeError(error)}`,
    };
  }
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) return { trouble: `names ${path}, which is not a file` };
    if (found.size > MOST_BYTES) return { trouble: `names ${path}, which is too long to hold a secret` };
    if (process.platform !== "win32" && (found.mode & 0o077) !== 0) {
      return { trouble: `names ${path}, which other users can read; run: chmod 600 ${path}` };
    }
    const bytes = readFileSync(descriptor);
    if (MARKS.some((mark) => bytes.subarray(0, mark.length).equals(mark)) || bytes.includes(0) || !isUtf8(bytes))
      return {
        trouble: `names ${path}, which is not plain UTF-8 (a byte order mark, or another encoding); ${SAVE_PLAIN}`,
      };
    const text = bytes.toString("utf8");
    return text.trim() === "" ? { trouble: `names ${path}, which is empty` } : text;
  } finally {
    closeSync(descriptor);
  }
}
