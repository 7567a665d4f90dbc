/** A row that writes into AD: what the account holds now, and whether sync has tied it to the row's user. */
import type { AdAccount } from "./ad-account.ts";
import { consistencyValueOf } from "./ad-facts.ts";
import { findObjectMadeInstead, listSyncedFrom } from "./made-instead.ts";
import type { PlannedRow } from "./plan.ts";
import type { CloudUser } from "./snapshot.ts";
import type { Judged, RowToJudge, Sides, VerifiedRow } from "./verdict.ts";
import { judgeHeldValue, judgeValue, takenOverBy } from "./verdict-by-steps.ts";
import { describeMadeInstead, findProvisioningErrors, findSameId } from "./verdict-troubles.ts";

export function judgeAccount({ planned, objectId, steps }: RowToJudge, sides: Sides): Omit<VerifiedRow, "planned"> {
  const account = sides.accounts.get(objectId);
  if (account === undefined) {
    const detail = "the AD account no longer exists";
    return { verdict: "gone", detail, trouble: "account-gone", value: null, synced: false };
  }
  const [owner] = listSyncedFrom(account, sides.snapshot);
  const value = consistencyValueOf(account);
  const judged =
    judgeValue(planned, steps, value) ??
    findTroubleWithUser(planned, account, owner, sides) ??
    (owner === undefined ? judgeHeldValue(steps) : takenOverBy(owner));
  return { ...judged, value, synced: owner !== undefined };
}

/** @param owner Whom sync has tied to the row's account. */
function findTroubleWithUser(
  { userId, immutableId }: PlannedRow,
  account: AdAccount,
  owner: CloudUser | undefined,
  sides: Sides,
): Judged | null {
  // A rollback names no user: what its account shall hold again belongs to none that it knows.
  if (userId === null) return null;
  if (owner !== undefined && owner.id !== userId) {
    const detail = `${owner.userPrincipalName} is synced from the account, which is another user than planned`;
    return { verdict: "duplicate", detail, trouble: "duplicate-made" };
  }
  const user = sides.snapshot.byId(userId);
  if (user === undefined)
    return { verdict: "anchor-changed", detail: "the cloud user no longer exists", trouble: "user-gone" };
  if (user.immutableId !== immutableId) {
    const detail = `the cloud user holds ${user.immutableId ?? "no ID"}`;
    return { verdict: "anchor-changed", detail, trouble: "value-changed" };
  }
  const made = findObjectMadeInstead(account, user, sides);
  return (
    findSameId(user, sides) ?? (made === undefined ? findProvisioningErrors(user, sides) : describeMadeInstead(made))
  );
}
