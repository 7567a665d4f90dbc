/**
 * The nine ways to sign in, each as a source of access tokens.
 *
 * @azure/identity takes half a second to load, so it is loaded only when a method needs it; a token that was
 * handed in needs nothing. Secrets come as functions, are read when used and appear in no message. Token caches
 * stay in memory.
 *
 * Source: https://learn.microsoft.com/javascript/api/@azure/identity (checked 2026-11)
 */
import type { TokenCredential } from "@azure/identity";
import { BatchError, describeError } from "../../core/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import { type AccessTokens, type FetchedToken, keepAccessToken } from "./access-tokens.ts";
import { CLOUDS, type CloudName } from "./clouds.ts";
import { mendSignIn } from "./sign-in-refusal.ts";
import { readTokenClaims } from "./token-claims.ts";

/** A secret, read when it is needed. */
export type Secret = () => string;

export type AuthSettings =
  | {
      readonly method: "client-certificate";
      readonly clientId: string;
      /** PEM text of certificate and private key. */
      readonly certificate: Secret;
      readonly certificatePassword?: Secret;
    }
  | { readonly method: "client-secret"; readonly clientId: string; readonly secret: Secret }
  | { readonly method: "managed-identity"; readonly clientId: string | null }
  | { readonly method: "workload-identity"; readonly clientId: string | null; readonly tokenFile: string | null }
  | { readonly method: "device-code"; readonly clientId: string }
  | { readonly method: "browser"; readonly clientId: string }
  | { readonly method: "azure-cli" }
  /** `origin` says in words where the token comes from: it stands in messages, the token never does. */
  | { readonly method: "access-token"; readonly token: Secret; readonly origin?: string }
  | { readonly method: "default"; readonly clientId: string | null };

export type AuthMethod = AuthSettings["method"];

/**
 * Opens a source of access tokens; nothing is sent or loaded yet.
 *
 * @param signIn.tenantName tenant.id as configured: GUID or domain name.
 * @param signIn.show Shows the operator what a device-code sign-in asks for.
 */
export function openAccessTokens(
  auth: AuthSettings,
  signIn: { readonly tenantName: string; readonly cloud: CloudName; readonly show: (text: string) => void },
  clock: Clock,
): AccessTokens {
  if (auth.method === "access-token") {
    const { token, origin } = auth;
    const { tenantName } = signIn;
    return keepAccessToken({ fetch: async () => handedIn(token), renewable: false, origin, tenantName }, clock);
  }
  const scope = `${CLOUDS[signIn.cloud].graphRoot}/.default`;
  const interactive = auth.method === "device-code" || auth.method === "browser";
  let credential: TokenCredential | null = null;
  return keepAccessToken(
    {
      renewable: true,
      async fetch(fresh, signal): Promise<FetchedToken> {
        try {
          // A new credential has an empty cache. A person is not asked twice: there the library renews by itself.
          if (credential === null || (fresh && !interactive)) credential = await createCredential(auth, signIn);
          const fetched = await credential.getToken(scope, { abortSignal: signal });
          if (fetched === null) throw new Error("no token came back");
          return { token: fetched.token, expiresAtMs: fetched.expiresOnTimestamp };
        } catch (error) {
          throw signInFailed(auth, error);
        }
      },
    },
    clock,
  );
}

function handedIn(secret: Secret): FetchedToken {
  const token = secret().trim();
  // A header cannot hold anything else, and the error of fetch would show the value.
  if (/^[\x21-\x7e]+$/.test(token)) return { token, expiresAtMs: readTokenClaims(token).expiresAtMs };
  throw new BatchError(
    "config",
    "The access token is empty or holds a character that no token holds",
    "Get a token for Microsoft Graph and provide it again, without quotes or line breaks.",
  );
}

async function createCredential(
  auth: Exclude<AuthSettings, { method: "access-token" }>,
  { tenantName: tenantId, cloud, show }: { tenantName: string; cloud: CloudName; show: (text: string) => void },
): Promise<TokenCredential> {
  const identity = await import("@azure/identity");
  const authorityHost = CLOUDS[cloud].authority;
  switch (auth.method) {
    case "client-certificate": {
      const password =
        auth.certificatePassword === undefined ? {} : { certificatePassword: auth.certificatePassword() };
      const certificate = { certificate: auth.certificate(), ...password };
      return new identity.ClientCertificateCredential(tenantId, auth.clientId, certificate, { authorityHost });
    }
    case "client-secret":
      return new identity.ClientSecretCredential(tenantId, auth.clientId, auth.secret(), { authorityHost });
    case "managed-identity":
      return new identity.ManagedIdentityCredential(auth.clientId === null ? {} : { clientId: auth.clientId });
    case "workload-identity":
      return new identity.WorkloadIdentityCredential({
        tenantId,
        authorityHost,
        ...(auth.clientId === null ? {} : { clientId: auth.clientId }),
        ...(auth.tokenFile === null ? {} : { tokenFilePath: auth.tokenFile }),
      });
    case "device-code":
      return new identity.DeviceCodeCredential({
        tenantId,
        authorityHost,
        clientId: auth.clientId,
        userPromptCallback: ({ message }) => show(message),
      });
    case "browser":
      return new identity.InteractiveBrowserCredential({
        tenantId,
        authorityHost,
        clientId: auth.clientId,
        redirectUri: "http://localhost",
      });
    case "azure-cli":
      return new identity.AzureCliCredential({ tenantId });
    case "default":
      return new identity.DefaultAzureCredential({
        tenantId,
        authorityHost,
        ...(auth.clientId === null ? {} : { managedIdentityClientId: auth.clientId }),
      });
  }
}

const HINTS: Readonly<Record<Exclude<AuthMethod, "access-token">, string>> = {
  "client-certificate":
    "Check clientId, tenant.id and that this certificate is registered with the app and not expired.",
  "client-secret": "Check clientId, tenant.id and that the secret is the app's current one.",
  "managed-identity": "Run on an Azure machine that has this identity, or choose another method.",
  "workload-identity": "Check the federated credential of the app and the token file of this workload.",
  "device-code": "Sign in again with the code that is shown, before it ends.",
  browser: "Sign in again in the browser that opens; on a machine without one choose device-code.",
  "azure-cli": "Run az login for this tenant, then run the same command again.",
  default: "Name one sign-in method in tenant.auth.method, so that its own error is shown.",
};

/** The library's error objects can carry the request that failed, secret included: only its text goes on. */
function signInFailed(auth: Exclude<AuthSettings, { method: "access-token" }>, error: unknown): BatchError {
  if (error instanceof BatchError) return error;
  const text = secretsOf(auth).reduce(
    (safe, secret) => (secret === "" ? safe : safe.replaceAll(secret, "***")),
    describeError(error),
  );
  const mend = mendSignIn(text) ?? HINTS[auth.method];
  return new BatchError("tenant", `Sign-in by ${auth.method} failed: ${text.slice(0, 1000)}`, mend);
}

function secretsOf(auth: AuthSettings): string[] {
  const secrets =
    auth.method === "client-secret"
      ? [auth.secret]
      : auth.method === "client-certificate"
        ? [auth.certificate, ...(auth.certificatePassword === undefined ? [] : [auth.certificatePassword])]
        : [];
  return secrets.flatMap(readOrNothing);
}

function readOrNothing(secret: Secret): string[] {
  try {
    return [secret()];
  } catch {
    // A secret that cannot be read stands in no message either.
    return [];
  }
}
