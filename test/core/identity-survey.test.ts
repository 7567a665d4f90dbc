import { describe, expect, test } from "vitest";
import type { AdAccount } from "../../src/core/ad-account.ts";
import { compareProfiles } from "../../src/core/identity.ts";
import type { IdentityPair } from "../../src/core/identity-index.ts";
import { type IdentityProfile, leaveOutCommon, profileAccount, profileUser } from "../../src/core/identity-profile.ts";
import { MOST_HOLDERS, surveyPairs } from "../../src/core/identity-survey.ts";
import { account, cloudUser } from "../support/facts.ts";
import { makeCompany } from "./identity-company.ts";

/** A row with all that both sides hold, whoever else holds it. */
type WholePair = IdentityPair & {
  readonly wholeLeft: IdentityProfile | null;
  readonly wholeRight: IdentityProfile | null;
};

const profiled = (pair: IdentityPair): WholePair => ({
  ...pair,
  wholeLeft: pair.account && profileAccount(pair.account),
  wholeRight: pair.user && profileUser(pair.user),
});

/** Keys that too many people hold, each person once by the id. */
function countKeys(people: Iterable<readonly [string, IdentityProfile]>): string[] {
  const holders = new Map<string, number>();
  for (const [, { firmKeys }] of new Map(people))
    for (const key of firmKeys) holders.set(key, (holders.get(key) ?? 0) + 1);
  return [...holders].flatMap(([key, count]) => (count > MOST_HOLDERS ? key : []));
}

const SAME_NAME = { givenName: "Kim", surname: "Lee", displayName: "Kim Lee" };

/** A company with numbers that are placeholders, people on two rows, and people with more addresses than most. */
function makeMixedCompany(seed: number): WholePair[] {
  const people = makeCompany({ seed, people: 120 }).map((pair, place): IdentityPair => {
    const { account: left, user } = pair;
    if (left === null || user === null) return pair;
    const proxyAddresses =
      place % 20 === 0
        ? Array.from({ length: 12 }, (_, index) => `smtp:p${place - (place % 80)}.${index}@x.example`)
        : [];
    const employeeId = place % 3 === 0 ? "0000-na" : left.employeeId;
    return {
      ...pair,
      account: {
        ...left,
        ...(place % 9 === 0 && SAME_NAME),
        employeeId,
        proxyAddresses,
        mail: place % 4 === 0 ? user.mail : null,
      },
      user: place % 7 === 0 ? null : { ...user, employeeId: place % 5 === 0 ? "0000-na" : user.employeeId },
    };
  });
  return [...people, ...people.slice(0, 40).map((pair) => ({ ...pair, row: pair.row + 1000 }))].map(profiled);
}

test.each([1, 2])(
  "a survey finds what counting each key finds, and no row agrees that does not (company %i)",
  (seed) => {
    const pairs = makeMixedCompany(seed);
    const { listCommon, agreesSurely } = surveyPairs(pairs);
    const common = listCommon();
    const accounts = pairs.flatMap(({ account, wholeLeft }) =>
      account && wholeLeft ? [[account.objectGuid, wholeLeft] as const] : [],
    );
    const users = pairs.flatMap(({ user, wholeRight }) => (user && wholeRight ? [[user.id, wholeRight] as const] : []));
    expect([...common].sort()).toEqual([...new Set([...countKeys(accounts), ...countKeys(users)])].sort());
    const kinds = new Set([...common].map((key) => key.replace(/:.*/, "")));
    expect(kinds).toEqual(new Set(["employee", "login", "mail", "name"]));
    const sure = pairs.filter((_, place) => agreesSurely(place));
    expect(sure.length).toBeGreaterThan(20);
    const isFirm = ({ wholeLeft: left, wholeRight: right }: WholePair) =>
      left !== null &&
      right !== null &&
      compareProfiles(leaveOutCommon(left, common), leaveOutCommon(right, common)).firm;
    expect(sure.filter((pair) => !isFirm(pair))).toEqual([]);
  },
);

test.each([3, 4])("of a few rows everything is found that is common in them (company %i)", (seed) => {
  const pairs = makeMixedCompany(seed);
  const { listCommon } = surveyPairs(pairs);
  const all = listCommon();
  const keysAt = (place: number) =>
    [pairs[place]?.wholeLeft, pairs[place]?.wholeRight].flatMap((profile) => profile?.firmKeys ?? []);
  let found = 0;
  for (const place of pairs.keys()) {
    const few = [place, (place + 60) % pairs.length];
    const some = listCommon(few);
    expect([...some].filter((key) => !all.has(key))).toEqual([]);
    const held = few.flatMap(keysAt);
    expect(held.filter((key) => some.has(key))).toEqual(held.filter((key) => all.has(key)));
    found += some.size;
  }
  expect(found).toBeGreaterThan(pairs.length);
  expect(listCommon([]).size).toBe(0);
});

const BARE = { userPrincipalName: null, displayName: null, mail: null, proxyAddresses: [] };

/** A row of two strangers, who share what both are given. */
function row(
  place: number,
  shared: Pick<Partial<AdAccount>, "mail" | "proxyAddresses" | "employeeId" | "displayName">,
) {
  return profiled({
    row: place + 2,
    account: account(`ad${place}`, { ...BARE, ...shared }),
    user: cloudUser(`cloud${place}`, { ...BARE, userPrincipalName: `cloud${place}@contoso.example`, ...shared }),
  });
}

describe("a row agrees surely", () => {
  const mailsOf = (count: number) => Array.from({ length: count }, (_, index) => `smtp:both.${index}@contoso.example`);
  const common = [1, 2, 3].map((place) => row(place, { employeeId: "77" }));
  const sure = (pairs: readonly WholePair[]) => {
    const { agreesSurely } = surveyPairs(pairs);
    return pairs.map((_, place) => agreesSurely(place));
  };

  test.each([
    { what: "an address", shared: { mail: "both@contoso.example" } },
    { what: "an employee number", shared: { employeeId: "4711" } },
  ])("by $what that nobody else has", ({ shared }) => {
    expect(sure([row(0, shared), row(1, {})])).toEqual([true, false]);
  });

  test("by the one of its shared keys that few have", () => {
    expect(sure([row(0, { employeeId: "77", mail: "both@contoso.example" }), ...common])[0]).toBe(true);
  });

  test("not by a key that too many have", () => {
    expect(sure([row(0, { employeeId: "77" }), ...common])).toEqual([false, false, false, false]);
  });

  test("not by a name, which may be common in another form", () => {
    expect(sure([row(0, { displayName: "Ada Keller" })])).toEqual([false]);
  });

  test("and says nothing of the next row, however many keys it shares", () => {
    expect(sure([row(0, { proxyAddresses: mailsOf(6) }), row(1, {})])).toEqual([true, false]);
  });
});

describe("what too many hold is found", () => {
  const commonOf = (accounts: readonly AdAccount[]) => [
    ...surveyPairs(accounts.map((each, place) => profiled({ row: place + 2, account: each, user: null }))).listCommon(),
  ];

  test.each([0, 7])("where it is all that they hold: a login and %i addresses", (count) => {
    const addresses = Array.from({ length: count }, (_, index) => `helpdesk@${index}.example`);
    const admins = ["ALPHA", "BETA", "GAMMA", "DELTA"].map((domain) =>
      account("helpdesk", { ...BARE, domain, proxyAddresses: addresses.map((address) => `smtp:${address}`) }),
    );
    const keys = [...addresses.map((address) => `mail:${address}`), "login:helpdesk"];
    expect(commonOf(admins)).toEqual(keys);
    expect(commonOf(admins.slice(1))).toEqual([]);
  });

  test("where it is the last of many that they hold, and the next person holds none of them", () => {
    const listOf = (name: string) => Array.from({ length: 12 }, (_, index) => `smtp:${name}${index}@x.example`);
    const people = ["ada", "ben", "cyd", "dee"].map((name) =>
      account(name, { ...BARE, proxyAddresses: [...listOf(name), "smtp:all@x.example"] }),
    );
    expect(commonOf([...people, account("eve", BARE)])).toEqual(["mail:all@x.example", "login:all"]);
  });
});
