/** Makes the plan of what was read: every row checked, every write in its order, under one hash. */
import { describeSync } from "../core/checks/check.ts";
import { listSourceGaps, listUnknownAttributes } from "../core/directory-source.ts";
import { PLAN_VERSION, type Plan, type PlanHeader } from "../core/plan.ts";
import { assembleBatch, makePlan } from "../core/plan-batch.ts";
import type { Ground } from "./identify-sides.ts";
import type { BothSides } from "./read-both-sides.ts";
import type { World } from "./world.ts";

/** @returns The same bytes for the same facts. */
export function sealBatch(
  { resolutions, snapshot, takeover, ad }: BothSides,
  { mapping, options }: Pick<PlanHeader, "mapping" | "options">,
  { tenant, directories }: Ground,
  { clock, digest, flows }: Pick<World, "clock" | "digest" | "flows">,
): Plan {
  const header: PlanHeader = {
    version: PLAN_VERSION,
    kind: "apply",
    tenantId: tenant.tenantId,
    cloud: tenant.cloud,
    directories: directories.map(({ domain, domainId }) => ({ domain, domainId })),
    mapping,
    options,
    takeover: { file: flows.file, source: flows.source, checked: flows.checked },
    reverses: null,
  };
  const batch = assembleBatch(resolutions, snapshot, {
    options,
    takeover: { ...takeover, gaps: [...takeover.gaps, ...listSourceGaps(directories, flows)] },
    ad,
    preview: { table: flows, unknown: listUnknownAttributes(directories) },
    tenant: describeSync(tenant, clock.now().getTime()),
  });
  return makePlan(header, batch, digest);
}
