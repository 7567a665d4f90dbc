/** Makes the draft of a plan of what was read: every row checked, and what shall be written. */
import { assembleBatch } from "../core/assemble-batch.ts";
import { describeSync } from "../core/checks/check.ts";
import { listSourceGaps, listUnknownAttributes } from "../core/directory-source.ts";
import { PLAN_VERSION, type PlanHeader } from "../core/plan.ts";
import { draftPlan, type PlanDraft } from "../core/plan-batch.ts";
import type { Ground } from "./identify-sides.ts";
import type { BothSides } from "./read-both-sides.ts";
import type { World } from "./world.ts";

/** @returns The same for the same facts. */
export function draftBatch(
  { resolutions, snapshot, takeover, ad, managers }: BothSides,
  { mapping, options }: Pick<PlanHeader, "mapping" | "options">,
  { tenant, directories }: Ground,
  { clock, flows }: Pick<World, "clock" | "flows">,
): { readonly header: PlanHeader; readonly draft: PlanDraft } {
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
    takeover: {
      ...takeover,
      gaps: [...takeover.gaps, ...(managers.gap === null ? [] : [managers.gap]), ...listSourceGaps(directories, flows)],
    },
    ad,
    managers: managers.present,
    preview: { table: flows, unknown: listUnknownAttributes(directories) },
    tenant: describeSync(tenant, clock.now().getTime()),
  });
  return { header, draft: draftPlan(batch) };
}
