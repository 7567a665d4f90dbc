/**
 * Switches in the environment that change what this process trusts or runs.
 *
 * Each has an honest use, so none is refused but the one that turns certificates off (see `run-command-line.ts`). But
 * whoever looks into a run afterwards must see that it did not run as usual. Names only: a value may hold a secret.
 *
 * Source: https://nodejs.org/api/cli.html#environment-variables (Node 24, checked 2026-11)
 */
import type { Log } from "../ports/log.ts";
import type { Environment } from "./secrets.ts";

const WATCHED = [
  "NODE_OPTIONS",
  "NODE_EXTRA_CA_CERTS",
  "NODE_USE_SYSTEM_CA",
  "NODE_USE_ENV_PROXY",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
] as const;

/** Names of those that are set. */
export function listTrustedVariables(environment: Environment): string[] {
  return WATCHED.filter((variable) => environment[variable]);
}

/** Logs each of them that is set, by name. */
export function logTrustedEnvironment(environment: Environment, log: Log): void {
  for (const variable of listTrustedVariables(environment)) log.warn("set in the environment", { variable });
}
