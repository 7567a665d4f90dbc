/** Asks both sides who they are, before anything is read on either. */
import type { DirectoryIdentity } from "../core/ad-account.ts";
import type { ForestIdentity } from "../core/forest.ts";
import type { Plan } from "../core/plan.ts";
import type { TenantIdentity } from "../core/snapshot.ts";
import { requireSameGround } from "../core/staleness.ts";
import { type IdentifiedSources, identifySources } from "./identify-directories.ts";
import type { World } from "./world.ts";

/** Both sides after they have said who they are. */
export type Sides = { readonly tenant: TenantIdentity; readonly sources: IdentifiedSources };

/** The same for a plan that may know nothing of AD: a rollback's does only where the run has written there. */
export type PlannedSides = { readonly tenant: TenantIdentity; readonly sources: IdentifiedSources | null };

/** Where a plan was made: for the record beside it, not part of it. */
export type Ground = {
  readonly tenant: TenantIdentity;
  readonly directories: readonly DirectoryIdentity[];
  readonly forests: readonly ForestIdentity[];
};

type IdentifyWorld = Pick<World, "tenant" | "directories" | "forests" | "log" | "stop">;

/** @throws {BatchError} directory or tenant; config: two entries are one domain; input: an export of AD */
export async function identifySides(world: IdentifyWorld): Promise<Sides> {
  const signal = world.stop.drain;
  const [tenant, sources] = await Promise.all([world.tenant.identify(signal), identifySources(world, signal)]);
  return { tenant, sources };
}

/**
 * The sides of a saved plan, which must be those that it was made for.
 *
 * @throws {BatchError} as {@link identifySides}; refused: another tenant, cloud or AD domain.
 */
export async function identifyPlannedSides(plan: Plan, world: IdentifyWorld): Promise<PlannedSides> {
  const sides =
    plan.header.kind === "apply" || plan.header.directories.length > 0
      ? await identifySides(world)
      : { tenant: await world.tenant.identify(world.stop.drain), sources: null };
  const directories = sides.sources === null ? plan.header.directories : listIdentities(sides.sources);
  requireSameGround(plan, { ...sides.tenant, directories });
  return sides;
}

/** What both have said, without the way to ask them more. */
export function groundOf({ tenant, sources }: Sides): Ground {
  return { tenant, directories: listIdentities(sources), forests: sources.forests.map(({ identity }) => identity) };
}

/** What the directories have said of themselves. */
export function listIdentities({ directories }: IdentifiedSources): DirectoryIdentity[] {
  return directories.map(({ identity }) => identity);
}
