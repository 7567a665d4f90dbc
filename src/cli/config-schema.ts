/**
 * What may stand in `hardmatch.yaml`, as it is typed. What it means is another type: `Settings` in `config.ts`.
 *
 * Objects are strict: a misspelt key that is silently ignored would run with a default that nobody chose.
 */
import { z } from "zod";
import { ANCHOR_MODES } from "../core/source-anchor.ts";
import { DEFAULT_SOURCE_KEY, SOURCE_KEYS } from "../core/source-key.ts";

export const CLOUD_NAMES = ["global", "usgov", "usgov-dod", "china"] as const;

const TENANT_NAME = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i;
const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const text = z.string().trim().min(1, "must not be empty");
const guid = z.guid("must be a GUID, as 00000000-0000-0000-0000-000000000000");
const environmentName = z
  .string()
  .regex(
    ENVIRONMENT_NAME,
    "must be the name of an environment variable; the secret itself does not belong in this file",
  );
const seconds = z.number().positive("must be more than 0").max(86_400, "must be at most 86400");
const wholeNumber = z.int().min(1, "must be at least 1");

const authSchema = z.discriminatedUnion("method", [
  z.strictObject({
    method: z.literal("client-certificate"),
    clientId: guid,
    certificateFile: text,
    certificatePasswordEnv: environmentName.optional(),
  }),
  z.strictObject({
    method: z.literal("client-secret"),
    clientId: guid,
    secretEnv: environmentName.optional(),
    secretFile: text.optional(),
  }),
  z.strictObject({ method: z.literal("managed-identity"), clientId: guid.optional() }),
  z.strictObject({ method: z.literal("workload-identity"), clientId: guid.optional(), tokenFile: text.optional() }),
  z.strictObject({ method: z.literal("device-code"), clientId: guid }),
  z.strictObject({ method: z.literal("browser"), clientId: guid }),
  z.strictObject({ method: z.literal("azure-cli") }),
  z.strictObject({
    method: z.literal("access-token"),
    tokenEnv: environmentName.optional(),
    tokenFile: text.optional(),
  }),
  z.strictObject({ method: z.literal("default"), clientId: guid.optional() }),
]);

const LDAP_URL = "must be an LDAP URL, such as ldaps://dc1.corp.contoso.example";
const ldapUrl = z.string().regex(/^ldaps?:\/\/[^\s/]+\/?$/i, LDAP_URL);
const domain = text.regex(/^[^\\/@.\s]{1,15}$/, "must be a NetBIOS name, such as CORP");

export const SYNC_METHODS = ["connect-sync", "cloud-sync"] as const;

export const BIND_METHODS = ["simple", "external"] as const;

const liveSchema = z.strictObject({
  domain: domain.optional(),
  url: z.union(
    [ldapUrl, z.array(ldapUrl).min(1, "must name at least one domain controller")],
    `${LDAP_URL}, or a list of them`,
  ),
  globalCatalog: ldapUrl.optional(),
  startTls: z.boolean().optional(),
  baseDN: text.optional(),
  caFile: text.optional(),
  serverName: text.optional(),
  bind: z.enum(BIND_METHODS).default("simple"),
  bindDN: text.optional(),
  passwordEnv: environmentName.optional(),
  passwordFile: text.optional(),
  certificateFile: text.optional(),
  keyFile: text.optional(),
  keyPasswordEnv: environmentName.optional(),
});

/** A file does not say what its domain is called. */
const exportSchema = z.strictObject({ domain, export: text });

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
    id: z.string().regex(TENANT_NAME, "must be the tenant's GUID or one of its domain names"),
    cloud: z.enum(CLOUD_NAMES).default("global"),
    endpoint: z.string().optional(),
    auth: authSchema,
  }),
  directories: z.array(directorySchema).min(1, "must name at least one directory"),
  anchor: z.enum(ANCHOR_MODES).default("auto"),
  sourceKey: z.enum(SOURCE_KEYS).default(DEFAULT_SOURCE_KEY),
  sync: z
    .strictObject({ method: z.enum(SYNC_METHODS).optional(), job: text.optional() })
    .refine(({ method, job }) => job === undefined || method !== "connect-sync", {
      message: "is a job of Cloud Sync, and sync.method is connect-sync",
      path: ["job"],
    })
    .prefault({}),
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
