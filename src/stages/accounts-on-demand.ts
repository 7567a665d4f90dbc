/** Whom `sync --users` means: the AD accounts of a run's rows that sync has not taken over, or of UPNs of AD. */
import { DONE_STATUSES } from "../core/outcome.ts";
import { mappingOf } from "../core/plan.ts";
import { type Resolution, soleAccount } from "../core/resolution.ts";
import type { RunStore } from "../ports/run-store.ts";
import { identifySources } from "./identify-directories.ts";
import { identifyPlannedSides } from "./identify-sides.ts";
import { listRunOutcomes } from "./record-run.ts";
import { resolveUsers } from "./resolve-users.ts";
import type { World } from "./world.ts";

/** Somebody to be provisioned. */
export type AccountOnDemand = {
  /** As the operator knows it: a UPN, or the account of a row. */
  readonly name: string;
  readonly row: number | null;
  /** `null` where AD has no such account, or several. */
  readonly dn: string | null;
};

/**
 * @param users A run, or UPNs as AD has them.
 * @throws {BatchError} directory: AD cannot be read whole. refused: the run belongs to another tenant or domain.
 */
export async function listAccountsOnDemand(
  users: RunStore | readonly string[],
  world: World,
): Promise<AccountOnDemand[]> {
  const { progress, stop } = world;
  const scope = { progress, signal: stop.drain };
  if ("readPlan" in users) {
    const plan = users.readPlan();
    const { sources } = await identifyPlannedSides(plan, world);
    if (sources === null) return [];
    const last = new Map(listRunOutcomes(users).map((outcome) => [outcome.row, outcome]));
    const due = plan.rows.filter(({ row }) => {
      const outcome = last.get(row);
      return outcome !== undefined && DONE_STATUSES.has(outcome.status) && outcome.status !== "taken-over";
    });
    const options = { ...scope, sourceKey: plan.header.options.sourceKey };
    const resolutions = await resolveUsers(due.map(mappingOf), sources, options);
    return resolutions.map((resolution, index) => {
      const { account = "", row = null } = due[index] ?? {};
      return describe(resolution, account, row);
    });
  }
  const sources = await identifySources(world, stop.drain);
  const mappings = users.map((upn, index) => ({
    row: index + 1,
    account: upn,
    domain: null,
    upn,
    onConflict: [],
    writeTo: null,
    extra: [],
  }));
  const resolutions = await resolveUsers(mappings, sources, { ...scope, sourceKey: "userPrincipalName" });
  return resolutions.map((resolution) => describe(resolution, resolution.mapping.account, null));
}

function describe(resolution: Resolution, name: string, row: number | null): AccountOnDemand {
  return { name, row, dn: soleAccount(resolution)?.dn ?? null };
}
