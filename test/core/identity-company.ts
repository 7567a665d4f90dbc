/** A company made from a seed, as two systems know it: for the tests of identity agreement. */
import type { AdAccount } from "../../src/core/ad-account.ts";
import type { IdentityPair } from "../../src/core/identity-index.ts";
import type { CloudUser } from "../../src/core/snapshot.ts";
import { account, cloudUser } from "../support/facts.ts";

const GIVEN_NAMES = (
  "Ada Anna Anke Ben Bernd Cyd Clara Dee Dora Eve Emil Fay Finn Gus Greta Hal Hanna Ida Ivo Jörg José Jürgen Kim Lea Łukasz " +
  "Maëlle Max Nils Noël Ole Øyvind Pia Quinn Rosa Søren Thea Uwe Vera Wim Xaver Yara Zoë François Ángel Anna-Lena Jean-Luc"
).split(" ");
const SURNAMES = (
  "Müller Schmidt Weiß Keller Berger Brandt Nguyen O'Brien Kowalski Wałęsa Åkesson Sørensen García Lefèvre Dvořák Yılmaz " +
  "Smith Jones Taylor Brown Evans Walker Wright Hughes Green Hall Wood Harris Clark Jackson Martin Moore Kim Park Lee Rossi " +
  "Ferrari Bianchi Novák Horváth Nagy Papadopoulos Ivanova Petrov Hansen Larsen Virtanen Korhonen Jansen Bakker Visser Mulder " +
  "Fischer Weber Wagner Becker Schulz Hoffmann Koch Bauer Richter Klein Wolf Neumann Schwarz Zimmermann Braun Krüger Hofmann"
).split(" ");
const NICKNAMES: Readonly<Record<string, string>> = {
  Robert: "Bob",
  William: "Bill",
  Elizabeth: "Liz",
  Margaret: "Peggy",
  Richard: "Dick",
  Aleksandr: "Sasha",
};

/** Linear congruential: the same on every machine. */
export function createChance(seed: number) {
  let state = (seed * 2_654_435_761) >>> 0;
  const draw = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return { draw, pick: <Value>(values: readonly Value[]): Value => values[draw(values.length)] as Value };
}

export type CompanyOptions = {
  readonly seed: number;
  readonly people?: number;
  /** Fewer names than the usual ones: nearly everybody shares a surname with the neighbour. */
  readonly surnames?: number;
  /** What AD tells: everything, no address (the companies merged), or the login alone. */
  readonly source?: "full" | "merged" | "login-only";
  readonly sortedBy?: "surname" | "given name" | "account";
};

/** Sorted as such lists are; the first row is line 2. */
export function makeCompany({
  seed,
  people = 500,
  surnames = SURNAMES.length,
  source = "full",
  sortedBy = "surname",
}: CompanyOptions): IdentityPair[] {
  const { draw, pick } = createChance(seed);
  const logins = new Map<string, number>();
  const takeLogin = (wanted: string) => {
    const count = (logins.get(wanted) ?? 0) + 1;
    logins.set(wanted, count);
    return count === 1 ? wanted : `${wanted}${count}`;
  };
  const company = Array.from({ length: people }, (_, index) => {
    const nameless = source === "full" && index < 20;
    const nicknamed = draw(100) < 6;
    // A login of the old surname and nothing else beside the new name: nobody could tell that this is one person.
    const married = !nicknamed && !nameless && draw(100) < 4;
    const given = nicknamed ? pick(Object.keys(NICKNAMES)) : pick(GIVEN_NAMES);
    const surname = SURNAMES[draw(Math.min(surnames, SURNAMES.length))] as string;
    const cloudGiven = NICKNAMES[given] ?? (draw(10) === 0 ? toAscii(given).toUpperCase() : given);
    const cloudSurname = married ? pick(SURNAMES) : draw(5) === 0 ? toAscii(surname) : surname;
    const login = takeLogin(toAscii(`${given[0]}${surname}`));
    const prefix = takeLogin(`${toAscii(cloudGiven)}.${toAscii(cloudSurname)}`);
    const adMail = source === "merged" ? `${login}@fabrikam.example` : `${prefix}@contoso.example`;
    const keepsMail = source === "full" && draw(100) < 70;
    const ad = account(`p${seed}-${index}`, {
      accountName: login,
      userPrincipalName: `${login}@corp.contoso.example`,
      displayName: draw(2) === 0 ? `${surname}, ${given}` : `${given} ${surname}`,
      givenName: given,
      surname,
      mail: keepsMail || source === "merged" ? adMail : null,
      proxyAddresses: keepsMail ? [`SMTP:${adMail}`] : [],
      employeeId: draw(3) === 0 ? String(10_000 + index) : null,
    });
    const cloud = cloudUser(`p${seed}-${index}`, {
      userPrincipalName: `${prefix}@contoso.example`,
      displayName: `${cloudGiven} ${cloudSurname}`,
      givenName: cloudGiven,
      surname: cloudSurname,
      mail: `${prefix}@contoso.example`,
      proxyAddresses: [`SMTP:${prefix}@contoso.example`],
      employeeId: draw(2) === 0 ? String(10_000 + index) : null,
    });
    return {
      surname,
      given,
      login,
      account: nameless ? forgetName(ad, index) : source === "login-only" ? forgetName(ad, 0) : ad,
      user: cloud,
    };
  });
  const keyOf = ({ surname, given, login }: (typeof company)[number]) =>
    sortedBy === "surname" ? `${surname} ${given}` : sortedBy === "given name" ? `${given} ${surname}` : login;
  return company
    .toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1))
    .map(({ account: ad, user }, index) => ({ row: index + 2, account: ad, user }));
}

/** No name and no address; every other one has a number for a login, of which nothing can be said. */
function forgetName(ad: AdAccount, index: number): AdAccount {
  const accountName = index % 2 === 1 ? `u${20_000 + index}` : ad.accountName;
  const bare = { displayName: null, givenName: null, surname: null, mail: null, proxyAddresses: [], employeeId: null };
  return { ...ad, ...bare, accountName, userPrincipalName: `${accountName}@corp.contoso.example` };
}

export function toAscii(name: string): string {
  return name
    .replace(
      /[ıŁłøØßåÅüö]/g,
      (letter) =>
        ({ ı: "i", Ł: "L", ł: "l", ø: "o", Ø: "O", ß: "ss", å: "aa", Å: "Aa", ü: "ue", ö: "oe" })[letter] ?? "",
    )
    .normalize("NFD")
    .replace(/[^A-Za-z]/g, "")
    .toLowerCase();
}

/** Moves the users from this place on by `by` rows down; those that fall out at one end come in at the other. */
export function shiftUsers(pairs: readonly IdentityPair[], by: number, from = 0, to = pairs.length): IdentityPair[] {
  const length = to - from;
  return pairs.map((pair, place) => {
    if (place < from || place >= to) return pair;
    const source = pairs[from + ((((place - from - by) % length) + length) % length)];
    return { ...pair, user: source?.user ?? null };
  });
}

/** Sorts the column of users by this, and leaves the accounts where they are. */
export function sortUsers(pairs: readonly IdentityPair[], keyOf: (user: CloudUser) => string): IdentityPair[] {
  const users = pairs
    .map(({ user }) => user)
    .toSorted((left, right) => (left === null || right === null ? 0 : keyOf(left) < keyOf(right) ? -1 : 1));
  return pairs.map((pair, place) => ({ ...pair, user: users[place] ?? null }));
}
