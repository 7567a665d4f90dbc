/**
 * Who will be whose manager in the cloud: an AD account names its manager by DN, sync turns that into the cloud user
 * that the manager's own account is tied to.
 *
 * It is told only where both are in the batch: of any other account nobody here knows which cloud user it has.
 */
import type { AdAccount } from "./ad-account.ts";
import type { Guid } from "./guid.ts";
import { foldCase } from "./names.ts";
import type { CloudUser } from "./snapshot.ts";
import type { CheckGap } from "./takeover-facts.ts";

/** A manager as the cloud has it. */
export type CloudManager = {
  readonly id: Guid;
  /** `null` where it is not shown. */
  readonly userPrincipalName: string | null;
};

/** Managers by user as the cloud has them: `null` for nobody, and whoever is missing was not read. */
export type PresentManagers = ReadonlyMap<Guid, CloudManager | null>;

/** What was read of them; without the permission it is nobody, and a gap. */
export type ReadManagers = { readonly present: PresentManagers; readonly gap: CheckGap | null };

/** Nobody was asked for. */
export const NO_MANAGERS: ReadManagers = { present: new Map(), gap: null };

/** What both sides say of the managers of a batch. */
export type Managers = {
  /** As AD will have it; everybody else has none there, or one outside the batch. */
  readonly coming: ReadonlyMap<Guid, CloudManager>;
  readonly present: PresentManagers;
};

type Pair = {
  readonly account: Pick<AdAccount, "dn" | "profile"> | null;
  readonly target: Pick<CloudUser, "id" | "userPrincipalName"> | null;
};

/** The manager that AD gives each user, where the manager's account and cloud user are in the batch as well. */
export function listComingManagers(pairs: readonly Pair[]): Map<Guid, CloudManager> {
  // Managers are few beside those whom they lead: nobody else is kept by DN, and all whom one leads share one record.
  const named = new Set(pairs.flatMap(({ account }) => managerDnOf(account) ?? []));
  const managers = new Map<string, CloudManager>();
  for (const { account, target } of pairs) {
    if (account === null || target === null) continue;
    const dn = foldCase(account.dn);
    if (named.has(dn)) managers.set(dn, { id: target.id, userPrincipalName: target.userPrincipalName });
  }
  const coming = new Map<Guid, CloudManager>();
  for (const { account, target } of pairs) {
    const manager = managers.get(managerDnOf(account) ?? "");
    if (target !== null && manager !== undefined) coming.set(target.id, manager);
  }
  return coming;
}

/** Folded; nobody has an empty one. */
function managerDnOf(account: Pair["account"]): string | null {
  const dn = account?.profile.manager ?? "";
  return dn === "" ? null : foldCase(dn);
}
