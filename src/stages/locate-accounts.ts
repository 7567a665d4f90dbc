/**
 * Asks the Global Catalogs in which domains of their forests the rows without a domain lie.
 *
 * Only a domain's own controller tells a source anchor, so the directories of the domains that are named here are then
 * asked: that is the second read. A value that the catalog does not know at all is asked everywhere, since it may lag
 * behind by a replication cycle; so is every row in a directory of a forest without a catalog.
 */
import type { DirectoryIdentity } from "../core/ad-account.ts";
import { domainOfDn, type LocatedAccount } from "../core/forest.ts";
import type { Mapping } from "../core/mapping.ts";
import { foldNearSourceValue, foldSourceValue, type SourceKey } from "../core/source-key.ts";
import { findInGroups } from "./find-in-groups.ts";
import type { IdentifiedSources } from "./identify-directories.ts";

export type LocatedRows = {
  /** Whether a row without a domain may find its account in this directory. */
  mayHold(identity: DirectoryIdentity, value: string): boolean;
  /** Accounts in domains that no directory serves, of these values or such as the catalog holds for equal. */
  readonly elsewhere: readonly LocatedAccount[];
};

/** @throws {BatchError} directory: a catalog could not be read whole. */
export async function locateRows(
  mappings: readonly Mapping[],
  { directories, forests }: IdentifiedSources,
  { sourceKey, signal }: { readonly sourceKey: SourceKey; readonly signal: AbortSignal },
): Promise<LocatedRows> {
  if (forests.length === 0) return { mayHold: () => true, elsewhere: [] };
  const domains = forests.flatMap(({ identity }) => identity.domains);
  const bare = mappings.filter(({ domain }) => domain === null).map(({ account }) => account);
  const values = [...new Map(bare.map((value) => [foldSourceValue(sourceKey, value), value])).values()];
  const found = await Promise.all(
    forests.map(({ forest }) =>
      findInGroups(forest, values, (group) => forest.locateAccounts(sourceKey, group, signal)),
    ),
  );
  // Catalogs of one forest, and groups of names that differ in an accent, find the same account.
  const located = [...new Map(found.flat().map((account) => [account.dn, account])).values()];
  const holds = new Set(located.map(({ domain, value }) => placeOf(domain.dn, foldNearSourceValue(sourceKey, value))));
  const known = new Set(located.map(({ value }) => foldNearSourceValue(sourceKey, value)));
  const served = new Set(directories.map(({ identity }) => domainOfDn(identity.baseDn, domains)?.dn));
  return {
    mayHold({ baseDn }, value) {
      const domain = domainOfDn(baseDn, domains);
      const folded = foldNearSourceValue(sourceKey, value);
      return domain === null || !known.has(folded) || holds.has(placeOf(domain.dn, folded));
    },
    elsewhere: located.filter(({ domain }) => !served.has(domain.dn)),
  };
}

function placeOf(domainDn: string, foldedValue: string): string {
  return `${domainDn}\n${foldedValue}`;
}
