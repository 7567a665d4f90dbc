/**
 * Which of some users hold a directory role or may activate one, themselves or through a role-assignable group.
 *
 * Entra refuses to take over a user with a privileged role, assigned or eligible, and refuses writes to one by most
 * administrators. Roles are few and users many, so roles are listed and matched with the users, not the other way
 * round.
 *
 * Source: https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments,
 * rbacapplication-list-roleeligibilityscheduleinstances (checked 2026-11)
 */
import { type Guid, parseGuid } from "../../core/guid.ts";
import type { CheckGap, RoleHolding } from "../../core/takeover-facts.ts";
import { decodeHolding } from "./decode-facts.ts";
import { type FactNeed, followList } from "./fact.ts";
import type { GraphCalls } from "./graph-calls.ts";
import type { GraphReply } from "./graph-reply.ts";
import { type HeldRole, type ReachedRole, readRolesThroughGroups } from "./read-role-groups.ts";
import { type RoleName, readRoleNames } from "./read-role-names.ts";

/** First pages; neither paging nor $select is documented for the two role lists. */
export const ROLE_ASSIGNMENTS_PATH = "/roleManagement/directory/roleAssignments";
export const ROLE_ELIGIBILITIES_PATH = "/roleManagement/directory/roleEligibilityScheduleInstances";

export const ROLES_NEED: FactNeed = {
  check: "whether targets hold a privileged role",
  permission: "RoleManagement.Read.Directory",
};
export const ELIGIBLE_NEED: FactNeed = {
  check: "whether targets may activate a privileged role",
  permission: "RoleEligibilitySchedule.Read.Directory",
};
export type RoleFacts = {
  /** `null` when nobody can say who holds a role; without eligibilities or groups when a gap says so. */
  readonly roles: ReadonlyMap<Guid, readonly RoleHolding[]> | null;
  /** Every way to a role was readable. */
  readonly complete: boolean;
  readonly gaps: readonly CheckGap[];
};

/**
 * @param first Answers to the three paths above.
 * @throws {BatchError} tenant: an answer is neither a list nor a refusal. interrupted.
 */
export async function readRoles(
  calls: GraphCalls,
  first: {
    readonly assignments: GraphReply | undefined;
    readonly eligibilities: GraphReply | undefined;
    readonly groups: GraphReply | undefined;
  },
  userIds: Pick<ReadonlySet<Guid>, "has">,
  signal: AbortSignal,
): Promise<RoleFacts> {
  const assignments = await followList(calls, first.assignments, ROLES_NEED, signal);
  const eligibilities = await followList(calls, first.eligibilities, ELIGIBLE_NEED, signal);
  if (assignments.value === null)
    return { roles: null, complete: false, gaps: [joinGaps(assignments.gap, eligibilities.gap)] };
  const held: HeldRole[] = [
    ...assignments.value.map((entry) => ({ ...decodeHolding(entry), how: "active" as const })),
    ...(eligibilities.value ?? []).map((entry) => ({ ...decodeHolding(entry), how: "eligible" as const })),
  ];
  const through = await readRolesThroughGroups(calls, first.groups, held, userIds, signal);
  const own = held.flatMap(({ principalId, roleId, how }): ReachedRole[] => {
    const userId = parseGuid(principalId);
    return userId === null || !userIds.has(userId) ? [] : [{ userId, roleId, how, through: null }];
  });
  const reached = [...own, ...through.reached];
  const names = reached.length === 0 ? NO_NAMES : await readRoleNames(calls, signal);
  const gaps = [eligibilities.gap, ...through.gaps, names.gap].filter((gap) => gap !== null);
  const complete = eligibilities.gap === null && through.gaps.length === 0;
  return { roles: gatherHoldings(reached, names.nameRole), complete, gaps };
}

const NO_NAMES = { gap: null, nameRole: (id: string): RoleName => ({ role: id, privileged: false }) };

/** One gap where both lists are out of reach: it is one check to the operator. */
function joinGaps(active: CheckGap, eligible: CheckGap | null): CheckGap {
  return eligible === null ? active : { ...active, permission: `${active.permission} and ${eligible.permission}` };
}

/** By user, each way to a role once however many scopes it was granted for. */
function gatherHoldings(reached: readonly ReachedRole[], nameRole: (roleId: string) => RoleName) {
  const byUser = new Map<Guid, Map<string, RoleHolding>>();
  for (const { userId, roleId, how, through } of reached) {
    const holdings = byUser.get(userId) ?? new Map<string, RoleHolding>();
    holdings.set(JSON.stringify([roleId, how, through]), { ...nameRole(roleId), how, through });
    byUser.set(userId, holdings);
  }
  return new Map(Array.from(byUser, ([userId, holdings]) => [userId, Array.from(holdings.values())]));
}
