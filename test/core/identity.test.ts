import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AdAccount } from "../../src/core/ad-account.ts";
import { compareIdentity } from "../../src/core/identity.ts";
import type { CloudUser } from "../../src/core/snapshot.ts";
import { account, cloudUser } from "../support/facts.ts";

/** Nothing but a login that says nothing about a name. */
const bareAccount = (facts: Partial<AdAccount>): AdAccount =>
  account("u10293", { userPrincipalName: null, displayName: null, mail: null, ...facts });
const bareUser = (facts: Partial<CloudUser>): CloudUser =>
  cloudUser("c77801", { displayName: null, mail: null, ...facts });
const atContoso = (name: string) => `${name}@contoso.example`;

const samePerson: readonly [string, Partial<AdAccount>, Partial<CloudUser>, string][] = [
  ["equal given names", { givenName: "Ada" }, { givenName: "Ada" }, "given name"],
  ["a given name in capitals", { givenName: "ADA" }, { givenName: "ada" }, "given name"],
  ["a given name with and without accent", { givenName: "José" }, { givenName: "Jose" }, "given name"],
  ["a double given name of which one is used", { givenName: "Anna-Lena" }, { givenName: "Anna" }, "given name"],
  ["a double given name written as one", { givenName: "Anna-Lena" }, { givenName: "Annalena" }, "given name"],
  ["a middle initial", { givenName: "Ada M." }, { givenName: "Ada" }, "given name"],
  ["equal surnames", { surname: "Keller" }, { surname: "Keller" }, "surname"],
  ["ß and ss", { surname: "Weiß" }, { surname: "WEISS" }, "surname"],
  ["ü and ue", { surname: "Müller" }, { surname: "Mueller" }, "surname"],
  ["ü and u", { surname: "Müller" }, { surname: "Muller" }, "surname"],
  ["ø and o", { surname: "Sørensen" }, { surname: "Sorensen" }, "surname"],
  ["ø and oe", { surname: "Sørensen" }, { surname: "Soerensen" }, "surname"],
  ["å and aa", { surname: "Åberg" }, { surname: "Aaberg" }, "surname"],
  ["ł and l", { surname: "Wałęsa" }, { surname: "Walesa" }, "surname"],
  ["æ and ae", { surname: "Kjær" }, { surname: "Kjaer" }, "surname"],
  ["œ and oe", { surname: "Lebœuf" }, { surname: "Leboeuf" }, "surname"],
  ["đ and d", { surname: "Đorđević" }, { surname: "Dordevic" }, "surname"],
  ["a Turkish ı and i", { surname: "Yılmaz" }, { surname: "YILMAZ" }, "surname"],
  ["an apostrophe and none", { surname: "O'Brien" }, { surname: "OBrien" }, "surname"],
  ["a typographic apostrophe", { surname: "O’Brien" }, { surname: "O'BRIEN" }, "surname"],
  ["a space and none", { surname: "Mc Donald" }, { surname: "McDonald" }, "surname"],
  ["a hyphenated married name", { surname: "Keller-Berger" }, { surname: "Keller" }, "surname"],
  ["a particle and none", { surname: "van der Berg" }, { surname: "Berg" }, "surname"],
  ["full names in another order", { displayName: "Keller, Ada" }, { displayName: "Ada Keller" }, "display name"],
  [
    "a department behind the name",
    { displayName: "Keller, Ada (Berlin)" },
    { displayName: "Ada Keller" },
    "display name",
  ],
  ["a company behind a bar", { displayName: "Ada Keller | Contoso" }, { displayName: "Ada Keller" }, "display name"],
  ["a title", { displayName: "Dr. Ada Keller" }, { displayName: "Ada Keller" }, "display name"],
  ["a middle name", { displayName: "Ada Maria Keller" }, { displayName: "Ada Keller" }, "display name"],
  ["syllables parted differently", { displayName: "Lee, Min-ho" }, { displayName: "Minho Lee" }, "display name"],
  [
    "a display name and its parts",
    { givenName: "Ada", surname: "Keller" },
    { displayName: "Keller Ada" },
    "display name",
  ],
  ["names in Cyrillic", { displayName: "Иванова Анна" }, { displayName: "Анна ИВАНОВА" }, "display name"],
  [
    "a nickname with the surname",
    { givenName: "Robert", surname: "Smith" },
    { givenName: "Bob", surname: "Smith" },
    "surname",
  ],
  ["a marriage", { givenName: "Ada", surname: "Keller" }, { givenName: "Ada", surname: "Berger" }, "given name"],
  ["a name in swapped fields", { givenName: "Keller" }, { surname: "Keller" }, "part of the name"],
  ["one display name alone", { displayName: "Robert Smith" }, { displayName: "Bob Smith" }, "part of the name"],
  ["equal mail in other case", { mail: "Ada@Contoso.Example" }, { mail: atContoso("ada") }, "mail"],
  ["mail among proxies", { mail: atContoso("x1") }, { proxyAddresses: ["smtp:X1@contoso.example"] }, "mail"],
  [
    "proxies alone",
    { proxyAddresses: ["SMTP:a1@contoso.example", "smtp:x1@contoso.example"] },
    { proxyAddresses: ["smtp:X1@contoso.example"] },
    "mail",
  ],
  ["an employee number with zeros", { employeeId: "000123" }, { employeeId: "123" }, "employee id"],
  ["an employee number with hyphen", { employeeId: "E-123" }, { employeeId: "e123" }, "employee id"],
  ["an equal login", { accountName: "u5" }, { userPrincipalName: atContoso("U5") }, "account name"],
  [
    "an initial and the surname",
    { accountName: "akeller" },
    { userPrincipalName: atContoso("ada.keller") },
    "account name",
  ],
  [
    "the surname and an initial",
    { accountName: "kellera" },
    { userPrincipalName: atContoso("ada.keller") },
    "account name",
  ],
  ["the beginnings of both", { accountName: "adakel" }, { userPrincipalName: atContoso("ada.keller") }, "account name"],
  [
    "a prefix for its kind",
    { accountName: "ext-akeller" },
    { userPrincipalName: atContoso("ada.keller") },
    "account name",
  ],
  ["a number at the end", { accountName: "akeller2" }, { userPrincipalName: atContoso("ada.keller") }, "account name"],
  ["a login of the name alone", { accountName: "akeller" }, { givenName: "Ada", surname: "Keller" }, "account name"],
  [
    "a login with the old given name",
    { accountName: "esmith" },
    { userPrincipalName: atContoso("liz.smith") },
    "account name",
  ],
  [
    "a login cut at 20 characters",
    { accountName: "u77001christophermon" },
    { userPrincipalName: atContoso("u77001christophermontgomery") },
    "account name",
  ],
  [
    "the UPN prefix of AD",
    { userPrincipalName: "ada.keller@corp.contoso.example" },
    { userPrincipalName: atContoso("ada_keller") },
    "account name",
  ],
  ["the SID", { objectSid: "S-1-5-21-1-2-3-1001" }, { securityIdentifier: "s-1-5-21-1-2-3-1001" }, "SID"],
  [
    "a former SID",
    { objectSid: "S-1-5-21-9-9-9-5", sidHistory: ["S-1-5-21-1-2-3-1001"] },
    { securityIdentifier: "S-1-5-21-1-2-3-1001" },
    "SID",
  ],
];

for (const [title, left, right, fact] of samePerson) {
  test(`compareIdentity agrees by ${title}`, () => {
    expect(compareIdentity(bareAccount(left), bareUser(right)).agreeing).toContain(fact);
  });
}

const otherPerson: readonly [string, Partial<AdAccount>, Partial<CloudUser>][] = [
  ["other given names", { givenName: "Ada" }, { givenName: "Ben" }],
  ["a given name that begins like the other", { givenName: "Jan" }, { givenName: "Jana" }],
  ["other surnames", { surname: "Keller" }, { surname: "Kellermann" }],
  ["a surname that begins like the other", { surname: "Martin" }, { surname: "Martinson" }],
  ["no more than a particle in common", { surname: "van Dijk" }, { surname: "van Berg" }],
  ["no more than an initial in common", { givenName: "Ada M." }, { givenName: "Ben M." }],
  ["no more than a title in common", { displayName: "Dr. Ada Keller" }, { displayName: "Dr. Ben Miller" }],
  [
    "no more than a department in common",
    { displayName: "Keller, Ada (IT Berlin)" },
    { displayName: "Miller, Ben (IT Berlin)" },
  ],
  [
    "no more than a company in common",
    { displayName: "Ada Keller - Contoso Ltd" },
    { displayName: "Ben Miller - Contoso Ltd" },
  ],
  ["a nickname alone", { givenName: "Robert" }, { givenName: "Bob" }],
  ["a display name of somebody else", { displayName: "Ada Keller" }, { displayName: "Ben Miller" }],
  ["other parts of a name", { givenName: "Ada" }, { displayName: "Ben Miller" }],
  ["another mail", { mail: atContoso("x1") }, { mail: atContoso("x2") }],
  [
    "the same kind of X500 address only",
    { proxyAddresses: ["X500:/o=c/cn=1", "smtp:x1@contoso.example"] },
    { proxyAddresses: ["X500:/o=c/cn=1", "smtp:x2@contoso.example"] },
  ],
  ["another employee number", { employeeId: "123" }, { employeeId: "1230" }],
  ["another login", { accountName: "akeller" }, { userPrincipalName: atContoso("ben.miller") }],
  ["a login with the same initial", { accountName: "akeller" }, { userPrincipalName: atContoso("ada.miller") }],
  ["another SID of the domain", { objectSid: "S-1-5-21-1-2-3-1001" }, { securityIdentifier: "S-1-5-21-1-2-3-1002" }],
];

for (const [title, left, right] of otherPerson) {
  test(`compareIdentity disagrees with ${title}`, () => {
    const { agreeing, disagreeing, comparable } = compareIdentity(bareAccount(left), bareUser(right));
    expect({ agreeing, comparable }).toEqual({ agreeing: [], comparable: true });
    expect(disagreeing).not.toEqual([]);
  });
}

describe("compareIdentity cannot compare", () => {
  for (const [title, left, right] of [
    ["numbers for logins and nothing else", {}, {}],
    ["facts that only one side holds", { givenName: "Ada", employeeId: "1" }, { mail: atContoso("c77801") }],
    ["names in two scripts", { displayName: "Анна Иванова" }, { displayName: "Ben Miller" }],
    ["an employee number of zeros", { employeeId: "0000" }, { employeeId: "0" }],
    ["a number with a name for a login", { accountName: "u10293" }, { userPrincipalName: atContoso("ada.keller") }],
  ] satisfies readonly [string, Partial<AdAccount>, Partial<CloudUser>][]) {
    test(title, () => {
      expect(compareIdentity(bareAccount(left), bareUser(right))).toEqual({
        agreeing: [],
        disagreeing: [],
        comparable: false,
        firm: false,
      });
    });
  }
});

test("a surname or a given name alone is not firm, both together are", () => {
  const ada = bareAccount({ givenName: "Ada", surname: "Keller" });
  expect(compareIdentity(ada, bareUser({ givenName: "Ada", surname: "Berger" })).firm).toBe(false);
  expect(compareIdentity(ada, bareUser({ givenName: "Ben", surname: "Keller" })).firm).toBe(false);
  expect(compareIdentity(ada, bareUser({ givenName: "Ada", surname: "Keller" })).firm).toBe(true);
});

test("a display name alone is firm, and so are parts of both names in fields that match", () => {
  expect(compareIdentity(bareAccount({ displayName: "Ada Keller" }), bareUser({ displayName: "Keller, Ada" }))).toEqual(
    {
      agreeing: ["display name"],
      disagreeing: [],
      comparable: true,
      firm: true,
    },
  );
  const [annaLena, anna] = [
    { givenName: "Anna-Lena", surname: "Keller" },
    { givenName: "Anna", surname: "Berg-Keller" },
  ];
  expect(compareIdentity(bareAccount(annaLena), bareUser(anna))).toEqual({
    agreeing: ["given name", "surname"],
    disagreeing: ["display name"],
    comparable: true,
    firm: true,
  });
});

describe("a part of the name is looked for only where no field of the name agrees:", () => {
  const ada = { givenName: "Ada", surname: "Keller" };
  for (const [title, left, right, agreeing] of [
    ["not beside a given name", ada, { givenName: "Ada", surname: "Berger" }, ["given name"]],
    ["not beside a surname", ada, { givenName: "Ben", surname: "Keller" }, ["surname"]],
    ["not beside a given name alone", { givenName: "Ada" }, { givenName: "Ada" }, ["given name"]],
    ["not beside a display name", { displayName: "Ada Keller" }, { displayName: "Ada Keller" }, ["display name"]],
    ["but beside none of them", { givenName: "Keller" }, { surname: "Keller" }, ["part of the name"]],
  ] satisfies readonly [string, Partial<AdAccount>, Partial<CloudUser>, readonly string[]][]) {
    test(title, () => expect(compareIdentity(bareAccount(left), bareUser(right)).agreeing).toEqual(agreeing));
  }
});

describe("of several logins on both sides", () => {
  const compare = (accountName: string, adUpn: string, upn: string, mail: string) => {
    const left = bareAccount({ accountName, userPrincipalName: `${adUpn}@corp.contoso.example` });
    return compareIdentity(left, bareUser({ userPrincipalName: atContoso(upn), mail: atContoso(mail) }));
  };

  test("one that is equal is enough, and firm", () => {
    expect(compare("u10293", "x5501", "c77801", "u10293")).toMatchObject({ agreeing: ["account name"], firm: true });
  });

  test("one that was cut off is enough, and not firm", () => {
    const compared = compare("u1234567890123456789", "x5501", "c77801", "u123456789012345678901");
    expect(compared).toMatchObject({ agreeing: ["account name"], firm: false });
  });

  test("one on each side that looks like a name is enough to disagree", () => {
    expect(compare("u10293", "ben.miller", "ada.keller", "c77801").disagreeing).toEqual(["account name"]);
    expect(compare("u10293", "x5501", "ada.keller", "c77801").comparable).toBe(false);
    expect(compare("u10293", "ben.miller", "c77801", "c77802").comparable).toBe(false);
  });
});

const name = fc.constantFrom(
  "Ada",
  "José",
  "Müller",
  "Weiß",
  "Yılmaz",
  "Łukasz",
  "O'Brien",
  "Anna-Lena",
  "Ægir",
  "Straße",
);
const person = fc.record({
  givenName: fc.option(name),
  surname: fc.option(name),
  displayName: fc.option(fc.tuple(name, name).map(([first, last]) => `${last}, ${first}`)),
  mail: fc.option(name.map((word) => `${word.toLowerCase()}@contoso.example`)),
  employeeId: fc.option(fc.integer({ min: 0, max: 5 }).map(String)),
});
const addAccents = (text: string | null) =>
  text?.replace(/[aeiou]/gi, (letter) => `${letter}\u0301`).normalize("NFC") ?? null;
const toUpper = (text: string | null) => text?.toUpperCase() ?? null;

test("compareIdentity says the same when both sides change places", () => {
  fc.assert(
    fc.property(person, person, (left, right) => {
      expect(compareIdentity(bareAccount(right), bareUser(left))).toEqual(
        compareIdentity(bareAccount(left), bareUser(right)),
      );
    }),
  );
});

test("case and accents never change what compareIdentity says", () => {
  fc.assert(
    fc.property(person, person, (left, right) => {
      const plain = compareIdentity(bareAccount(left), bareUser(right));
      for (const change of [toUpper, addAccents]) {
        const changed = Object.fromEntries(
          Object.entries(right).map(([fact, text]) => [
            fact,
            fact === "mail" && change === addAccents ? text : change(text),
          ]),
        );
        expect(compareIdentity(bareAccount(left), bareUser(changed))).toEqual(plain);
      }
    }),
  );
});

test("everybody who has a name agrees with himself", () => {
  fc.assert(
    fc.property(person, (one) => {
      const { disagreeing, agreeing } = compareIdentity(bareAccount(one), bareUser(one));
      expect(disagreeing).toEqual([]);
      if (one.givenName !== null) expect(agreeing).toContain("given name");
    }),
  );
});
