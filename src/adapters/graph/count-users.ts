/** Counts the live users: good enough to choose between two ways of reading, and to know how much the tenant grants. */
import type { GraphCalls } from "./graph-calls.ts";
import { refuseReply } from "./graph-error.ts";
import { COUNT_PATH } from "./query.ts";

/** @throws {BatchError} tenant, interrupted. */
export async function countUsers(calls: GraphCalls, signal: AbortSignal): Promise<number> {
  const purpose = { doing: "count the users", permission: "User.Read.All" };
  // $count is only answered from the index that may lag behind: good enough to choose a way of reading.
  const headers = { Accept: "text/plain", ConsistencyLevel: "eventual" };
  const reply = await calls.read({ ...purpose, path: COUNT_PATH, expects: "text", headers, signal });
  if (!/^\d{1,15}$/.test(reply.text.trim())) throw refuseReply(reply, purpose);
  const users = Number(reply.text);
  calls.governor.tenantHas(users);
  return users;
}
