/**
 * Reads `hardmatch.yaml` and says everything that is wrong with it in one go, each problem with its place.
 *
 * The file says which tenant is written to, so nothing in it is guessed: unknown keys, missing keys, secrets and
 * unencrypted connections are refused before anything connects.
 */
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { type Document, isMap, isScalar, LineCounter, parseDocument, visit } from "yaml";
import { BatchError, describeError } from "../core/errors.ts";
import { type ConfigProblem, crossCheck, describeIssue } from "./config-problems.ts";
import { configSchema } from "./config-schema.ts";
import type { Environment } from "./secrets.ts";
import { findMissingSecrets, type Settings, settingsFrom } from "./settings.ts";

const MOST_BYTES = 1024 * 1024;
const UTF8 = new TextDecoder("utf-8", { fatal: true });
export const DEFAULT_CONFIG_FILE = "hardmatch.yaml";

/**
 * @param file As given by --config; `undefined` is the default in the current folder.
 * @param surroundings.secrets `later` leaves it to whoever reads them to say that one is missing.
 * @throws {BatchError} config: there is no such file, or it has problems; `details` names all of them as
 *   `file:line:column: path: what is wrong`.
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
  const places = new LineCounter();
  const document = parseDocument(source, { lineCounter: places, prettyErrors: false });
  const problems: ConfigProblem[] = document.errors.map(({ message, pos }) => ({
    path: [],
    offset: pos[0],
    text: message,
  }));
  const typed: unknown = problems.length > 0 ? null : readValues(document, problems);
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
  throw refuse(path, problems, document, places);
}

function readConfigText(path: string, asked: string | undefined): string {
  try {
    const found = statSync(path);
    if (found.isFile() && found.size <= MOST_BYTES) return decodeConfig(path, readFileSync(path));
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

/** @throws {BatchError} config: it is not UTF-8, which YAML could not be made of without other letters in it. */
function decodeConfig(path: string, bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch (error) {
    const wide = bytes.includes(0);
    throw new BatchError(
      "config",
      `${path} is ${wide ? "UTF-16 or no text" : "not UTF-8"}. Nothing was read or written.`,
      'Save it as UTF-8: in Notepad with "Encoding: UTF-8", in PowerShell with Out-File -Encoding utf8.',
      { cause: error },
    );
  }
}

/** The document as plain values. A mapping key may be any YAML value; only texts are ours. */
function readValues(document: Document, problems: ConfigProblem[]): unknown {
  visit(document, {
    Alias: (_key, node) => {
      problems.push({
        path: [],
        offset: node.range?.[0] ?? 0,
        text: "aliases (*name) are not understood here; write the value out",
      });
    },
    Pair: (_key, { key }) => {
      if (isScalar(key) && typeof key.value !== "string")
        problems.push({ path: [], offset: key.range?.[0] ?? 0, text: "a key must be a text" });
    },
  });
  return problems.length > 0 ? null : document.toJS();
}

function refuse(file: string, problems: readonly ConfigProblem[], document: Document, places: LineCounter): BatchError {
  const placed = problems.map((problem) => ({
    problem,
    ...places.linePos(problem.offset ?? offsetOf(document, problem.path)),
  }));
  const sorted = placed.toSorted((left, right) => left.line - right.line || left.col - right.col);
  const details = sorted.map(({ problem: { path, text }, line, col }) => {
    const name = path
      .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`))
      .join("");
    return `${file}:${line}:${col}: ${name === "" ? "" : `${name} `}${text}`;
  });
  const count = details.length === 1 ? "a problem" : `${details.length} problems`;
  return new BatchError(
    "config",
    `${file} has ${count}. Nothing was read or written.`,
    "Mend what is named, then run the same command again.",
    { details: [...new Set(details)] },
  );
}

/** Where in the file the path is, or where the nearest thing above it is. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
      if (pair !== undefined && isScalar(pair.key)) return pair.key.range?.[0] ?? 0;
    }
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range))
      return Number(node.range[0]);
  }
  return 0;
}
