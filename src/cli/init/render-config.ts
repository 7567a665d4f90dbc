/**
 * The text of a new `hardmatch.yaml`: every answer with a word on what it means, and what else could stand there.
 *
 * It is written for whoever opens it a year later. Values are quoted by the YAML library, so that none of
 * them can be read as anything else.
 */
import { stringify } from "yaml";
import type { Draft, DraftDirectory, DraftTenant } from "./draft.ts";

/** What each key of a directory says, in the order in which they are written. */
const DIRECTORY_WORDS: Readonly<Record<string, string>> = {
  domain: "NetBIOS name, as rows of the mapping name the domain",
  url: "domain controllers: the first that answers is taken",
  globalCatalog: "finds out in which domain a row without one lies",
  startTls: "ldap:// is encrypted before anything is said",
  baseDN: "searches begin here instead of at the domain's head",
  caFile: "root certificate of the domain, PEM",
  serverName: "name that must stand in the server's certificate",
  bind: "simple: an account with a password | external: a client certificate",
  bindDN: "the account that reads the directory",
  passwordEnv: "the variable that holds its password",
  passwordFile: "the file that holds its password, mode 0600",
  certificateFile: "the account's certificate, PEM",
  keyFile: "its private key, PEM, mode 0600",
  keyPasswordEnv: "the variable that holds the key's password",
  export: "a file export of the domain, in place of a live directory",
};
const AUTH_WORDS: Readonly<Record<string, string>> = {
  method:
    "client-certificate | client-secret | managed-identity | workload-identity | device-code | browser | azure-cli | access-token | default",
  clientId: "Application ID of the app",
  certificateFile: "certificate and private key, PEM, mode 0600",
  certificatePasswordEnv: "the variable that holds the key's password",
  secretEnv: "the variable that holds the secret",
  secretFile: "the file that holds the secret, mode 0600",
  tokenEnv: "the variable that holds the token",
  tokenFile: "the file that holds the token",
};

/**
 * @param schemaFile Name of the JSON Schema beside it.
 * @param origin Who wrote it and when: `hardmatch 0.1.0 on 2026-11-25`.
 */
export function renderConfig(draft: Draft, schemaFile: string, origin: string): string {
  return [
    `# yaml-language-server: $schema=./${schemaFile}`,
    `# Written by ${origin} (hardmatch init). Look at it with: hardmatch doctor`,
    "# No secret stands here, and none may: a variable of the environment, or a file with mode 0600, holds it.",
    "# Relative paths count from this file.",
    "",
    ...renderTenant(draft.tenant),
    "",
    "# One entry for each Active Directory domain.",
    "directories:",
    ...draft.directories.flatMap(renderDirectory),
    "",
    "# Source anchor: auto | objectGUID | mS-DS-ConsistencyGuid. auto refuses accounts where the two differ.",
    "anchor: auto",
    "",
    "# What stands in the mapping's account column: sAMAccountName | userPrincipalName | mail | distinguishedName | objectGUID",
    "# sourceKey: sAMAccountName",
    "",
    "# Writes that the tenant grants this app, and how long to wait; the defaults are Microsoft's own.",
    "# limits:",
    "#   writes: 3000",
    "#   windowSeconds: 150",
    "#   inFlight: 16",
    "#   requestTimeoutSeconds: 60",
    "",
  ].join("\n");
}

function renderTenant({ id, cloud, endpoint, auth }: DraftTenant): string[] {
  return [
    "tenant:",
    renderPair("  ", "id", id, "the tenant's GUID, or one of its domain names"),
    ...(cloud === undefined ? [] : [renderPair("  ", "cloud", cloud, "global | usgov | usgov-dod | china")]),
    ...(endpoint === undefined ? [] : [renderPair("  ", "endpoint", endpoint, "a simulated tenant on this machine")]),
    "  auth:",
    ...renderPairs("    ", auth, AUTH_WORDS),
  ];
}

function renderDirectory(directory: DraftDirectory): string[] {
  const [first = "", ...others] = renderPairs("    ", directory, DIRECTORY_WORDS);
  return [first.replace(/^ {4}/, "  - "), ...others];
}

/** Those that are there, in the order of their words. */
function renderPairs(indent: string, values: object, words: Readonly<Record<string, string>>): string[] {
  const typed: Readonly<Record<string, unknown>> = { ...values };
  return Object.entries(words).flatMap(([key, says]) =>
    typed[key] === undefined ? [] : [renderPair(indent, key, typed[key], says)],
  );
}

function renderPair(indent: string, key: string, value: unknown, says: string): string {
  const text = Array.isArray(value)
    ? `[${value.map((each) => renderScalar(each, true)).join(", ")}]`
    : renderScalar(value, false);
  return `${indent}${key}: ${text} # ${says}`;
}

/** @param inList Between brackets more characters mean something. */
function renderScalar(value: unknown, inList: boolean): string {
  const plain = stringify(value, { lineWidth: 0 }).trimEnd();
  return inList || plain.includes("\n") ? JSON.stringify(value) : plain;
}
