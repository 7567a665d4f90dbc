/**
 * Access tokens of the simulated tenant: made here, checked here.
 *
 * They are JWTs signed HS256 with a key that one server draws at its start, so a token of another server is refused
 * as a foreign one would be. Real tokens are RS256 and opaque to clients; the claims are those of a v1.0 Graph
 * token (access token claims reference, learn.microsoft.com/entra/identity-platform, checked 2026-11).
 */
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { REFUSALS, refuse } from "./errors.ts";

export const GRAPH_AUDIENCE = "https://graph.microsoft.com";
const GRAPH_AUDIENCES = [GRAPH_AUDIENCE, `${GRAPH_AUDIENCE}/`, "00000003-0000-0000-c000-000000000000"];

/** Built-in directory roles that can change how a write ends, by their published template ids. */
export const ROLE_TEMPLATES = {
  "Global Administrator": "62e90394-69f5-4237-9190-012177145e10",
  "Privileged Authentication Administrator": "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",
  "User Administrator": "fe930be7-5e62-47db-91af-98c3a49a38b1",
  "Authentication Administrator": "c4e39bd9-1100-46d3-8c65-fb160da0071f",
  "Hybrid Identity Administrator": "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2",
} as const;

export type CallerRole = keyof typeof ROLE_TEMPLATES;

export interface TokenRequest {
  /** Application permissions; makes an app-only token. */
  readonly roles?: readonly string[];
  /** Delegated permissions; makes a delegated token when `roles` is absent. */
  readonly scopes?: readonly string[];
  /** Directory roles of the service principal or signed-in user. */
  readonly directoryRoles?: readonly CallerRole[];
  readonly appId?: string;
  readonly audience?: string;
  readonly tenantId?: string;
  /** Default 3,600; negative makes an expired token. */
  readonly lifetimeSeconds?: number;
}

export interface Caller {
  readonly appId: string;
  readonly kind: "application" | "delegated";
  readonly permissions: ReadonlySet<string>;
  readonly directoryRoles: ReadonlySet<CallerRole>;
}

export interface TokenDesk {
  mint(request: TokenRequest): string;
  /** @throws {GraphRefusal} 401 InvalidAuthenticationToken. */
  check(authorization: string | undefined): Caller;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

export function createTokenDesk(tenantId: string, wallMs: () => number): TokenDesk {
  const key = randomBytes(32);
  const sign = (text: string): Buffer => createHmac("sha256", key).update(text).digest();
  const principalId = randomUUID();

  return {
    mint(request) {
      const issuedSeconds = Math.floor(wallMs() / 1000);
      const appId = request.appId ?? "2f6f2a3e-5a0c-4a53-8f3b-0b7f9d0f6a11";
      const appOnly = request.roles !== undefined || request.scopes === undefined;
      const tid = request.tenantId ?? tenantId;
      const claims = {
        aud: request.audience ?? GRAPH_AUDIENCE,
        iss: `https://sts.windows.net/${tid}/`,
        iat: issuedSeconds,
        nbf: issuedSeconds,
        exp: issuedSeconds + (request.lifetimeSeconds ?? 3600),
        appid: appId,
        azp: appId,
        idtyp: appOnly ? "app" : "user",
        oid: principalId,
        sub: principalId,
        tid,
        ver: "1.0",
        wids: (request.directoryRoles ?? []).map((role) => ROLE_TEMPLATES[role]),
        ...(appOnly ? { roles: request.roles ?? [] } : { scp: (request.scopes ?? []).join(" ") }),
      };
      const signed = `${encode({ typ: "JWT", alg: "HS256" })}.${encode(claims)}`;
      return `${signed}.${sign(signed).toString("base64url")}`;
    },

    check(authorization) {
      const token = /^bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];
      if (token === undefined) return refuse(REFUSALS.unauthenticated("Access token is empty."));
      const [header, payload, signature, ...rest] = token.split(".");
      if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) {
        return refuse(REFUSALS.unauthenticated("IDX14100: JWT is not well formed, there are no dots (.)."));
      }
      const expected = sign(`${header}.${payload}`);
      const given = Buffer.from(signature, "base64url");
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
        return refuse(REFUSALS.unauthenticated("Invalid token signature."));
      }
      const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
      return readCaller(claims, tenantId, wallMs() / 1000);
    },
  };
}

function readCaller(claims: unknown, tenantId: string, nowSeconds: number): Caller {
  const claim = (name: string): unknown =>
    typeof claims === "object" && claims !== null ? Object.getOwnPropertyDescriptor(claims, name)?.value : undefined;
  const texts = (name: string): string[] => {
    const value = claim(name);
    return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
  };
  if (!GRAPH_AUDIENCES.includes(String(claim("aud")))) {
    return refuse(REFUSALS.unauthenticated("Access token validation failure. Invalid audience."));
  }
  if (Number(claim("exp")) <= nowSeconds) {
    return refuse(REFUSALS.unauthenticated("Lifetime validation failed, the token is expired."));
  }
  if (claim("tid") !== tenantId) {
    return refuse(REFUSALS.unauthenticated("Access token validation failure. Invalid tenant."));
  }
  const templates = new Set(texts("wids"));
  const scopes = claim("scp");
  return {
    appId: String(claim("appid")),
    kind: typeof scopes === "string" ? "delegated" : "application",
    permissions: new Set(typeof scopes === "string" ? scopes.split(" ") : texts("roles")),
    directoryRoles: new Set(CALLER_ROLES.filter((role) => templates.has(ROLE_TEMPLATES[role]))),
  };
}

const CALLER_ROLES: readonly CallerRole[] = [
  "Global Administrator",
  "Privileged Authentication Administrator",
  "User Administrator",
  "Authentication Administrator",
  "Hybrid Identity Administrator",
];
