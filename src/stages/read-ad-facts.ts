/** Asks the domains what only they can tell of the rows that write into AD. */
import type { AdAccount } from "../core/ad-account.ts";
import { type AdFacts, indexAnchorHolders, NO_AD_FACTS } from "../core/ad-facts.ts";
import { requireWritableSources } from "../core/directory-source.ts";
import type { Guid } from "../core/guid.ts";
import { foldCase } from "../core/names.ts";
import type { AnchorQuestions } from "../core/plan-batch.ts";
import type { Progress } from "../ports/progress.ts";
import { findInGroups } from "./find-in-groups.ts";
import type { IdentifiedSources } from "./identify-directories.ts";
import { listIdentities } from "./identify-sides.ts";

type Scope = { readonly progress: Progress; readonly signal: AbortSignal };

/**
 * Who holds the values that are to be written, and which accounts may be written. Asks nothing where no row writes into
 * AD; otherwise every domain goes through all its users once, since no index finds a ConsistencyGuid.
 *
 * @throws {BatchError} directory: a domain cannot be read whole. input: an account stands in an export, which nobody
 *   can write to.
 */
export async function readAdFacts(
  { immutableIds, accounts }: AnchorQuestions,
  sources: IdentifiedSources,
  { progress, signal }: Scope,
): Promise<AdFacts> {
  if (accounts.length === 0) return NO_AD_FACTS;
  requireWritableSources(listIdentities(sources), accounts);
  const stage = progress.begin("reading the source anchors in AD", sources.directories.length);
  try {
    const found = await Promise.all(
      sources.directories.map(async ({ directory, identity }) => {
        const holders = immutableIds.size === 0 ? [] : await directory.findAnchorHolders(immutableIds, signal);
        const own = accounts.filter(({ domain }) => foldCase(domain) === foldCase(identity.domain));
        const guids = [...new Set(own.map(({ objectGuid }) => objectGuid))];
        const writable = await findInGroups(directory, guids, (group) => directory.findWritable(group, signal));
        stage.advance(1);
        return { holders, writable };
      }),
    );
    return {
      anchorHolders: indexAnchorHolders(found.flatMap(({ holders }) => holders)),
      writable: new Set(found.flatMap(({ writable }) => writable)),
    };
  } finally {
    stage.end();
  }
}

/** Accounts by objectGUID, wherever they lie by now. @throws {BatchError} directory */
export async function readAccounts(
  guids: readonly Guid[],
  sources: IdentifiedSources,
  signal: AbortSignal,
): Promise<ReadonlyMap<Guid, AdAccount>> {
  const found = await Promise.all(
    sources.directories.map(({ directory }) =>
      findInGroups(directory, [...new Set(guids)], (group) => directory.findAccounts("objectGUID", group, signal)),
    ),
  );
  return new Map(found.flat().map((account) => [account.objectGuid, account]));
}
