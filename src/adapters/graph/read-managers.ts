/**
 * Who the manager of some users is: a relation, which comes only along with the user, and only a few users at a time.
 *
 * A listing with an expanded relation has pages of 100, so those who are wanted are looked up: 15 to a filter, 20
 * filters to a request.
 *
 * Source: https://learn.microsoft.com/graph/api/user-list-manager and /graph/query-parameters (checked 2026-11)
 */
import { type Guid, parseGuid } from "../../core/guid.ts";
import type { CloudManager, ReadManagers } from "../../core/takeover-managers.ts";
import { requireText } from "./decode-facts.ts";
import { readField, readText } from "./decode-json.ts";
import { explainGap, type FactNeed, followPages, purposeOf } from "./fact.ts";
import type { GraphCalls } from "./graph-calls.ts";
import { userLookUpPaths } from "./query.ts";
import { readInBatches } from "./read-batch.ts";

const NEED: FactNeed = { check: "who the managers of targets are (manager)", permission: "User.Read.All" };
const SELECT = "$select=id&$expand=manager($select=id,userPrincipalName)";

/**
 * @returns The manager of each user that was found.
 * @throws {BatchError} tenant: an answer is neither a list nor a refusal. interrupted.
 */
export async function readManagers(
  calls: GraphCalls,
  ids: readonly Guid[],
  signal: AbortSignal,
): Promise<ReadManagers> {
  const managers = new Map<Guid, CloudManager | null>();
  // One record for everybody who is led by the same person.
  const known = new Map<Guid, CloudManager>();
  if (ids.length === 0) return { present: managers, gap: null };
  for (const reply of await readInBatches(calls, userLookUpPaths(ids, SELECT), { purpose: purposeOf(NEED) }, signal)) {
    const gap = explainGap(reply, NEED);
    if (gap !== null) return { present: new Map(), gap };
    for await (const users of followPages(calls, reply, NEED, signal)) {
      for (const user of users) {
        const id = parseGuid(requireText(user, "id"));
        const manager = decodeManager(readField(user, "manager"));
        if (manager !== null && !known.has(manager.id)) known.set(manager.id, manager);
        if (id !== null) managers.set(id, manager === null ? null : (known.get(manager.id) ?? manager));
      }
    }
  }
  return { present: managers, gap: null };
}

function decodeManager(json: unknown): CloudManager | null {
  const id = parseGuid(readText(json, "id") ?? "");
  return id === null ? null : { id, userPrincipalName: readText(json, "userPrincipalName") };
}
