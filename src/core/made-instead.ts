/**
 * The object that sync has made from an AD account instead of taking over the user that was meant.
 *
 * It has the account's SID. Where one side tells no SID it is known by its name: where the UPN was taken Entra gives the
 * new object one with four digits behind the prefix, in the tenant's first domain, and the address stays the account's.
 *
 * Source: Microsoft Entra, "Identity synchronization and duplicate attribute resiliency" (checked 2026-11)
 */
import type { AdAccount } from "./ad-account.ts";
import type { Guid } from "./guid.ts";
import { foldCase } from "./names.ts";
import type { CloudUser, TenantSnapshot } from "./snapshot.ts";
import { foldAddress } from "./takeover-facts.ts";

/**
 * @param user The one that was meant, which is among the targets.
 * @param sides.targets Users that the batch itself means: none of them was made instead of another.
 */
export function findObjectMadeInstead(
  account: Pick<AdAccount, "objectSid" | "mail" | "userPrincipalName">,
  user: Pick<CloudUser, "userPrincipalName">,
  { snapshot, targets }: { readonly snapshot: TenantSnapshot; readonly targets: ReadonlySet<Guid | null> },
): CloudUser | undefined {
  const isAnother = ({ id }: CloudUser) => !targets.has(id);
  const bySid = listSyncedFrom(account, snapshot).find(isAnother);
  if (bySid !== undefined) return bySid;
  const names = [account.userPrincipalName ?? user.userPrincipalName, user.userPrincipalName];
  const prefixes = new Set(names.map(prefixOf));
  // Nobody has the empty address.
  const byAddress = [account.mail, account.userPrincipalName].flatMap((address) =>
    snapshot.ownersOfAddress(foldAddress(address ?? "")),
  );
  return keepSynced(byAddress, snapshot).find((other) => {
    const prefix = prefixOf(other.userPrincipalName);
    const isNumbered = /.[0-9]{4}$/.test(prefix) && prefixes.has(prefix.slice(0, -4));
    const sidFits = account.objectSid === null || other.securityIdentifier === null;
    return isAnother(other) && sidFits && isNumbered;
  });
}

/** Live users that sync writes from this very account; of an account whose SID AD does not tell, none. */
export function listSyncedFrom(
  { objectSid }: Pick<AdAccount, "objectSid">,
  snapshot: TenantSnapshot,
): readonly CloudUser[] {
  return objectSid === null ? [] : keepSynced(snapshot.ownersOfSid(objectSid), snapshot);
}

function keepSynced(users: readonly CloudUser[], snapshot: TenantSnapshot): readonly CloudUser[] {
  return users.filter(({ id, syncEnabled }) => syncEnabled === true && !snapshot.isDeleted(id));
}

function prefixOf(upn: string): string {
  return foldCase(upn.slice(0, Math.max(0, upn.lastIndexOf("@"))));
}
