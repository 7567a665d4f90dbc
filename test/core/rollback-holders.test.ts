import { expect, test } from "vitest";
import { countHolderActions, type Plan } from "../../src/core/plan.ts";
import { CLOUD_ID, cloudUser } from "../support/facts.ts";
import { inWords, line, PIVOT, recordOf, reverse, SENT, tenantNow } from "../support/rollback-record.ts";

/** Row 2 clears Gus, who held its ID, and gives it to its own user. */
const CLEARED = [
  line(2, "A", null, { objectId: CLOUD_ID("gus"), userPrincipalName: "gus@contoso.example" }),
  line(2, null, "A", { step: 2 }),
] as const;
const gus = (immutableId: string | null) =>
  cloudUser("gus", { immutableId, displayName: "Gus", createdAt: "2024-03-01T00:00:00Z", licenceCount: 2 });
const withGus = (own: string | null, holder: string | null) =>
  new Map([...tenantNow({ 2: own }), [CLOUD_ID("gus"), gus(holder)]]);
const GUS = { displayName: "Gus", createdAt: "2024-03-01T00:00:00Z", lastSyncAt: null, licenceCount: 2 };
const subjects = ({ changes }: Plan) => changes.map((change) => [inWords(change), change.name, change.holder]);

test("a holder that gets its ID back is said to be another object, and asks for no confirmation of its own", () => {
  const { plan } = reverse(CLEARED, withGus("A", null));
  expect(subjects(plan)).toEqual([
    ['2.1 "A">null', "user2@contoso.example", null],
    ['2.2 null>"A"', "gus@contoso.example", GUS],
  ]);
  expect(plan.rows.map(({ userId, userPrincipalName }) => [userId, userPrincipalName])).toEqual([
    [CLOUD_ID("user2"), "user2@contoso.example"],
  ]);
  expect(countHolderActions(plan)).toBe(0);
});

test("the way back from that, from its folder, names the same holder", () => {
  const back = reverse(CLEARED, withGus("A", null)).plan;
  const { plan } = reverse(recordOf(back, 2), withGus(null, "A"));
  expect(subjects(plan)).toEqual([
    ['2.1 "A">null', "gus@contoso.example", GUS],
    ['2.2 null>"A"', "user2@contoso.example", null],
  ]);
  expect(plan.rows.map(({ userId }) => userId)).toEqual([CLOUD_ID("user2")]);
});

test("the folder of a run tells its own user from the holder, whichever comes last", () => {
  const [holder, own] = CLEARED;
  for (const lines of [
    [{ ...holder, otherObject: true }, own],
    [
      { ...own, step: 1 },
      { ...holder, step: 2, otherObject: true },
    ],
  ]) {
    const { plan } = reverse(lines, withGus("A", null));
    expect(plan.changes.map(({ name, holder }) => [name, holder])).toEqual([
      ["user2@contoso.example", null],
      ["gus@contoso.example", GUS],
    ]);
  }
});

test("a row of which only the holder was written names its own user, for whom there is nothing to do", () => {
  const [holder, own] = CLEARED;
  const { plan } = reverse([holder, { ...own, ...SENT("failed") }], withGus(null, null));
  expect(subjects(plan)).toEqual([['2.1 null>"A"', "gus@contoso.example", GUS]]);
  expect(plan.rows.map(({ userId, action, settled }) => [userId, action, settled])).toEqual([
    [CLOUD_ID("user2"), "none", null],
  ]);
});

test("both writes of a pivot are its own user's", () => {
  expect(reverse(PIVOT, tenantNow({ 2: "A", 3: "B" })).plan.changes.map(({ holder }) => holder)).toEqual([
    null,
    null,
    null,
  ]);
});
