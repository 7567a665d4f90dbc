/**
 * One walk over all people of a batch: which facts too many hold, and which rows agree beyond doubt.
 *
 * A profile is dear to make and too large to keep. What is kept of each is where its keys were counted: from that it is
 * seen whose keys have to be looked at again, because many may hold one of them. And in nearly every row both sides share
 * an address, a login, an employee number or a SID that hardly anybody else has: whatever else they hold, such a row
 * agrees firmly, and nobody need make its profiles again.
 */
import type { ProfiledPair } from "./identity-index.ts";
import type { IdentityProfile } from "./identity-profile.ts";
import { RoughCounts } from "./rough-counts.ts";
import { TextIndex } from "./text-index.ts";

/** More holders than this on one side, and a value is taken for a placeholder, a full name for a common one. */
export const MOST_HOLDERS = 3;

/** About as many as most people have: an address or two, a login, a SID, a number, two forms of the name. */
const KEYS_PER_PERSON = 8;

/** Shared keys that are remembered of a row: should all of them turn out to be common, the row is compared in full. */
const SHARED_PER_ROW = 3;

export type Survey = {
  /** Firm keys that more than {@link MOST_HOLDERS} people of one side hold. */
  readonly common: ReadonlySet<string>;
  /** Whether both sides of a row share a key of few people, names aside. No says nothing. */
  agreesSurely(place: number): boolean;
};

export function surveyPairs(pairs: readonly ProfiledPair[]): Survey {
  const accounts = new SideSurvey(
    pairs,
    ({ account }) => account?.objectGuid,
    ({ left }) => left,
  );
  const users = new SideSurvey(
    pairs,
    ({ user }) => user?.id,
    ({ right }) => right,
  );
  const shared = new Uint32Array(pairs.length * SHARED_PER_ROW).fill(NOWHERE);
  for (const [place, { left, right }] of pairs.entries()) {
    accounts.count(place, left);
    users.count(place, right);
    if (left === null || right === null) continue;
    // Both sides count in tables of one size, so that a key has the same place in both.
    const keys = left.firmKeys.filter((key) => !key.startsWith("name:") && right.firmKeys.includes(key));
    shared.set(
      keys.slice(0, SHARED_PER_ROW).map((key) => accounts.counts.placeOf(key)),
      place * SHARED_PER_ROW,
    );
  }
  const isRare = (at: number) => at !== NOWHERE && accounts.isRare(at) && users.isRare(at);
  return {
    common: new Set([...accounts.listCommon(), ...users.listCommon()]),
    agreesSurely: (place) => shared.subarray(place * SHARED_PER_ROW, (place + 1) * SHARED_PER_ROW).some(isRare),
  };
}

const NOWHERE = 2 ** 32 - 1;

/** The people of one side, each counted once however many rows name them. */
class SideSurvey {
  readonly counts: RoughCounts;
  readonly #pairs: readonly ProfiledPair[];
  readonly #idOf: (pair: ProfiledPair) => string | undefined;
  readonly #profileOf: (pair: ProfiledPair) => IdentityProfile | null;
  readonly #people = new TextIndex();
  /** Where the keys of each person were counted: of nobody, and of whoever was counted at an earlier place, nowhere. */
  readonly #countedAt: Uint32Array;
  /** Places of people with more keys than there is room for. */
  readonly #overfull = new Set<number>();

  constructor(
    pairs: readonly ProfiledPair[],
    idOf: (pair: ProfiledPair) => string | undefined,
    profileOf: (pair: ProfiledPair) => IdentityProfile | null,
  ) {
    this.#pairs = pairs;
    this.#idOf = idOf;
    this.#profileOf = profileOf;
    this.counts = new RoughCounts(pairs.length * KEYS_PER_PERSON);
    this.#countedAt = new Uint32Array(pairs.length * KEYS_PER_PERSON).fill(NOWHERE);
  }

  /** Counts the person at a place, unless an earlier row has named them. */
  count(place: number, profile: IdentityProfile | null): void {
    const id = this.#idAt(place);
    if (profile === null || id === undefined) return;
    if (this.#people.find(id).some((earlier) => this.#idAt(earlier) === id)) return;
    this.#people.add(id, place);
    const countedAt = profile.firmKeys.map((key) => this.counts.add(key));
    if (countedAt.length > KEYS_PER_PERSON) this.#overfull.add(place);
    else this.#countedAt.set(countedAt, place * KEYS_PER_PERSON);
  }

  /** Whether what was counted there, which nowhere is nothing, cannot have come too often. */
  isRare(countedAt: number): boolean {
    return this.counts.atMostAt(countedAt) <= MOST_HOLDERS;
  }

  /**
   * Keys that too many hold. Nearly every key is held by one person, and a count for each would be the largest table of
   * a plan: so only keys are counted that the rough count leaves over.
   */
  *listCommon(): Generator<string> {
    const holders = new Map<string, number>();
    for (const [place, pair] of this.#pairs.entries()) {
      if (!this.#mayHoldCommon(place)) continue;
      for (const key of this.#profileOf(pair)?.firmKeys ?? []) {
        if (this.isRare(this.counts.placeOf(key))) continue;
        const count = (holders.get(key) ?? 0) + 1;
        holders.set(key, count);
        if (count === MOST_HOLDERS + 1) yield key;
      }
    }
  }

  #mayHoldCommon(place: number): boolean {
    if (this.#overfull.has(place)) return true;
    const countedAt = this.#countedAt.subarray(place * KEYS_PER_PERSON, (place + 1) * KEYS_PER_PERSON);
    return countedAt.some((at) => !this.isRare(at));
  }

  #idAt(place: number): string | undefined {
    const pair = this.#pairs[place];
    return pair === undefined ? undefined : this.#idOf(pair);
  }
}
