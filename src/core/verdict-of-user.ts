/** A row that writes a cloud user: what the user holds now, and whether sync has tied it to the row's account. */
import type { AdAccount } from "./ad-account.ts";
import type { Guid } from "./guid.ts";
import { findObjectMadeInstead } from "./made-instead.ts";
import type { PlannedRow } from "./plan.ts";
import { type Resolution, soleAccount } from "./resolution.ts";
import type { CloudUser, TenantSnapshot } from "./snapshot.ts";
import { chooseAnchor } from "./source-anchor.ts";
import { IN_RECYCLE_BIN, type Judged, type RowToJudge, type Sides, type VerifiedRow } from "./verdict.ts";
import { judgeHeldValue, judgeValue, takenOverBy } from "./verdict-by-steps.ts";
import { describeMadeInstead, findProvisioningErrors, findSameId } from "./verdict-troubles.ts";

export function judgeUser({ planned, objectId, steps }: RowToJudge, sides: Sides): Omit<VerifiedRow, "planned"> {
  const user = sides.snapshot.byId(objectId);
  if (user === undefined) {
    const detail = describeAbsence(objectId, sides.snapshot);
    return { verdict: "gone", detail, trouble: "user-gone", value: null, synced: false };
  }
  const synced = user.syncEnabled === true;
  const judged =
    judgeValue(planned, steps, user.immutableId) ??
    findSameId(user, sides) ??
    findTroubleWithAccount(planned, user, sides) ??
    findProvisioningErrors(user, sides) ??
    (synced ? takenOverBy(user) : judgeHeldValue(steps));
  return { ...judged, value: user.immutableId, synced };
}

function describeAbsence(userId: Guid, snapshot: TenantSnapshot): string {
  const [deleted] = snapshot.findDeletedTargets(userId);
  if (deleted === undefined) return "the user no longer exists";
  return `${IN_RECYCLE_BIN}, deleted ${deleted.deletedAt?.slice(0, 10) ?? "at an unknown time"}`;
}

/** What the row's AD account says against the user; a rollback does not look it up. */
function findTroubleWithAccount(planned: PlannedRow, user: CloudUser, sides: Sides): Judged | null {
  const resolution = sides.byRow.get(planned.row);
  if (resolution === undefined) return null;
  const account = soleAccount(resolution);
  if (account === undefined) return anchorChanged(describeLoss(resolution));
  const made = findObjectMadeInstead(account, user, sides);
  if (chooseAnchor(account, sides.anchor).anchor?.immutableId !== planned.immutableId) {
    const andMade = made === undefined ? "" : `, and sync has made ${made.userPrincipalName} from it`;
    return anchorChanged(`the AD account has another source anchor${andMade}`);
  }
  return made === undefined ? findOtherAccount(user, account) : describeMadeInstead(made);
}

function anchorChanged(detail: string): Judged {
  return { verdict: "anchor-changed", detail, trouble: "anchor-changed" };
}

function describeLoss({ exact, elsewhere }: Resolution): string {
  return exact.length + elsewhere.length > 1 ? "several AD accounts have the name now" : "the AD account is gone";
}

/** A SID that one side does not tell decides nothing. */
function findOtherAccount(
  { syncEnabled, securityIdentifier: found }: CloudUser,
  { objectSid: wanted }: AdAccount,
): Judged | null {
  if (syncEnabled !== true || wanted === null || found === null || found === wanted) return null;
  const detail = `sync has tied it to the account with the SID ${found}, and the row's account has ${wanted}`;
  return { verdict: "sync-error", detail, trouble: "other-account" };
}
