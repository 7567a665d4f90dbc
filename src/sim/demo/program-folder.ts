/**
 * The folder in which an operator would work: `hardmatch.yaml`, `mappings/`, and the environment with the secrets.
 *
 * The configuration is an ordinary one. Only the addresses are of loopback, and the waits for lost answers are short,
 * because a simulated tenant has no copies that lag.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunningSimulation } from "./simulation.ts";

/** Variables that the configuration names, with the secrets of the simulation. */
export const TOKEN_VARIABLE = "HARDMATCH_ACCESS_TOKEN";

export type ProgramEnvironment = Readonly<Record<string, string>>;

type Access = {
  readonly directories: RunningSimulation["directories"];
  readonly endpoint: string;
  readonly tenantName: string;
  readonly token: string;
};

/**
 * @param mappingCsv Text of `mappings/example.csv`; `null` writes none.
 * @returns The variables that the program wants to find.
 */
export function writeProgramFolder(folder: string, access: Access, mappingCsv: string | null): ProgramEnvironment {
  mkdirSync(join(folder, "mappings"), { recursive: true });
  writeFileSync(join(folder, "hardmatch.yaml"), describeConfiguration(access));
  if (mappingCsv !== null) writeFileSync(join(folder, "mappings", "example.csv"), mappingCsv);
  const passwords = access.directories.map(({ domain, password }) => [passwordVariable(domain), password]);
  return { [TOKEN_VARIABLE]: access.token, ...Object.fromEntries(passwords) };
}

/** The text of a `hardmatch.yaml` that leads to the simulation. */
export function describeConfiguration({ directories, endpoint, tenantName }: Access): string {
  return [
    "# Leads to a simulated directory and tenant on this machine; nothing of it is real.",
    "tenant:",
    `  id: ${tenantName}`,
    `  endpoint: ${endpoint}`,
    "  auth:",
    "    method: access-token",
    `    tokenEnv: ${TOKEN_VARIABLE}`,
    "directories:",
    ...directories.flatMap(({ domain, url, bindDN }) => [
      `  - domain: ${domain}`,
      `    url: ${url}`,
      `    bindDN: ${bindDN}`,
      `    passwordEnv: ${passwordVariable(domain)}`,
    ]),
    "limits:",
    "  requestTimeoutSeconds: 10",
    "  settleSeconds: 0.2",
    "  quarantineSeconds: 11",
    "",
  ].join("\n");
}

function passwordVariable(domain: string): string {
  return `HARDMATCH_LDAP_PASSWORD_${domain}`;
}
