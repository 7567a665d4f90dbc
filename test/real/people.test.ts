import { expect, test } from "vitest";
import { formatLdif } from "./ldif.ts";
import { makeBystanders, makePeople, PEOPLE_COUNT, toEntries } from "./people.ts";

test("makePeople gives the same 500 users at every call", () => {
  const ldif = formatLdif(toEntries(makePeople(), makeBystanders()), "DC=corp");
  expect(formatLdif(toEntries(makePeople(), makeBystanders()), "DC=corp")).toBe(ldif);
  expect(makePeople()).toHaveLength(PEOPLE_COUNT);
});

test("makePeople repeats no account, UPN, mail or DN, not even in another case", () => {
  const people = makePeople();
  for (const name of ["account", "userPrincipalName", "mail", "relativeDn"] as const) {
    expect(new Set(people.map((person) => person[name].toLowerCase())).size, name).toBe(PEOPLE_COUNT);
  }
});

test("makePeople uses no account name that Active Directory forbids", () => {
  const forbidden = makePeople().filter(
    ({ account }) => /["/\\[\]:;|=,+*?<>@]|\.$/.test(account) || account.length > 20,
  );
  expect(forbidden).toEqual([]);
});

const shapes = [
  { name: "an apostrophe in the account", shows: /'/ },
  { name: "parentheses in the account", shows: /\(.+\)/ },
  { name: "20 characters in the account", shows: /^.{20}$/u },
  { name: "letters outside ASCII in the account", shows: /é|日本|Zoë/ },
  { name: "a leading hyphen in the account", shows: /^-/ },
  { name: "a comma in the DN", inDn: /\\,/ },
  { name: "a backslash in the DN", inDn: /\\\\/ },
  { name: "parentheses in the DN", inDn: /\(IT\)/ },
  { name: "a number sign at the start of the DN", inDn: /^CN=\\#/ },
];

for (const { name, shows, inDn } of shapes) {
  test(`makePeople includes ${name}`, () => {
    const people = makePeople();
    const matching = people.filter((person) => shows?.test(person.account) || inDn?.test(person.relativeDn));
    expect(matching.length).toBeGreaterThan(10);
  });
}

test("makePeople has one user for each origin of the consistency GUID, and one disabled", () => {
  const people = makePeople();
  const bytesByOrigin = people
    .filter(({ consistencyGuidOrigin }) => consistencyGuidOrigin !== "absent")
    .map(({ consistencyGuidOrigin: origin, consistencyGuidBase64: value }) => [
      origin,
      value === null ? null : Buffer.from(value, "base64").length,
    ]);
  expect(bytesByOrigin).toEqual([
    ["another forest", 16],
    ["own objectGUID", null],
    ["20 bytes of junk", 20],
  ]);
  expect(people.filter(({ isEnabled }) => !isEnabled)).toHaveLength(1);
});
