/**
 * Which hard matches Entra refuses.
 *
 * Follows "Use Microsoft Entra Connect when you have an existing tenant" (August 2026) and message center MC1262584 and
 * MC1263280, checked 2026-11. Unverified choices: an owner of a role-assignable group is no holder of its roles; what
 * comes through a group is refused as what is assigned directly.
 */
import type { TenantStore } from "../tenant/store.ts";
import type { SimulatedUser } from "../tenant/world.ts";
import type { SyncedAccount } from "./account.ts";

/** Why an object could not be exported: the error of the sync engine, not of Graph. */
export type ExportError = { readonly code: string; readonly text: string };

const BLOCKS_HARD_MATCH = "blockCloudObjectTakeoverThroughHardMatchEnabled";
const ALLOWS_IDENTIFIER = "allowOnPremUpdateOfOnPremisesObjectIdentifierEnabled";

/** @returns `null` where the takeover may go on. */
export function refuseTakeover(store: TenantStore, user: SimulatedUser, account: SyncedAccount): ExportError | null {
  const { syncFeatures } = store.world;
  if (syncFeatures[BLOCKS_HARD_MATCH] === true) {
    return { code: "InvalidHardMatch", text: "The tenant blocks takeover of cloud objects through hard match." };
  }
  if (holdsPrivilegedRole(store, user.id)) {
    return { code: "InvalidHardMatch", text: "The cloud user has or may activate a privileged role." };
  }
  const identifier = user.onPremisesObjectIdentifier;
  if (identifier !== null && identifier !== account.objectGuid && syncFeatures[ALLOWS_IDENTIFIER] !== true) {
    return {
      code: "AttributeUpdateNotAllowed",
      text: "Hard match operation blocked due to security hardening. Review OnPremisesObjectIdentifier mapping.",
    };
  }
  if (user.isCloudManaged) return { code: "CloudManaged", text: "The source of authority was moved to the cloud." };
  return null;
}

export function holdsPrivilegedRole({ world }: TenantStore, userId: string): boolean {
  const privileged = new Set(world.roleDefinitions.filter((role) => role.isPrivileged).map(({ id }) => id));
  const groups = world.groups.filter((group) => group.isAssignableToRole && group.members.includes(userId));
  const principals = new Set([userId, ...groups.map(({ id }) => id)]);
  return [...world.roleAssignments, ...world.roleEligibilities].some(
    ({ principalId, roleDefinitionId }) => principals.has(principalId) && privileged.has(roleDefinitionId),
  );
}
