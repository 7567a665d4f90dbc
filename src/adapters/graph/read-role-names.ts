/**
 * What roles are called and which of them are privileged.
 *
 * isPrivileged is shown by beta only. Where beta is out of reach the built-in list decides, a custom role counts as
 * privileged because nobody can say, and a gap tells that the list was used.
 *
 * Source: https://learn.microsoft.com/graph/api/rbacapplication-list-roledefinitions and
 * https://learn.microsoft.com/entra/identity/role-based-access-control/privileged-roles-permissions (checked 2026-11)
 */
import type { CheckGap, RoleHolding } from "../../core/takeover-facts.ts";
import { decodeRoleDefinition, type RoleDefinition } from "./decode-facts.ts";
import { type FactNeed, leaveGap, readList } from "./fact.ts";
import type { GraphCalls } from "./graph-calls.ts";
import { isListedAsPrivileged, nameListedRole, PRIVILEGED_ROLES_DATE } from "./privileged-roles.ts";

export type RoleName = Pick<RoleHolding, "role" | "privileged">;

const PATH = "/roleManagement/directory/roleDefinitions";
const NEED: FactNeed = {
  check: "which roles the tenant itself calls privileged",
  permission: "RoleManagement.Read.Directory",
};

/**
 * @returns A way to name a role by its id (in lower case), and a gap when the built-in list was used.
 * @throws {BatchError} tenant: an answer is neither a list nor a refusal. interrupted.
 */
export async function readRoleNames(
  calls: GraphCalls,
  signal: AbortSignal,
): Promise<{ readonly gap: CheckGap | null; nameRole(roleId: string): RoleName }> {
  const told = await readList(
    calls,
    `${PATH}?$select=id,templateId,displayName,isBuiltIn,isPrivileged`,
    NEED,
    signal,
    "beta",
  );
  const definitions = told.value?.map(decodeRoleDefinition) ?? [];
  if (told.value !== null && definitions.every(({ privileged }) => privileged !== null)) {
    const byId = indexById(definitions);
    // Not among the definitions: deleted since, or new. Nobody can say, so it counts.
    return { gap: null, nameRole: (id) => nameDefinition(byId.get(id), id, ({ privileged }) => privileged !== false) };
  }
  const plain = await readList(calls, `${PATH}?$select=id,templateId,displayName,isBuiltIn`, NEED, signal);
  const byId = indexById(plain.value?.map(decodeRoleDefinition) ?? []);
  const reason = told.gap?.reason ?? "beta does not show isPrivileged";
  return {
    gap: leaveGap(
      NEED,
      `${reason}; the built-in list of ${PRIVILEGED_ROLES_DATE} was used, and custom roles count as privileged`,
    ),
    nameRole: (id) =>
      nameDefinition(byId.get(id), id, ({ ids, name, builtIn }) => !builtIn || isListedAsPrivileged(ids, name)),
  };
}

function indexById(definitions: readonly RoleDefinition[]): ReadonlyMap<string, RoleDefinition> {
  return new Map(definitions.flatMap((definition) => definition.ids.map((id) => [id, definition] as const)));
}

function nameDefinition(
  definition: RoleDefinition | undefined,
  id: string,
  isPrivileged: (definition: RoleDefinition) => boolean,
): RoleName {
  if (definition === undefined) return { role: nameListedRole(id) ?? `role ${id}`, privileged: true };
  return { role: definition.name, privileged: isPrivileged(definition) };
}
