/**
 * The people of a whole batch, found again by what belongs to one person only.
 *
 * It tells which other row an account or a user belongs to, and which facts are placeholders: an employee number
 * `0000-na` on four hundred accounts identifies nobody.
 */
import type { AdAccount } from "./ad-account.ts";
import { type IdentityProfile, leaveOutCommon, profileAccount, profileUser } from "./identity-profile.ts";
import { RoughCounts } from "./rough-counts.ts";
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

/**
 * Rows whose profiles are kept once they are made. In a larger batch each is made anew whenever it is asked for, which
 * for nearly all rows is twice more: all together, 5 KiB a row, they would take more memory than everything else that a
 * plan holds.
 */
const MOST_KEPT = 2_000;

/** Profiles both sides of every row; what too many hold is taken out. */
export function profilePairs(pairs: readonly IdentityPair[]): readonly ProfiledPair[] {
  const keep = pairs.length <= MOST_KEPT;
  const nothing: ReadonlySet<string> = new Set();
  const profiled = pairs.map((pair) => new LazyPair(pair, nothing, keep));
  const common = new Set([
    ...listCommonKeys(
      profiled,
      ({ account }) => account?.objectGuid,
      ({ left }) => left,
    ),
    ...listCommonKeys(
      profiled,
      ({ user }) => user?.id,
      ({ right }) => right,
    ),
  ]);
  return common.size === 0 ? profiled : profiled.map((pair) => pair.without(common));
}

class LazyPair implements ProfiledPair {
  readonly row: number;
  readonly account: AdAccount | null;
  readonly user: CloudUser | null;
  readonly #common: ReadonlySet<string>;
  readonly #keep: boolean;
  #left: IdentityProfile | null = null;
  #right: IdentityProfile | null = null;

  constructor({ row, account, user }: IdentityPair, common: ReadonlySet<string>, keep: boolean) {
    this.row = row;
    this.account = account;
    this.user = user;
    this.#common = common;
    this.#keep = keep;
  }

  get left(): IdentityProfile | null {
    if (this.account === null || this.#left !== null) return this.#left;
    const made = leaveOutCommon(profileAccount(this.account), this.#common);
    if (this.#keep) this.#left = made;
    return made;
  }

  get right(): IdentityProfile | null {
    if (this.user === null || this.#right !== null) return this.#right;
    const made = leaveOutCommon(profileUser(this.user), this.#common);
    if (this.#keep) this.#right = made;
    return made;
  }

  /** The same pair, without what too many hold. */
  without(common: ReadonlySet<string>): LazyPair {
    const pair = new LazyPair(this, common, this.#keep);
    if (this.#left !== null) pair.#left = leaveOutCommon(this.#left, common);
    if (this.#right !== null) pair.#right = leaveOutCommon(this.#right, common);
    return pair;
  }
}

/**
 * Keys that too many hold; somebody on several rows is one holder. Nearly every key is held by one person, and a count
 * for each would be the largest table of a plan: so only keys are counted that a rough count leaves over.
 */
function* listCommonKeys(
  pairs: readonly ProfiledPair[],
  idOf: (pair: ProfiledPair) => string | undefined,
  profileOf: (pair: ProfiledPair) => IdentityProfile | null,
): Generator<string> {
  const rough = new RoughCounts(pairs.length * KEYS_PER_PERSON);
  for (const { firmKeys } of listHolders(pairs, idOf, profileOf)) for (const key of firmKeys) rough.add(key);
  if (rough.most <= MOST_HOLDERS) return;
  const holders = new Map<string, number>();
  for (const { firmKeys } of listHolders(pairs, idOf, profileOf)) {
    for (const key of firmKeys) {
      if (rough.atMost(key) <= MOST_HOLDERS) continue;
      const count = (holders.get(key) ?? 0) + 1;
      holders.set(key, count);
      if (count === MOST_HOLDERS + 1) yield key;
    }
  }
}

/** About as many as most people have: an address or two, a login, a SID, a number, two forms of the name. */
const KEYS_PER_PERSON = 8;

/** The profile of each person once. */
function* listHolders(
  pairs: readonly ProfiledPair[],
  idOf: (pair: ProfiledPair) => string | undefined,
  profileOf: (pair: ProfiledPair) => IdentityProfile | null,
): Generator<IdentityProfile> {
  const seen = new Set<string>();
  for (const pair of pairs) {
    const id = idOf(pair);
    if (id === undefined || seen.has(id)) continue;
    const profile = profileOf(pair);
    if (profile === null) continue;
    seen.add(id);
    yield profile;
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

/** @param asked The only keys that will be looked for; `null` is any. */
export function indexKeys(
  profiles: Iterable<IdentityProfile | null>,
  keysOf: (profile: IdentityProfile) => readonly string[],
  asked: ReadonlySet<string> | null = null,
): KeyIndex {
  const placesOfKey = new Map<string, number[]>();
  let next = 0;
  for (const profile of profiles) {
    const place = next;
    next += 1;
    if (profile === null) continue;
    for (const key of keysOf(profile)) {
      if (asked !== null && !asked.has(key)) continue;
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
