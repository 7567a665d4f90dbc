/**
 * Who holds a directory role through a role-assignable group: as a member, or by the right to become one.
 *
 * Only groups that hold a role are looked into, a handful in any tenant. The right to join (Privileged Identity
 * Management for groups) counts as eligible, whatever the group's own hold on the role is: the person can have it
 * within minutes. A group that may join such a group is not followed.
 *
 * Source: https://learn.microsoft.com/graph/api/group-list-transitivemembers and
 * privilegedaccessgroup-list-eligibilityscheduleinstances, which wants $filter by groupId or principalId
 * (checked 2026-11)
 */
import { type Guid, parseGuid } from "../../core/guid.ts";
import { foldCase } from "../../core/names.ts";
import type { CheckGap, RoleHolding } from "../../core/takeover-facts.ts";
import { type Holding, requireText } from "./decode-facts.ts";
import { readText } from "./decode-json.ts";
import { type FactNeed, followList, purposeOf } from "./fact.ts";
import type { GraphCalls } from "./graph-calls.ts";
import type { GraphReply } from "./graph-reply.ts";
import { PAGE_SIZE } from "./query.ts";
import { readInBatches } from "./read-batch.ts";

/** First page of the role-assignable groups. */
export const ROLE_GROUPS_PATH = `/groups?$filter=${encodeURIComponent("isAssignableToRole eq true")}&$select=id,displayName&$top=${PAGE_SIZE}`;

export const MEMBERS_NEED: FactNeed = {
  check: "whether targets hold a privileged role through a group",
  permission: "Group.Read.All",
};
const JOINING_NEED: FactNeed = {
  check: "whether targets may join a group that holds a privileged role",
  permission: "PrivilegedEligibilitySchedule.Read.AzureADGroup",
};

export type HeldRole = Holding & Pick<RoleHolding, "how">;
/** A role on its way to a user. */
export type ReachedRole = Pick<RoleHolding, "how" | "through"> & { readonly userId: Guid; readonly roleId: string };

/**
 * @param firstPage Answer to {@link ROLE_GROUPS_PATH}.
 * @param held Roles with whoever holds them, users and groups.
 * @throws {BatchError} tenant: an answer is neither a list nor a refusal. interrupted.
 */
export async function readRolesThroughGroups(
  calls: GraphCalls,
  firstPage: GraphReply | undefined,
  held: readonly HeldRole[],
  userIds: Pick<ReadonlySet<Guid>, "has">,
  signal: AbortSignal,
): Promise<{ readonly reached: readonly ReachedRole[]; readonly gaps: readonly CheckGap[] }> {
  const groups = await followList(calls, firstPage, MEMBERS_NEED, signal);
  if (groups.value === null) return { reached: [], gaps: [groups.gap] };
  const rolesOf = Map.groupBy(held, ({ principalId }) => principalId);
  const wanted = groups.value
    .map((entry) => ({ id: requireText(entry, "id"), name: readText(entry, "displayName") }))
    .filter(({ id }) => rolesOf.has(foldCase(id)));
  const paths = [...wanted.map(membersPath), ...wanted.map(joiningPath)];
  const replies = await readInBatches(calls, paths, { purpose: purposeOf(MEMBERS_NEED) }, signal, () => true);
  const read = (need: FactNeed, idField: string, from: number) =>
    readPeople(calls, replies.slice(from, from + wanted.length), { need, idField }, signal);
  const members = await read(MEMBERS_NEED, "id", 0);
  const joining = await read(JOINING_NEED, "principalId", wanted.length);
  const reached = wanted.flatMap(({ id, name }, index) =>
    (rolesOf.get(foldCase(id)) ?? []).flatMap(({ roleId, how }) => {
      const through = name ?? id;
      const reach = (people: readonly Guid[] | undefined, hold: RoleHolding["how"]) =>
        (people ?? [])
          .filter((userId) => userIds.has(userId))
          .map((userId): ReachedRole => ({ userId, roleId, how: hold, through }));
      return [...reach(members.people[index], how), ...reach(joining.people[index], "eligible")];
    }),
  );
  return { reached, gaps: [members.gap, joining.gap].filter((gap) => gap !== null) };
}

type Group = { readonly id: string };

const membersPath = ({ id }: Group): string =>
  `/groups/${encodeURIComponent(id)}/transitiveMembers?$select=id&$top=${PAGE_SIZE}`;

const joiningPath = ({ id }: Group): string =>
  `/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances?$filter=${encodeURIComponent(`groupId eq '${id}'`)}`;

/** Who may become an owner is left out: owning a group gives none of its roles. */
const isNoOwner = (entry: unknown): boolean => readText(entry, "accessId")?.toLowerCase() !== "owner";

/** One list of people a reply, or the gap where the account may not read them. */
async function readPeople(
  calls: GraphCalls,
  firstPages: readonly GraphReply[],
  { need, idField }: { readonly need: FactNeed; readonly idField: string },
  signal: AbortSignal,
): Promise<{ readonly people: readonly (readonly Guid[])[]; readonly gap: CheckGap | null }> {
  const people: Guid[][] = [];
  for (const firstPage of firstPages) {
    const list = await followList(calls, firstPage, need, signal);
    if (list.value === null) return { people: [], gap: list.gap };
    people.push(list.value.filter(isNoOwner).flatMap((entry) => parseGuid(requireText(entry, idField)) ?? []));
  }
  return { people, gap: null };
}
