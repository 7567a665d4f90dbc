/**
 * One walk over all people of a batch: which facts too many hold, and which rows agree beyond doubt.
 *
 * A profile is dear to make and too large to keep. What is kept of each is where its keys were counted: from that it is
 * seen whose keys have to be looked at again, because many may hold one of them. And in nearly every row both sides share
 * an address, a login, an employee number or a SID that hardly anybody else has: whatever else they hold, such a row
 * agrees firmly, and nobody need make its profiles again.
 */
import type { AdAccount } from "./ad-account.ts";
import { type IdentityProfile, profileAccount, profileUser } from "./identity-profile.ts";
import { RoughCounts } from "./rough-counts.ts";
import type { CloudUser } from "./snapshot.ts";
import { TextIndex } from "./text-index.ts";

/** More holders than this on one side, and a value is taken for a placeholder, a full name for a common one. */
export const MOST_HOLDERS = 3;

/** About as many as most people have: an address or two, a login, a SID, a number, two forms of the name. */
const KEYS_PER_PERSON = 8;

/** Shared keys that are remembered of a row: should all of them turn out to be common, the row is compared in full. */
const SHARED_PER_ROW = 3;

type SurveyedPair = { readonly account: AdAccount | null; readonly user: CloudUser | null };

/** Rows with a side or two, by their place; each may be made when it is asked for. */
export type SurveyedPairs = Pick<readonly SurveyedPair[], "length" | "at">;

export type Survey = {
  /**
   * Firm keys that more than {@link MOST_HOLDERS} people of one side hold: all of them, or all that the people of some
   * rows hold. Whoever may share a key with these is profiled again: mostly that is few.
   *
   * @param places Of the rows that are asked about; every row unless told.
   */
  listCommon(places?: readonly number[]): ReadonlySet<string>;
  /** Whether both sides of a row share a key of few people, names aside. No says nothing. */
  agreesSurely(place: number): boolean;
};

export function surveyPairs(pairs: SurveyedPairs): Survey {
  const accounts = new SideSurvey<AdAccount>(
    { length: pairs.length, at: (place) => pairs.at(place)?.account ?? null },
    ({ objectGuid }) => objectGuid,
    profileAccount,
  );
  const users = new SideSurvey<CloudUser>(
    { length: pairs.length, at: (place) => pairs.at(place)?.user ?? null },
    ({ id }) => id,
    profileUser,
  );
  const shared = new Uint32Array(pairs.length * SHARED_PER_ROW).fill(NOWHERE);
  for (let place = 0; place < pairs.length; place += 1) {
    const pair = pairs.at(place);
    const left = accounts.count(place, pair?.account ?? null);
    const right = users.count(place, pair?.user ?? null);
    if (left === null || right === null) continue;
    // Both sides count in tables of one size, so that a key has the same place in both.
    const keys = left.firmKeys.filter((key) => !key.startsWith("name:") && right.firmKeys.includes(key));
    shared.set(
      keys.slice(0, SHARED_PER_ROW).map((key) => accounts.counts.placeOf(key)),
      place * SHARED_PER_ROW,
    );
  }
  const isRare = (at: number) => accounts.isRare(at) && users.isRare(at);
  const whereAsked = (place: number) =>
    [accounts, users].flatMap((side) => side.whereCounted(place).filter((at) => !isRare(at)));
  return {
    listCommon(places) {
      const asked = places && new Set(places.flatMap(whereAsked));
      return new Set([...accounts.listCommon(asked), ...users.listCommon(asked)]);
    },
    agreesSurely: (place) =>
      shared.subarray(place * SHARED_PER_ROW, (place + 1) * SHARED_PER_ROW).some((at) => at !== NOWHERE && isRare(at)),
  };
}

const NOWHERE = 2 ** 32 - 1;

/** Whoever stands on one side of each row; nobody where that side was not found. */
type OneSide<Person> = { readonly length: number; at(place: number): Person | null };

/** The people of one side, each counted once however many rows name them. */
class SideSurvey<Person> {
  readonly counts: RoughCounts;
  readonly #side: OneSide<Person>;
  readonly #idOf: (person: Person) => string;
  readonly #profileOf: (person: Person) => IdentityProfile;
  readonly #people: TextIndex;
  /** Where the keys of each person were counted: of nobody, and of whoever was counted at an earlier place, nowhere. */
  readonly #countedAt: Uint32Array;
  /** Places of people with more keys than there is room for. */
  readonly #overfull = new Set<number>();

  constructor(side: OneSide<Person>, idOf: (person: Person) => string, profileOf: (person: Person) => IdentityProfile) {
    this.#side = side;
    this.#idOf = idOf;
    this.#profileOf = profileOf;
    this.#people = new TextIndex(side.length);
    this.counts = new RoughCounts(side.length * KEYS_PER_PERSON);
    this.#countedAt = new Uint32Array(side.length * KEYS_PER_PERSON).fill(NOWHERE);
  }

  /**
   * Counts the person at a place, unless an earlier row has named them.
   *
   * @param person Who that is: to look again would make the row again.
   * @returns All that the person holds, whoever else holds it.
   */
  count(place: number, person: Person | null): IdentityProfile | null {
    if (person === null) return null;
    const profile = this.#profileOf(person);
    const id = this.#idOf(person);
    if (this.#people.find(id).some((earlier) => this.#isAt(earlier, id))) return profile;
    this.#people.add(id, place);
    const countedAt = profile.firmKeys.map((key) => this.counts.add(key));
    if (countedAt.length > KEYS_PER_PERSON) this.#overfull.add(place);
    else this.#countedAt.set(countedAt, place * KEYS_PER_PERSON);
    return profile;
  }

  /** Where the keys of the person at a place were counted, and nowhere. */
  whereCounted(place: number): readonly number[] {
    const countedAt = this.#countedAtOf(place);
    // Of whoever has too many keys, or stands at an earlier place too, that was not kept here.
    if (countedAt[0] !== NOWHERE) return [...countedAt];
    return this.#profileAt(place)?.firmKeys.map((key) => this.counts.placeOf(key)) ?? [];
  }

  /** Whether what was counted there, which nowhere is nothing, cannot have come too often. */
  isRare(countedAt: number): boolean {
    return this.counts.atMostAt(countedAt) <= MOST_HOLDERS;
  }

  /**
   * Keys that too many hold. Nearly every key is held by one person, and a count for each would be the largest table of
   * a plan: so only keys are counted that the rough count leaves over.
   *
   * @param asked Where the keys were counted that are asked about; everywhere unless told.
   */
  *listCommon(asked?: ReadonlySet<number>): Generator<string> {
    const isWanted = (countedAt: number) => !this.isRare(countedAt) && (asked === undefined || asked.has(countedAt));
    const holders = new Map<string, number>();
    for (let place = 0; place < this.#side.length; place += 1) {
      if (!this.#mayHold(place, isWanted)) continue;
      for (const key of this.#profileAt(place)?.firmKeys ?? []) {
        if (!isWanted(this.counts.placeOf(key))) continue;
        const count = (holders.get(key) ?? 0) + 1;
        holders.set(key, count);
        if (count === MOST_HOLDERS + 1) yield key;
      }
    }
  }

  #mayHold(place: number, isWanted: (countedAt: number) => boolean): boolean {
    if (this.#overfull.has(place)) return true;
    return this.#countedAtOf(place).some(isWanted);
  }

  #countedAtOf(place: number): Uint32Array {
    return this.#countedAt.subarray(place * KEYS_PER_PERSON, (place + 1) * KEYS_PER_PERSON);
  }

  #isAt(place: number, id: string): boolean {
    const person = this.#side.at(place);
    return person !== null && this.#idOf(person) === id;
  }

  #profileAt(place: number): IdentityProfile | null {
    const person = this.#side.at(place);
    return person === null ? null : this.#profileOf(person);
  }
}
