/**
 * Finds the AD accounts that the mapping names.
 *
 * Names are asked for in groups, one search a group, several searches at once; a row without a domain asks
 * every directory. The answer is judged per row in the core: nothing is guessed here.
 */
import pLimit from "p-limit";
import type { AdAccount, DirectoryIdentity } from "../core/ad-account.ts";
import type { Mapping } from "../core/mapping.ts";
import { foldCase } from "../core/names.ts";
import { indexAccounts, type Resolution, resolveMapping } from "../core/resolution.ts";
import { DEFAULT_SOURCE_KEY } from "../core/source-key.ts";
import type { Directory } from "../ports/directory.ts";
import type { Progress } from "../ports/progress.ts";

/**
 * Keeps input order, one resolution a mapping.
 *
 * @throws {BatchError} directory: a directory could not be read whole; no row is then reported as missing.
 */
export async function resolveUsers(
  mappings: readonly Mapping[],
  directories: readonly Directory[],
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<Resolution[]> {
  const asked = directories.map((directory) => ({ directory, names: namesFor(directory, mappings) }));
  const stage = progress.begin(
    "reading AD accounts",
    asked.reduce((sum, { names }) => sum + names.length, 0),
  );
  try {
    const found = await Promise.all(
      asked.map(async ({ directory, names }) => ({
        domain: directory.domain,
        accounts: await findAll(directory, names, (count) => stage.advance(count), signal),
      })),
    );
    const index = indexAccounts(found);
    return mappings.map((mapping) => resolveMapping(mapping, index));
  } finally {
    stage.end();
  }
}

/** Every name that this directory is to be asked for, each once. */
function namesFor({ domain }: Directory, mappings: readonly Mapping[]): string[] {
  const names = new Map<string, string>();
  for (const mapping of mappings) {
    if (mapping.domain === null || foldCase(mapping.domain) === foldCase(domain)) {
      names.set(foldCase(mapping.account), mapping.account);
    }
  }
  return [...names.values()];
}

async function findAll(
  directory: Directory,
  names: readonly string[],
  advance: (count: number) => void,
  signal: AbortSignal,
): Promise<AdAccount[]> {
  const limit = pLimit(directory.concurrency);
  const found = await limit
    .map(chunk(names, directory.groupSize), async (group) => {
      const accounts = await directory.findAccounts(DEFAULT_SOURCE_KEY, group, signal);
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
