import { expect, test } from "vitest";
import type { AdAccount } from "../../src/core/ad-account.ts";
import { sealPlan } from "../../src/core/plan.ts";
import type { CloudUser, DeletedUser } from "../../src/core/snapshot.ts";
import type { ProvisioningErrors, VerifiedRow } from "../../src/core/verdict.ts";
import { verifyRows } from "../../src/core/verify-rows.ts";
import {
  AD_GUID,
  account,
  anchorOf,
  bytesOf,
  CLOUD_ID,
  cloudUser,
  deletedUser,
  digest,
  mapping,
  planOf,
} from "../support/facts.ts";
import { outcomesAfter, presentSides } from "./present-sides.ts";

const OLD_SID = "S-1-5-21-1-1-1-1105";
const NEW_SID = "S-1-5-21-2-2-2-1105";
const ID = anchorOf("ada", "OLD");
const DONE = "change accepted verified";

/** Ada moves from OLD to CORP: her account in CORP gets the ID of her cloud user, which is synced from OLD until then. */
const userNow = (changes: Partial<CloudUser> = {}) =>
  cloudUser("ada", { immutableId: ID, syncEnabled: true, securityIdentifier: OLD_SID, ...changes });
const accountNow = (changes: Partial<AdAccount> = {}) =>
  account("ada", { objectSid: NEW_SID, consistencyGuid: bytesOf(AD_GUID("OLDada")), ...changes });
const PLAN = planOf({
  accounts: [accountNow({ consistencyGuid: null })],
  users: [userNow()],
  mappings: [mapping(2, "ada", { writeTo: "ad" })],
});
const ROLLBACK = sealPlan(
  {
    ...PLAN,
    rows: PLAN.rows.map((row) => ({ ...row, userId: null, immutableId: null, previousImmutableId: ID })),
  },
  digest,
);

type Present = {
  /** What the run has done with the row; `null` for nothing. */
  readonly story?: string | null;
  /** `null` where it is gone. */
  readonly account?: AdAccount | null;
  readonly users?: readonly CloudUser[];
  readonly deleted?: readonly DeletedUser[];
  readonly errors?: ProvisioningErrors;
};

function verify(
  { story = DONE, account: found = accountNow(), users = [userNow()], deleted = [], errors = new Map() }: Present,
  plan = PLAN,
) {
  const accounts = new Map(found === null ? [] : [[found.objectGuid, found]]);
  const outcomes = outcomesAfter(plan, story === null ? {} : { "2.1": story });
  const [row] = verifyRows(plan, outcomes, presentSides({ users, deleted }, { accounts, errors }));
  if (row === undefined) throw new Error("the row is judged");
  return row;
}

const CONFLICT = { category: "PropertyConflict", property: "ProxyAddresses", value: "smtp:a@b", occurredAt: null };
const numbered = (changes: Partial<CloudUser> = {}) =>
  cloudUser("other", {
    userPrincipalName: "ada4711@contoso.onmicrosoft.example",
    mail: "ada@contoso.example",
    syncEnabled: true,
    ...changes,
  });

const CASES: readonly [title: string, present: Present, expected: Partial<VerifiedRow>][] = [
  [
    "that holds the ID, and that sync has not come to, holds it",
    {},
    { verdict: "holds", detail: "", trouble: null, value: ID, synced: false },
  ],
  [
    "that sync has tied to the row's user is taken over",
    { users: [userNow({ securityIdentifier: NEW_SID, lastSyncAt: "2026-11-22T03:00:00Z" })] },
    { verdict: "taken-over", detail: "sync took it over 2026-11-22T03:00:00Z", trouble: null, value: ID, synced: true },
  ],
  [
    "whose SID AD does not tell is tied to nobody",
    { account: accountNow({ objectSid: null }), users: [userNow({ securityIdentifier: null })] },
    { verdict: "holds", synced: false },
  ],
  [
    "whose user has its SID from a sync that has ended is not taken over",
    { users: [userNow({ securityIdentifier: NEW_SID, syncEnabled: false })] },
    { verdict: "holds", synced: false },
  ],
  [
    "whose SID a user in the recycle bin has is not taken over",
    { deleted: [deletedUser("eve", { securityIdentifier: NEW_SID, syncEnabled: true })] },
    { verdict: "holds", synced: false },
  ],
  [
    "that is gone is told as such",
    { account: null, users: [userNow({ securityIdentifier: NEW_SID })] },
    {
      verdict: "gone",
      detail: "the AD account no longer exists",
      trouble: "account-gone",
      value: null,
      synced: false,
    },
  ],
  [
    "whose write has lost its answer is not done, whatever it holds",
    { story: "change undecided" },
    { verdict: "not-done", trouble: "not-written", value: ID, synced: false },
  ],
  [
    "that was not reached is not done",
    { story: null, account: accountNow({ consistencyGuid: null }) },
    { verdict: "not-done", detail: "the row is pending", trouble: "not-written", value: null },
  ],
  [
    "that holds the ID by another hand says so",
    { story: null },
    { verdict: "holds", detail: "not written by this run", trouble: null },
  ],
  [
    "that is empty again was rolled back",
    { account: accountNow({ consistencyGuid: null }) },
    {
      verdict: "rolled-back",
      detail: "the account holds its old value again",
      trouble: "set-back",
      value: null,
      synced: false,
    },
  ],
  [
    "that holds another GUID has drifted, and sync cannot match it",
    { account: accountNow({ consistencyGuid: bytesOf(AD_GUID("foreign")) }) },
    {
      verdict: "drifted",
      detail: `the account holds ${Buffer.from(bytesOf(AD_GUID("foreign"))).toString("base64")}`,
      trouble: "anchor-changed",
    },
  ],
  [
    "that sync has tied to another user is a duplicate",
    { users: [userNow(), cloudUser("eve", { syncEnabled: true, securityIdentifier: NEW_SID })] },
    {
      verdict: "duplicate",
      detail: "eve@contoso.example is synced from the account, which is another user than planned",
      trouble: "duplicate-made",
      value: ID,
      synced: true,
    },
  ],
  [
    "whose user is gone has nobody to be matched with",
    { users: [] },
    { verdict: "anchor-changed", detail: "the cloud user no longer exists", trouble: "user-gone", synced: false },
  ],
  [
    "whose user has another ID now cannot be matched with it",
    { users: [userNow({ immutableId: "foreign" })] },
    { verdict: "anchor-changed", detail: "the cloud user holds foreign", trouble: "value-changed" },
  ],
  [
    "whose user has no ID any more cannot be matched with it",
    { users: [userNow({ immutableId: null })] },
    { verdict: "anchor-changed", detail: "the cloud user holds no ID", trouble: "value-changed" },
  ],
  [
    "whose ID a second user holds may be matched with the wrong one",
    { users: [userNow(), cloudUser("eve", { immutableId: ID })] },
    { verdict: "duplicate", detail: "eve@contoso.example holds the same ID", trouble: "same-id-elsewhere" },
  ],
  [
    "from which sync has made another user is a duplicate",
    { users: [userNow(), numbered()] },
    {
      verdict: "duplicate",
      detail: `sync has made ada4711@contoso.onmicrosoft.example (${CLOUD_ID("other")}, without an ID) from the AD account`,
      trouble: "duplicate-made",
    },
  ],
  [
    "whose ID is held twice, and from which sync has made another user, says the former",
    { users: [userNow(), numbered({ immutableId: ID })] },
    { verdict: "duplicate", trouble: "same-id-elsewhere" },
  ],
  [
    "whose user Entra could not provision whole says so, taken over or not",
    {
      users: [userNow({ securityIdentifier: NEW_SID })],
      errors: new Map([[CLOUD_ID("ada"), [CONFLICT]]]),
    },
    {
      verdict: "sync-error",
      detail: "PropertyConflict on ProxyAddresses, smtp:a@b",
      trouble: "property-conflict",
      synced: true,
    },
  ],
];

for (const [title, present, expected] of CASES)
  test(`an AD account ${title}`, () => expect(verify(present)).toMatchObject(expected));

for (const [title, present, expected] of [
  [
    "that is empty again holds what it shall, though its user is gone",
    { account: accountNow({ consistencyGuid: null }), users: [] },
    { verdict: "holds", detail: "", trouble: null, value: null },
  ],
  [
    "that still holds the run's ID was itself set back",
    {},
    { verdict: "rolled-back", detail: "the account holds its old value again" },
  ],
  [
    "that is empty again and that sync ties to a user by its own SID is taken over",
    { account: accountNow({ consistencyGuid: null }), users: [userNow({ securityIdentifier: NEW_SID })] },
    { verdict: "taken-over", trouble: null, synced: true },
  ],
] as const) {
  test(`after a rollback an AD account ${title}`, () => expect(verify(present, ROLLBACK)).toMatchObject(expected));
}
