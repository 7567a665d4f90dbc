/**
 * What an access token says of itself.
 *
 * The signature is not checked: the token came from the operator or from Entra over TLS, and Graph checks it on
 * every call. The claims are read only to notice early that a token is another tenant's, or about to end.
 * Microsoft calls Graph tokens opaque, so every claim may be missing and a missing one is no error.
 *
 * Source: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference (checked 2026-11)
 */
import { type Guid, parseGuid } from "../../core/guid.ts";
import { readField } from "./decode-json.ts";

/** @see readTokenClaims */
export type TokenClaims = {
  /** tid */
  readonly tenantId: Guid | null;
  /** exp, milliseconds since the Unix epoch. */
  readonly expiresAtMs: number | null;
  /** roles of an app-only token, scp of a delegated one. */
  readonly permissions: readonly string[];
};

const NOTHING: TokenClaims = { tenantId: null, expiresAtMs: null, permissions: [] };

/** Whether the token is a JWT whose claims can be read. A tenant's tokens all are, though nobody promises it. */
export function isTokenReadable(token: string): boolean {
  return readPayload(token) !== null;
}

/** @returns The claims; all of them empty when the token is not a readable JWT. Never throws. */
export function readTokenClaims(token: string): TokenClaims {
  const claims = readPayload(token);
  if (claims === null) return NOTHING;
  const tid = readField(claims, "tid");
  const exp = readField(claims, "exp");
  const roles = readField(claims, "roles");
  const scp = readField(claims, "scp");
  return {
    tenantId: typeof tid === "string" ? parseGuid(tid) : null,
    expiresAtMs: typeof exp === "number" && Number.isFinite(exp) ? exp * 1000 : null,
    permissions: [
      ...(Array.isArray(roles) ? roles.filter((role) => typeof role === "string") : []),
      ...(typeof scp === "string" ? scp.split(" ").filter((scope) => scope !== "") : []),
    ],
  };
}

function readPayload(token: string): unknown {
  const payload = token.split(".")[1];
  return payload === undefined ? null : parseOrNull(Buffer.from(payload, "base64url").toString("utf8"));
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not a JWT: an opaque token is allowed and says nothing of itself.
    return null;
  }
}
