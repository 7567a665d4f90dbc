/**
 * Which tenant this really is: what /organization says, what the token says and what the configuration names must
 * be one and the same.
 *
 * A consultant has several tenants open on one evening. A plan made for one and applied to another finds nobody by
 * id, but a dry run against the wrong one looks plausible.
 *
 * Source: https://learn.microsoft.com/graph/api/organization-list (checked 2026-11)
 */
import { BatchError } from "../../core/errors.ts";
import { type Guid, parseGuid } from "../../core/guid.ts";
import type { TenantIdentity } from "../../core/snapshot.ts";
import type { Clock } from "../../ports/clock.ts";
import type { AccessTokens } from "./access-tokens.ts";
import type { Purpose } from "./call.ts";
import { readField, readText } from "./decode-json.ts";
import type { GraphCalls } from "./graph-calls.ts";
import { refuseReply } from "./graph-error.ts";
import type { GraphReply } from "./graph-reply.ts";
import { ORGANIZATION_PATH } from "./query.ts";
import { readHttpDateMs } from "./retry-after.ts";
import { readTokenClaims } from "./token-claims.ts";

/** The tenant as the configuration names it. */
export type ConfiguredTenant = {
  /** `null` when the configuration names a domain instead. */
  readonly tenantId: Guid | null;
  /** As written: a GUID, or a domain name such as contoso.onmicrosoft.com. */
  readonly tenantName: string;
  readonly cloud: string;
};

type Organization = Omit<TenantIdentity, "cloud" | "clockSkewMs" | "tokenExpiresAt" | "rights"> & {
  readonly domains: readonly string[];
};

const PURPOSE: Purpose = { doing: "say which tenant this is", permission: "Organization.Read.All" };

/** @throws {BatchError} tenant: unreachable, refused, or another tenant than the configuration names. interrupted. */
export async function identifyTenant(
  calls: GraphCalls,
  tokens: AccessTokens,
  configured: ConfiguredTenant,
  clock: Clock,
  signal: AbortSignal,
): Promise<TenantIdentity> {
  const { tenantId: ofToken } = readTokenClaims(await tokens.token(signal));
  if (configured.tenantId !== null && ofToken !== null && ofToken !== configured.tenantId) {
    throw wrongTenant(
      `the access token belongs to tenant ${ofToken}, and the configuration names ${configured.tenantId}`,
    );
  }
  const reply = await calls.read({ ...PURPOSE, path: ORGANIZATION_PATH, signal });
  const { domains, ...organization } = readOrganization(reply);
  const serverNowMs = readHttpDateMs(reply.headers.get("date"));
  const clockSkewMs = serverNowMs === null ? null : serverNowMs - clock.now().getTime();
  const { tenantId: tokenTenantId, rights } = readTokenClaims(await tokens.token(signal));
  if (tokenTenantId !== null && tokenTenantId !== organization.tenantId) {
    throw wrongTenant(`the access token is for tenant ${tokenTenantId}, and Graph answers for ${nameOf(organization)}`);
  }
  const matches =
    configured.tenantId === null
      ? domains.includes(configured.tenantName.toLowerCase())
      : configured.tenantId === organization.tenantId;
  if (!matches) {
    throw wrongTenant(
      `the configuration names ${configured.tenantName}, and Graph answers for ${nameOf(organization)}`,
    );
  }
  return {
    ...organization,
    cloud: configured.cloud,
    clockSkewMs,
    tokenExpiresAt: tokens.expiresAt()?.toISOString() ?? null,
    rights,
  };
}

function readOrganization(reply: GraphReply): Organization {
  const organizations = readField(reply.json, "value");
  const [organization, ...others] = Array.isArray(organizations) ? organizations : [];
  const tenantId = parseGuid(readText(organization, "id") ?? "");
  if (tenantId === null || others.length > 0) throw refuseReply(reply, PURPOSE);
  const domains = readField(organization, "verifiedDomains");
  const syncEnabled = readField(organization, "onPremisesSyncEnabled");
  return {
    tenantId,
    displayName: readText(organization, "displayName") ?? "",
    syncEnabled: typeof syncEnabled === "boolean" ? syncEnabled : null,
    lastSyncAt: readText(organization, "onPremisesLastSyncDateTime"),
    domains: (Array.isArray(domains) ? domains : []).map((domain) => (readText(domain, "name") ?? "").toLowerCase()),
  };
}

function nameOf({ displayName, tenantId }: Organization | Omit<Organization, "domains">): string {
  return `${JSON.stringify(displayName)} (${tenantId})`;
}

function wrongTenant(why: string): BatchError {
  return new BatchError(
    "tenant",
    `This is another tenant: ${why}`,
    "Correct tenant.id in the configuration, or sign in to the tenant that it names.",
  );
}
