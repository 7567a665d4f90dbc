/** Asks for the tenant and for how to sign in to it. */
import type { Questions } from "../../ports/questions.ts";
import type { Environment } from "../secrets.ts";
import { askSecretPlace, type SecretPlace } from "./ask-secret.ts";
import { CHECKS, checkPresent, type DraftTenant, orNothing } from "./draft.ts";
import type { AskTested } from "./early-tests.ts";

type DraftAuth = DraftTenant["auth"];
type AuthMethod = DraftAuth["method"];

const METHODS: readonly { readonly value: AuthMethod; readonly label: string; readonly hint: string }[] = [
  { value: "client-certificate", label: "App with a certificate", hint: "for the night; recommended" },
  { value: "client-secret", label: "App with a secret", hint: "a secret that ends" },
  { value: "managed-identity", label: "Managed identity", hint: "on an Azure machine" },
  { value: "workload-identity", label: "Workload identity", hint: "Kubernetes, pipelines" },
  { value: "device-code", label: "A person, with a code", hint: "on machines without a browser" },
  { value: "browser", label: "A person, in a browser", hint: "on this machine" },
  { value: "azure-cli", label: "Azure CLI", hint: "whoever ran az login" },
  { value: "access-token", label: "An access token from elsewhere", hint: "about an hour; not renewed" },
  { value: "default", label: "Whatever @azure/identity finds", hint: "its default chain" },
];

const CLOUDS = [
  { value: "global", label: "Worldwide", hint: "graph.microsoft.com" },
  { value: "usgov", label: "US Government, GCC High", hint: "graph.microsoft.us" },
  { value: "usgov-dod", label: "US Government, DoD", hint: "dod-graph.microsoft.us" },
  { value: "china", label: "China, 21Vianet", hint: "microsoftgraph.chinacloudapi.cn" },
  { value: "simulated", label: "None: a simulated tenant", hint: "hardmatch demo --serve" },
] as const;

type Where = { readonly cloud: (typeof CLOUDS)[number]["value"]; readonly endpoint?: string };

/**
 * @param surroundings.file Of the configuration.
 * @param surroundings.askTested Tests the way to Graph before the sign-in is asked for.
 * @param before The answers of last time.
 * @throws {BatchError} interrupted
 */
export async function askTenant(
  questions: Questions,
  surroundings: {
    readonly file: string;
    readonly environment: Environment;
    readonly askTested: AskTested<DraftTenant>;
  },
  before: DraftTenant | null,
): Promise<DraftTenant> {
  const id = await questions.askText({
    message: "Which tenant? Its GUID, or one of its domain names",
    example: "contoso.onmicrosoft.com",
    ...initialOf(before?.id),
    check: CHECKS.tenantId,
  });
  const where = await surroundings.askTested<Where>(["graph"], {
    before: before === null ? null : whereOf(before),
    ask: (again) => askWhere(questions, again),
    draftOf: (part) => withWhere(id, part, { method: "azure-cli" }),
  });
  const method = await questions.choose({
    message: "How does the program sign in?",
    choices: METHODS,
    initial: before?.auth.method ?? "client-certificate",
  });
  const auth = await askAuth(questions, method, surroundings, before?.auth ?? null);
  return withWhere(id, where, auth);
}

async function askWhere(questions: Questions, before: Where | null): Promise<Where> {
  const cloud = await questions.choose({
    message: "In which cloud?",
    choices: CLOUDS,
    initial: before?.cloud ?? "global",
  });
  if (cloud !== "simulated") return { cloud };
  const endpoint = await questions.askText({
    message: "Where does it listen? (endpoint in the simulation's own hardmatch.yaml)",
    example: "http://127.0.0.1:8401",
    ...initialOf(before?.endpoint),
    check: CHECKS.endpoint,
  });
  return { cloud, endpoint };
}

function whereOf({ cloud, endpoint }: DraftTenant): Where {
  return endpoint === undefined ? { cloud: cloud ?? "global" } : { cloud: "simulated", endpoint };
}

function withWhere(id: string, { cloud, endpoint }: Where, auth: DraftAuth): DraftTenant {
  return { id, ...(cloud === "simulated" ? { endpoint } : { cloud }), auth } as DraftTenant;
}

async function askAuth(
  questions: Questions,
  method: AuthMethod,
  { file, environment }: { readonly file: string; readonly environment: Environment },
  before: DraftAuth | null,
): Promise<DraftAuth> {
  const again = before !== null && before.method === method ? before : null;
  const idBefore = again !== null && "clientId" in again ? again.clientId : undefined;
  const askClientId = () =>
    questions.askText({
      message: "Client id of the app (Application ID in the Entra admin center)",
      example: "00000000-0000-0000-0000-000000000000",
      ...initialOf(idBefore),
      check: CHECKS.clientId,
    });
  const askOptionalId = async (what: string) => {
    const check = orNothing(CHECKS.clientId);
    const clientId = await questions.askText({ message: `${what} (empty: none)`, ...initialOf(idBefore), check });
    return clientId === "" ? {} : { clientId };
  };
  switch (method) {
    case "client-certificate": {
      const clientId = await askClientId();
      const certificateFile = await questions.askText({
        message: "File with certificate and private key, PEM, mode 0600",
        example: "./app.pem",
        ...initialOf(again?.method === method ? again.certificateFile : undefined),
        check: checkPresent(file),
      });
      const variable = await questions.askText({
        message: "Variable with the key's password (empty: the key has none)",
        ...initialOf(again?.method === method ? again.certificatePasswordEnv : undefined),
        check: orNothing(CHECKS.variable),
      });
      return { method, clientId, certificateFile, ...(variable === "" ? {} : { certificatePasswordEnv: variable }) };
    }
    case "client-secret": {
      const clientId = await askClientId();
      const place = await askSecretPlace(questions, {
        ...{ what: "the secret", variable: "HARDMATCH_CLIENT_SECRET", file, environment },
        before: again?.method === method ? placeOf(again.secretEnv, again.secretFile) : null,
      });
      return { method, clientId, ...keysOf("secret", place) };
    }
    case "access-token": {
      const place = await askSecretPlace(questions, {
        ...{ what: "the token", variable: "HARDMATCH_ACCESS_TOKEN", file, environment },
        before: again?.method === method ? placeOf(again.tokenEnv, again.tokenFile) : null,
      });
      return { method, ...keysOf("token", place) };
    }
    case "managed-identity":
      return { method, ...(await askOptionalId("Client id, where the machine has several identities")) };
    case "workload-identity":
      return { method, ...(await askOptionalId("Client id, where the workload does not name it")) };
    case "default":
      return { method, ...(await askOptionalId("Client id of a managed identity")) };
    case "device-code":
    case "browser":
      return { method, clientId: await askClientId() };
    case "azure-cli":
      return { method };
  }
}

/** What a question begins with, where there is anything. */
export function initialOf(text: string | undefined): { readonly initial: string } | object {
  return text === undefined ? {} : { initial: text };
}

export function placeOf(env: string | undefined, file: string | undefined): SecretPlace {
  if (env !== undefined) return { env };
  return file === undefined ? null : { file };
}

/** The keys that say where a secret is: `passwordEnv`, `passwordFile`, or none. */
export function keysOf<Stem extends "secret" | "token" | "password">(
  stem: Stem,
  place: SecretPlace,
): { readonly [Key in `${Stem}Env` | `${Stem}File`]?: string } {
  if (place === null) return {};
  const keys = "env" in place ? { [`${stem}Env`]: place.env } : { [`${stem}File`]: place.file };
  return keys as { readonly [Key in `${Stem}Env` | `${Stem}File`]?: string };
}
