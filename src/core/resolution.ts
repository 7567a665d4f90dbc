/**
 * Which of the accounts that a directory offered are the ones a mapping asked for.
 *
 * A Windows DC also answers `jose` with `josé` (MS-ADTS 6.5.1). Taking that answer gives one person
 * another's mailbox, so every returned value is compared again here, case aside, letter by letter.
 */
import type { AdAccount } from "./ad-account.ts";
import type { LocatedAccount } from "./forest.ts";
import type { Mapping } from "./mapping.ts";
import { foldCase } from "./names.ts";
import type { SourceHint } from "./source-hints.ts";
import {
  DEFAULT_SOURCE_KEY,
  foldNearSourceValue,
  foldSourceValue,
  readSourceValue,
  type SourceKey,
} from "./source-key.ts";

export type Resolution = {
  readonly mapping: Mapping;
  /** Accounts with exactly the value asked for, case aside. One is what everybody hopes for. */
  readonly exact: readonly AdAccount[];
  /** Accounts that the directory held for the same and that are not. */
  readonly near: readonly AdAccount[];
  /** The mapping names a domain that no configured directory serves. */
  readonly unknownDomain: boolean;
  /** Accounts of the value in domains of the forest that no configured directory serves. */
  readonly elsewhere: readonly LocatedAccount[];
  /** What may have happened to a value that nobody has; never used to choose an account. */
  readonly hints: readonly SourceHint[];
};

/** The one account that a row means; `undefined` when there is none, or another one of the value somewhere. */
export function soleAccount({ exact, elsewhere }: Resolution): AdAccount | undefined {
  return exact.length === 1 && elsewhere.length === 0 ? exact[0] : undefined;
}

/** Accounts that were found, ready to be matched with mappings. */
export type FoundAccounts = {
  readonly key: SourceKey;
  readonly domains: ReadonlyMap<
    string,
    { readonly exact: Map<string, AdAccount[]>; readonly near: Map<string, AdAccount[]> }
  >;
  readonly elsewhere: ReadonlyMap<string, readonly LocatedAccount[]>;
};

/**
 * Indexes what each domain's directory returned, by domain name (case aside).
 *
 * @param elsewhere Accounts in domains that no directory serves.
 */
export function indexAccounts(
  found: readonly { readonly domain: string; readonly accounts: readonly AdAccount[] }[],
  key: SourceKey = DEFAULT_SOURCE_KEY,
  elsewhere: readonly LocatedAccount[] = [],
): FoundAccounts {
  // An account without the attribute is found by nothing, not even by the empty text.
  const indexBy = (accounts: readonly AdAccount[], fold: (key: SourceKey, value: string) => string) =>
    Map.groupBy(
      accounts.filter((account) => readSourceValue(account, key) !== null),
      (account) => fold(key, readSourceValue(account, key) ?? ""),
    );
  return {
    key,
    domains: new Map(
      found.map(({ domain, accounts }) => [
        foldCase(domain),
        { exact: indexBy(accounts, foldSourceValue), near: indexBy(accounts, foldNearSourceValue) },
      ]),
    ),
    elsewhere: Map.groupBy(elsewhere, ({ value }) => foldSourceValue(key, value)),
  };
}

/** The accounts for one mapping: from its own domain where it names one, else from every domain. */
export function resolveMapping(mapping: Mapping, { key, domains, elsewhere }: FoundAccounts): Resolution {
  const named = mapping.domain === null ? null : domains.get(foldCase(mapping.domain));
  const asked = mapping.domain === null ? [...domains.values()] : named === undefined || named === null ? [] : [named];
  const exact = asked.flatMap((domain) => domain.exact.get(foldSourceValue(key, mapping.account)) ?? []);
  const near = asked
    .flatMap((domain) => domain.near.get(foldNearSourceValue(key, mapping.account)) ?? [])
    .filter((account) => !exact.includes(account));
  return {
    mapping,
    exact,
    near,
    unknownDomain: mapping.domain !== null && named === undefined,
    elsewhere: mapping.domain === null ? (elsewhere.get(foldSourceValue(key, mapping.account)) ?? []) : [],
    hints: [],
  };
}
