/**
 * Which users have had their source of authority moved to the cloud: sync does not take those over.
 *
 * Graph tells it of one user at a time, so this is the dearest of all checks, and the permission it wants is one
 * that few grant. The first user is asked together with the facts of the tenant; if that is refused, nobody else is.
 *
 * Source: https://learn.microsoft.com/graph/api/onpremisessyncbehavior-get (checked 2026-11)
 */
import type { Guid } from "../../core/guid.ts";
import { readField } from "./decode-json.ts";
import { explainGap, type Fact, type FactNeed, leaveGap, purposeOf } from "./fact.ts";
import type { GraphCalls } from "./graph-calls.ts";
import { refuseReply } from "./graph-error.ts";
import type { GraphReply } from "./graph-reply.ts";
import { userPath } from "./query.ts";
import { readInBatches } from "./read-batch.ts";

export const CLOUD_MANAGED_NEED: FactNeed = {
  check: "whether targets are managed in the cloud (isCloudManaged)",
  permission: "User-OnPremisesSyncBehavior.ReadWrite.All",
};

export function syncBehaviorPath(id: Guid): string {
  return `${userPath(id)}/onPremisesSyncBehavior?$select=isCloudManaged`;
}

/**
 * @param probe The answer for the first of the users; `undefined` when there are none.
 * @throws {BatchError} tenant: an answer is neither a user's nor a refusal. interrupted.
 */
export async function readCloudManaged(
  calls: GraphCalls,
  probe: GraphReply | undefined,
  userIds: readonly Guid[],
  signal: AbortSignal,
): Promise<Fact<ReadonlySet<Guid>>> {
  if (probe === undefined) return { value: new Set(), gap: null };
  const replies = [probe];
  if (!isRefused(probe)) {
    const paths = userIds.slice(1).map(syncBehaviorPath);
    const how = { purpose: purposeOf(CLOUD_MANAGED_NEED) };
    replies.push(...(await readInBatches(calls, paths, how, signal, (first) => !first.some(isRefused))));
  }
  const managed = new Set<Guid>();
  let answered = 0;
  for (const [index, reply] of replies.entries()) {
    const gap = explainGap(reply, CLOUD_MANAGED_NEED);
    if (gap !== null && isRefused(reply)) return { value: null, gap };
    if (gap !== null) continue; // That user is gone: nothing of it can be managed.
    const isManaged = readField(reply.json, "isCloudManaged");
    if (reply.status !== 200) throw refuseReply(reply, purposeOf(CLOUD_MANAGED_NEED));
    if (typeof isManaged !== "boolean")
      return { value: null, gap: leaveGap(CLOUD_MANAGED_NEED, "Graph does not show the property") };
    answered += 1;
    const id = userIds[index];
    if (isManaged && id !== undefined) managed.add(id);
  }
  if (answered > 0) return { value: managed, gap: null };
  return { value: null, gap: leaveGap(CLOUD_MANAGED_NEED, "Graph knows none of the users in this place (404)") };
}

/** Refused for all users, unlike the 404 of one who is gone. */
function isRefused(reply: GraphReply): boolean {
  return reply.status !== 404 && explainGap(reply, CLOUD_MANAGED_NEED) !== null;
}
