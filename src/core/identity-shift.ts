/**
 * By how many rows one column of the mapping was moved against the other.
 *
 * "Half of the file is wrong" leaves the operator to search; "moved by one row from row 17 on" is mended in a minute.
 * Each row that disagrees votes for the distances at which its account's own user stands; the distance that most name
 * is then tried on all of them. Near linear: a row has few votes, and at most two distances can win half of them.
 */
import { compareProfiles } from "./identity.ts";
import { indexKeys, type ProfiledPairs } from "./identity-index.ts";
import { looseKeysOf } from "./identity-profile.ts";

export type Shift = {
  /** The user of row i + k belongs to the account of row i; never 0. Rows are counted as they stand in the batch. */
  readonly by: number;
  /** Place of the first row that the shift mends. */
  readonly first: number;
  /** Place of the last one. */
  readonly last: number;
  readonly mendedRows: number;
};

/** Rows that a column may have moved, at most. */
export const LONGEST_SHIFT = 50;
/** Rows that disagree, and have a partner at that distance, of which so many must agree after the shift. */
const NEARLY_ALL = 0.8;
const FEWEST_ROWS = 2;
/** Rows between two that a shift mends, within one displaced part: neighbours may agree by chance. */
const WIDEST_GAP = 20;

/**
 * @param places Of the rows that disagree, ascending.
 * @returns `null` if no one shift mends nearly all of them: a sorted column, or a few rows put in each other's place.
 */
export function findShift(pairs: ProfiledPairs, places: readonly number[]): Shift | null {
  if (places.length < FEWEST_ROWS) return null;
  const votes = countVotes(pairs, places);
  const candidates = [...votes]
    .filter(([, count]) => count * 2 >= places.length)
    .sort(([left, most], [right, more]) => more - most || Math.abs(left) - Math.abs(right));
  for (const [by] of candidates) {
    const shift = tryShift(pairs, places, by);
    if (shift !== null) return shift;
  }
  return null;
}

function countVotes(pairs: ProfiledPairs, places: readonly number[]): ReadonlyMap<number, number> {
  // Who is not asked for is not kept: in a large batch a few rows ask about many users.
  const asked = new Set(
    places.flatMap((place) => {
      const account = pairs.get(place)?.left;
      return account ? [...account.firmKeys, ...looseKeysOf(account)] : [];
    }),
  );
  const users = () => Iterator.from(pairs).map(({ right }) => right);
  const firm = indexKeys(users(), ({ firmKeys }) => firmKeys, asked);
  const loose = indexKeys(users(), looseKeysOf, asked);
  const votes = new Map<number, number>();
  for (const place of places) {
    const account = pairs.get(place)?.left;
    if (!account) continue;
    const firmKeys = account.firmKeys;
    // A login may be made of the name on the other side, either way round.
    const found = new Set([...firm.find([...firmKeys, ...looseKeysOf(account)]), ...loose.find(firmKeys)]);
    for (const other of found) {
      const by = other - place;
      if (by !== 0 && Math.abs(by) <= LONGEST_SHIFT) votes.set(by, (votes.get(by) ?? 0) + 1);
    }
  }
  return votes;
}

function tryShift(pairs: ProfiledPairs, places: readonly number[], by: number): Shift | null {
  const mended: number[] = [];
  const firmly: number[] = [];
  let compared = 0;
  for (const place of places) {
    const account = pairs.get(place)?.left;
    const user = pairs.get(place + by)?.right;
    if (!account || !user) continue;
    const { agreeing, comparable, firm } = compareProfiles(account, user);
    if (!comparable) continue;
    compared += 1;
    if (agreeing.length > 0) mended.push(place);
    if (firm) firmly.push(place);
  }
  if (mended.length < FEWEST_ROWS || mended.length < compared * NEARLY_ALL) return null;
  if (mended.length * 2 < places.length) return null;
  // At the ends a neighbour's surname would draw in a row that is not displaced.
  const run = longestRun(firmly.length * 2 > mended.length ? firmly : mended);
  const [first, last] = [run[0], run.at(-1)];
  return first === undefined || last === undefined ? null : { by, first, last, mendedRows: mended.length };
}

/** The longest part without a wide gap: a lone row far from the others disagrees for a reason of its own. */
function longestRun(places: readonly number[]): readonly number[] {
  let longest: readonly number[] = [];
  let start = 0;
  for (const [index, place] of places.entries()) {
    const next = places[index + 1];
    if (next !== undefined && next - place <= WIDEST_GAP) continue;
    if (index + 1 - start > longest.length) longest = places.slice(start, index + 1);
    start = index + 1;
  }
  return longest;
}
