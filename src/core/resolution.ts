/**
 * Which of the accounts that a directory offered are the ones a mapping asked for.
 *
 * A Windows DC also answers `jose` with `josé` (MS-ADTS 6.5.1). Taking that answer gives one person
 * another's mailbox, so every returned name is compared again here, case aside, letter by letter.
 */
import type { AdAccount } from "./ad-account.ts";
import type { Mapping } from "./mapping.ts";
import { foldAccents, foldCase } from "./names.ts";

export type Resolution = {
  readonly mapping: Mapping;
  /** Accounts with exactly the name asked for, case aside. One is what everybody hopes for. */
  readonly exact: readonly AdAccount[];
  /** Accounts that the directory held for the same name and that are not. */
  readonly near: readonly AdAccount[];
  /** The mapping names a domain that no configured directory serves. */
  readonly unknownDomain: boolean;
};

/** Accounts that were found, ready to be matched with mappings. */
export type FoundAccounts = ReadonlyMap<
  string,
  { readonly exact: Map<string, AdAccount[]>; readonly near: Map<string, AdAccount[]> }
>;

/** Indexes what each domain's directory returned, by domain name (case aside). */
export function indexAccounts(
  found: readonly { readonly domain: string; readonly accounts: readonly AdAccount[] }[],
): FoundAccounts {
  return new Map(
    found.map(({ domain, accounts }) => [
      foldCase(domain),
      {
        exact: Map.groupBy(accounts, ({ accountName }) => foldCase(accountName)),
        near: Map.groupBy(accounts, ({ accountName }) => foldAccents(accountName)),
      },
    ]),
  );
}

/** The accounts for one mapping: from its own domain where it names one, else from every domain. */
export function resolveMapping(mapping: Mapping, found: FoundAccounts): Resolution {
  const named = mapping.domain === null ? null : found.get(foldCase(mapping.domain));
  const domains = mapping.domain === null ? [...found.values()] : named === undefined || named === null ? [] : [named];
  const exact = domains.flatMap((domain) => domain.exact.get(foldCase(mapping.account)) ?? []);
  const near = domains
    .flatMap((domain) => domain.near.get(foldAccents(mapping.account)) ?? [])
    .filter((account) => !exact.includes(account));
  return { mapping, exact, near, unknownDomain: mapping.domain !== null && named === undefined };
}
