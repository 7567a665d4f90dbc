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
  const ofDoubtful = listCommon(profiled.flatMap((_, place) => (agreesSurely(place) ? [] : [place])));
  const learnt = () => ofDoubtful;
  let ofAll: ReadonlySet<string> | undefined;
  // Whoever agrees surely is asked about only where two rows or more disagree, and a shift is looked for.
  const learntOfAll = () => {
    ofAll ??= listCommon();
    return ofAll;
  };
  for (const [place, pair] of profiled.entries()) {
    const isSure = agreesSurely(place);
    pair.learn(isSure ? learntOfAll : learnt, isSure);
  }
  return profiled;
}

class LazyPair implements ProfiledPair, SurveyedPair {
  readonly row: number;
  readonly account: AdAccount | null;
  readonly user: CloudUser | null;
  agreesSurely = false;
  readonly #keep: boolean;
  #common: () => ReadonlySet<string> = () => new Set();
  #left: IdentityProfile | null = null;
  #right: IdentityProfile | null = null;

  constructor({ row, account, user }: IdentityPair, keep: boolean) {
    this.row = row;
    this.account = account;
    this.user = user;
    this.#keep = keep;
  }

  get wholeLeft(): IdentityProfile | null {
    return this.account === null ? null : profileAccount(this.account);
  }

  get wholeRight(): IdentityProfile | null {
    return this.user === null ? null : profileUser(this.user);
  }

  get left(): IdentityProfile | null {
    if (this.account === null || this.#left !== null) return this.#left;
    const made = leaveOutCommon(profileAccount(this.account), this.#common());
    if (this.#keep) this.#left = made;
    return made;
  }

  get right(): IdentityProfile | null {
    if (this.user === null || this.#right !== null) return this.#right;
    const made = leaveOutCommon(profileUser(this.user), this.#common());
    if (this.#keep) this.#right = made;
    return made;
  }

  /** To be called before the first profile is asked for. @param common What its profiles are without. */
  learn(common: () => ReadonlySet<string>, agreesSurely: boolean): void {
    this.#common = common;
    this.agreesSurely = agreesSurely;
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
