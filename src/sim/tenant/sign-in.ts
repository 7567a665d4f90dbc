/**
 * The token endpoint for client_credentials, and the discovery documents that sign-in libraries read first.
 *
 * MSAL accepts only https authorities, so @azure/identity cannot be pointed at a plain loopback server; clients that
 * speak OAuth themselves can, and tests mint tokens directly. Source: "OAuth 2.0 client credentials flow" and error
 * codes AADSTS7000215, 90002, 70011, 900144, 70003 (learn.microsoft.com/entra/identity-platform, checked 2026-11).
 */
import type { JsonObject } from "./graph-exchange.ts";
import { type CallerRole, GRAPH_AUDIENCE, type TokenDesk } from "./token.ts";

export interface SimulatedApplication {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Application permissions that its tokens carry. */
  readonly roles: readonly string[];
  readonly directoryRoles?: readonly CallerRole[];
}

export interface SignInAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

export interface SignInDesk {
  readonly tenantId: string;
  readonly tenantNames: readonly string[];
  readonly applications: readonly SimulatedApplication[];
  readonly tokens: TokenDesk;
}

const TOKEN_LIFETIME_SECONDS = 3599;

/** @returns null if the path is none of sign-in. */
export function answerSignIn(
  desk: SignInDesk,
  request: { readonly method: string; readonly path: string; readonly body: string; readonly origin: string },
): SignInAnswer | null {
  const { method, path, origin } = request;
  if (method === "GET" && path === "/common/discovery/instance")
    return { status: 200, body: describeInstance(desk, origin) };
  const [, tenant = "", rest = ""] = /^\/([^/]+)\/(.+)$/.exec(path) ?? [];
  const isConfiguration = method === "GET" && rest === "v2.0/.well-known/openid-configuration";
  const isToken = method === "POST" && rest === "oauth2/v2.0/token";
  if (!isConfiguration && !isToken) return null;
  const known = [desk.tenantId, ...desk.tenantNames].some((name) => name.toLowerCase() === tenant.toLowerCase());
  if (!known) return failSignIn(400, "invalid_tenant", `AADSTS90002: Tenant '${tenant}' not found.`, 90002);
  if (isConfiguration) return { status: 200, body: describeIssuer(desk, origin) };
  return issueToken(desk, new URLSearchParams(request.body), origin);
}

function issueToken(desk: SignInDesk, form: URLSearchParams, origin: string): SignInAnswer {
  const missing = ["grant_type", "client_id", "scope"].find((name) => !form.get(name));
  if (missing !== undefined) {
    const text = `AADSTS900144: The request body must contain the following parameter: '${missing}'.`;
    return failSignIn(400, "invalid_request", text, 900144);
  }
  if (form.get("grant_type") !== "client_credentials") {
    return failSignIn(
      400,
      "unsupported_grant_type",
      "AADSTS70003: The app requested an unsupported grant type.",
      70003,
    );
  }
  const application = desk.applications.find(({ clientId }) => clientId === form.get("client_id"));
  if (application === undefined) {
    return failSignIn(400, "unauthorized_client", "AADSTS700016: Application was not found in the directory.", 700016);
  }
  if (form.get("client_secret") !== application.clientSecret) {
    return failSignIn(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.", 7000215);
  }
  if (form.get("scope") !== `${GRAPH_AUDIENCE}/.default` && form.get("scope") !== `${origin}/.default`) {
    return failSignIn(
      400,
      "invalid_scope",
      "AADSTS70011: The provided request must include a valid '.default' scope.",
      70011,
    );
  }
  const { clientId: appId, roles, directoryRoles = [] } = application;
  const token = desk.tokens.mint({ appId, roles, directoryRoles, lifetimeSeconds: TOKEN_LIFETIME_SECONDS });
  return {
    status: 200,
    body: {
      token_type: "Bearer",
      expires_in: TOKEN_LIFETIME_SECONDS,
      ext_expires_in: TOKEN_LIFETIME_SECONDS,
      access_token: token,
    },
  };
}

function failSignIn(status: number, error: string, description: string, code: number): SignInAnswer {
  return { status, body: { error, error_description: description, error_codes: [code] } };
}

function describeIssuer(desk: SignInDesk, origin: string): JsonObject {
  return {
    issuer: `${origin}/${desk.tenantId}/v2.0`,
    authorization_endpoint: `${origin}/${desk.tenantId}/oauth2/v2.0/authorize`,
    token_endpoint: `${origin}/${desk.tenantId}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post"],
    jwks_uri: `${origin}/${desk.tenantId}/discovery/v2.0/keys`,
    response_types_supported: ["token"],
    subject_types_supported: ["pairwise"],
  };
}

function describeInstance(desk: SignInDesk, origin: string): JsonObject {
  const host = new URL(origin).host;
  return {
    tenant_discovery_endpoint: `${origin}/${desk.tenantId}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}
