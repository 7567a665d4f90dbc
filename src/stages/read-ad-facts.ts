/** Asks the domains what only they can tell of the rows that write into AD. */
import type { AdAccount } from "../core/ad-account.ts";
import { type AdFacts, indexAnchorHolders, NO_AD_FACTS, nameOfAccount } from "../core/ad-facts.ts";
import type { Change } from "../core/change.ts";
import { requireWritableSources } from "../core/directory-source.ts";
import { BatchError, nameSome } from "../core/errors.ts";
import type { Guid } from "../core/guid.ts";
import { foldCase } from "../core/names.ts";
import type { AnchorQuestions } from "../core/plan-questions.ts";
import { countOf } from "../core/words.ts";
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
  const stage = progress.begin("reading the source anchors in AD, domain by domain", sources.directories.length);
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

/**
 * Looks before the first write whether the account that signs in may make those that are due in AD. Of a plan that is
 * checked anew before it is applied the checks say so; the way back is not, and would be refused row by row.
 *
 * @throws {BatchError} directory: an account may not be written, or a domain cannot be read. input: a domain is a file.
 */
export async function requireWritableAccounts(
  due: readonly Pick<Change, "side" | "objectId">[],
  sources: IdentifiedSources | null,
  signal: AbortSignal,
): Promise<void> {
  const guids = [...new Set(due.filter(({ side }) => side === "ad").map(({ objectId }) => objectId))];
  if (sources === null || guids.length === 0) return;
  const [accounts, writable] = await Promise.all([
    readAccounts(guids, sources, signal),
    Promise.all(
      sources.directories.map(({ directory }) =>
        findInGroups(directory, guids, (group) => directory.findWritable(group, signal)),
      ),
    ),
  ]);
  requireWritableSources(listIdentities(sources), [...accounts.values()]);
  const permitted = new Set(writable.flat());
  // One that is gone is no matter of rights: the writer finds it so, and says so.
  const barred = [...accounts.values()].filter(({ objectGuid }) => !permitted.has(objectGuid));
  if (barred.length === 0) return;
  throw new BatchError(
    "directory",
    `The account that signs in may not write mS-DS-ConsistencyGuid of ${countOf(barred.length, "account")} that this run writes. Nothing was written now.`,
    "Give it that right on them (hardmatch explain write-not-permitted), or sign in with an account that has it; then run the same command again.",
    { details: nameSome(barred.map(nameOfAccount), "plan.csv, side ad") },
  );
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
