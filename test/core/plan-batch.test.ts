import { expect, test } from "vitest";
import {
  AD_GUID,
  account,
  anchorOf,
  bytesOf,
  cloudUser,
  deletedUser,
  idOf,
  mapping,
  planOf,
  type SmallWorld,
} from "../support/facts.ts";

const ada = account("ada", { consistencyGuid: bytesOf(AD_GUID("held")) });
const world = (changes: Partial<SmallWorld> = {}): SmallWorld => ({
  accounts: [ada],
  users: [cloudUser("ada", { immutableId: idOf("old") })],
  mappings: [mapping(2, "ada")],
  ...changes,
});

for (const [title, changes, expected] of [
  [
    "a row that writes into AD says what the user holds",
    { options: { replace: true, writeTo: "ad" } },
    { anchorSource: "mS-DS-ConsistencyGuid", previous: idOf("held"), next: idOf("old"), other: idOf("old") },
  ],
  [
    "a row that would write into AD the ID of a user who is not there says that nothing is held",
    { users: [], options: { writeTo: "ad" } },
    { anchorSource: "mS-DS-ConsistencyGuid", previous: idOf("held"), next: null, other: null },
  ],
  [
    "a row that writes into the cloud says what the account holds",
    { options: { replace: true, anchor: "mS-DS-ConsistencyGuid" } },
    { anchorSource: "mS-DS-ConsistencyGuid", previous: idOf("old"), next: idOf("held"), other: idOf("held") },
  ],
  [
    "a row that writes into the cloud says so whichever of the two anchors it writes",
    { options: { replace: true, anchor: "objectGUID" } },
    { anchorSource: "objectGUID", previous: idOf("old"), next: anchorOf("ada"), other: idOf("held") },
  ],
  [
    "a row without an account says that nothing is held",
    { accounts: [] },
    { anchorSource: null, previous: idOf("old"), next: null, other: null },
  ],
] as const satisfies readonly (readonly [string, Partial<SmallWorld>, unknown])[]) {
  test(`of the other side ${title}`, () => {
    const [row] = planOf(world(changes)).rows;
    expect({
      anchorSource: row?.anchorSource,
      previous: row?.previousImmutableId,
      next: row?.immutableId,
      other: row?.otherSideValue,
    }).toEqual(expected);
  });
}

test("a row about which a check has found two things has the code once", () => {
  const { rows, findings } = planOf({
    accounts: [account("ada")],
    users: [cloudUser("ada")],
    deleted: ["old", "older"].map((name) => deletedUser(name, { immutableId: anchorOf("ada") })),
    mappings: [mapping(2, "ada")],
  });
  const code = "id-held-by-deleted-user";
  expect(findings.filter((finding) => finding.code === code)).toHaveLength(2);
  expect(rows[0]?.findings.filter((one) => one === code)).toEqual([code]);
});
