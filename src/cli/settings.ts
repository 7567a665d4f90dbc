/**
 * What the configuration means, apart from how it is typed: absolute paths, defaults filled in, one shape for
 * each way to sign in. Secrets stay where they are until they are needed.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { describeError } from "../core/errors.ts";
import type { AnchorMode } from "../core/source-anchor.ts";
import type { SourceKey } from "../core/source-key.ts";
import type { FlowTable } from "../core/takeover-flows.ts";
import type { ConfigProblem } from "./config-problems.ts";
import type { CLOUD_NAMES, RawAuth, RawConfig, RawDirectory, RawLiveDirectory, SyncMethod } from "./config-schema.ts";
import { readBuiltInFlows, readFlowFile } from "./flow-table.ts";
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

export type DirectorySettings = LiveDirectorySettings | ExportedDirectorySettings;

/** A directory that is read from a file. */
export type ExportedDirectorySettings = {
  readonly kind: "export";
  /** NetBIOS name. */
  readonly domain: string;
  readonly path: string;
};

/** A directory that is read from a domain controller. */
export type LiveDirectorySettings = {
  readonly kind: "live";
  /** NetBIOS name; `null` to learn it from the directory. */
  readonly domain: string | null;
  /** In the order in which they are tried until one answers. */
  readonly urls: readonly string[];
  readonly startTls: boolean;
  readonly baseDn: string | null;
  /** PEM text. */
  readonly ca: string | null;
  readonly serverName: string | null;
  readonly signIn: DirectorySignIn;
  /** `null` where rows without a domain ask every directory. */
  readonly globalCatalog: {
    readonly url: string;
    readonly startTls: boolean;
    readonly serverName: string | null;
  } | null;
};

export type DirectorySignIn =
  | { readonly method: "simple"; readonly bindDn: string; readonly password: SecretSource }
  | {
      readonly method: "external";
      /** PEM text. */
      readonly certificate: string;
      readonly key: SecretSource;
      readonly keyPassword: SecretSource | null;
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
  /** By which the takeover is previewed. */
  readonly flows: FlowTable;
  readonly sync: {
    /** `null` to find out. */
    readonly method: SyncMethod | null;
    /** Id of the Cloud Sync job; `null` for all of them. */
    readonly job: string | null;
  };
  readonly limits: RawConfig["limits"];
};

/**
 * What a configuration that keeps to the schema means.
 *
 * @param problems Gets what is wrong with files that it names.
 * @throws {BatchError} config: the table of attribute flows can be read, and has problems of its own.
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
    flows: raw.takeover === undefined ? readBuiltInFlows() : readFlowFile(absolute(raw.takeover), problems),
    sync: { method: raw.sync.method ?? null, job: raw.sync.job ?? null },
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
  if ("export" in raw) return { kind: "export", domain: raw.domain, path: absolute(raw.export) };
  const readPem = (key: "caFile" | "certificateFile", path: string) =>
    readCertificates(absolute(path), ["directories", index, key], problems);
  return {
    kind: "live",
    domain: raw.domain ?? null,
    urls: [raw.url].flat(),
    startTls: raw.startTls ?? false,
    baseDn: raw.baseDN ?? null,
    ca: raw.caFile === undefined ? null : readPem("caFile", raw.caFile),
    serverName: raw.serverName ?? null,
    signIn: signInFrom(raw, absolute, readPem),
    globalCatalog: raw.globalCatalog === undefined ? null : catalogFrom(raw.globalCatalog, raw),
  };
}

function signInFrom(
  raw: RawLiveDirectory,
  absolute: (path: string) => string,
  readPem: (key: "certificateFile", path: string) => string | null,
): DirectorySignIn {
  // What is missing here has been named by crossCheck, and the configuration is refused for it.
  if (raw.bind === "external") {
    return {
      method: "external",
      certificate: (raw.certificateFile === undefined ? null : readPem("certificateFile", raw.certificateFile)) ?? "",
      key: { from: "file", path: absolute(raw.keyFile ?? "") },
      keyPassword: raw.keyPasswordEnv === undefined ? null : { from: "environment", name: raw.keyPasswordEnv },
    };
  }
  const bindDn = raw.bindDN ?? "";
  const question = `Password of ${bindDn} in ${raw.domain ?? [raw.url].flat()[0]}`;
  return {
    method: "simple",
    bindDn,
    password: sourceFrom(raw.passwordEnv, raw.passwordFile, question, absolute),
  };
}

/** The catalog is trusted as the domain controllers are; a `serverName` counts for it where it is one of their hosts. */
function catalogFrom(url: string, { url: urls, startTls = false, serverName }: RawLiveDirectory) {
  const hostOf = (text: string) => URL.parse(text)?.hostname;
  return {
    url,
    startTls: startTls && url.toLowerCase().startsWith("ldap:"),
    serverName: [urls].flat().some((each) => hostOf(each) === hostOf(url)) ? (serverName ?? null) : null,
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
    directories.flatMap((directory, index) => {
      if (directory.kind === "export") return [];
      const { signIn } = directory;
      const path = ["directories", index];
      if (signIn.method === "simple") return [{ path, stem: "password", source: signIn.password }];
      const { key, keyPassword } = signIn;
      const ofKey = keyPassword === null ? [] : [{ path, stem: "keyPassword", source: keyPassword }];
      return [{ path, stem: "key", source: key }, ...ofKey];
    });
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
