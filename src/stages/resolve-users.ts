/**
 * Finds the AD accounts that the mapping names.
 *
 * Values of the source key are asked for in groups, one search a group, several searches at once; a row without a domain
 * asks every directory that may hold it. The answer is judged per row in the core: nothing is guessed here.
 */
import type { AdAccount, DirectoryIdentity } from "../core/ad-account.ts";
import type { Mapping } from "../core/mapping.ts";
import { foldCase } from "../core/names.ts";
import { createPacker } from "../core/packing.ts";
import { indexAccounts, type Resolution, resolveMapping } from "../core/resolution.ts";
import { foldSourceValue, type SourceKey } from "../core/source-key.ts";
import { TextIndex } from "../core/text-index.ts";
import type { Directory } from "../ports/directory.ts";
import type { Progress } from "../ports/progress.ts";
import { findInGroups } from "./find-in-groups.ts";
import type { IdentifiedSources } from "./identify-directories.ts";
import { locateRows } from "./locate-accounts.ts";
import { addHints } from "./look-up-hints.ts";

export type ResolveScope = {
  /** What stands in the account column. */
  readonly sourceKey: SourceKey;
  readonly progress: Progress;
  readonly signal: AbortSignal;
};

/**
 * Keeps input order, one resolution a mapping.
 *
 * @throws {BatchError} directory: a directory could not be read whole; no row is then reported as missing.
 */
export async function resolveUsers(
  mappings: readonly Mapping[],
  sources: IdentifiedSources,
  { sourceKey, progress, signal }: ResolveScope,
): Promise<Resolution[]> {
  const located = await locateRows(mappings, sources, { sourceKey, signal });
  const asked = sources.directories.map(({ directory, identity }) => {
    const serves = ({ domain, account }: Mapping) =>
      isNamedBy(domain, identity) || (domain === null && located.mayHold(identity, account));
    return { directory, identity, values: listValues(mappings.filter(serves), sourceKey) };
  });
  const stage = progress.begin(
    "reading AD accounts",
    asked.reduce((sum, { values }) => sum + values.length, 0),
  );
  try {
    const pack = createPacker<AdAccount>(mappings.length);
    const found = await Promise.all(
      asked.map(async ({ directory, identity, values }) => ({
        domain: identity.domain,
        accounts: await findAll(directory, values, async (group) => {
          const accounts = await directory.findAccounts(sourceKey, group, signal);
          stage.advance(group.length);
          return accounts.map(pack);
        }),
      })),
    );
    const index = indexAccounts(found, sourceKey, located.elsewhere);
    const resolutions = mappings.map((mapping) => resolveMapping(mapping, index));
    return await addHints(resolutions, sources.directories, { sourceKey, signal });
  } finally {
    stage.end();
  }
}

function isNamedBy(domain: string | null, identity: DirectoryIdentity): boolean {
  return domain !== null && foldCase(domain) === foldCase(identity.domain);
}

/** Every value that these rows ask for, each once. */
function listValues(mappings: readonly Mapping[], sourceKey: SourceKey): string[] {
  return [...new Map(mappings.map(({ account }) => [foldSourceValue(sourceKey, account), account])).values()];
}

async function findAll(
  directory: Directory,
  values: readonly string[],
  search: (group: readonly string[]) => Promise<readonly AdAccount[]>,
): Promise<AdAccount[]> {
  const found = await findInGroups(directory, values, search);
  // Two groups may find one account: a DC folds accents, so `jose` and `josé` both return both.
  const places = new TextIndex(found.length);
  const accounts: AdAccount[] = [];
  for (const account of found) {
    const { objectGuid } = account;
    if (places.find(objectGuid).some((place) => accounts[place]?.objectGuid === objectGuid)) continue;
    places.add(objectGuid, accounts.push(account) - 1);
  }
  return accounts;
}
