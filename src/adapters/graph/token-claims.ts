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
import type { TokenRights } from "../../core/token-rights.ts";
import { readField, readText } from "./decode-json.ts";

/** @see readTokenClaims */
export type TokenClaims = {
  /** tid */
  readonly tenantId: Guid | null;
  /** exp, milliseconds since the Unix epoch. */
  readonly expiresAtMs: number | null;
  /** From roles and wids of an app-only token, scp of a delegated one; `null` when there is neither. */
  readonly rights: TokenRights | null;
};

const NOTHING: TokenClaims = { tenantId: null, expiresAtMs: null, rights: null };

/** The wids value of an app without any directory role. */
const NO_ROLE = "0997a1d0-0d1d-4acb-b408-d5ca73121e90";
/** The wids value that every member of a tenant has. */
const MEMBER = "b79fbf4d-3ef9-4689-8143-76b194e85509";

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
  return {
    tenantId: typeof tid === "string" ? parseGuid(tid) : null,
    expiresAtMs: typeof exp === "number" && Number.isFinite(exp) ? exp * 1000 : null,
    rights: readRights(claims),
  };
}

/** Whose token it is, in words, and the template ids of the directory roles that come with it. */
export function readTokenOwner(token: string): { readonly owner: string | null; readonly roleIds: readonly string[] } {
  const claims = readPayload(token);
  const read = (name: string) => readText(claims, name) ?? "";
  const app = [read("app_displayname"), read("appid") || read("azp")].filter((part) => part !== "");
  const user = read("upn") || read("unique_name") || read("preferred_username");
  const appWords = app.length === 0 ? null : `app ${app.join(" ")}`;
  const owner = user === "" ? appWords : `${user}${appWords === null ? "" : ` through ${appWords}`}`;
  const roleIds = readTexts(claims, "wids").map((id) => id.toLowerCase());
  return { owner, roleIds: roleIds.filter((id) => id !== NO_ROLE && id !== MEMBER) };
}

function readRights(claims: unknown): TokenRights | null {
  const scopes = readField(claims, "scp");
  const holdsRole = readTexts(claims, "wids").some((role) => role !== NO_ROLE);
  if (typeof scopes === "string") {
    return { kind: "delegated", permissions: scopes.split(" ").filter((scope) => scope !== ""), holdsRole };
  }
  // An app without any permission has no roles at all, and says only by idtyp that it is an app.
  const isApp = Array.isArray(readField(claims, "roles")) || readField(claims, "idtyp") === "app";
  return isApp ? { kind: "application", permissions: readTexts(claims, "roles"), holdsRole } : null;
}

function readTexts(claims: unknown, name: string): string[] {
  const values = readField(claims, name);
  return Array.isArray(values) ? values.filter((value) => typeof value === "string") : [];
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
