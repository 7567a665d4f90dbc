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

/** @param sides.targets Users that the batch itself means: none of them was made instead of another. */
export function findObjectMadeInstead(
  account: Pick<AdAccount, "objectSid" | "mail" | "userPrincipalName">,
  user: Pick<CloudUser, "id" | "userPrincipalName">,
  { snapshot, targets }: { readonly snapshot: TenantSnapshot; readonly targets: ReadonlySet<Guid> },
): CloudUser | undefined {
  const isAnother = ({ id, syncEnabled }: CloudUser) =>
    id !== user.id && syncEnabled === true && !targets.has(id) && !snapshot.isDeleted(id);
  const bySid = account.objectSid === null ? [] : snapshot.ownersOfSid(account.objectSid);
  const found = bySid.find(isAnother);
  if (found !== undefined) return found;
  const names = [account.userPrincipalName, user.userPrincipalName].flatMap((name) => name ?? []);
  const prefixes = new Set(names.map(prefixOf));
  const byAddress = [account.mail, account.userPrincipalName].flatMap((address) =>
    address === null ? [] : snapshot.ownersOfAddress(foldAddress(address)),
  );
  return byAddress.find((other) => {
    const [, prefix] = /^(.+)[0-9]{4}$/.exec(prefixOf(other.userPrincipalName)) ?? [];
    const sidFits = account.objectSid === null || other.securityIdentifier === null;
    return isAnother(other) && sidFits && prefix !== undefined && prefixes.has(prefix);
  });
}

function prefixOf(upn: string): string {
  return foldCase(upn.slice(0, Math.max(0, upn.lastIndexOf("@"))));
}
