import { expect, test } from "vitest";
import { findObjectMadeInstead } from "../../src/core/made-instead.ts";
import { buildSnapshot, type CloudUser, type DeletedUser } from "../../src/core/snapshot.ts";
import { account, CLOUD_ID, cloudUser, deletedUser } from "../support/facts.ts";

const SID = "S-1-5-21-1004336348-1177238915-682003330-1108";
const ADA = account("ada", { objectSid: SID });
const USER = cloudUser("ada");
const made = (changes: Partial<CloudUser> = {}) =>
  cloudUser("other", { syncEnabled: true, securityIdentifier: SID, ...changes });
const renamed = { userPrincipalName: "ada4711@contoso.onmicrosoft.example", mail: "ada@contoso.example" };

const CASES: readonly [
  title: string,
  other: CloudUser,
  found: boolean,
  more?: { deleted?: DeletedUser; sid?: null; batch?: true },
][] = [
  ["a synced object with the account's SID", made(), true],
  ["a synced object with another SID", made({ securityIdentifier: "S-1-5-21-1-2-3-4" }), false],
  ["an object with the SID that sync no longer owns", made({ syncEnabled: false }), false],
  ["another row's own user", made(), false, { batch: true }],
  [
    "four digits behind the prefix and the account's mail, without a SID",
    made({ ...renamed, securityIdentifier: null }),
    true,
  ],
  ["four digits and the mail, where AD tells no SID", made(renamed), true, { sid: null }],
  [
    "four digits and the mail, with the SID of somebody else",
    made({ ...renamed, securityIdentifier: "S-1-5-21-1-2-3-4" }),
    false,
  ],
  [
    "the account's mail under a name of its own",
    made({ mail: "ada@contoso.example", securityIdentifier: null }),
    false,
  ],
  [
    "an object with the SID in the recycle bin",
    cloudUser("somebody"),
    false,
    { deleted: deletedUser("other", { syncEnabled: true, securityIdentifier: SID }) },
  ],
];

for (const [title, other, found, { deleted, sid, batch } = {}] of CASES) {
  test(`${title} ${found ? "was made" : "was not made"} instead of the user`, () => {
    const snapshot = buildSnapshot([USER, other], deleted === undefined ? [] : [deleted]);
    const targets = new Set(batch ? [USER.id, CLOUD_ID("other")] : [USER.id]);
    const seen = sid === null ? { ...ADA, objectSid: null } : ADA;
    expect(findObjectMadeInstead(seen, USER, { snapshot, targets })?.id).toBe(found ? other.id : undefined);
  });
}
