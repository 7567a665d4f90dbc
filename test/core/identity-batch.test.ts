import { describe, expect, test } from "vitest";
import { type Guid, parseGuid } from "../../src/core/guid.ts";
import { judgeBatch, wordMismatch } from "../../src/core/identity-batch.ts";
import type { IdentityPair } from "../../src/core/identity-index.ts";
import type { CloudUser } from "../../src/core/snapshot.ts";
import { account, cloudUser } from "../support/facts.ts";
import { type CompanyOptions, createChance, makeCompany, shiftUsers, sortUsers } from "./identity-company.ts";

/** HARDMATCH_COMPANIES names fewer, where each of many mutants is shown to them. */
const SEEDS = Array.from({ length: Number(process.env.HARDMATCH_COMPANIES ?? 50) }, (_, index) => index + 1);

/** Every seed another company: sorted in one of three ways, with many surnames or with eight, merged or not. */
function describeCompany(seed: number): CompanyOptions {
  const { pick } = createChance(seed + 1000);
  return {
    seed,
    sortedBy: pick(["surname", "given name", "account"]),
    surnames: pick([8, 20, 70]),
    source: pick(["full", "full", "merged"]),
  };
}

test("a clean company is never blocked and two of its rows at most are doubted, whatever the seed", () => {
  for (const seed of SEEDS) {
    for (const options of [describeCompany(seed), { seed }]) {
      const judged = judgeBatch(makeCompany(options));
      expect(judged.blocked, `seed ${seed}`).toBe(false);
      expect(judged.disagreeing.length, `seed ${seed}`).toBeLessThanOrEqual(2);
    }
  }
});

test("people without names are counted apart", () => {
  const { comparable, incomparable } = judgeBatch(makeCompany({ seed: 1 }));
  expect({ comparable, incomparable: incomparable.length }).toEqual({ comparable: 490, incomparable: 10 });
});

for (const [title, from] of [
  ["of the whole column", 0],
  ["of the last hundred rows", 400],
] as const) {
  test(`a shift ${title} is always blocked and its distance named`, () => {
    for (const seed of SEEDS) {
      const company = makeCompany(describeCompany(seed));
      const by = [1, -1, 2, -2][seed % 4] as number;
      const judged = judgeBatch(shiftUsers(company, by, from));
      expect(judged, `seed ${seed}`).toMatchObject({ blocked: true, shift: by });
      // Neighbours that share every name hide the last row or two of the displaced part.
      if (from === 0) expect(judged.shiftedRows?.first ?? 2, `seed ${seed}`).toBeLessThan(12);
      else expect(Math.abs((judged.shiftedRows?.first ?? 0) - 402), `seed ${seed}`).toBeLessThan(10);
      expect(judged.disagreeing.length, `seed ${seed}`).toBeGreaterThan(from === 0 ? 200 : 30);
    }
  });
}

test("a sorted column is always blocked and no shift is named", () => {
  for (const seed of SEEDS) {
    const company = makeCompany({ ...describeCompany(seed), sortedBy: "surname" });
    const judged = judgeBatch(sortUsers(company, ({ givenName, surname }) => `${givenName} ${surname}`));
    expect(judged, `seed ${seed}`).toMatchObject({ blocked: true, shift: null });
  }
});

test("a shift is found among accounts of which AD tells the login alone", () => {
  const company = makeCompany({ seed: 4, source: "login-only", sortedBy: "account" });
  expect(judgeBatch(shiftUsers(company, 1))).toMatchObject({ blocked: true, shift: 1 });
});

const person = (row: number, given: string, surname: string): IdentityPair => {
  const names = { givenName: given, surname, displayName: `${given} ${surname}`, mail: null };
  const login = `${given}.${surname}`.toLowerCase();
  return {
    row,
    account: account(`u${row}${login}`, { ...names, accountName: `u${1000 + row}`, userPrincipalName: null }),
    user: cloudUser(login, names),
  };
};
const GIVEN = ["Ada", "Ben", "Cyd", "Dee", "Eve", "Fay", "Gus", "Hal", "Ida", "Jon"];
const SURNAMES = ["Keller", "Miller", "Berger", "Brandt", "Novak", "Rossi", "Walker", "Hughes", "Jansen", "Park"];
const hundred = GIVEN.flatMap((given, tens) =>
  SURNAMES.map((surname, ones) => person(tens * 10 + ones + 2, given, surname)),
);

/** The users of these places, each put at the place before it. */
const rotate = (pairs: readonly IdentityPair[], places: readonly number[]) =>
  pairs.map((pair, place) => {
    const index = places.indexOf(place);
    const source = index === -1 ? pair : pairs[places[(index + 1) % places.length] ?? place];
    return { ...pair, user: source?.user ?? null };
  });

describe("a few rows", () => {
  for (const [title, places, rows] of [
    ["two neighbours that were swapped and share the given name", [10, 11], [12, 13]],
    ["two that were swapped and share the surname", [10, 20], [12, 22]],
    ["two strangers that were swapped", [10, 55], [12, 57]],
    ["three that were shifted", [10, 11, 12], [12, 13, 14]],
  ] as const) {
    test(`A22: ${title} are named and the batch is not blocked`, () => {
      const judged = judgeBatch(rotate(hundred, places));
      expect(judged.disagreeing.map(({ row }) => row)).toEqual(rows);
      expect(judged.blocked).toBe(false);
      expect(judged.disagreeing[0]?.belongsToRows).toContain(rows[1]);
    });
  }

  test("a row says who was compared, in what, and where the other one stands", () => {
    const [first] = judgeBatch(rotate(hundred, [10, 55])).disagreeing;
    expect(first?.detail).toBe(
      "CORP\\u1012 (Ben Keller) and fay.rossi@contoso.example (Fay Rossi) agree in nothing that could be compared: " +
        "given name, surname, display name; one of them agrees with row 57",
    );
  });

  test("a row says in how little they agree, if the other one stands elsewhere", () => {
    const [first] = judgeBatch(rotate(hundred, [10, 11])).disagreeing;
    expect(first?.detail).toMatch(/\) agree in no more than given name, account name; one of them agrees with row 13$/);
  });

  test("a row says nothing of others where neither stands elsewhere", () => {
    const [here, stranger] = [hundred[10], person(500, "Zyx", "Stranger")];
    const [first] = judgeBatch(
      hundred.map((pair) => (pair === here ? { ...pair, user: stranger.user } : pair)),
    ).disagreeing;
    expect(first?.belongsToRows).toEqual([]);
    expect(first?.detail).toMatch(/could be compared: given name, surname, display name$/);
  });

  test("where each of three stands is told from the first row to the last", () => {
    const { disagreeing } = judgeBatch(rotate(hundred, [77, 55, 33]));
    expect(disagreeing.map(({ row, belongsToRows }) => [row, belongsToRows])).toEqual([
      [35, [57, 79]],
      [57, [35, 79]],
      [79, [35, 57]],
    ]);
  });

  test("a row says three places at most, and knows them all", () => {
    // Three more people are called as the account is, and its own user stands at the fifth row; all among strangers.
    const ada = person(2, "Ada", "Keller");
    const namesakes = [3, 4, 5].map((row) => person(row, "Ada", "Keller"));
    const ben = person(6, "Ben", "Miller");
    const strangers = [3, 4, 5, 6].map((row) => person(row, `G${spell(row)}`, `S${spell(row)}`).account);
    const pairs = [
      { ...ada, user: ben.user },
      ...namesakes.map(({ user }, place) => ({
        row: place + 3,
        account: strangers[place] ?? null,
        user: distinct(user, place),
      })),
      { ...ben, user: person(7, "Cyd", "Berger").user },
    ];
    const [first] = judgeBatch(pairs).disagreeing;
    expect(first?.belongsToRows).toEqual([3, 4, 5, 6]);
    expect(first?.detail).toMatch(/; one of them agrees with row 3 and row 4 and row 5$/);
  });

  test("two who share the first and the last of three names are not one, also where nobody stands beside the other", () => {
    const row = (number: number, ad: string | null, cloud: string | null): IdentityPair => {
      const nameless = {
        givenName: null,
        surname: null,
        mail: null,
        userPrincipalName: `c${number}01@contoso.example`,
      };
      return {
        row: number,
        account:
          ad === null ? null : account(`u${number}02`, { ...nameless, displayName: ad, userPrincipalName: null }),
        user: cloud === null ? null : cloudUser(`c${number}01`, { ...nameless, displayName: cloud }),
      };
    };
    const { disagreeing } = judgeBatch([
      row(2, "Ada Luise Keller", "Ben Otto Miller"),
      row(3, null, "Ada Maria Keller"),
      row(4, "Ben Karl Miller", null),
    ]);
    expect(disagreeing).toMatchObject([{ row: 2, belongsToRows: [] }]);
  });

  test("five of two hundred and fifty and of two hundred are judged by the share as well", () => {
    const places = [3, 14, 25, 36, 47];
    const people = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...person(index + 2, `G${spell(index)}`, `S${spell(index)}`) }));
    for (const [count, blocked] of [
      [200, true],
      [250, false],
    ] as const) {
      const judged = judgeBatch(rotate(people(count), places));
      expect([judged.disagreeing.length, judged.blocked]).toEqual([5, blocked]);
    }
    expect(judgeBatch(rotate(people(20), places.slice(0, 1))).blocked).toBe(false);
    expect(judgeBatch(rotate(people(20), [3, 14, 5, 6])).blocked).toBe(false);
  });
});

/** A number in letters. */
function spell(number: number): string {
  return Array.from(String(number).padStart(3, "0"), (digit) => "bdfgklmnrt"[Number(digit)]).join("y");
}

test("a value that many hold identifies nobody", () => {
  const same = { employeeId: "n/a", mail: "nobody@contoso.example" };
  const pairs = shiftUsers(hundred, 1).map(({ row, account: ad, user }) => ({
    row,
    account: ad === null ? null : { ...ad, ...same },
    user: user === null ? null : { ...user, ...same },
  }));
  expect(judgeBatch(pairs)).toMatchObject({ blocked: true, shift: 1 });
});

test("Bob stays with Robert although many are called Smith", () => {
  const smiths = hundred.map(({ row, account: ad, user }, index) => ({
    row,
    account:
      ad === null
        ? null
        : { ...ad, surname: "Smith", givenName: `G${spell(index)}`, displayName: `G${spell(index)} Smith` },
    user:
      user === null
        ? null
        : {
            ...user,
            surname: "Smith",
            givenName: index < 30 ? `N${spell(index)}` : `G${spell(index)}`,
            displayName: null,
          },
  }));
  expect(judgeBatch(smiths)).toMatchObject({ disagreeing: [], blocked: false });
});

test("a row of which one side was not found keeps its place and counts for nothing", () => {
  const pairs = shiftUsers(hundred, 1).map((pair, place) => (place % 9 === 4 ? { ...pair, account: null } : pair));
  const judged = judgeBatch(pairs);
  expect(judged).toMatchObject({ blocked: true, shift: 1, comparable: 89, incomparable: [] });
});

test("an empty batch is judged", () => {
  expect(judgeBatch([])).toEqual({
    disagreeing: [],
    comparable: 0,
    incomparable: [],
    shift: null,
    shiftedRows: null,
    blocked: false,
  });
});

describe("the displaced part of a column", () => {
  /** Twenty rows: the column of users moved by one in the middle, or wherever it is said. */
  const twenty = Array.from({ length: 20 }, (_, place) => person(place + 2, `G${spell(place)}`, `S${spell(place)}`));
  /** No more than the surname in common: nobody tells whether it is the same person. */
  const weaken = ({ row, account: ad, user }: IdentityPair): IdentityPair => ({
    row,
    account: ad,
    user: user && { ...user, givenName: null, displayName: null, userPrincipalName: `c${9000 + row}@contoso.example` },
  });
  const apply = (change: (pair: IdentityPair) => IdentityPair, places: readonly number[], pairs = shifted) =>
    pairs.map((pair, place) => (places.includes(place) ? change(pair) : pair));
  const shifted = shiftUsers(twenty, 1, 5, 15);
  const endsOf = (pairs: readonly IdentityPair[]) => judgeBatch(pairs).shiftedRows;

  test("has both ends where people beyond it agree firmly", () => {
    expect(endsOf(shifted)).toEqual({ first: 7, last: 16 });
  });

  test("has no end where people beyond it agree no more than weakly, and others do so firmly", () => {
    expect(endsOf(apply(weaken, [0, 1, 2, 3, 4]))).toEqual({ first: null, last: 16 });
    expect(endsOf(apply(weaken, [15, 16, 17, 18, 19]))).toEqual({ first: 7, last: null });
  });

  test("has its ends where one row agrees firmly, however far, and nobody was found between", () => {
    const unfound = (pair: IdentityPair) => ({ ...pair, account: null });
    expect(endsOf(apply(unfound, [1, 2, 3, 4, 15, 16, 17, 18]))).toEqual({ first: 7, last: 16 });
    expect(endsOf(apply(unfound, [0, 1, 2, 3, 4, 15, 16, 17, 18, 19]))).toEqual({ first: null, last: null });
  });

  test("has no end within itself, though a row of it agrees for a reason of its own", () => {
    const numbered = (places: readonly number[], pairs: readonly IdentityPair[]) =>
      apply(
        ({ row, account: ad, user }) => ({
          row,
          account: ad && { ...ad, employeeId: `7${row}` },
          user: user && { ...user, employeeId: `7${row}` },
        }),
        places,
        [...pairs],
      );
    const whole = (by: number) => shiftUsers(twenty, by);
    expect(endsOf(numbered([1], whole(1)))).toEqual({ first: null, last: null });
    expect(endsOf(numbered([19], whole(1)))).toEqual({ first: null, last: null });
    expect(endsOf(numbered([0], whole(-1)))).toEqual({ first: null, last: null });
    expect(endsOf(numbered([18], whole(-1)))).toEqual({ first: null, last: null });
  });

  describe("in a batch of which nobody agrees firmly", () => {
    /** AD tells a login of initial and surname; the cloud tells no more than its own. */
    const loginOnly = ({ row }: IdentityPair): IdentityPair => {
      const [given, surname] = [`ada${spell(row)}`, `${spell(row)}keller`];
      const nameless = { displayName: null, givenName: null, surname: null, mail: null };
      return {
        row,
        account: account(`x${row}`, { ...nameless, accountName: `a${surname}`, userPrincipalName: null }),
        user: cloudUser(`${given}.${surname}`, nameless),
      };
    };
    const weak = shiftUsers(twenty.map(loginOnly), 1, 5, 15);

    test("has its ends where people beyond it agree weakly", () => {
      expect(judgeBatch(weak)).toMatchObject({ shift: 1, shiftedRows: { first: 7, last: 16 } });
    });

    test("has no end where people beyond it cannot be compared, were not found, or disagree as well", () => {
      const number = ({ row, account: ad, user }: IdentityPair): IdentityPair => ({
        row,
        account: ad && { ...ad, accountName: `u${7000 + row}` },
        user,
      });
      const unfound = (pair: IdentityPair) => ({ ...pair, account: null });
      const mistake = ({ row, account: ad, user }: IdentityPair): IdentityPair => ({
        row,
        account: ad && { ...ad, accountName: `strange${"xyz"[row % 3]}` },
        user,
      });
      const before = [0, 1, 2, 3, 4];
      for (const change of [number, unfound]) {
        expect(endsOf(apply(change, before, weak))).toEqual({ first: null, last: 16 });
      }
      expect(endsOf(apply(mistake, [4], weak))).toEqual({ first: 7, last: 16 });
      expect(endsOf(apply(mistake, [0], apply(number, [1, 2, 3, 4], weak)))).toEqual({ first: null, last: 16 });
    });
  });
});

for (const [by, from, to, sentence] of [
  [
    1,
    0,
    100,
    "100 of 100 comparable rows agree in nothing that tells two people apart; they would agree if the column userPrincipalName were moved up by 1 row",
  ],
  [
    -2,
    0,
    100,
    "100 of 100 comparable rows agree in nothing that tells two people apart; they would agree if the column userPrincipalName were moved down by 2 rows",
  ],
  [
    1,
    40,
    100,
    "60 of 100 comparable rows agree in nothing that tells two people apart; they would agree if the column userPrincipalName were moved up by 1 row from row 42 on",
  ],
  [
    1,
    0,
    30,
    "30 of 100 comparable rows agree in nothing that tells two people apart; they would agree if the column userPrincipalName were moved up by 1 row down to row 31",
  ],
  [
    -1,
    40,
    70,
    "30 of 100 comparable rows agree in nothing that tells two people apart; they would agree if the column userPrincipalName were moved down by 1 row from row 42 to row 71",
  ],
] as const) {
  test(`a shift by ${by} of rows ${from + 2} to ${to + 1} is said in one sentence`, () => {
    expect(wordMismatch(judgeBatch(shiftUsers(hundred, by, from, to)))).toBe(sentence);
  });
}

test("without a shift the sentence counts only, and the column has the name it is given", () => {
  expect(wordMismatch(judgeBatch(rotate(hundred, [10, 55])))).toBe(
    "2 of 100 comparable rows agree in nothing that tells two people apart",
  );
  expect(wordMismatch(judgeBatch(shiftUsers(hundred, 1)), "cloudUser")).toContain("the column cloudUser were");
});

test("one row is no more than a row, and one that disagrees agrees in nothing", () => {
  const { user } = person(3, "Ben", "Miller");
  expect(wordMismatch(judgeBatch([{ ...person(2, "Ada", "Keller"), user }]))).toBe(
    "1 of 1 comparable row agrees in nothing that tells two people apart",
  );
});

/** Ten thousand, or a few where each of many mutants is shown to them. */
const NAMESAKES = process.env.HARDMATCH_COMPANIES === undefined ? 10_000 : 100;

test("ten thousand people of one name are judged without comparing each with each", { timeout: 30_000 }, () => {
  const names = { givenName: "Ada", surname: "Keller", displayName: "Ada Keller", mail: null };
  const [ad, user] = [account("u1", { ...names, userPrincipalName: null }), cloudUser("c1", names)];
  const pairs = Array.from({ length: NAMESAKES }, (_, index): IdentityPair => {
    const number = String(index).padStart(8, "0");
    return {
      row: index + 2,
      account: { ...ad, accountName: `u${number}`, objectGuid: numbered(ad.objectGuid, number) },
      user: { ...user, userPrincipalName: `c${number}@contoso.example`, id: numbered(user.id, number) },
    };
  });
  // Each with each would be a hundred million comparisons: minutes, and the test would time out.
  expect(judgeBatch(pairs)).toMatchObject({ disagreeing: [], comparable: NAMESAKES, blocked: false });
});

/** Somebody else of the same name. */
function distinct(user: CloudUser | null, number: number): CloudUser | null {
  return (
    user && { ...user, userPrincipalName: `x${number}77@contoso.example`, id: numbered(user.id, `0000000${number}`) }
  );
}

function numbered(guid: Guid, number: string): Guid {
  return parseGuid(`${number}${guid.slice(8)}`) ?? guid;
}
