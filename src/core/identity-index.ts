/**
 * The people of a whole batch, found again by what belongs to one person only.
 *
 * It tells which other row an account or a user belongs to, and which facts are placeholders: an employee number
 * `0000-na` on four hundred accounts identifies nobody.
 */
import type { AdAccount } from "./ad-account.ts";
import { type IdentityProfile, leaveOutCommon, profileAccount, profileUser } from "./identity-profile.ts";
import { MOST_HOLDERS, type SurveyedPair, surveyPairs } from "./identity-survey.ts";
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
  /** Both sides share an address, a login, a number or a SID of one person: they agree firmly. No says nothing. */
  readonly agreesSurely: boolean;
};

/**
 * Rows whose profiles are kept once they are made. In a larger batch each is made anew whenever it is asked for, which
 * for nearly all rows is never: all together, 5 KiB a row, they would take more memory than everything else that a
 * plan holds.
 */
const MOST_KEPT = 2_000;

/** Profiles both sides of every row; what too many hold is taken out. */
export function profilePairs(pairs: readonly IdentityPair[]): readonly ProfiledPair[] {
  const keep = pairs.length <= MOST_KEPT;
  const profiled = pairs.map((pair) => new LazyPair(pair, keep));
  const { listCommon, agreesSurely } = surveyPairs(profiled);
  const doubtful = listCommon(profiled.flatMap((_, place) => (agreesSurely(place) ? [] : [place])));
  let known: ReadonlySet<string> | undefined;
  // Whoever agrees surely is asked about only where the whole column may have been moved.
  const all = () => {
    known ??= listCommon();
    return known;
  };
  for (const [place, pair] of profiled.entries()) {
    const isSure = agreesSurely(place);
    pair.learn(isSure ? all : () => doubtful, isSure);
  }
  return profiled;
}

/** What was made of a pair already. */
type Kept = {
  wholeLeft?: IdentityProfile;
  wholeRight?: IdentityProfile;
  left?: IdentityProfile | null;
  right?: IdentityProfile | null;
};

class LazyPair implements ProfiledPair, SurveyedPair {
  readonly row: number;
  readonly account: AdAccount | null;
  readonly user: CloudUser | null;
  agreesSurely = false;
  readonly #kept: Kept | null;
  #common: () => ReadonlySet<string> = () => new Set();

  constructor({ row, account, user }: IdentityPair, keep: boolean) {
    this.row = row;
    this.account = account;
    this.user = user;
    this.#kept = keep ? {} : null;
  }

  get left(): IdentityProfile | null {
    if (this.#kept === null) return this.#withoutCommon(this.wholeLeft);
    this.#kept.left ??= this.#withoutCommon(this.wholeLeft);
    return this.#kept.left;
  }

  get right(): IdentityProfile | null {
    if (this.#kept === null) return this.#withoutCommon(this.wholeRight);
    this.#kept.right ??= this.#withoutCommon(this.wholeRight);
    return this.#kept.right;
  }

  get wholeLeft(): IdentityProfile | null {
    if (this.account === null) return null;
    if (this.#kept === null) return profileAccount(this.account);
    this.#kept.wholeLeft ??= profileAccount(this.account);
    return this.#kept.wholeLeft;
  }

  get wholeRight(): IdentityProfile | null {
    if (this.user === null) return null;
    if (this.#kept === null) return profileUser(this.user);
    this.#kept.wholeRight ??= profileUser(this.user);
    return this.#kept.wholeRight;
  }

  /** To be called before the first profile is asked for. @param common What its profiles are without. */
  learn(common: () => ReadonlySet<string>, agreesSurely: boolean): void {
    this.#common = common;
    this.agreesSurely = agreesSurely;
  }

  #withoutCommon(whole: IdentityProfile | null): IdentityProfile | null {
    return whole === null ? null : leaveOutCommon(whole, this.#common());
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
