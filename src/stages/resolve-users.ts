/**
 * Finds the AD accounts that the mapping names.
 *
 * Values of the source key are asked for in groups, one search a group, several searches at once; a row without a domain asks
 * every directory. The answer is judged per row in the core: nothing is guessed here.
 */
import pLimit from "p-limit";
import type { AdAccount, DirectoryIdentity } from "../core/ad-account.ts";
import type { Mapping } from "../core/mapping.ts";
import { foldCase } from "../core/names.ts";
import { indexAccounts, type Resolution, resolveMapping } from "../core/resolution.ts";
import { foldSourceValue, type SourceKey } from "../core/source-key.ts";
import type { Directory } from "../ports/directory.ts";
import type { Progress } from "../ports/progress.ts";

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
  directories: readonly Directory[],
  { sourceKey, progress, signal }: ResolveScope,
): Promise<Resolution[]> {
  const asked = directories.map((directory) => ({
    directory,
    values: valuesFor(directory, mappings, sourceKey),
  }));
  const stage = progress.begin(
    "reading AD accounts",
    asked.reduce((sum, { values }) => sum + values.length, 0),
  );
  try {
    const found = await Promise.all(
      asked.map(async ({ directory, values }) => ({
        domain: directory.domain,
        accounts: await findAll(directory, values, { sourceKey, advance: (count) => stage.advance(count), signal }),
      })),
    );
    const index = indexAccounts(found, sourceKey);
    return mappings.map((mapping) => resolveMapping(mapping, index));
  } finally {
    stage.end();
  }
}

/** Every value that this directory is to be asked for, each once. */
function valuesFor({ domain }: Directory, mappings: readonly Mapping[], sourceKey: SourceKey): string[] {
  const values = new Map<string, string>();
  for (const mapping of mappings) {
    if (mapping.domain === null || foldCase(mapping.domain) === foldCase(domain)) {
      values.set(foldSourceValue(sourceKey, mapping.account), mapping.account);
    }
  }
  return [...values.values()];
}

async function findAll(
  directory: Directory,
  values: readonly string[],
  {
    sourceKey,
    advance,
    signal,
  }: Pick<ResolveScope, "sourceKey" | "signal"> & { readonly advance: (count: number) => void },
): Promise<AdAccount[]> {
  const limit = pLimit(directory.concurrency);
  const found = await limit
    .map(chunk(values, directory.groupSize), async (group) => {
      const accounts = await directory.findAccounts(sourceKey, group, signal);
      advance(group.length);
      return accounts;
    })
    .finally(() => limit.clearQueue()); // after a rejection p-limit would carry on with its queue
  // Two groups may find one account: a DC folds accents, so `jose` and `josé` both return both.
  return [...new Map(found.flat().map((account) => [account.objectGuid, account])).values()];
}

function chunk<Value>(values: readonly Value[], size: number): Value[][] {
  const chunks: Value[][] = [];
  for (let start = 0; start < values.length; start += size) chunks.push(values.slice(start, start + size));
  return chunks;
}

/** Asks every directory who it is, at the same time. @throws {BatchError} directory or config */
export function identifyDirectories(
  directories: readonly Directory[],
  signal: AbortSignal,
): Promise<DirectoryIdentity[]> {
  return Promise.all(directories.map((directory) => directory.identify(signal)));
}
