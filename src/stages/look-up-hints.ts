/**
 * Looks up what may have happened to values that no directory knows; see core/source-hints.ts.
 *
 * A column that is wrong from top to bottom needs no hint at every row, and must not double the searches of a plan: only
 * the first {@link MOST_HINTED_ROWS} rows are looked into.
 */
import type { AdAccount } from "../core/ad-account.ts";
import { foldCase } from "../core/names.ts";
import type { Resolution } from "../core/resolution.ts";
import { askAbout, type FindHints, type HintCandidate, indexHints } from "../core/source-hints.ts";
import { readSourceValue, type SourceKey } from "../core/source-key.ts";
import { findInGroups } from "./find-in-groups.ts";
import type { IdentifiedDirectory } from "./identify-directories.ts";

export const MOST_HINTED_ROWS = 1000;

/**
 * @returns The same resolutions in the same order, those that found nobody with hints where there are some.
 * @throws {BatchError} directory
 */
export async function addHints(
  resolutions: readonly Resolution[],
  directories: readonly IdentifiedDirectory[],
  { sourceKey, signal }: { readonly sourceKey: SourceKey; readonly signal: AbortSignal },
): Promise<Resolution[]> {
  const puzzling = resolutions.filter(isPuzzling).slice(0, MOST_HINTED_ROWS);
  const candidates = await Promise.all(
    directories.map((directory) => findCandidates(directory, puzzling, { sourceKey, signal })),
  );
  const findHints: FindHints = indexHints(sourceKey, candidates.flat());
  const hinted = new Set(puzzling);
  return resolutions.map((resolution) =>
    hinted.has(resolution) ? { ...resolution, hints: findHints(resolution.mapping) } : resolution,
  );
}

function isPuzzling({ exact, near, unknownDomain }: Resolution): boolean {
  return exact.length === 0 && near.length === 0 && !unknownDomain;
}

async function findCandidates(
  { directory, identity: { domain } }: IdentifiedDirectory,
  puzzling: readonly Resolution[],
  { sourceKey, signal }: { readonly sourceKey: SourceKey; readonly signal: AbortSignal },
): Promise<HintCandidate[]> {
  const rows = puzzling
    .map(({ mapping }) => mapping)
    .filter((mapping) => mapping.domain === null || foldCase(mapping.domain) === foldCase(domain));
  const questions = rows.map(({ account }) => ({ account, ...askAbout(sourceKey, account) }));
  const byKey = async (key: SourceKey, asked: readonly string[]) => {
    const accounts = await findInGroups(directory, [...new Set(asked)], (group) =>
      directory.findAccounts(key, group, signal),
    );
    return accounts.flatMap((account) => candidateOf(account, key, domain));
  };
  const names = await findInGroups(
    directory,
    [...new Set(questions.flatMap(({ beginning }) => beginning ?? []))],
    (group) => directory.findNamesBeginningWith(group, signal),
  );
  const lookUps = [
    { key: "sAMAccountName", asked: questions.flatMap(({ padded }) => padded) },
    ...(["userPrincipalName", "mail"] as const).map((key) => ({
      key,
      asked: questions.filter(({ otherKeys }) => otherKeys.includes(key)).map(({ account }) => account),
    })),
  ] as const;
  const found: HintCandidate[] = [];
  for (const { key, asked } of lookUps) found.push(...(await byKey(key, asked)));
  return [
    ...found,
    ...names.map((name) => ({ domain, key: "sAMAccountName" as const, value: name, accountName: name })),
  ];
}

function candidateOf(account: AdAccount, key: SourceKey, domain: string): HintCandidate[] {
  const value = readSourceValue(account, key);
  return value === null ? [] : [{ domain, key, value, accountName: account.accountName }];
}
