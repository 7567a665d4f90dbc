/** Opens the production adapter on a simulated tenant, with the permissions that its reads want. */
import { openAccessTokens } from "../../../src/adapters/graph/auth.ts";
import { openGraphTenant } from "../../../src/adapters/graph/graph-tenant.ts";
import type { Guid } from "../../../src/core/guid.ts";
import type { Log } from "../../../src/ports/log.ts";
import { SILENT_PROGRESS } from "../../../src/ports/progress.ts";
import type { RunningTenant } from "../../../src/sim/tenant/server.ts";
import { createFixedChance, createJumpingClock, REQUEST_TIMEOUT_SECONDS } from "./jumping-clock.ts";
import { guid } from "./raw-server.ts";

export const USER_PERMISSIONS = ["User.ReadWrite.All", "User.DeleteRestore.All", "Organization.Read.All"];
/** What the facts want that concern neither roles nor sync. */
export const PLAIN_FACTS = ["Domain.Read.All", "Group.Read.All", "OrgContact.Read.All"];
export const FACT_PERMISSIONS = [
  ...PLAIN_FACTS,
  "RoleManagement.Read.Directory",
  "RoleEligibilitySchedule.Read.Directory",
  "PrivilegedEligibilitySchedule.Read.AzureADGroup",
  "OnPremDirectorySynchronization.Read.All",
  "User-OnPremisesSyncBehavior.ReadWrite.All",
];

/** Opens the production adapter on a simulated tenant. */
export function openOn(
  simulated: Pick<RunningTenant, "endpoint" | "tenantId" | "mintToken">,
  options: {
    readonly tenantId?: Guid | null;
    readonly tenantName?: string;
    readonly token?: string;
    readonly log?: Log;
  } = {},
) {
  const clock = createJumpingClock();
  const { tenantId = guid(simulated.tenantId), tenantName = simulated.tenantId } = options;
  const token = options.token ?? simulated.mintToken({ roles: USER_PERMISSIONS });
  const credential = openAccessTokens(
    { method: "access-token", token: () => token },
    { tenantName, cloud: "global", show: () => undefined },
    clock,
  );
  const tenant = openGraphTenant(
    {
      tenantId,
      tenantName,
      cloud: "global",
      endpoint: simulated.endpoint,
      limits: { writes: 3000, windowSeconds: 150, inFlight: 16, requestTimeoutSeconds: REQUEST_TIMEOUT_SECONDS },
      credential,
    },
    {
      clock,
      chance: createFixedChance(),
      log: options.log ?? { info: () => undefined, warn: () => undefined },
      progress: SILENT_PROGRESS,
    },
  );
  return { tenant, clock };
}
