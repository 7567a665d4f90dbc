/**
 * Which of some users hold a directory role or may activate one, themselves or through a role-assignable group.
 *
 * Entra refuses to take over a user with a privileged role, assigned or eligible, and refuses writes to one by most
 * administrators. Roles are few and users many, so roles are listed and matched with the users, not the other way
 * round. Somebody who is eligible for membership of such a group, without being a member, is not found.
 *
 * Source: https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments,
 * rbacapplication-list-roleeligibilityscheduleinstances and group-list-transitivemembers (checked 2026-11)
 */
import { type Guid, parseGuid } from "../../core/guid.ts";
import { foldCase } from "../../core/names.ts";
import type { CheckGap, RoleHolding } from "../../core/takeover-facts.ts";
import { decodeHolding, type Holding, requireText } from "./decode-facts.ts";
import { readText } from "./decode-json.ts";
import { type Fact, type FactNeed, followList, purposeOf } from "./fact.ts";
import type { GraphCalls } from "./graph-calls.ts";
import type { GraphReply } from "./graph-reply.ts";
import { PAGE_SIZE } from "./query.ts";
import { readInBatches } from "./read-batch.ts";
import { type RoleName, readRoleNames } from "./read-role-names.ts";

/** First pages; neither paging nor $select is documented for the two role lists. */
export const ROLE_ASSIGNMENTS_PATH = "/roleManagement/directory/roleAssignments";
export const ROLE_ELIGIBILITIES_PATH = "/roleManagement/directory/roleEligibilityScheduleInstances";
export const ROLE_GROUPS_PATH = `/groups?$filter=${encodeURIComponent("isAssignableToRole eq true")}&$select=id,displayName&$top=${PAGE_SIZE}`;

const ROLES_NEED: FactNeed = {
  check: "whether targets hold a privileged role",
  permission: "RoleManagement.Read.Directory",
};
const ELIGIBLE_NEED: FactNeed = {
  check: "whether targets may activate a privileged role",
  permission: "RoleEligibilitySchedule.Read.Directory",
};
const GROUPS_NEED: FactNeed = {
  check: "whether targets hold a privileged role through a group",
  permission: "Group.Read.All",
};

export type RoleFacts = {
  /** `null` when nobody can say who holds a role; without eligibilities or groups when a gap says so. */
  readonly roles: ReadonlyMap<Guid, readonly RoleHolding[]> | null;
  /** Every way to a role was readable. */
  readonly complete: boolean;
  readonly gaps: readonly CheckGap[];
};

type HeldRole = Holding & Pick<RoleHolding, "how">;
/** A role on its way to a user. */
type Reached = Pick<RoleHolding, "how" | "through"> & { readonly userId: Guid; readonly roleId: string };

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
  userIds: ReadonlySet<Guid>,
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
  const groups = await followList(calls, first.groups, GROUPS_NEED, signal);
  const through = await readGroupHolders(calls, groups, held, userIds, signal);
  const own = held.flatMap(({ principalId, roleId, how }): Reached[] => {
    const userId = parseGuid(principalId);
    return userId === null || !userIds.has(userId) ? [] : [{ userId, roleId, how, through: null }];
  });
  const reached = [...own, ...(through.value ?? [])];
  const names = reached.length === 0 ? NO_NAMES : await readRoleNames(calls, signal);
  const gaps = [eligibilities.gap, through.gap, names.gap].filter((gap) => gap !== null);
  const complete = eligibilities.gap === null && through.gap === null;
  return { roles: gatherHoldings(reached, names.nameRole), complete, gaps };
}

const NO_NAMES = { gap: null, nameRole: (id: string): RoleName => ({ role: id, privileged: false }) };

/** One gap where both lists are out of reach: it is one check to the operator. */
function joinGaps(active: CheckGap, eligible: CheckGap | null): CheckGap {
  return eligible === null ? active : { ...active, permission: `${active.permission} and ${eligible.permission}` };
}

/** Roles of the users who are members of the groups that hold roles. */
async function readGroupHolders(
  calls: GraphCalls,
  groups: Fact<readonly unknown[]>,
  held: readonly HeldRole[],
  userIds: ReadonlySet<Guid>,
  signal: AbortSignal,
): Promise<Fact<readonly Reached[]>> {
  if (groups.value === null) return groups;
  const holders = new Set(held.map(({ principalId }) => principalId));
  const wanted = groups.value
    .map((entry) => ({ id: requireText(entry, "id"), name: readText(entry, "displayName") }))
    .filter(({ id }) => holders.has(foldCase(id)));
  const paths = wanted.map(
    ({ id }) => `/groups/${encodeURIComponent(id)}/transitiveMembers?$select=id&$top=${PAGE_SIZE}`,
  );
  const replies = await readInBatches(calls, paths, { purpose: purposeOf(GROUPS_NEED) }, signal, () => true);
  const reached: Reached[] = [];
  for (const [index, { id, name }] of wanted.entries()) {
    const members = await followList(calls, replies[index], GROUPS_NEED, signal);
    if (members.value === null) return members;
    const memberIds = new Set(members.value.map((member) => parseGuid(requireText(member, "id"))));
    for (const { principalId, roleId, how } of held) {
      if (principalId !== foldCase(id)) continue;
      for (const userId of memberIds)
        if (userId !== null && userIds.has(userId)) reached.push({ userId, roleId, how, through: name ?? id });
    }
  }
  return { value: reached, gap: null };
}

/** By user, each way to a role once however many scopes it was granted for. */
function gatherHoldings(reached: readonly Reached[], nameRole: (roleId: string) => RoleName) {
  const byUser = new Map<Guid, Map<string, RoleHolding>>();
  for (const { userId, roleId, how, through } of reached) {
    const holdings = byUser.get(userId) ?? new Map<string, RoleHolding>();
    holdings.set(JSON.stringify([roleId, how, through]), { ...nameRole(roleId), how, through });
    byUser.set(userId, holdings);
  }
  return new Map(Array.from(byUser, ([userId, holdings]) => [userId, Array.from(holdings.values())]));
}
