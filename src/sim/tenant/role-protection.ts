/**
 * Who may change whom: sensitive properties of users that hold directory roles.
 *
 * onPremisesImmutableId is one of them. For app-only callers the Graph permission is not enough; the service
 * principal itself must hold a fitting directory role. Eligible roles do not protect, assigned ones do.
 *
 * Source: "Privileged roles and permissions", section "Who can perform sensitive actions",
 * learn.microsoft.com/entra, checked 2026-11. Restricted management units are not simulated.
 */
import type { Simulation } from "./simulation.ts";
import type { Caller, CallerRole } from "./token.ts";

const TOP: readonly CallerRole[] = ["Privileged Authentication Administrator", "Global Administrator"];
const ANY: readonly CallerRole[] = [...TOP, "User Administrator", "Authentication Administrator"];

/** Roles whose holders more administrators than the two topmost may change. */
const MAY_CHANGE: Readonly<Record<string, readonly CallerRole[]>> = {
  "Directory Readers": ANY,
  "Guest Inviter": ANY,
  "Message Center Reader": ANY,
  "Password Administrator": ANY,
  "Reports Reader": ANY,
  "User Experience Success Manager": ANY,
  "Usage Summary Reports Reader": ANY,
  "Groups Administrator": [...TOP, "User Administrator"],
  "Helpdesk Administrator": [...TOP, "User Administrator"],
  "User Administrator": [...TOP, "User Administrator"],
  "Authentication Administrator": [...TOP, "Authentication Administrator"],
};

export function mayChangeSensitive(simulation: Simulation, caller: Caller, userId: string): boolean {
  const { world } = simulation.store;
  const nameOf = new Map(world.roleDefinitions.map(({ id, displayName }) => [id, displayName]));
  const holds = (roles: readonly CallerRole[]): boolean => roles.some((role) => caller.directoryRoles.has(role));

  const inRoleGroup = world.groups.some(
    (group) => group.isAssignableToRole && (group.members.includes(userId) || group.owners.includes(userId)),
  );
  if (inRoleGroup && !holds(TOP)) return false;
  return world.roleAssignments
    .filter(({ principalId }) => principalId === userId)
    .every(({ roleDefinitionId }) => holds(MAY_CHANGE[nameOf.get(roleDefinitionId) ?? ""] ?? TOP));
}

/** Directory.AccessAsUser.All is what lets a delegated token act on holders of roles at all. */
export function actsWithOwnRoles(caller: Caller): boolean {
  return caller.kind === "application" || caller.permissions.has("Directory.AccessAsUser.All");
}
