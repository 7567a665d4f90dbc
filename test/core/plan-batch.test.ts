import { expect, test } from "vitest";
import { BatchError } from "../../src/core/errors.ts";
import { mappingOf } from "../../src/core/plan.ts";
import { listWantedIds } from "../../src/core/plan-batch.ts";
import { indexAccounts, resolveMapping } from "../../src/core/resolution.ts";
import { account, anchorOf, cloudUser, guidFor, mapping, planOf } from "../support/facts.ts";

const people = ["ada", "ben"];

test("two users that hold one value are said to, instead of being put in some order", () => {
  const attempt = () =>
    planOf({
      accounts: people.map((name) => account(name)),
      users: people.map((name) => cloudUser(name, { immutableId: "twice" })),
      mappings: people.map((name, index) => mapping(index + 2, name)),
      options: { replace: true },
    });
  expect(attempt).toThrow(BatchError);
  expect(attempt).toThrow(expect.objectContaining({ code: "blocked", message: expect.stringMatching(/rows 2 and 3/) }));
});

for (const [title, changes] of [
  ["a bare account", {}],
  ["an account with its domain", { domain: "CORP" }],
  ["another spelling than the directory's", { account: "ADA", upn: "Ada@Contoso.Example" }],
  ["a user named by object id", { upn: guidFor("cloud ada") }],
  ["one holder action", { onConflict: ["clear-holder"] }],
  ["several holder actions", { onConflict: ["clear-holder", "restore-target"] }],
  ["the operator's own columns", { extra: ["wave 1", "", "+=x"] }],
  ["an account that nobody has", { account: "nobody" }],
] as const) {
  test(`a planned row gives back the mapping that it was made from: ${title}`, () => {
    const asked = mapping(7, "ada", changes);
    const [row] = planOf({ accounts: [account("ada")], users: [cloudUser("ada")], mappings: [asked] }).rows;
    expect(row === undefined ? null : mappingOf(row)).toEqual(asked);
  });
}

test("the wanted IDs are each listed once, without accounts that have no anchor", () => {
  const accounts = [account("ada"), account("ben", { consistencyGuid: new Uint8Array(3) })];
  const found = indexAccounts([{ domain: "CORP", accounts }]);
  const resolutions = ["ada", "ADA", "ben", "nobody"].map((name, index) =>
    resolveMapping(mapping(index + 2, name), found),
  );
  expect(listWantedIds(resolutions, "auto")).toEqual([anchorOf("ada")]);
  expect(listWantedIds(resolutions, "objectGUID")).toEqual([anchorOf("ada"), anchorOf("ben")]);
});
