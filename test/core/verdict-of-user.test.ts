import { describe, expect, test } from "vitest";
import type { AdAccount } from "../../src/core/ad-account.ts";
import { indexAccounts, resolveMapping } from "../../src/core/resolution.ts";
import type { ProvisioningErrors } from "../../src/core/verdict.ts";
import { verifyRows } from "../../src/core/verify-rows.ts";
import {
  account,
  anchorOf,
  bytesOf,
  CLOUD_ID,
  cloudUser,
  deletedUser,
  guidFor,
  mapping,
  planOf,
  type SmallWorld,
} from "../support/facts.ts";
import { outcomesAfter, presentSides } from "./present-sides.ts";

/** Row 2 is written, row 3 holds its ID already, row 4 is blocked. */
const WORLD: SmallWorld = {
  accounts: [account("ada"), account("ben")],
  users: [cloudUser("ada"), cloudUser("ben", { immutableId: anchorOf("ben") })],
  mappings: [mapping(2, "ada"), mapping(3, "ben"), mapping(4, "nobody")],
};
const PLAN = planOf(WORLD);
const ADA = anchorOf("ada");
const DONE = "change accepted verified";
const SID = "S-1-5-21-1004336348-1177238915-682003330-1108";

function verify(
  story: string | null,
  users: SmallWorld["users"],
  {
    deleted = [],
    accounts = WORLD.accounts,
    elsewhere = [],
    errors = new Map(),
  }: Pick<SmallWorld, "deleted" | "elsewhere"> & {
    readonly accounts?: readonly AdAccount[];
    readonly errors?: ProvisioningErrors;
  } = {},
) {
  const found = indexAccounts([{ domain: "CORP", accounts }], "sAMAccountName", elsewhere);
  const resolutions = new Map(WORLD.mappings.map((one) => [one.row, resolveMapping(one, found)]));
  const outcomes = outcomesAfter(PLAN, story === null ? {} : { "2.1": story });
  return verifyRows(PLAN, outcomes, presentSides({ users, deleted }, { byRow: resolutions, errors }));
}

describe("verifyRows of cloud users", () => {
  for (const [title, story, ada, expected] of [
    ["holds the value", DONE, { immutableId: ADA }, "holds"],
    ["was accepted and holds the value", "change accepted", { immutableId: ADA }, "holds"],
    ["holds the value and was taken over", DONE, { immutableId: ADA, syncEnabled: true }, "taken-over"],
    ["was synced once and is no more", DONE, { immutableId: ADA, syncEnabled: false }, "holds"],
    ["holds something else", DONE, { immutableId: "foreign" }, "drifted"],
    ["holds the value in another case", DONE, { immutableId: ADA.toLowerCase() }, "drifted"],
    ["held the value when its turn came, and does no more", "already", { immutableId: "foreign" }, "drifted"],
    ["held the value when its turn came, and had drifted", "already mismatch", { immutableId: "foreign" }, "drifted"],
    ["is empty again", DONE, { immutableId: null }, "rolled-back"],
    ["holds an empty text where it was unset", DONE, { immutableId: "" }, "drifted"],
    ["drifted after it was written, and is empty again", `${DONE} mismatch`, { immutableId: null }, "rolled-back"],
    [
      "was set back by the canary and not written again",
      "change accepted canary-back accepted drift",
      { immutableId: null },
      "not-done",
    ],
    ["was not written", null, { immutableId: null }, "not-done"],
    ["was not written and holds the value all the same", null, { immutableId: ADA }, "holds"],
    ["was refused", "change refused", { immutableId: null }, "not-done"],
    ["was refused and holds the value all the same", "change refused", { immutableId: ADA }, "holds"],
    ["is undecided", "change undecided", { immutableId: ADA }, "not-done"],
    ["had drifted before it was written", "drift", { immutableId: "foreign" }, "not-done"],
    [
      "sync had matched before its turn, and that holds something else",
      "sync-matched",
      { immutableId: "foreign" },
      "drifted",
    ],
    ["drifted after it was written, and still has", `${DONE} mismatch`, { immutableId: "foreign" }, "drifted"],
    ["drifted after it was written, and is back", `${DONE} mismatch`, { immutableId: ADA }, "holds"],
  ] as const) {
    test(`a user that ${title} is ${expected}`, () => {
      const verdicts = verify(story, [cloudUser("ada", ada)]);
      expect(verdicts.find(({ planned }) => planned.row === 2)?.verdict).toBe(expected);
    });
  }

  for (const [title, users, world, expected] of [
    ["a user that no longer exists is gone", [], {}, "gone"],
    ["a user in the recycle bin is gone", [], { deleted: [deletedUser("ada", { immutableId: ADA })] }, "gone"],
    [
      "a second user with the value is a duplicate",
      [cloudUser("ada", { immutableId: ADA }), cloudUser("eve", { immutableId: ADA })],
      {},
      "duplicate",
    ],
    [
      "a deleted user with the value is a duplicate",
      [cloudUser("ada", { immutableId: ADA })],
      { deleted: [deletedUser("eve", { immutableId: ADA })] },
      "duplicate",
    ],
    [
      "an account that is gone has changed the anchor",
      [cloudUser("ada", { immutableId: ADA })],
      { accounts: [] },
      "anchor-changed",
    ],
    [
      "an account that was made anew has changed the anchor",
      [cloudUser("ada", { immutableId: ADA })],
      { accounts: [account("ada", { objectGuid: guidFor("other") })] },
      "anchor-changed",
    ],
  ] as const) {
    test(title, () => expect(verify(DONE, users, world)[0]?.verdict).toBe(expected));
  }

  for (const [title, story, users, deleted, detail] of [
    ["is not there", DONE, [], [], "the user no longer exists"],
    ["was deleted", DONE, [], [deletedUser("ada")], "it lies in the recycle bin, deleted 2026-11-01"],
    [
      "was deleted at a time that is not told",
      DONE,
      [],
      [deletedUser("ada", { deletedAt: null })],
      "it lies in the recycle bin, deleted at an unknown time",
    ],
    ["holds the value by another hand", null, [cloudUser("ada", { immutableId: ADA })], [], "not written by this run"],
    [
      "was taken over",
      DONE,
      [cloudUser("ada", { immutableId: ADA, syncEnabled: true, lastSyncAt: "2026-11-22T01:00:00Z" })],
      [],
      "sync took it over 2026-11-22T01:00:00Z",
    ],
    [
      "was taken over at a time that is not told",
      DONE,
      [cloudUser("ada", { immutableId: ADA, syncEnabled: true })],
      [],
      "sync took it over",
    ],
    ["holds something else", DONE, [cloudUser("ada", { immutableId: "foreign" })], [], "the user holds foreign"],
    ["holds nothing any more", "already", [cloudUser("ada")], [], "the user holds no ID"],
    ["was not reached", null, [cloudUser("ada")], [], "the row is pending"],
    ["holds the run's own value", DONE, [cloudUser("ada", { immutableId: ADA })], [], ""],
    ["holds what it held before", DONE, [cloudUser("ada")], [], "the user holds its old value again"],
    [
      "may still get the value",
      "change undecided",
      [cloudUser("ada", { immutableId: ADA })],
      [],
      "the answer to its write was lost: apply the run again to settle it",
    ],
  ] as const) {
    test(`of a user that ${title} it says "${detail}"`, () =>
      expect(verify(story, users, { deleted }).find(({ planned }) => planned.row === 2)?.detail).toBe(detail));
  }

  for (const [title, ada, other, expected] of [
    ["taken over by its own account is matched", { securityIdentifier: SID }, null, ["taken-over", null]],
    ["taken over, with no SID to compare, is matched", {}, null, ["taken-over", null]],
    ["taken over by another account is told", { securityIdentifier: `${SID}9` }, null, ["sync-error", "other-account"]],
    [
      "left alone by sync, which has made another one, is a duplicate",
      { syncEnabled: null },
      { syncEnabled: true, securityIdentifier: SID },
      ["duplicate", "duplicate-made"],
    ],
  ] as const) {
    test(`a user ${title}`, () => {
      const users = [cloudUser("ada", { immutableId: ADA, syncEnabled: true, ...ada })];
      if (other !== null) users.push(cloudUser("other", other));
      const accounts = [account("ada", { objectSid: SID })];
      const [row] = verify(DONE, users, { accounts });
      expect([row?.verdict, row?.trouble]).toEqual(expected);
    });
  }

  for (const [title, category, trouble, syncEnabled] of [
    ["a conflict of an address", "PropertyConflict", "property-conflict", true],
    ["an error of another category", "Anything", "provisioning-error", null],
  ] as const) {
    test(`${title} is told with property and value, whoever owns the user`, () => {
      const error = { category, property: "ProxyAddresses", value: "smtp:a@b", occurredAt: "2026-11-22T02:31:05Z" };
      const errors = new Map([[CLOUD_ID("ada"), [error]]]);
      const [row] = verify(DONE, [cloudUser("ada", { immutableId: ADA, syncEnabled })], { errors });
      expect(row).toMatchObject({
        verdict: "sync-error",
        trouble,
        detail: `${category} on ProxyAddresses, smtp:a@b, since 2026-11-22 02:31 UTC`,
        synced: syncEnabled === true,
      });
    });
  }

  for (const [title, sid, ada] of [
    ["whose account's SID AD does not tell is taken over", null, { securityIdentifier: SID }],
    ["whose SID the tenant does not tell is taken over", SID, { securityIdentifier: null }],
  ] as const) {
    test(`a user ${title}, by whichever account`, () => {
      const users = [cloudUser("ada", { immutableId: ADA, syncEnabled: true, ...ada })];
      const [row] = verify(DONE, users, { accounts: [account("ada", { objectSid: sid })] });
      expect([row?.verdict, row?.trouble, row?.value, row?.synced]).toEqual(["taken-over", null, ADA, true]);
    });
  }

  test("the SID of another account is left from an older sync where sync owns the user no longer", () => {
    const users = [cloudUser("ada", { immutableId: ADA, syncEnabled: false, securityIdentifier: `${SID}9` })];
    const [row] = verify(DONE, users, { accounts: [account("ada", { objectSid: SID })] });
    expect([row?.verdict, row?.trouble, row?.synced]).toEqual(["holds", null, false]);
  });

  test("a user that is gone holds nothing and is not synced", () => {
    expect(verify(DONE, [])[0]).toMatchObject({ trouble: "user-gone", value: null, synced: false });
  });

  for (const [title, changes, other, detail] of [
    ["was made anew", { objectGuid: guidFor("other") }, [], "the AD account has another source anchor"],
    [
      "has a mS-DS-ConsistencyGuid beside its objectGUID, so that nobody knows which one counts",
      { consistencyGuid: bytesOf(guidFor("other")) },
      [],
      "the AD account has another source anchor",
    ],
    [
      "was made anew, and sync has made a user from it",
      { objectGuid: guidFor("other") },
      [cloudUser("eve", { syncEnabled: true, securityIdentifier: SID })],
      "the AD account has another source anchor, and sync has made eve@contoso.example from it",
    ],
  ] as const) {
    test(`of an AD account that ${title} it says so`, () => {
      const users = [cloudUser("ada", { immutableId: ADA }), ...other];
      const [row] = verify(DONE, users, { accounts: [account("ada", { objectSid: SID, ...changes })] });
      expect([row?.verdict, row?.detail, row?.trouble]).toEqual(["anchor-changed", detail, "anchor-changed"]);
    });
  }

  test("says whether the account is gone or no longer the only one", () => {
    const users = [cloudUser("ada", { immutableId: ADA })];
    const twin = { domain: { domain: "EU", dn: "DC=eu" }, dn: "CN=ada,DC=eu", accountName: "ada", value: "ada" };
    expect([
      verify(DONE, users, { accounts: [] })[0]?.detail,
      verify(DONE, users, { accounts: [], elsewhere: [twin] })[0]?.detail,
      verify(DONE, users, { elsewhere: [twin] })[0]?.detail,
      verify(DONE, users, { accounts: [account("ada", { objectGuid: guidFor("other") })] })[0]?.detail,
    ]).toEqual([
      "the AD account is gone",
      "the AD account is gone",
      "several AD accounts have the name now",
      "the AD account has another source anchor",
    ]);
  });
});
