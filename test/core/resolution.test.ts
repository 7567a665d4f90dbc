import { expect, test } from "vitest";
import { indexAccounts, resolveMapping, soleAccount } from "../../src/core/resolution.ts";
import { hashText } from "../../src/core/text-hash.ts";
import { account, mapping } from "../support/facts.ts";

const corp = ["ada", "José", "jose", "Ben", "ｆay"].map((name) => account(name));
const old = [account("ben", { domain: "OLD" }), account("gil", { domain: "OLD" })];
const found = indexAccounts([
  { domain: "CORP", accounts: corp },
  { domain: "Old", accounts: old },
]);

for (const [title, asked, exact, near, unknownDomain] of [
  ["one account of the name", mapping(2, "ada"), ["CORP ada"], [], false],
  ["the name in another case", mapping(2, "ADA"), ["CORP ada"], [], false],
  ["an accent is another letter", mapping(2, "jose"), ["CORP jose"], ["CORP José"], false],
  ["and the other way round", mapping(2, "JOSÉ"), ["CORP José"], ["CORP jose"], false],
  ["a name that only width makes different is near, not exact", mapping(2, "fay"), [], ["CORP ｆay"], false],
  ["one name in two domains", mapping(2, "ben"), ["CORP Ben", "OLD ben"], [], false],
  ["the same with its domain", mapping(2, "ben", { domain: "OLD" }), ["OLD ben"], [], false],
  ["the domain in another case", mapping(2, "ben", { domain: "corp" }), ["CORP Ben"], [], false],
  ["an account of another domain than named", mapping(2, "gil", { domain: "CORP" }), [], [], false],
  ["a domain that nobody serves", mapping(2, "ada", { domain: "NEW" }), [], [], true],
  ["nobody", mapping(2, "zoe"), [], [], false],
  ["a name like a property of every object", mapping(2, "constructor"), [], [], false],
] as const) {
  test(`resolveMapping: ${title}`, () => {
    const resolution = resolveMapping(asked, found);
    const inWords = ({ domain, accountName }: { domain: string; accountName: string }) => `${domain} ${accountName}`;
    expect(resolution.exact.map(inWords)).toEqual(exact);
    expect(resolution.near.map(inWords)).toEqual(near);
    expect([resolution.unknownDomain, resolution.mapping]).toEqual([unknownDomain, asked]);
  });
}

test("resolveMapping keeps apart two names that only share a number in its table", () => {
  const [one, other] = ["u2wzx", "ud6cd"] as const;
  expect(hashText(one)).toBe(hashText(other));
  const index = indexAccounts([{ domain: "CORP", accounts: [account(one), account(other)] }]);
  const { exact, near } = resolveMapping(mapping(2, one), index);
  expect([exact.map(({ accountName }) => accountName), near]).toEqual([[one], []]);
});

const keyed = [
  account("ada", { userPrincipalName: "a.smith@contoso.example", mail: "Team@contoso.example" }),
  account("ben", { dn: "CN=Smith\\, Ben,OU=People,DC=corp", mail: "team@CONTOSO.example", userPrincipalName: null }),
  account("jose", { mail: "josé@contoso.example" }),
];
for (const [title, key, asked, exact, near] of [
  ["a UPN in another case", "userPrincipalName", "A.SMITH@contoso.example", ["ada"], []],
  ["nobody for a UPN that no account has, whoever has none", "userPrincipalName", "", [], []],
  ["both accounts with one mail address", "mail", "team@contoso.example", ["ada", "ben"], []],
  ["an address that differs by an accent only as near", "mail", "jose@contoso.example", [], ["jose"]],
  [
    "a DN with another escape and other spaces",
    "distinguishedName",
    "cn=smith\\2C ben, OU=people, dc=corp",
    ["ben"],
    [],
  ],
  ["a GUID in braces", "objectGUID", `{${keyed[2]?.objectGuid.toUpperCase()}}`, ["jose"], []],
  ["nobody by account name when the key is another", "mail", "ada", [], []],
] as const) {
  test(`resolveMapping finds ${title}`, () => {
    const resolution = resolveMapping(mapping(2, asked), indexAccounts([{ domain: "CORP", accounts: keyed }], key));
    expect(resolution.exact.map(({ accountName }) => accountName)).toEqual(exact);
    expect(resolution.near.map(({ accountName }) => accountName)).toEqual(near);
  });
}

test("soleAccount is the one account of a row, and none where the forest has another of the same value", () => {
  const elsewhere = [
    { domain: { domain: "EU", dn: "DC=eu" }, dn: "CN=ada,DC=eu", accountName: "ADA", value: "ADA" },
    { domain: { domain: "EU", dn: "DC=eu" }, dn: "CN=zoe,DC=eu", accountName: "zoe", value: "zoe" },
  ];
  const index = indexAccounts([{ domain: "CORP", accounts: corp }], "sAMAccountName", elsewhere);
  const sole = (asked: Parameters<typeof resolveMapping>[0]) => soleAccount(resolveMapping(asked, index))?.accountName;
  expect(sole(mapping(2, "ben"))).toBe("Ben");
  expect(sole(mapping(2, "ada"))).toBeUndefined();
  expect(sole(mapping(2, "ada", { domain: "CORP" }))).toBe("ada");
  expect([sole(mapping(2, "zoe")), sole(mapping(2, "nobody"))]).toEqual([undefined, undefined]);
});

test("the one account that a row means is the only one found, in every domain", () => {
  const resolved = resolveMapping(mapping(2, "ada"), indexAccounts([{ domain: "CORP", accounts: [account("ada")] }]));
  const [only] = resolved.exact;
  if (only === undefined) throw new Error("Ada was found");
  expect(soleAccount(resolved)).toBe(only);
  expect(soleAccount({ ...resolved, exact: [only, only] })).toBeUndefined();
  expect(soleAccount({ ...resolved, exact: [] })).toBeUndefined();
});
