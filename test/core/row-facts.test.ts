import { expect, test } from "vitest";
import type { CheckOptions, RowFacts } from "../../src/core/checks/check.ts";
import type { Mapping } from "../../src/core/mapping.ts";
import { indexAccounts, resolveMapping } from "../../src/core/resolution.ts";
import { describeRows } from "../../src/core/row-facts.ts";
import { buildSnapshot } from "../../src/core/snapshot.ts";
import {
  AD_GUID,
  account,
  anchorOf,
  bytesOf,
  cloudUser,
  deletedUser,
  idOf,
  mapping,
  OPTIONS,
} from "../support/facts.ts";

const ada = account("ada");
const group = account("staff", { kind: "group" });
const ben = account("ben", { consistencyGuid: bytesOf(AD_GUID("other")) });
const cloudAda = cloudUser("ada");
const cloudBen = cloudUser("ben", { immutableId: idOf("other") });
const cloudCyd = cloudUser("cyd", { immutableId: "no GUID" });
const gone = deletedUser("gone");

const found = indexAccounts([{ domain: "CORP", accounts: [ada, ben, group, account("cyd"), account("gone")] }]);
const snapshot = buildSnapshot([cloudAda, cloudBen, cloudCyd], [gone]);

function describe(one: Mapping, options: Partial<CheckOptions> = {}): RowFacts | undefined {
  return describeRows([resolveMapping(one, found)], snapshot, { ...OPTIONS, ...options })[0];
}

const CASES: readonly (readonly [string, Mapping, Partial<CheckOptions>, Partial<RowFacts>])[] = [
  [
    "an account and a user",
    mapping(7, "ada"),
    {},
    { row: 7, side: "cloud", account: ada, target: cloudAda, wantedId: anchorOf("ada"), restoring: null },
  ],
  ["no account", mapping(2, "nobody"), {}, { account: null, choice: null, wantedId: null, target: null }],
  ["an account that is no user", mapping(2, "staff"), {}, { account: null, choice: null, wantedId: null }],
  [
    "an account with two anchors",
    mapping(2, "ben"),
    {},
    { account: ben, wantedId: null, choice: { anchor: null, trouble: "differs", junk: false } },
  ],
  [
    "an account with two anchors of which one is chosen",
    mapping(2, "ben"),
    { anchor: "mS-DS-ConsistencyGuid" },
    { wantedId: idOf("other"), target: cloudBen },
  ],
  [
    "a row that writes into AD",
    mapping(2, "ben", { writeTo: "ad" }),
    {},
    { side: "ad", account: ben, choice: null, wantedId: idOf("other") },
  ],
  ["a batch that writes into AD", mapping(2, "ben"), { writeTo: "ad" }, { side: "ad", wantedId: idOf("other") }],
  [
    "a row that would write no GUID into AD",
    mapping(2, "cyd", { writeTo: "ad" }),
    {},
    { target: cloudCyd, choice: null, wantedId: null },
  ],
  [
    "a row that would write into an account which is no user",
    mapping(2, "staff", { writeTo: "ad", upn: cloudBen.userPrincipalName }),
    {},
    { target: cloudBen, wantedId: null },
  ],
  [
    "a row that would write the ID of a user who is not there",
    mapping(2, "ben", { writeTo: "ad", upn: "nobody@contoso.example" }),
    {},
    { account: ben, target: null, wantedId: null },
  ],
  ["a user in the recycle bin", mapping(2, "gone"), {}, { target: null, deletedTargets: [gone], restoring: null }],
  [
    "a user that is to be brought back",
    mapping(2, "gone", { onConflict: ["restore-target"] }),
    { allow: ["restore-target"] },
    { deletedTargets: [gone], restoring: gone, target: { ...gone, userPrincipalName: "gone@contoso.example" } },
  ],
];

for (const [what, one, options, expected] of CASES) {
  test(`what is known of a row is the same read, spread and written as JSON: ${what}`, () => {
    const facts = describe(one, options);
    expect(facts).toMatchObject({ mapping: one, resolution: { mapping: one }, ...expected });
    expect({ ...facts }).toStrictEqual(facts);
    expect(JSON.parse(JSON.stringify(facts))).toStrictEqual(JSON.parse(JSON.stringify({ ...facts })));
    expect(Object.keys(facts ?? {})).toHaveLength(10);
  });
}

test("the facts of each row are its own", () => {
  const mappings = ["ada", "ben", "nobody", "staff"].map((name, index) => mapping(index + 2, name));
  const together = describeRows(
    mappings.map((one) => resolveMapping(one, found)),
    snapshot,
    OPTIONS,
  );
  expect(together).toEqual(mappings.map((one) => describe(one)));
});
