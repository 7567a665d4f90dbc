/** Asks both sides who they are, before anything is read on either. */
import type { DirectoryIdentity } from "../core/ad-account.ts";
import type { ForestIdentity } from "../core/forest.ts";
import type { TenantIdentity } from "../core/snapshot.ts";
import type { Tenant } from "../ports/tenant.ts";
import { type IdentifiedSources, identifySources, type Sources } from "./identify-directories.ts";

/** Both sides after they have said who they are. */
export type Sides = { readonly tenant: TenantIdentity; readonly sources: IdentifiedSources };

/** Where a plan was made: for the record beside it, not part of it. */
export type Ground = {
  readonly tenant: TenantIdentity;
  readonly directories: readonly DirectoryIdentity[];
  readonly forests: readonly ForestIdentity[];
};

/** @throws {BatchError} directory or tenant; config: two entries are one domain; input: an export of AD */
export async function identifySides(
  { tenant, ...sources }: Sources & { readonly tenant: Tenant },
  signal: AbortSignal,
): Promise<Sides> {
  const [identity, identified] = await Promise.all([tenant.identify(signal), identifySources(sources, signal)]);
  return { tenant: identity, sources: identified };
}

/** What both have said, without the way to ask them more. */
export function groundOf({ tenant, sources }: Sides): Ground {
  return {
    tenant,
    directories: sources.directories.map(({ identity }) => identity),
    forests: sources.forests.map(({ identity }) => identity),
  };
}
