import { expect, test } from "vitest";
import type { AdAccount } from "../../src/core/ad-account.ts";
import { findObjectMadeInstead, listSyncedFrom } from "../../src/core/made-instead.ts";
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
  more?: { deleted?: DeletedUser; batch?: true; ada?: Partial<AdAccount>; upn?: string },
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
  ["four digits and the mail, where AD tells no SID", made(renamed), true, { ada: { objectSid: null } }],
  [
    "four digits and the mail, with the SID of somebody else",
    made({ ...renamed, securityIdentifier: "S-1-5-21-1-2-3-4" }),
    false,
  ],
  [
    "four digits and the mail, where neither side tells a SID",
    made({ ...renamed, securityIdentifier: null }),
    true,
    { ada: { objectSid: null } },
  ],
  [
    "four digits behind the prefix that the account has and the user has not",
    made({ ...renamed, userPrincipalName: "keller4711@contoso.onmicrosoft.example", securityIdentifier: null }),
    true,
    { ada: { userPrincipalName: "Keller@corp.contoso.example" } },
  ],
  [
    "four digits and the mail, of an account without a UPN",
    made({ ...renamed, securityIdentifier: null }),
    true,
    { ada: { userPrincipalName: null } },
  ],
  [
    "four digits and the UPN as an address, of an account without mail",
    made({ ...renamed, mail: null, proxyAddresses: ["SMTP:ada@contoso.example"], securityIdentifier: null }),
    true,
    { ada: { mail: null } },
  ],
  [
    "four digits alone before the tenant's name",
    made({ ...renamed, userPrincipalName: "4711@contoso.onmicrosoft.example", securityIdentifier: null }),
    false,
  ],
  [
    "four digits behind the prefix of another one, of an account without mail and UPN",
    made({ ...renamed, securityIdentifier: null }),
    false,
    { ada: { mail: null, userPrincipalName: null } },
  ],
  [
    "one digit behind a prefix that is three letters longer",
    made({ ...renamed, userPrincipalName: "adabel1@contoso.onmicrosoft.example", securityIdentifier: null }),
    false,
  ],
  [
    "a name behind a prefix of four digits",
    made({ ...renamed, userPrincipalName: "x4711anna@contoso.onmicrosoft.example", securityIdentifier: null }),
    false,
    { upn: "x4711@contoso.example" },
  ],
  [
    "four digits and the mail, though sync does not own the object",
    made({ ...renamed, securityIdentifier: null, syncEnabled: null }),
    false,
  ],
  [
    "four digits and the mail of another row's own user",
    made({ ...renamed, securityIdentifier: null }),
    false,
    { batch: true },
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

for (const [title, other, found, { deleted, batch, ada, upn } = {}] of CASES) {
  test(`${title} ${found ? "was made" : "was not made"} instead of the user`, () => {
    const snapshot = buildSnapshot([USER, other], deleted === undefined ? [] : [deleted]);
    const targets = new Set(batch ? [USER.id, CLOUD_ID("other")] : [USER.id]);
    const user = { userPrincipalName: upn ?? USER.userPrincipalName };
    const made = findObjectMadeInstead({ ...ADA, ...ada }, user, { snapshot, targets });
    expect(made?.id).toBe(found ? other.id : undefined);
  });
}

test("sync writes a live user from the account whose SID it has, and nobody from one without", () => {
  const users = [made(), cloudUser("eve", { syncEnabled: null, securityIdentifier: SID })];
  const snapshot = buildSnapshot(users, [deletedUser("fay", { syncEnabled: true, securityIdentifier: SID })]);
  expect(listSyncedFrom(ADA, snapshot).map(({ id }) => id)).toEqual([CLOUD_ID("other")]);
  expect(listSyncedFrom({ objectSid: null }, snapshot)).toEqual([]);
});
