/** Says in words what is wrong with a configuration, and finds what a schema cannot see. */
import type { z } from "zod";
import { AUTH_METHODS, isExport, LIVE_KEYS, listKnownKeys } from "./config-schema.ts";
import { findNearest } from "./nearest.ts";

export type ConfigProblem = {
  readonly path: readonly PropertyKey[];
  /** Place in the text where the path does not say it. */
  readonly offset?: number;
  /** Fits behind the path: "must be a whole number". Never quotes a value: it may be a secret in the wrong place. */
  readonly text: string;
};

/** Keys under which people write secrets. */
const SECRET_KEY = /^(?:.*(?:password|passwd|passphrase|secret|token|privatekey|pwd|accesskey))$/i;
const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: "must be a group of settings",
  array: "must be a list; begin each entry with a dash",
  string: "must be a text",
  boolean: "must be true or false",
  number: "must be a number",
  int: "must be a whole number",
};

/** Keys that an object of the file may have. */
type KnownKeys = (path: readonly PropertyKey[], method: unknown) => readonly string[];

/** One problem per unknown key, else one per issue. */
export function describeIssue(
  issue: z.core.$ZodIssue,
  typed: unknown,
  listKeys: KnownKeys = listKnownKeys,
): ConfigProblem[] {
  const { path } = issue;
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.flatMap((key) =>
        isHandledApart(path, key, typed)
          ? []
          : [{ path: [...path, key], text: describeUnknownKey(key, path, typed, listKeys) }],
      );
    case "invalid_type": {
      const missing = valueAt(typed, path) === undefined;
      return [{ path, text: missing ? "is missing" : (TYPE_WORDS[issue.expected] ?? issue.message) }];
    }
    case "invalid_value":
      return [{ path, text: describeChoice(issue.values.map(String), valueAt(typed, path)) }];
    case "invalid_union": {
      if (path[0] === "tenant") return [{ path, text: describeChoice(AUTH_METHODS, valueAt(typed, path)) }];
      const branch = path.length === 2 ? issue.errors[isExport(valueAt(typed, path)) ? 1 : 0] : undefined;
      if (branch !== undefined)
        return branch.flatMap((inner) => describeIssue({ ...inner, path: [...path, ...inner.path] }, typed, listKeys));
      return [{ path, text: valueAt(typed, path) === undefined ? "is missing" : issue.message }];
    }
    default:
      return [{ path, text: valueAt(typed, path) === undefined ? "is missing" : issue.message }];
  }
}

function describeChoice(choices: readonly string[], found: unknown): string {
  if (found === undefined) return `is missing; choose one of ${choices.join(", ")}`;
  const nearest = typeof found === "string" ? findNearest(found, choices) : null;
  return `must be one of ${choices.join(", ")}${nearest === null ? "" : `; did you mean ${nearest}?`}`;
}

function describeUnknownKey(key: string, path: readonly PropertyKey[], typed: unknown, listKeys: KnownKeys): string {
  const method = valueAt(typed, ["tenant", "auth", "method"]);
  const known = listKeys(path, method);
  const nearest = findNearest(key, known);
  const context =
    path.join(".") === "tenant.auth" && typeof method === "string" && AUTH_METHODS.includes(method)
      ? ` of the method ${method}`
      : "";
  return `is not a setting${context}${nearest === null ? `; known here: ${known.join(", ")}` : `; did you mean ${nearest}?`}`;
}

/** Unknown keys for which {@link crossCheck} has better words. */
function isHandledApart(path: readonly PropertyKey[], key: string, typed: unknown): boolean {
  return SECRET_KEY.test(key) || (isExport(valueAt(typed, path)) && LIVE_KEYS.includes(key));
}

/** What the schema cannot see; looks at whatever is there, so that every problem comes out in one run. */
export function crossCheck(typed: unknown): ConfigProblem[] {
  return [
    ...findSecrets(typed, []),
    ...checkEndpoint(typed),
    ...checkDirectories(typed),
    ...checkSources(typed),
    ...checkLimits(typed),
  ];
}

function* findSecrets(value: unknown, path: readonly PropertyKey[]): Generator<ConfigProblem> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    const place = [...path, Array.isArray(value) ? Number(key) : key];
    if (!Array.isArray(value) && SECRET_KEY.test(key)) {
      const stem = /token$/i.test(key) ? "token" : /secret$/i.test(key) ? "secret" : "password";
      yield {
        path: place,
        text: `is a secret, and no secret may stand in this file: change it now, then name an environment variable (${stem}Env) or a file with mode 0600 (${stem}File)`,
      };
    } else yield* findSecrets(part, place);
  }
}

function* checkEndpoint(typed: unknown): Generator<ConfigProblem> {
  const endpoint = valueAt(typed, ["tenant", "endpoint"]);
  if (typeof endpoint !== "string") return;
  const text = describeEndpointProblem(endpoint);
  if (text !== null) yield { path: ["tenant", "endpoint"], text };
}

/** What is wrong with an endpoint, as what it must be; `null` where nothing is. */
export function describeEndpointProblem(endpoint: string): string | null {
  const url = URL.parse(endpoint);
  if (url === null || !["http:", "https:"].includes(url.protocol))
    return "must be a URL, such as http://127.0.0.1:8401";
  if (url.protocol === "http:" && !isLoopback(url.hostname))
    return "must be https: http is for a simulated tenant on this machine only";
  return null;
}

function* checkDirectories(typed: unknown): Generator<ConfigProblem> {
  const directories = valueAt(typed, ["directories"]);
  if (!Array.isArray(directories)) return;
  const seen = new Set<string>();
  for (const index of directories.keys()) {
    const place = ["directories", index];
    const domain = valueAt(typed, [...place, "domain"]);
    if (isExport(directories[index])) {
      for (const key of LIVE_KEYS) {
        if (valueAt(typed, [...place, key]) === undefined) continue;
        const text = "stands beside export: a directory is read live or from a file, so take one of them away";
        yield { path: [...place, key], text };
      }
    } else {
      yield* checkEncryption(typed, place);
      yield* checkBind(typed, place);
    }
    if (typeof domain === "string") {
      if (seen.has(domain.toLowerCase()))
        yield { path: [...place, "domain"], text: "names a domain that stands above already" };
      seen.add(domain.toLowerCase());
    }
  }
}

function* checkEncryption(typed: unknown, place: readonly PropertyKey[]): Generator<ConfigProblem> {
  const startTls = valueAt(typed, [...place, "startTls"]);
  for (const key of ["url", "globalCatalog"] as const) {
    const typedUrls = valueAt(typed, [...place, key]);
    const addresses = [typedUrls].flat().flatMap((url) => (typeof url === "string" ? (URL.parse(url) ?? []) : []));
    if (
      addresses.some(({ protocol, hostname }) => protocol === "ldap:" && startTls !== true && !isLoopback(hostname))
    ) {
      yield {
        path: [...place, key],
        text: "would send the password unencrypted: use ldaps://, or set startTls: true",
      };
    }
    if (key === "url" && startTls === true && addresses.some(({ protocol }) => protocol === "ldaps:"))
      yield { path: [...place, "startTls"], text: "is for ldap://, and url says ldaps://: take one of them away" };
  }
}

/** Which keys belong to which way to sign in. */
const BIND_KEYS = {
  simple: { needed: ["bindDN"], foreign: ["certificateFile", "keyFile", "keyPasswordEnv"] },
  external: { needed: ["certificateFile", "keyFile"], foreign: ["bindDN", "passwordEnv", "passwordFile"] },
} as const;

function* checkBind(typed: unknown, place: readonly PropertyKey[]): Generator<ConfigProblem> {
  const bind = valueAt(typed, [...place, "bind"]) ?? "simple";
  if (bind !== "simple" && bind !== "external") return;
  const isTyped = (key: string) => valueAt(typed, [...place, key]) !== undefined;
  for (const key of BIND_KEYS[bind].needed)
    if (!isTyped(key)) yield { path: [...place, key], text: `is missing; bind: ${bind} needs it` };
  for (const key of BIND_KEYS[bind].foreign)
    if (isTyped(key)) yield { path: [...place, key], text: `does not belong to bind: ${bind}; take it away` };
}

/** A secret has one place. */
function* checkSources(typed: unknown): Generator<ConfigProblem> {
  const places: PropertyKey[][] = [["tenant", "auth"]];
  const directories = valueAt(typed, ["directories"]);
  if (Array.isArray(directories)) places.push(...Array.from(directories.keys(), (index) => ["directories", index]));
  for (const place of places) {
    for (const stem of ["password", "secret", "token"]) {
      const both = [`${stem}Env`, `${stem}File`].every((key) => valueAt(typed, [...place, key]) !== undefined);
      if (both) yield { path: [...place, `${stem}File`], text: `stands beside ${stem}Env: keep one of them` };
    }
  }
}

function* checkLimits(typed: unknown): Generator<ConfigProblem> {
  const quarantine = valueAt(typed, ["limits", "quarantineSeconds"]) ?? 180;
  const timeout = valueAt(typed, ["limits", "requestTimeoutSeconds"]) ?? 60;
  if (typeof quarantine !== "number" || typeof timeout !== "number" || quarantine > timeout) return;
  const key =
    valueAt(typed, ["limits", "quarantineSeconds"]) === undefined ? "requestTimeoutSeconds" : "quarantineSeconds";
  yield {
    path: ["limits", key],
    text: `leaves quarantineSeconds (${quarantine}) not more than requestTimeoutSeconds (${timeout}): a late write could undo a later one`,
  };
}

/** 127.0.0.0/8, ::1 and localhost. */
function isLoopback(host: string): boolean {
  return host.toLowerCase() === "localhost" || host === "[::1]" || /^127(?:\.[0-9]{1,3}){3}$/.test(host);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (part, key) =>
      typeof part === "object" && part !== null && Object.hasOwn(part, key) ? Reflect.get(part, key) : undefined,
    value,
  );
}
