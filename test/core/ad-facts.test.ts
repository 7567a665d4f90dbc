import { describe, expect, test } from "vitest";
import {
  anchorForAd,
  consistencyValueOf,
  indexAnchorHolders,
  listPossibleIds,
  nameOfAccount,
} from "../../src/core/ad-facts.ts";
import { AD_GUID, account, anchorOf, bytesOf, idOf } from "../support/facts.ts";

for (const [title, consistencyGuid, value] of [
  ["nothing where the attribute is absent", null, null],
  ["nothing where it holds no bytes", new Uint8Array(), null],
  ["its bytes in base64", bytesOf(AD_GUID("ada")), idOf("ada")],
  ["any other number of bytes as well", Uint8Array.of(1, 2, 3), "AQID"],
] as const) {
  test(`consistencyValueOf is ${title}`, () => expect(consistencyValueOf({ consistencyGuid })).toBe(value));
}

for (const [title, consistencyGuid, ids] of [
  ["of the objectGUID alone where nothing else is set", null, [anchorOf("ada")]],
  ["of the objectGUID alone where the other is no GUID", Uint8Array.of(1, 2, 3), [anchorOf("ada")]],
  ["of both, mS-DS-ConsistencyGuid first", bytesOf(AD_GUID("moved")), [idOf("moved"), anchorOf("ada")]],
  ["once where both are the same", bytesOf(account("ada").objectGuid), [anchorOf("ada")]],
] as const) {
  test(`listPossibleIds makes an ID ${title}`, () =>
    expect(listPossibleIds(account("ada", { consistencyGuid }))).toEqual(ids));
}

describe("indexAnchorHolders", () => {
  const ada = account("ada");
  const ben = account("ben", { consistencyGuid: bytesOf(ada.objectGuid) });
  const cyd = account("cyd", { consistencyGuid: bytesOf(ada.objectGuid) });

  for (const [title, holders, expected] of [
    ["knows nobody where nobody is", [], []],
    [
      "finds one holder by each ID",
      [ben],
      [
        [anchorOf("ada"), ["ben"]],
        [anchorOf("ben"), ["ben"]],
      ],
    ],
    [
      "keeps all holders of one ID, in their order",
      [ada, ben, cyd],
      [
        [anchorOf("ada"), ["ada", "ben", "cyd"]],
        [anchorOf("ben"), ["ben"]],
        [anchorOf("cyd"), ["cyd"]],
      ],
    ],
  ] as const) {
    test(title, () => {
      const found = [...indexAnchorHolders(holders)].map(([id, of]) => [id, of.map(({ accountName }) => accountName)]);
      expect(found).toEqual(expected);
    });
  }
});

for (const [title, immutableId, anchor] of [
  ["the user's ID where that is 16 bytes", idOf("ada"), idOf("ada")],
  ["nothing where the user has no ID", null, null],
  ["nothing where the ID is of fewer bytes", "AQID", null],
  ["nothing where the ID is any text", "ada@contoso.example", null],
] as const) {
  test(`anchorForAd is ${title}`, () => expect(anchorForAd(immutableId)).toBe(anchor));
}

test("nameOfAccount puts the domain in front", () => expect(nameOfAccount(account("ada"))).toBe("CORP\\ada"));
