import { describe, expect, test } from "vitest";
import {
  buildSnapshot,
  type CloudUser,
  type DeletedUser,
  keepProfilesOf,
  type TenantSnapshot,
} from "../../src/core/snapshot.ts";
import { TargetNames } from "../../src/core/target-names.ts";
import { CLOUD_ID, cloudUser, deletedUser } from "../support/facts.ts";
import { findTwoOfOneNumber } from "../support/two-of-one-number.ts";

const jose = cloudUser("jose", { userPrincipalName: "josé@contoso.example", immutableId: "josé" });
const ada = cloudUser("ada", { immutableId: "AbC+/==" });
const ben = cloudUser("ben", { immutableId: "aBC+/==" });
const empty = cloudUser("cyd", { immutableId: "" });
const binned = deletedUser("dee", { immutableId: "abc+/==" });
const unprefixed = deletedUser("eve", { userPrincipalName: "eve@contoso.example" });
const foreignPrefix = deletedUser("fay", {
  userPrincipalName: `${CLOUD_ID("somebody").replaceAll("-", "")}fay@contoso.example`,
});
// Made anew for each test, so that a test is known to reach what makes it.
const open = () => buildSnapshot([ada, ben, empty, jose, ada], [binned, unprefixed, foreignPrefix, binned]);
const names = (users: readonly { readonly displayName: string | null }[]) =>
  users.map(({ displayName }) => displayName);

describe("findTarget", () => {
  for (const [name, expected] of [
    ["ada@contoso.example", "ada"],
    ["ADA@Contoso.EXAMPLE", "ada"],
    [CLOUD_ID("ada"), "ada"],
    [CLOUD_ID("ada").toUpperCase(), "ada"],
    ["josé@contoso.example", "jose"],
    ["JOSÉ@contoso.example", "jose"],
    ["jose@contoso.example", undefined],
    ["ada", undefined],
    ["ada@contoso.example ", undefined],
    ["dee@contoso.example", undefined],
    [CLOUD_ID("dee"), undefined],
    ["", undefined],
    ["__proto__", undefined],
    // The Kelvin sign lower-cases to k and is another letter.
    ["\u212Aim@contoso.example", undefined],
  ] as const) {
    test(`${JSON.stringify(name)} is ${expected ?? "nobody who is live"}`, () =>
      expect(open().findTarget(name)?.displayName).toBe(expected));
  }
});

describe("findDeletedTargets", () => {
  for (const [title, name, expected] of [
    ["by the UPN it had", "dee@contoso.example", ["dee"]],
    ["by that UPN in another case", "DEE@contoso.EXAMPLE", ["dee"]],
    ["by the UPN with the prefix of its id", binned.userPrincipalName, ["dee"]],
    ["by that with the prefix in upper case", binned.userPrincipalName.toUpperCase(), ["dee"]],
    ["by its object id", CLOUD_ID("dee"), ["dee"]],
    ["by a UPN that has no prefix", "eve@contoso.example", ["eve"]],
    ["not by a UPN behind the digits of somebody else's id", "fay@contoso.example", []],
    ["not when it is live", "ada@contoso.example", []],
  ] as const) {
    test(`a deleted user is found ${title}`, () => expect(names(open().findDeletedTargets(name))).toEqual(expected));
  }

  test("two deleted users that had one UPN are both found", () => {
    const twins = [
      deletedUser("ada"),
      deletedUser("ada", { id: CLOUD_ID("earlier ada"), userPrincipalName: "ada@contoso.example" }),
    ];
    expect(buildSnapshot([], twins).findDeletedTargets("Ada@contoso.example")).toHaveLength(2);
  });
});

test("holders are found by exactly their value", () => {
  expect(names(open().holdersOf("AbC+/=="))).toEqual(["ada"]);
  expect(names(open().holdersOf("ABC+/=="))).toEqual([]);
  expect(names(open().holdersOf(""))).toEqual(["cyd"]);
  expect(names(open().deletedHoldersOf("abc+/=="))).toEqual(["dee"]);
  expect(names(open().deletedHoldersOf("AbC+/=="))).toEqual([]);
});

test("holders of another case are live or deleted, and never those of the value itself", () => {
  expect(names(open().holdersOfOtherCase("AbC+/=="))).toEqual(["ben", "dee"]);
  expect(names(open().holdersOfOtherCase("abc+/=="))).toEqual(["ada", "ben"]);
  expect(names(open().holdersOfOtherCase("jose"))).toEqual([]);
  expect(names(open().holdersOfOtherCase("nothing"))).toEqual([]);
});

test("whoever is found comes in the same order, whatever the order in which a tenant answers", () => {
  const alike = { immutableId: "abc", securityIdentifier: "S-1-1", mail: "all@contoso.example" };
  const live = ["ben", "ada", "cyd"].map((name) => cloudUser(name, alike));
  const bin = [
    deletedUser("dee", alike),
    deletedUser("ada", { ...alike, id: CLOUD_ID("ada before") }),
    deletedUser("bob", alike),
  ];
  const find = (users: readonly CloudUser[], deleted: readonly DeletedUser[]) => {
    const snapshot = buildSnapshot(users, deleted);
    const { holdersOf, deletedHoldersOf, holdersOfOtherCase, ownersOfAddress, ownersOfSid } = snapshot;
    const found = [
      ...[holdersOf("abc"), deletedHoldersOf("abc"), holdersOfOtherCase("ABC")],
      ...[ownersOfAddress("all@contoso.example"), ownersOfSid("S-1-1")],
    ];
    return found.map((each) => each.map(({ id }) => id));
  };
  const found = find(live, bin);
  expect(found.map(({ length }) => length)).toEqual([3, 3, 6, 6, 6]);
  expect(names(buildSnapshot(live, bin).holdersOf("abc"))).toEqual(["ada", "ben", "cyd"]);
  expect(find(live.toReversed(), bin.toReversed())).toEqual(found);
  expect(names(buildSnapshot(live.slice(0, 2), []).holdersOf("abc"))).toEqual(["ada", "ben"]);
});

test("a user that was read twice counts once, and a user without an ID holds none", () => {
  expect([open().liveUsers, open().deletedUsers]).toEqual([4, 3]);
  expect(buildSnapshot([cloudUser("ada"), cloudUser("ada")], []).holdersOf("null")).toEqual([]);
  expect(names(open().holdersOf("AbC+/=="))).toHaveLength(1);
});

for (const [title, name, isDeleted] of [
  ["a user in the recycle bin is deleted", "dee", true],
  ["a live user is not deleted", "ada", false],
  ["an id that nobody has is not deleted", "nobody", false],
] as const) {
  test(title, () => expect(open().isDeleted(CLOUD_ID(name))).toBe(isDeleted));
}

describe("owners", () => {
  const openOwners = () =>
    buildSnapshot(
      [
        cloudUser("ada", { mail: null, securityIdentifier: "S-1-1" }),
        cloudUser("ben", { mail: "ben.miller@contoso.example", proxyAddresses: ["smtp:ADA@contoso.example"] }),
        cloudUser("cyd", { mail: "", proxyAddresses: ["SMTP:"] }),
      ],
      [deletedUser("dee", { mail: null, securityIdentifier: "S-1-1" })],
    );

  test("of an address have it as UPN, mail or proxy address, live or deleted", () => {
    expect(names(openOwners().ownersOfAddress("ada@contoso.example"))).toEqual(["ada", "ben"]);
    expect(names(openOwners().ownersOfAddress("ben.miller@contoso.example"))).toEqual(["ben"]);
    expect(names(openOwners().ownersOfAddress("dee@contoso.example"))).toEqual(["dee"]);
    expect(openOwners().ownersOfAddress("nobody@contoso.example")).toEqual([]);
  });

  test("of an address are found by the whole UPN of a live user, even one that begins with the digits of its id", () => {
    const digits = CLOUD_ID("fay").replaceAll("-", "");
    const snapshot = buildSnapshot([cloudUser("fay", { userPrincipalName: `${digits}f@contoso.example` })], []);
    expect(names(snapshot.ownersOfAddress(`${digits}f@contoso.example`))).toEqual(["fay"]);
    expect(snapshot.ownersOfAddress("f@contoso.example")).toEqual([]);
  });

  test("of the empty address there are none, though people without mail hold it", () => {
    expect(openOwners().ownersOfAddress("")).toEqual([]);
  });

  test("of a SID are live or deleted", () => {
    expect(names(openOwners().ownersOfSid("S-1-1"))).toEqual(["ada", "dee"]);
    expect(openOwners().ownersOfSid("S-1-2")).toEqual([]);
  });
});

describe("what only looks like it to a table of numbers is not found", () => {
  for (const [title, make, changesOf, find] of [
    [
      "by UPN",
      (count: number) => `person${count}@contoso.example`,
      (text: string) => ({ userPrincipalName: text, mail: null }),
      (snapshot: TenantSnapshot, text: string) => [snapshot.findTarget(text) ?? []].flat(),
    ],
    [
      "by address",
      (count: number) => `person${count}@contoso.example`,
      (text: string) => ({ mail: text }),
      (snapshot: TenantSnapshot, text: string) => snapshot.ownersOfAddress(text),
    ],
    [
      "by SID",
      (count: number) => `S-1-5-21-1-2-3-${count}`,
      (text: string) => ({ securityIdentifier: text }),
      (snapshot: TenantSnapshot, text: string) => snapshot.ownersOfSid(text),
    ],
    [
      "by immutable ID",
      (count: number) => `value${count}`,
      (text: string) => ({ immutableId: text }),
      (snapshot: TenantSnapshot, text: string) => snapshot.holdersOf(text),
    ],
    [
      "by an immutable ID in another case",
      (count: number) => `value${count}`,
      (text: string) => ({ immutableId: text.toUpperCase() }),
      (snapshot: TenantSnapshot, text: string) => snapshot.holdersOfOtherCase(text),
    ],
  ] as const) {
    test(title, () => {
      const [one, other] = findTwoOfOneNumber(make);
      const snapshot = buildSnapshot([cloudUser("ada", changesOf(one))], []);
      const found = [one, other].map((text) => names(find(snapshot, text)));
      expect(found).toEqual([["ada"], []]);
    });
  }

  test("by id, and both users count", () => {
    const [one, other] = findTwoOfOneNumber((count) => CLOUD_ID(String(count)));
    const snapshot = buildSnapshot([cloudUser("ada", { id: one }), cloudUser("ben", { id: other })], []);
    expect(snapshot.liveUsers).toBe(2);
    expect([snapshot.byId(one)?.displayName, snapshot.byId(other)?.displayName]).toEqual(["ada", "ben"]);
  });
});

describe("keepProfilesOf", () => {
  const profile = { jobTitle: ["Engineer"] };

  for (const [title, user, kept] of [
    ["keeps that of a user who is named by UPN", cloudUser("ada", { profile }), profile],
    ["keeps that of a user who is named by id", cloudUser("ben", { profile }), profile],
    ["keeps that of a deleted user by the UPN it had", deletedUser("ada", { id: CLOUD_ID("ada"), profile }), profile],
    ["takes that of a user who is not named", cloudUser("cyd", { profile }), null],
    ["leaves a named user without one", cloudUser("ada", { profile: null }), null],
  ] as const) {
    test(title, () => {
      const keep = keepProfilesOf(new TargetNames(["ADA@contoso.example", CLOUD_ID("ben")]));
      expect(keep(user)).toEqual({ ...user, profile: kept });
    });
  }

  test.each([
    ["is named", cloudUser("ada", { profile })],
    ["has no profile", cloudUser("cyd", { profile: null })],
  ])("hands on a user who %s without a copy, of which a tenant would have half a million", (_title, user) => {
    expect(keepProfilesOf(new TargetNames(["ada@contoso.example"]))(user)).toBe(user);
  });
});
