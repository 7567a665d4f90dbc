/**
 * Reads `hardmatch.yaml` and says everything that is wrong with it in one go, each problem with its place.
 *
 * The file says which tenant is written to, so nothing in it is guessed: unknown keys, missing keys, secrets and
 * unencrypted connections are refused before anything connects.
 */
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { BatchError, describeError } from "../core/errors.ts";
import { crossCheck, describeIssue } from "./config-problems.ts";
import { configSchema } from "./config-schema.ts";
import { nextCommand } from "./next-command.ts";
import type { Environment } from "./secrets.ts";
import { findMissingSecrets, type Settings, settingsFrom } from "./settings.ts";
import { decodeYaml, parseYaml, refuseYaml } from "./yaml-file.ts";

const MOST_BYTES = 1024 * 1024;
export const DEFAULT_CONFIG_FILE = "hardmatch.yaml";

/**
 * @param file As given by --config; `undefined` is the default in the current folder.
 * @param surroundings.secrets `later` leaves it to whoever reads them to say that one is missing.
 * @throws {BatchError} config: there is no such file, or it or a table that it names has problems; `details` names all of
 *   them as `file:line:column: path: what is wrong`.
 */
export function readSettings(
  file: string | undefined,
  {
    environment,
    interactive,
    secrets = "now",
  }: { readonly environment: Environment; readonly interactive: boolean; readonly secrets?: "now" | "later" },
): Settings {
  const path = resolve(file ?? DEFAULT_CONFIG_FILE);
  const source = readConfigText(path, file);
  const { document, places, typed, problems } = parseYaml(source);
  let settings: Settings | null = null;
  if (problems.length === 0) {
    const parsed = configSchema.safeParse(typed);
    if (!parsed.success) problems.push(...parsed.error.issues.flatMap((issue) => describeIssue(issue, typed)));
    problems.push(...crossCheck(typed));
    if (parsed.success) {
      settings = settingsFrom(parsed.data, path, problems);
      const missing = secrets === "later" ? [] : findMissingSecrets(settings, environment, interactive);
      // a setting that is not there has been named by crossCheck
      problems.push(...missing.filter(({ path }) => document.hasIn(path)));
    }
  }
  if (problems.length === 0 && settings !== null) return settings;
  const anew = nextCommand({ config: file }, "init");
  if (document.contents === null && document.errors.length === 0)
    throw new BatchError("config", `${path} is empty. Nothing was read or written.`, `Have it written: ${anew}`);
  throw refuseYaml(
    path,
    { document, places, problems },
    `Correct the file and run the same command again, or have it written anew: ${anew}`,
  );
}

function readConfigText(path: string, asked: string | undefined): string {
  try {
    const found = statSync(path);
    if (found.isFile() && found.size <= MOST_BYTES) return decodeYaml(path, readFileSync(path));
    throw new BatchError(
      "config",
      `${path} is ${found.isFile() ? "too long to be a configuration" : "not a file"}.`,
      "Name the configuration file with --config <file>.",
    );
  } catch (error) {
    if (error instanceof BatchError) throw error;
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const hint =
      asked === undefined
        ? `Make one with hardmatch init, write a ${DEFAULT_CONFIG_FILE} here by hand (the README shows one), or name another file with --config <file>.`
        : "Check the name after --config.";
    throw new BatchError(
      "config",
      missing
        ? `There is no configuration file ${path}.`
        : `The configuration cannot be read: ${describeError(error)}.`,
      hint,
      { cause: error },
    );
  }
}
