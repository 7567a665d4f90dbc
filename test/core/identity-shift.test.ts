/** By how many rows a column was moved: where the lines lie between a shift and rows that are merely wrong. */
import { describe, expect, test } from "vitest";
import { type IdentityPair, ProfiledPairs } from "../../src/core/identity-index.ts";
import { findShift, LONGEST_SHIFT } from "../../src/core/identity-shift.ts";
import { account, cloudUser } from "../support/facts.ts";

/** A number in letters, so that no two names begin alike. */
const spell = (number: number): string =>
  Array.from(String(number).padStart(3, "0"), (digit) => "bdfgklmnrt"[Number(digit)]).join("y");
const given = (who: number): string => `${spell(who)}ada`;
const surname = (who: number): string => `${spell(who)}keller`;

const accountOf = (who: number) =>
  account(`u${2000 + who}`, {
    userPrincipalName: null,
    mail: null,
    givenName: given(who),
    surname: surname(who),
    displayName: null,
  });
/** @param changes To what the cloud knows of this person. */
const userOf = (who: number, changes: Parameters<typeof cloudUser>[1] = {}) =>
  cloudUser(`c${5000 + who}`, {
    mail: null,
    givenName: given(who),
    surname: surname(who),
    displayName: null,
    ...changes,
  });

/** Row by row whose user stands beside the account of that place; `null` where none was found. */
const besides = (users: readonly (number | null)[]) =>
  new ProfiledPairs(
    users.map(
      (who, place): IdentityPair => ({
        row: place + 2,
        account: accountOf(place),
        user: who === null ? null : userOf(who),
      }),
    ),
  );
const range = (length: number, first = 0) => Array.from({ length }, (_, index) => first + index);
/** The user of place p stands at p + by. */
const moved = (count: number, by: number) =>
  besides(range(count).map((place) => (place - by >= 0 && place - by < count ? place - by : 300 + place)));

test("a column that was moved by one row is found, in either direction, with its ends", () => {
  expect(findShift(moved(30, 1), range(30))).toEqual({ by: 1, first: 0, last: 28, mendedRows: 29 });
  expect(findShift(moved(30, -1), range(30))).toEqual({ by: -1, first: 1, last: 29, mendedRows: 29 });
});

test(`a column may have been moved by ${LONGEST_SHIFT} rows and no more`, () => {
  expect(findShift(moved(120, LONGEST_SHIFT), range(120))?.by).toBe(LONGEST_SHIFT);
  expect(findShift(moved(120, -LONGEST_SHIFT), range(120))?.by).toBe(-LONGEST_SHIFT);
  expect(findShift(moved(120, LONGEST_SHIFT + 1), range(120))).toBeNull();
});

test("nobody who disagrees is no shift", () => {
  expect(findShift(besides(range(4)), [])).toBeNull();
});

test("two rows that a distance mends are a shift, one is not", () => {
  const pairs = besides([301, 0, 1, 302, 303]);
  expect(findShift(pairs, [0, 1])).toEqual({ by: 1, first: 0, last: 1, mendedRows: 2 });
  expect(findShift(pairs, [0])).toBeNull();
});

test("four of five that are mended are nearly all, three of four are not", () => {
  // The account of the last place has its user nowhere.
  const pairs = besides([301, 0, 1, 2, 3, 305]);
  expect(findShift(pairs, [0, 1, 2, 3, 4])).toEqual({ by: 1, first: 0, last: 3, mendedRows: 4 });
  expect(findShift(pairs, [1, 2, 3, 4])).toBeNull();
});

test("rows without a partner at that distance do not speak against it while half of all are mended", () => {
  // Beyond the last row there is no user, and beside two accounts none was found.
  const pairs = besides([301, 0, 1, null, null]);
  expect(findShift(pairs, [0, 1, 2, 3])).toEqual({ by: 1, first: 0, last: 1, mendedRows: 2 });
  expect(findShift(pairs, [0, 1, 2, 3, 4])).toBeNull();
});

describe("of two distances at which users stand", () => {
  /** Accounts 0 to 2; the user of each stands at two places, but for those that are named. */
  const twice = (users: readonly (number | null)[]) => findShift(besides(users), [0, 1, 2])?.by;

  test("the one that more rows name is taken, though it is farther", () => {
    expect(twice([301, 0, 1, 0, 1, 2])).toBe(3);
  });

  test("the shorter one is taken where both are named as often", () => {
    expect(twice([301, 0, 1, 2, 0, 1, 2])).toBe(1);
  });

  test("the farther one is taken that more rows name, though the shorter one mends nearly all as well", () => {
    expect(findShift(besides([301, 0, 1, 2, 3, 304, 0, 1, 2, 3, 4]), range(5))?.by).toBe(6);
  });

  test("the shorter one is taken where both are named as often, though it lies behind", () => {
    expect(findShift(besides([3, 4, 5, 303, 3, 4, 5]), [3, 4, 5])?.by).toBe(1);
  });

  test("the second is tried where the first does not mend nearly all", () => {
    // Three of four name 1 and three name 4; only at 4 is there nobody to compare for the one that does not.
    const pairs = besides([301, 0, 1, 2, 0, 1, 2, null]);
    expect(findShift(pairs, [0, 1, 2, 3])?.by).toBe(4);
  });
});

describe("the displaced part", () => {
  /** Users moved by one, with so many rows between two parts that do not disagree. */
  const parted = (between: number) => {
    const count = 10 + between + 5;
    const users = range(count + 1).map((place) => 300 + place);
    const places = [...range(10), ...range(5, 10 + between)];
    for (const place of places) users[place + 1] = place;
    return findShift(besides(users), places);
  };

  test("goes on over nineteen rows that agree by chance", () => {
    expect(parted(19)).toEqual({ by: 1, first: 0, last: 33, mendedRows: 15 });
  });

  test("ends before twenty of them: what lies beyond disagrees for a reason of its own", () => {
    expect(parted(20)).toEqual({ by: 1, first: 0, last: 9, mendedRows: 15 });
  });

  test("is the longer of two, wherever it lies, and the first of two equal ones", () => {
    const users = range(70).map((place) => 300 + place);
    const places = [0, 1, 30, 31, 32, 60, 61, 62];
    for (const place of places) users[place + 1] = place;
    expect(findShift(besides(users), places)).toEqual({ by: 1, first: 30, last: 32, mendedRows: 8 });
  });

  test("is one row where each lies far from the others", () => {
    const users = range(40).map((place) => 300 + place);
    for (const place of [5, 35]) users[place + 1] = place;
    expect(findShift(besides(users), [5, 35])).toEqual({ by: 1, first: 5, last: 5, mendedRows: 2 });
  });

  /** Everybody stands one row down; of those that are named the cloud knows the surname alone. */
  const weakly = (weak: readonly number[], count = 8) => {
    const pairs = range(count).map((place): IdentityPair => {
      const who = place === 0 ? 301 : place - 1;
      const user = weak.includes(who) ? userOf(who, { givenName: null }) : userOf(who);
      return { row: place + 2, account: accountOf(place), user };
    });
    return findShift(new ProfiledPairs(pairs), range(count - 1));
  };

  test("has its ends where people agree firmly, if most do", () => {
    expect(weakly([0, 6])).toMatchObject({ first: 1, last: 5, mendedRows: 7 });
    expect(weakly([0, 1, 6])).toMatchObject({ first: 2, last: 5, mendedRows: 7 });
  });

  test("has its ends where people agree at all, if most do so no more than weakly", () => {
    expect(weakly([0, 3], 5)).toMatchObject({ first: 0, last: 3, mendedRows: 4 });
    expect(weakly([0, 1, 2, 3, 4, 5, 6])).toBeNull();
    expect(weakly([0, 1, 2, 3, 4, 5])).toBeNull();
    const logins = range(4).map((place): IdentityPair => {
      const who = place === 0 ? 301 : place - 1;
      const login = {
        givenName: null,
        surname: null,
        userPrincipalName: `${given(who)}.${surname(who)}@contoso.example`,
      };
      return { row: place + 2, account: accountOf(place), user: who < 2 ? userOf(who, login) : userOf(who) };
    });
    expect(findShift(new ProfiledPairs(logins), range(3))).toMatchObject({ by: 1, first: 0, last: 2, mendedRows: 3 });
  });
});

test("users who stand beside their own accounts are not moved", () => {
  expect(findShift(besides([0, 1]), [0, 1])).toBeNull();
});

test("a user of whom nothing can be compared does not speak against a shift", () => {
  const pairs = range(5).map((place): IdentityPair => {
    const who = place === 0 ? 301 : place - 1;
    const user = who === 3 ? userOf(who, { givenName: null, surname: null }) : userOf(who);
    return { row: place + 2, account: accountOf(place), user };
  });
  expect(findShift(new ProfiledPairs(pairs), range(4))).toEqual({ by: 1, first: 0, last: 2, mendedRows: 3 });
});

test("less than half that are mended are no shift, though logins too short to be compared name the distance", () => {
  const short = [
    ["Yu", "Li"],
    ["Bo", "Xu"],
    ["An", "Wu"],
  ] as const;
  const pairs = (names: readonly (readonly [string, string])[]) =>
    new ProfiledPairs(
      range(names.length + 3).map((place): IdentityPair => {
        const [givenName, familyName] = names[place] ?? [given(place), surname(place)];
        const [first, last] = names[place - 1] ?? [];
        const nameless = { givenName: null, surname: null, userPrincipalName: `${first}${last}@contoso.example` };
        return {
          row: place + 2,
          account: { ...accountOf(place), givenName, surname: familyName },
          user: first === undefined ? userOf(place === 0 ? 301 : place - 1) : userOf(place - 1, nameless),
        };
      }),
    );
  expect(findShift(pairs(short.slice(0, 2)), range(4))).toEqual({ by: 1, first: 2, last: 3, mendedRows: 2 });
  expect(findShift(pairs(short), range(5))).toBeNull();
});

test("an account that was not found has no vote and stands for nothing", () => {
  const users = [301, 0, 1, 2, 303];
  const pairs = users.map((who, place): IdentityPair => {
    return { row: place + 2, account: place === 1 ? null : accountOf(place), user: userOf(who) };
  });
  expect(findShift(new ProfiledPairs(pairs), [0, 1, 2])).toEqual({ by: 1, first: 0, last: 2, mendedRows: 2 });
});
