/**
 * The people of a whole batch, found again by what belongs to one person only.
 *
 * It tells which other row an account or a user belongs to, and which facts are placeholders: an employee number
 * `0000-na` on four hundred accounts identifies nobody.
 */
import type { AdAccount } from "./ad-account.ts";
import { type IdentityProfile, leaveOutCommon, profileAccount, profileUser } from "./identity-profile.ts";
import { MOST_HOLDERS, type Survey, surveyPairs } from "./identity-survey.ts";
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

/** Rows in their order, each made when it is asked for; a plain list is one too. */
export type IdentityPairs = Pick<readonly IdentityPair[], "length" | "at">;

/**
 * Rows that are kept with their profiles once these are made. Of a larger batch each row is made anew whenever it is
 * asked for, and its profiles for nearly all rows never: the rows alone, 0.2 KiB each, would take a sixth of the memory
 * of a plan, and all profiles, 5 KiB a row, more than everything else that it holds.
 */
const MOST_KEPT = 2_000;

/** Profiles both sides of every row; what too many hold is taken out. */
export class ProfiledPairs implements Iterable<ProfiledPair> {
  readonly length: number;
  readonly #pairs: IdentityPairs;
  readonly #survey: Survey;
  readonly #kept: LazyPair[] | null;
  /** What is common among those of whom no row knows beyond doubt that they belong together. */
  readonly #ofDoubtful: ReadonlySet<string>;
  #ofAll: ReadonlySet<string> | undefined;

  constructor(pairs: IdentityPairs) {
    this.length = pairs.length;
    this.#pairs = pairs;
    this.#survey = surveyPairs(pairs);
    this.#kept = pairs.length > MOST_KEPT ? null : [];
    const doubtful: number[] = [];
    for (let place = 0; place < this.length; place += 1) if (!this.agreesSurely(place)) doubtful.push(place);
    this.#ofDoubtful = this.#survey.listCommon(doubtful);
  }

  /** @returns `undefined` before the first place and after the last. */
  get(place: number): ProfiledPair | undefined {
    const kept = this.#kept?.[place];
    if (kept !== undefined) return kept;
    const pair = place < 0 ? undefined : this.#pairs.at(place);
    if (pair === undefined) return undefined;
    const made = new LazyPair(pair, () => this.#commonOf(place));
    if (this.#kept !== null) this.#kept[place] = made;
    return made;
  }

  /** Both sides share an address, a login, a number or a SID of one person: they agree firmly. No says nothing. */
  agreesSurely(place: number): boolean {
    return this.#survey.agreesSurely(place);
  }

  *[Symbol.iterator](): Generator<ProfiledPair> {
    for (let place = 0; place < this.length; place += 1) {
      const pair = this.get(place);
      if (pair !== undefined) yield pair;
    }
  }

  /** Whoever agrees surely is asked about only where two rows or more disagree, and a shift is looked for. */
  #commonOf(place: number): ReadonlySet<string> {
    if (!this.agreesSurely(place)) return this.#ofDoubtful;
    this.#ofAll ??= this.#survey.listCommon();
    return this.#ofAll;
  }
}

class LazyPair implements ProfiledPair {
  readonly row: number;
  readonly account: AdAccount | null;
  readonly user: CloudUser | null;
  readonly #listCommon: () => ReadonlySet<string>;
  #left: IdentityProfile | null = null;
  #right: IdentityProfile | null = null;

  /** @param listCommon What its profiles are without. */
  constructor({ row, account, user }: IdentityPair, listCommon: () => ReadonlySet<string>) {
    this.row = row;
    this.account = account;
    this.user = user;
    this.#listCommon = listCommon;
  }

  get left(): IdentityProfile | null {
    if (this.account !== null) this.#left ??= leaveOutCommon(profileAccount(this.account), this.#listCommon());
    return this.#left;
  }

  get right(): IdentityProfile | null {
    if (this.user !== null) this.#right ??= leaveOutCommon(profileUser(this.user), this.#listCommon());
    return this.#right;
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
