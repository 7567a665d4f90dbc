import { describe, expect, test } from "vitest";
import { type IdentityPair, indexKeys, ProfiledPairs } from "../../src/core/identity-index.ts";
import { profileUser } from "../../src/core/identity-profile.ts";
import { MOST_HOLDERS } from "../../src/core/identity-survey.ts";
import { account, cloudUser } from "../support/facts.ts";

/** A pair of strangers, whose cloud user has this employee number. */
const pair = (place: number, employeeId: string | null): IdentityPair => ({
  row: place + 2,
  account: account(`ad${place}`),
  user: cloudUser(`cloud${place}`, { employeeId }),
});
const profilePairs = (pairs: readonly IdentityPair[]) => [...new ProfiledPairs(pairs)];
const numbersOf = (pairs: readonly IdentityPair[]) => profilePairs(pairs).map(({ right }) => right?.employeeId);

describe("a value", () => {
  test(`that ${MOST_HOLDERS} hold is theirs, and one that ${MOST_HOLDERS + 1} hold is nobody's`, () => {
    const holders = (count: number) => Array.from({ length: count }, (_, place) => pair(place, "77"));
    expect(numbersOf([...holders(3), pair(3, "5")])).toEqual(["77", "77", "77", "5"]);
    expect(numbersOf([...holders(4), pair(4, "5")])).toEqual([null, null, null, null, "5"]);
  });

  test("of one person on many rows has one holder", () => {
    const rows = Array.from({ length: 6 }, (_, place) => ({ ...pair(0, "77"), row: place + 2 }));
    expect(new Set(numbersOf(rows))).toEqual(new Set(["77"]));
  });

  test("that two hold is theirs, whichever it is, beside one that too many hold", () => {
    // Some of these numbers share a place with the common one where keys are counted roughly.
    const common = Array.from({ length: 4 }, (_, place) => pair(place, "77"));
    for (let number = 100; number < 400; number += 1) {
      const own = String(number);
      expect(numbersOf([...common, pair(4, own), pair(5, own)])).toEqual([null, null, null, null, own, own]);
    }
  });

  test("that too many hold on one side is nobody's on the other side either", () => {
    const accounts = Array.from({ length: 4 }, (_, place): IdentityPair => {
      const user = cloudUser(`cloud${place}`, { employeeId: place === 0 ? "77" : String(place) });
      return { row: place + 2, account: account(`ad${place}`, { employeeId: "77" }), user };
    });
    const profiled = profilePairs(accounts);
    expect(profiled.map(({ left }) => left?.employeeId)).toEqual([null, null, null, null]);
    expect(profiled.map(({ right }) => right?.employeeId)).toEqual([null, "1", "2", "3"]);
  });
});

test("a side that was not found has no profile and keeps its place", () => {
  const pairs = profilePairs([
    { row: 2, account: null, user: cloudUser("ada") },
    { row: 3, account: account("ben"), user: null },
  ]);
  expect(pairs.map(({ row, left, right }) => [row, left === null, right === null])).toEqual([
    [2, true, false],
    [3, false, true],
  ]);
});

test("a side that was not found has no profile either where values that too many hold are taken out", () => {
  const holders = Array.from({ length: 4 }, (_, place) => pair(place, "77"));
  const pairs = profilePairs([
    ...holders,
    { row: 6, account: null, user: cloudUser("ada", { employeeId: "77" }) },
    { row: 7, account: account("ben"), user: null },
  ]);
  expect(pairs.slice(-2).map(({ left, right }) => [left === null, right === null])).toEqual([
    [true, false],
    [false, true],
  ]);
  expect(pairs[4]?.right?.employeeId).toBeNull();
});

test("a profile is made once, with and without values that too many hold", () => {
  for (const count of [3, 4]) {
    const [first] = profilePairs(Array.from({ length: count }, (_, place) => pair(place, "77")));
    expect(first?.left).not.toBeNull();
    expect(first?.left).toBe(first?.left);
    expect(first?.right).toBe(first?.right);
  }
});

test("rows of a batch that is too large to be kept are made anew, with the same profiles", () => {
  const pairs = Array.from({ length: 2_001 }, (_, place) => pair(place, place < 4 ? "77" : String(place)));
  const profiled = new ProfiledPairs(pairs);
  expect(profiled.get(3)?.right?.employeeId).toBeNull();
  expect(profiled.get(2_000)?.right?.employeeId).toBe("2000");
  expect(profiled.get(2_000)).not.toBe(profiled.get(2_000));
  const few = new ProfiledPairs(pairs.slice(1));
  expect(few.get(5)).toBe(few.get(5));
  expect([few.get(-1), few.get(2_000)]).toEqual([undefined, undefined]);
});

describe("indexKeys", () => {
  const ada = profileUser(cloudUser("ada"));
  const indexed = (...keys: readonly (readonly string[] | null)[]) => {
    const profiles = keys.map((own) => (own === null ? null : { ...ada, firmKeys: own }));
    return indexKeys(profiles, ({ firmKeys }) => firmKeys);
  };

  test("finds every place that shares a key, each once", () => {
    const index = indexed(["a", "b"], null, ["b"], ["c"]);
    expect([...index.find(["a", "b"])]).toEqual([0, 2]);
    expect([...index.find(["c", "unknown"])]).toEqual([3]);
    expect([...index.find([])]).toEqual([]);
  });

  test("finds nobody by a key that more than three places have", () => {
    expect([...indexed(["a"], ["a"], ["a"]).find(["a"])]).toEqual([0, 1, 2]);
    expect([...indexed(["a"], ["a"], ["a"], ["a", "b"]).find(["a"])]).toEqual([]);
    expect([...indexed(["a"], ["a"], ["a"], ["a"], ["a"], ["a"]).find(["a"])]).toEqual([]);
    expect([...indexed(["a"], ["a"], ["a"], ["a", "b"]).find(["a", "b"])]).toEqual([3]);
  });

  test("counts a place once that has a key twice", () => {
    expect([...indexed(["a", "a", "a", "a"], ["a"], ["a"]).find(["a"])]).toEqual([0, 1, 2]);
  });
});
