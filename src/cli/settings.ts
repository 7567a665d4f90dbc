/**
 * What the configuration means, apart from how it is typed: absolute paths, defaults filled in, one shape for
 * each way to sign in. Secrets stay where they are until they are needed.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { describeError } from "../core/errors.ts";
import type { AnchorMode } from "../core/source-anchor.ts";
import type { SourceKey } from "../core/source-key.ts";
import type { ConfigProblem } from "./config-problems.ts";
import type { CLOUD_NAMES, RawAuth, RawConfig, RawDirectory } from "./config-schema.ts";
import { type Environment, findSecretTrouble, type SecretSource } from "./secrets.ts";

export type CloudName = (typeof CLOUD_NAMES)[number];

export type AuthSettings =
  | {
      readonly method: "client-certificate";
      readonly clientId: string;
      readonly certificate: SecretSource;
      readonly certificatePassword: SecretSource | null;
    }
  | { readonly method: "client-secret"; readonly clientId: string; readonly secret: SecretSource }
  | { readonly method: "managed-identity" | "default"; readonly clientId: string | null }
  | { readonly method: "workload-identity"; readonly clientId: string | null; readonly tokenFile: string | null }
  | { readonly method: "device-code" | "browser"; readonly clientId: string }
  | { readonly method: "azure-cli" }
  | { readonly method: "access-token"; readonly token: SecretSource };

export type DirectorySettings = {
  /** NetBIOS name. */
  readonly domain: string;
  readonly url: string;
  readonly startTls: boolean;
  readonly baseDn: string | null;
  /** PEM text. */
  readonly ca: string | null;
  readonly serverName: string | null;
  readonly bindDn: string;
  readonly password: SecretSource;
};

/** What the configuration means: paths are absolute, defaults are filled in, secrets are still where they are. */
export type Settings = {
  readonly file: string;
  readonly tenant: {
    /** GUID or domain name, as configured. */
    readonly id: string;
    readonly cloud: CloudName;
    readonly endpoint: string | null;
    readonly auth: AuthSettings;
  };
  readonly directories: readonly DirectorySettings[];
  readonly anchor: AnchorMode;
  readonly sourceKey: SourceKey;
  readonly limits: RawConfig["limits"];
};

/**
 * What a configuration that keeps to the schema means.
 *
 * @param problems Gets what is wrong with files that it names.
 */
export function settingsFrom(raw: RawConfig, file: string, problems: ConfigProblem[]): Settings {
  const absolute = (path: string) => resolve(dirname(file), path);
  return {
    file,
    tenant: {
      id: raw.tenant.id,
      cloud: raw.tenant.cloud,
      endpoint: raw.tenant.endpoint ?? null,
      auth: authFrom(raw.tenant.auth, absolute),
    },
    directories: raw.directories.map((directory, index) => directoryFrom(directory, index, absolute, problems)),
    anchor: raw.anchor,
    sourceKey: raw.sourceKey,
    limits: raw.limits,
  };
}

function authFrom(raw: RawAuth, absolute: (path: string) => string): AuthSettings {
  switch (raw.method) {
    case "client-certificate": {
      const { clientId, certificatePasswordEnv: name } = raw;
      return {
        method: raw.method,
        clientId,
        certificate: { from: "file", path: absolute(raw.certificateFile) },
        certificatePassword: name === undefined ? null : { from: "environment", name },
      };
    }
    case "client-secret":
      return {
        method: raw.method,
        clientId: raw.clientId,
        secret: sourceFrom(raw.secretEnv, raw.secretFile, "Client secret", absolute),
      };
    case "access-token":
      return { method: raw.method, token: sourceFrom(raw.tokenEnv, raw.tokenFile, "Access token", absolute) };
    case "workload-identity":
      return {
        method: raw.method,
        clientId: raw.clientId ?? null,
        tokenFile: raw.tokenFile === undefined ? null : absolute(raw.tokenFile),
      };
    case "managed-identity":
    case "default":
      return { method: raw.method, clientId: raw.clientId ?? null };
    case "device-code":
    case "browser":
      return { method: raw.method, clientId: raw.clientId };
    case "azure-cli":
      return { method: raw.method };
  }
}

function directoryFrom(
  raw: RawDirectory,
  index: number,
  absolute: (path: string) => string,
  problems: ConfigProblem[],
): DirectorySettings {
  return {
    domain: raw.domain,
    url: raw.url,
    startTls: raw.startTls ?? false,
    baseDn: raw.baseDN ?? null,
    ca:
      raw.caFile === undefined
        ? null
        : readCertificates(absolute(raw.caFile), ["directories", index, "caFile"], problems),
    serverName: raw.serverName ?? null,
    bindDn: raw.bindDN,
    password: sourceFrom(raw.passwordEnv, raw.passwordFile, `Password of ${raw.bindDN} in ${raw.domain}`, absolute),
  };
}

function sourceFrom(
  name: string | undefined,
  path: string | undefined,
  question: string,
  absolute: (path: string) => string,
): SecretSource {
  if (name !== undefined) return { from: "environment", name };
  if (path !== undefined) return { from: "file", path: absolute(path) };
  return { from: "question", question };
}

function readCertificates(path: string, place: readonly PropertyKey[], problems: ConfigProblem[]): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    problems.push({ path: place, text: `names a file that cannot be read: ${describeError(error)}` });
    return null;
  }
}

/** Secrets that could not be read when they are needed: better said now than in the middle of the night. */
export function findMissingSecrets(
  { tenant: { auth }, directories }: Settings,
  environment: Environment,
  interactive: boolean,
): ConfigProblem[] {
  const wanted: { readonly path: readonly PropertyKey[]; readonly stem: string; readonly source: SecretSource }[] =
    directories.map(({ password }, index) => ({ path: ["directories", index], stem: "password", source: password }));
  const path = ["tenant", "auth"];
  if (auth.method === "client-secret") wanted.push({ path, stem: "secret", source: auth.secret });
  if (auth.method === "access-token") wanted.push({ path, stem: "token", source: auth.token });
  if (auth.method === "client-certificate") {
    wanted.push({ path, stem: "certificate", source: auth.certificate });
    if (auth.certificatePassword !== null)
      wanted.push({ path, stem: "certificatePassword", source: auth.certificatePassword });
  }
  return wanted.flatMap(({ path, stem, source }) => {
    const trouble = findSecretTrouble(source, environment, interactive);
    if (trouble === null) return [];
    if (source.from === "question")
      return [{ path, text: `needs ${stem}Env or ${stem}File: there is no terminal to ask on` }];
    return [{ path: [...path, source.from === "file" ? `${stem}File` : `${stem}Env`], text: trouble }];
  });
}
