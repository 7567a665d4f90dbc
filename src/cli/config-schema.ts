/**
 * What may stand in `hardmatch.yaml`, as it is typed. What it means is another type: `Settings` in `config.ts`.
 *
 * Objects are strict: a misspelt key that is silently ignored would run with a default that nobody chose.
 */
import { z } from "zod";
import { ANCHOR_MODES } from "../core/source-anchor.ts";
import { DEFAULT_SOURCE_KEY, SOURCE_KEYS } from "../core/source-key.ts";

export const CLOUD_NAMES = ["global", "usgov", "usgov-dod", "china"] as const;

// Without flags: a JSON Schema, which editors read, has none.
const TENANT_NAME = /^(?:[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)$/;
const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const text = z.string().trim().min(1, "must not be empty");
const tenantId = z.string().regex(TENANT_NAME, "must be the tenant's GUID or one of its domain names");
const guid = z.guid("must be a GUID, as 00000000-0000-0000-0000-000000000000");
const environmentName = z
  .string()
  .regex(
    ENVIRONMENT_NAME,
    "must be the name of an environment variable; the secret itself does not belong in this file",
  );
const seconds = z.number().positive("must be more than 0").max(86_400, "must be at most 86400");
const wholeNumber = z.int().min(1, "must be at least 1");

/** What each key of a sign-in says. */
const AUTH = {
  appId: guid.describe("Application ID of the app"),
  identityId: guid.optional().describe("client id of the identity"),
  certificateFile: text.describe("certificate and private key, PEM, mode 0600"),
  certificatePasswordEnv: environmentName.optional().describe("the variable that holds the key's password"),
  secretEnv: environmentName.optional().describe("the variable that holds the secret"),
  secretFile: text.optional().describe("the file that holds the secret, mode 0600"),
  tokenEnv: environmentName.optional().describe("the variable that holds the token"),
  tokenFile: text.optional().describe("the file that holds the token, mode 0600"),
  federatedTokenFile: text.optional().describe("the file that holds the workload's token"),
} as const;

const authSchema = z.discriminatedUnion("method", [
  z.strictObject({
    method: z.literal("client-certificate"),
    clientId: AUTH.appId,
    certificateFile: AUTH.certificateFile,
    certificatePasswordEnv: AUTH.certificatePasswordEnv,
  }),
  z.strictObject({
    method: z.literal("client-secret"),
    clientId: AUTH.appId,
    secretEnv: AUTH.secretEnv,
    secretFile: AUTH.secretFile,
  }),
  z.strictObject({ method: z.literal("managed-identity"), clientId: AUTH.identityId }),
  z.strictObject({
    method: z.literal("workload-identity"),
    clientId: AUTH.identityId,
    tokenFile: AUTH.federatedTokenFile,
  }),
  z.strictObject({ method: z.literal("device-code"), clientId: AUTH.appId }),
  z.strictObject({ method: z.literal("browser"), clientId: AUTH.appId }),
  z.strictObject({ method: z.literal("azure-cli") }),
  z.strictObject({ method: z.literal("access-token"), tokenEnv: AUTH.tokenEnv, tokenFile: AUTH.tokenFile }),
  z.strictObject({ method: z.literal("default"), clientId: AUTH.identityId }),
]);

const LDAP_URL = "must be an LDAP URL, such as ldaps://dc1.corp.contoso.example";
const ldapUrl = z.string().regex(/^[Ll][Dd][Aa][Pp][Ss]?:\/\/[^\s/]+\/?$/, LDAP_URL);
const domain = text.regex(/^[^\\/@.\s]{1,15}$/, "must be a NetBIOS name, such as CORP");

export const SYNC_METHODS = ["connect-sync", "cloud-sync"] as const;

/** Single values, for whoever asks for them one by one. */
export const FIELDS = { tenantId, clientId: guid, environmentName, domain, ldapUrl } as const;

export const BIND_METHODS = ["simple", "external"] as const;

const liveSchema = z.strictObject({
  domain: domain.optional().describe("NetBIOS name, as rows of the mapping name the domain"),
  url: z
    .union(
      [ldapUrl, z.array(ldapUrl).min(1, "must name at least one domain controller")],
      `${LDAP_URL}, or a list of them`,
    )
    .describe("domain controllers: the first that answers is taken"),
  globalCatalog: ldapUrl.optional().describe("finds out in which domain a row without one lies"),
  startTls: z.boolean().optional().describe("ldap:// is encrypted before anything is said"),
  baseDN: text.optional().describe("searches begin here instead of at the domain's head"),
  caFile: text.optional().describe("root certificate of the domain, PEM"),
  serverName: text.optional().describe("name that must stand in the server's certificate"),
  bind: z
    .enum(BIND_METHODS)
    .default("simple")
    .describe("simple: an account with a password | external: a client certificate"),
  bindDN: text.optional().describe("the account that reads the directory"),
  passwordEnv: environmentName.optional().describe("the variable that holds its password"),
  passwordFile: text.optional().describe("the file that holds its password, mode 0600"),
  certificateFile: text.optional().describe("the account's certificate, PEM"),
  keyFile: text.optional().describe("its private key, PEM, mode 0600"),
  keyPasswordEnv: environmentName.optional().describe("the variable that holds the key's password"),
});

/** A file does not say what its domain is called. */
const exportSchema = z.strictObject({
  domain: domain.describe("NetBIOS name, as rows of the mapping name the domain"),
  export: text.describe("a file export of the domain, in place of a live directory"),
});

/** A directory that is read from a file instead of live: whoever names a file means that. */
export function isExport(directory: unknown): boolean {
  return typeof directory === "object" && directory !== null && "export" in directory;
}

/** Live, export: `config-problems.ts` reads the problems of the shape that is meant. */
const directorySchema = z.union([liveSchema, exportSchema]);

/** Settings of a live directory, which have no meaning beside `export`. */
export const LIVE_KEYS: readonly string[] = Object.keys(liveSchema.omit({ domain: true }).shape);

export const configSchema = z.strictObject({
  tenant: z.strictObject({
    id: tenantId.describe("the tenant's GUID, or one of its domain names"),
    cloud: z.enum(CLOUD_NAMES).default("global").describe(CLOUD_NAMES.join(" | ")),
    endpoint: z.string().optional().describe("a simulated tenant on this machine"),
    auth: authSchema,
  }),
  directories: z
    .array(directorySchema)
    .min(1, "must name at least one directory")
    .describe("One entry for each Active Directory domain."),
  anchor: z
    .enum(ANCHOR_MODES)
    .default("auto")
    .describe("Source anchor. auto refuses accounts where mS-DS-ConsistencyGuid and objectGUID differ."),
  sourceKey: z.enum(SOURCE_KEYS).default(DEFAULT_SOURCE_KEY).describe("What stands in the mapping's account column."),
  takeover: text
    .optional()
    .describe("Table of what flows from AD into the cloud user, in place of the one for the default sync rules."),
  sync: z
    .strictObject({ method: z.enum(SYNC_METHODS).optional(), job: text.optional() })
    .refine(({ method, job }) => job === undefined || method !== "connect-sync", {
      message: "is a job of Cloud Sync, and sync.method is connect-sync",
      path: ["job"],
    })
    .prefault({})
    .describe("How `hardmatch sync` starts a cycle; found out where it is left out."),
  limits: z
    .strictObject({
      writes: wholeNumber.default(3000),
      windowSeconds: seconds.default(150),
      inFlight: wholeNumber.max(128, "must be at most 128").default(16),
      requestTimeoutSeconds: seconds.default(60),
      settleSeconds: seconds.default(10),
      quarantineSeconds: seconds.default(180),
    })
    .prefault({}),
});

/** What brings AD into the tenant. */
export type SyncMethod = (typeof SYNC_METHODS)[number];

/** The file as it was typed, with defaults filled in. */
export type RawConfig = z.output<typeof configSchema>;
export type RawAuth = RawConfig["tenant"]["auth"];
export type RawDirectory = RawConfig["directories"][number];
export type RawLiveDirectory = z.output<typeof liveSchema>;

export const AUTH_METHODS: readonly string[] = authSchema.options.flatMap(({ shape }) => [...shape.method.values]);

/** What the keys of each part say, by key; of a part that has several shapes, those of the shape that is meant. */
export function describeKeys(part: "tenant" | "auth" | "directory", method?: string): ReadonlyMap<string, string> {
  const describe = (shape: Readonly<Record<string, z.ZodType>>) =>
    Object.entries(shape).flatMap(([key, { description }]): [string, string][] =>
      description === undefined ? [] : [[key, description]],
    );
  if (part === "tenant") return new Map(describe(configSchema.shape.tenant.shape));
  if (part === "directory") return new Map(describe({ ...liveSchema.shape, ...exportSchema.shape }));
  const shapes = authSchema.options.filter(({ shape }) => new Set<unknown>(shape.method.values).has(method));
  return new Map([["method", AUTH_METHODS.join(" | ")], ...shapes.flatMap(({ shape }) => describe(shape))]);
}

/** Keys that an object of the file may have, by its path with `*` for the places of a list. */
export function listKnownKeys(path: readonly PropertyKey[], method: unknown): readonly string[] {
  switch (path.map((part) => (typeof part === "number" ? "*" : String(part))).join(".")) {
    case "":
      return Object.keys(configSchema.shape);
    case "tenant":
      return Object.keys(configSchema.shape.tenant.shape);
    case "tenant.auth": {
      const shapes = authSchema.options.filter(({ shape }) => new Set<unknown>(shape.method.values).has(method));
      return [
        ...new Set((shapes.length === 0 ? authSchema.options : shapes).flatMap(({ shape }) => Object.keys(shape))),
      ];
    }
    case "directories.*":
      return [...Object.keys(liveSchema.shape), ...Object.keys(exportSchema.omit({ domain: true }).shape)];
    case "sync":
      return ["method", "job"];
    case "limits":
      return ["writes", "windowSeconds", "inFlight", "requestTimeoutSeconds", "settleSeconds", "quarantineSeconds"];
    default:
      return [];
  }
}
