/** What the tenant and the access token say that the operator should know before the night. */
import { describeSkew, MOST_SKEW_MS, NOTABLE_SKEW_MS } from "../../core/clock-skew.ts";
import type { TenantIdentity } from "../../core/snapshot.ts";
import { listExcessPermissions } from "../../core/token-rights.ts";
import type { Line } from "./screen.ts";
import { formatCount } from "./table.ts";

const MOST_PERMISSIONS_SHOWN = 5;

/**
 * @param shortestSeconds The least that the writing can take.
 * @param before `apply`: what it refuses is said by the refusal, and not here as well.
 * @returns No line where all is as it should be.
 */
export function renderTenantWarnings(
  tenant: TenantIdentity,
  shortestSeconds: number,
  now: Date,
  before: "plan" | "apply" = "plan",
): Line[] {
  const lines: Line[] = [];
  const careful = (text: string) => lines.push({ style: "careful", text });
  if (tenant.tokenExpiresAt !== null && Date.parse(tenant.tokenExpiresAt) < now.getTime() + shortestSeconds * 1000) {
    careful(
      `The access token ends at ${tenant.tokenExpiresAt}, before the writing can be done. A fresh one is needed for apply.`,
    );
  }
  const skewMs = tenant.clockSkewMs ?? 0;
  const isRefused = Math.abs(skewMs) > MOST_SKEW_MS;
  if (Math.abs(skewMs) > NOTABLE_SKEW_MS && !(isRefused && before === "apply")) {
    const refused = isRefused ? " Apply refuses to write until it is set." : "";
    careful(`The clock of this machine is ${describeSkew(skewMs)}.${refused}`);
  }
  const excess = listExcessPermissions(tenant.rights);
  if (excess.length > 0)
    careful(
      `The app may do more than this job needs: ${nameFew(excess)}. Whoever gets hold of its token may do all that; give the job an app of its own.`,
    );
  return lines.length === 0 ? [] : ["", ...lines];
}

function nameFew(permissions: readonly string[]): string {
  const more = permissions.length - MOST_PERMISSIONS_SHOWN;
  const named = permissions.slice(0, MOST_PERMISSIONS_SHOWN).join(", ");
  return more > 0 ? `${named} and ${formatCount(more)} more` : named;
}
