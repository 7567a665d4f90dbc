/** What is read of a person, fact by fact, and under which keys it can be found again. */
import { describe, expect, test } from "vitest";
import type { AdAccount } from "../../src/core/ad-account.ts";
import { leaveOutCommon, looseKeysOf, profileAccount, profileUser } from "../../src/core/identity-profile.ts";
import type { CloudUser } from "../../src/core/snapshot.ts";
import { account, cloudUser } from "../support/facts.ts";

/** Nothing but a login. */
const profile = (facts: Partial<CloudUser>) =>
  profileUser(cloudUser("c77", { displayName: null, mail: null, proxyAddresses: [], ...facts }));
const bareAccount = (facts: Partial<AdAccount>) =>
  profileAccount(account("u5", { userPrincipalName: null, displayName: null, mail: null, objectSid: null, ...facts }));

describe("the name of a person", () => {
  for (const [title, facts, fullNames, nameWords] of [
    ["without any", {}, [], []],
    ["with a given name alone", { givenName: "Ada" }, [], ["ada"]],
    ["with a surname alone", { surname: "Keller" }, [], ["keller"]],
    ["with both", { givenName: "Ada", surname: "Keller" }, [["ada", "keller"]], ["ada", "keller"]],
    ["with a display name alone", { displayName: "Keller, Ada" }, [["ada", "keller"]], ["ada", "keller"]],
    [
      "with a given name and a display name",
      { givenName: "Ada", displayName: "Liz Berger" },
      [["liz", "berger"]],
      ["ada", "liz", "berger"],
    ],
    [
      "with a surname and a display name",
      { surname: "Keller", displayName: "Liz Berger" },
      [["liz", "berger"]],
      ["keller", "liz", "berger"],
    ],
    [
      "with all three",
      { givenName: "Ada", surname: "Keller", displayName: "Liz Berger" },
      [
        ["liz", "berger"],
        ["ada", "keller"],
      ],
      ["ada", "keller"],
    ],
  ] as const) {
    test(title, () => {
      const read = profile(facts);
      expect({ fullNames: read.fullNames, nameWords: read.nameWords }).toEqual({ fullNames, nameWords });
    });
  }
});

test("SIDs are those that there are, in capitals", () => {
  expect(profile({ securityIdentifier: null }).sids).toEqual([]);
  expect(profile({ securityIdentifier: "s-1-5-21-7" }).sids).toEqual(["S-1-5-21-7"]);
  expect(bareAccount({ sidHistory: ["s-1-5-21-8"] }).sids).toEqual(["S-1-5-21-8"]);
});

describe("addresses", () => {
  for (const [written, read] of [
    ["ada@contoso.example", ["ada@contoso.example"]],
    ["SMTP:Ada@Contoso.Example", ["ada@contoso.example"]],
    ["sip:ada@contoso.example", ["ada@contoso.example"]],
    [" smtp:ada@contoso.example ", ["ada@contoso.example"]],
    ["smtp:ada", []],
    ["X500:/o=contoso/cn=ada@contoso.example", []],
    ["xsmtp:ada@contoso.example", []],
    ["smtp2:ada@contoso.example", []],
  ] as const) {
    test(`${JSON.stringify(written)} is ${read.length === 0 ? "none" : "one"}`, () =>
      expect(profile({ proxyAddresses: [written] }).addresses).toEqual(read));
  }

  test("stand once, and also serve as logins", () => {
    const read = profile({ mail: "ada@contoso.example", proxyAddresses: ["SMTP:Ada@contoso.example"] });
    expect(read.addresses).toEqual(["ada@contoso.example"]);
    expect(read.logins.map(({ squashed }) => squashed)).toEqual(["c77", "ada"]);
  });

  test("with nothing before the @ are no login", () => {
    expect(profile({ mail: "...@contoso.example" }).logins.map(({ squashed }) => squashed)).toEqual(["c77"]);
  });
});

test("of logins that are spelt alike the account name counts, which may have been cut off", () => {
  const name = "christophermontgomer";
  const { logins } = bareAccount({ accountName: name, userPrincipalName: `${name}@corp.contoso.example` });
  expect(logins).toEqual([{ squashed: name, words: [name], cut: true }]);
});

describe("a person is found by", () => {
  for (const [title, facts, keys] of [
    ["the login alone, where nothing else is known", {}, []],
    ["an address", { mail: "ada@contoso.example" }, ["login:ada", "mail:ada@contoso.example"]],
    ["a SID", { securityIdentifier: "S-1-5-21-7" }, ["sid:S-1-5-21-7"]],
    ["an employee number", { employeeId: "007" }, ["employee:7"]],
    ["no employee number of zeros", { employeeId: "000" }, []],
    ["one name", { displayName: "Ada" }, ["name:ada"]],
    ["two names, in the order of the alphabet", { displayName: "Yara Berger" }, ["name:berger yara"]],
    [
      "the first and the last of three",
      { displayName: "Ada Maria Keller" },
      ["name:ada keller maria", "name:ada keller"],
    ],
    [
      "the last and the first of three, in the order of the alphabet",
      { displayName: "Yara Maria Berger" },
      ["name:berger maria yara", "name:berger yara"],
    ],
  ] as const) {
    test(title, () => expect(profile(facts).firmKeys.toSorted()).toEqual(["login:c77", ...keys].toSorted()));
  }
});

describe("logins that rules make of a name", () => {
  test("are of the first and the last word, either way round, whole or with an initial", () => {
    expect(looseKeysOf(profile({ displayName: "Ada Maria Keller" }))).toEqual([
      "login:adakeller",
      "login:kellerada",
      "login:akeller",
      "login:kellera",
    ]);
  });

  test("are also made of the words of a login, and not of one word", () => {
    expect(looseKeysOf(profile({ displayName: "Ada", userPrincipalName: "ben.miller@contoso.example" }))).toEqual([
      "login:benmiller",
      "login:millerben",
      "login:bmiller",
      "login:millerb",
    ]);
    expect(looseKeysOf(profile({ displayName: "Ada", userPrincipalName: "miller@contoso.example" }))).toEqual([]);
    expect(looseKeysOf(profile({}))).toEqual([]);
  });
});

describe("leaveOutCommon", () => {
  const ada = profile({
    displayName: "Ada Keller",
    mail: "ada@contoso.example",
    employeeId: "5",
    securityIdentifier: "S-1-5-21-7",
  });
  const without = (...keys: readonly string[]) => leaveOutCommon(ada, new Set(keys));

  test("leaves a profile as it is that holds nothing common", () => {
    expect(without()).toBe(ada);
    expect(without("name:ben miller", "employee:6")).toBe(ada);
  });

  for (const [key, changes] of [
    ["mail:ada@contoso.example", { addresses: [] }],
    ["sid:S-1-5-21-7", { sids: [] }],
    ["login:ada", { logins: ada.logins.filter(({ squashed }) => squashed === "c77") }],
    ["employee:5", { employeeId: null }],
    ["name:ada keller", { nameIsCommon: true }],
  ] as const) {
    test(`takes out ${key} and nothing else`, () =>
      expect(without(key)).toEqual({ ...ada, firmKeys: ada.firmKeys.filter((own) => own !== key), ...changes }));
  }
});
