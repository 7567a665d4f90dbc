/**
 * The people of a whole batch, found again by what belongs to one person only.
 *
 * It tells which other row an account or a user belongs to, and which facts are placeholders: an employee number
 * `0000-na` on four hundred accounts identifies nobody.
 */
import type { AdAccount } from "./ad-account.ts";
import { type IdentityProfile, leaveOutCommon, profileAccount, profileUser } from "./identity-profile.ts";
import type { CloudUser } from "./snapshot.ts";

/** A row of the mapping as both sides answered; a side that was not found is `null` and only keeps its place. */
export type IdentityPair = {
  /** Line number in the mapping file. */
  readonly row: number;
  readonly account: AdAccount | null;
  readonly user: CloudUser | null;
};

export type ProfiledPair = IdentityPair & {
  readonly left: IdentityProfile | null;
  readonly right: IdentityProfile | null;
};

/** More holders than this on one side, and a value is taken for a placeholder, a full name for a common one. */
export const MOST_HOLDERS = 3;

/** Profiles both sides of every row; what too many hold is taken out. */
export function profilePairs(pairs: readonly IdentityPair[]): readonly ProfiledPair[] {
  const profiled = pairs.map((pair) => ({
    ...pair,
    left: pair.account === null ? null : profileAccount(pair.account),
    right: pair.user === null ? null : profileUser(pair.user),
  }));
  const common = new Set([
    ...listCommonKeys(profiled.map(({ account, left }) => ({ id: account?.objectGuid, profile: left }))),
    ...listCommonKeys(profiled.map(({ user, right }) => ({ id: user?.id, profile: right }))),
  ]);
  if (common.size === 0) return profiled;
  return profiled.map((pair) => ({
    ...pair,
    left: pair.left === null ? null : leaveOutCommon(pair.left, common),
    right: pair.right === null ? null : leaveOutCommon(pair.right, common),
  }));
}

/** @param people Who they are and what they hold; somebody on several rows is one holder. */
function* listCommonKeys(
  people: readonly { readonly id: string | undefined; readonly profile: IdentityProfile | null }[],
): Generator<string> {
  const holders = new Map<string, number>();
  const seen = new Set<string>();
  for (const { id, profile } of people) {
    if (id === undefined || profile === null || seen.has(id)) continue;
    seen.add(id);
    for (const key of profile.firmKeys) {
      const count = (holders.get(key) ?? 0) + 1;
      holders.set(key, count);
      if (count === MOST_HOLDERS + 1) yield key;
    }
  }
}

/** Places, counted from 0 in the order of the pairs, of those who hold a key. */
export type KeyIndex = {
  /**
   * Places that share one of the keys, each once. Keys with more than {@link MOST_HOLDERS} places point nowhere, so the
   * answer is short and the cost of a whole batch stays near its length.
   */
  find(keys: readonly string[]): ReadonlySet<number>;
};

export function indexKeys(
  profiles: readonly (IdentityProfile | null)[],
  keysOf: (profile: IdentityProfile) => readonly string[],
): KeyIndex {
  const placesOfKey = new Map<string, number[]>();
  for (const [place, profile] of profiles.entries()) {
    if (profile === null) continue;
    for (const key of keysOf(profile)) {
      const places = placesOfKey.get(key);
      if (places === undefined) placesOfKey.set(key, [place]);
      // One more than counts is enough to know that there are too many.
      else if (places.length <= MOST_HOLDERS && places.at(-1) !== place) places.push(place);
    }
  }
  return {
    find(keys) {
      const found = new Set<number>();
      for (const key of keys) {
        const places = placesOfKey.get(key) ?? [];
        if (places.length <= MOST_HOLDERS) for (const place of places) found.add(place);
      }
      return found;
    },
  };
}
