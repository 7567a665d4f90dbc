import { describe, expect, test } from "vitest";
import { buildSnapshot } from "../../src/core/snapshot.ts";
import { CLOUD_ID, cloudUser, deletedUser } from "../support/facts.ts";

const jose = cloudUser("jose", { userPrincipalName: "josé@contoso.example", immutableId: "josé" });
const ada = cloudUser("ada", { immutableId: "AbC+/==" });
const ben = cloudUser("ben", { immutableId: "aBC+/==" });
const empty = cloudUser("cyd", { immutableId: "" });
const binned = deletedUser("dee", { immutableId: "abc+/==" });
const unprefixed = deletedUser("eve", { userPrincipalName: "eve@contoso.example" });
const foreignPrefix = deletedUser("fay", {
  userPrincipalName: `${CLOUD_ID("somebody").replaceAll("-", "")}fay@contoso.example`,
});
const snapshot = buildSnapshot([ada, ben, empty, jose, ada], [binned, unprefixed, foreignPrefix, binned]);
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
      expect(snapshot.findTarget(name)?.displayName).toBe(expected));
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
    test(`a deleted user is found ${title}`, () => expect(names(snapshot.findDeletedTargets(name))).toEqual(expected));
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
  expect(names(snapshot.holdersOf("AbC+/=="))).toEqual(["ada"]);
  expect(names(snapshot.holdersOf("ABC+/=="))).toEqual([]);
  expect(names(snapshot.holdersOf(""))).toEqual(["cyd"]);
  expect(names(snapshot.deletedHoldersOf("abc+/=="))).toEqual(["dee"]);
  expect(names(snapshot.deletedHoldersOf("AbC+/=="))).toEqual([]);
});

test("holders of another case are live or deleted, and never those of the value itself", () => {
  expect(names(snapshot.holdersOfOtherCase("AbC+/=="))).toEqual(["ben", "dee"]);
  expect(names(snapshot.holdersOfOtherCase("abc+/=="))).toEqual(["ada", "ben"]);
  expect(names(snapshot.holdersOfOtherCase("jose"))).toEqual([]);
  expect(names(snapshot.holdersOfOtherCase("nothing"))).toEqual([]);
});

test("a user that was read twice counts once, and a user without an ID holds none", () => {
  expect([snapshot.liveUsers, snapshot.deletedUsers]).toEqual([4, 3]);
  expect(buildSnapshot([cloudUser("ada"), cloudUser("ada")], []).holdersOf("null")).toEqual([]);
  expect(names(snapshot.holdersOf("AbC+/=="))).toHaveLength(1);
});
