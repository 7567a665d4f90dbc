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
import { createGetters } from "./shared-getters.ts";
import type { SourceHint } from "./source-hints.ts";
import {
  DEFAULT_SOURCE_KEY,
  foldNearSourceValue,
  foldSourceValue,
  readSourceValue,
  type SourceKey,
} from "./source-key.ts";
import { TextIndex } from "./text-index.ts";

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

/** Accounts of one domain by what stands in the source key's attribute. */
type FoundInDomain = {
  /** With this value, case aside. */
  exact(value: string): readonly AdAccount[];
  /** With a value that a directory may hold for the same. */
  near(value: string): readonly AdAccount[];
};

/** Accounts that were found, ready to be matched with mappings. */
export type FoundAccounts = {
  readonly key: SourceKey;
  readonly domains: ReadonlyMap<string, FoundInDomain>;
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
  const indexBy = (accounts: readonly AdAccount[], fold: (key: SourceKey, value: string) => string) => {
    const index = new TextIndex(accounts.length);
    for (const [place, account] of accounts.entries()) {
      const value = readSourceValue(account, key);
      // An account without the attribute is found by nothing, not even by the empty text.
      if (value !== null) index.add(fold(key, value), place);
    }
    return (value: string): readonly AdAccount[] => {
      const folded = fold(key, value);
      const found = index.find(folded).flatMap((place) => accounts[place] ?? []);
      return found.filter((account) => fold(key, readSourceValue(account, key) ?? "") === folded);
    };
  };
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

/** One for all rows. */
const NOBODY: readonly never[] = [];

/** What becomes of nearly every mapping: one account has the value, and no other is held for the same. */
const resolveToOne = createGetters<Mapping, AdAccount, Resolution>({
  mapping: (mapping) => mapping,
  exact: (_, account) => [account],
  near: () => NOBODY,
  unknownDomain: () => false,
  elsewhere: () => NOBODY,
  hints: () => NOBODY,
});

/** The accounts for one mapping: from its own domain where it names one, else from every domain. */
export function resolveMapping(mapping: Mapping, { key, domains, elsewhere }: FoundAccounts): Resolution {
  const named = mapping.domain === null ? null : domains.get(foldCase(mapping.domain));
  const asked = mapping.domain === null ? [...domains.values()] : named === undefined || named === null ? [] : [named];
  const exact = asked.flatMap((domain) => domain.exact(mapping.account));
  const near = asked.flatMap((domain) => domain.near(mapping.account)).filter((account) => !exact.includes(account));
  const outside = mapping.domain === null ? elsewhere.get(foldSourceValue(key, mapping.account)) : undefined;
  const [account] = exact;
  if (account !== undefined && exact.length === 1 && near.length === 0 && outside === undefined)
    return resolveToOne(mapping, account);
  return {
    mapping,
    exact,
    near,
    unknownDomain: mapping.domain !== null && named === undefined,
    elsewhere: outside ?? NOBODY,
    hints: NOBODY,
  };
}
