/** What the tenant says against a user that holds the planned value, whichever side the row writes. */
import { describeProvisioningError, PROPERTY_CONFLICT } from "./provisioning-error.ts";
import type { CloudUser } from "./snapshot.ts";
import type { Judged, Sides } from "./verdict.ts";

export function findSameId({ id, immutableId }: CloudUser, { snapshot }: Sides): Judged | null {
  if (immutableId === null || immutableId === "") return null;
  const other = [...snapshot.holdersOf(immutableId), ...snapshot.deletedHoldersOf(immutableId)].find(
    (holder) => holder.id !== id,
  );
  if (other === undefined) return null;
  const detail = `${other.userPrincipalName} holds the same ID`;
  return { verdict: "duplicate", detail, trouble: "same-id-elsewhere" };
}

/** @param made What sync has made from the row's account instead. */
export function describeMadeInstead({ id, userPrincipalName, immutableId }: CloudUser): Judged {
  const holds = immutableId === null ? "without an ID" : `with the ID ${immutableId}`;
  const detail = `sync has made ${userPrincipalName} (${id}, ${holds}) from the AD account`;
  return { verdict: "duplicate", detail, trouble: "duplicate-made" };
}

export function findProvisioningErrors({ id }: CloudUser, { errors }: Sides): Judged | null {
  const those = errors.get(id) ?? [];
  if (those.length === 0) return null;
  const conflict = those.every(({ category }) => category === PROPERTY_CONFLICT);
  const detail = those.map(describeProvisioningError).join("; ");
  return { verdict: "sync-error", detail, trouble: conflict ? "property-conflict" : "provisioning-error" };
}
