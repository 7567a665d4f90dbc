/**
 * The onPremisesObjectIdentifier of some users: one that differs from the account's objectGUID makes sync refuse
 * the takeover.
 *
 * Only beta shows it, and the metadata does not declare it. A user without the key may have none or may not show
 * it: if nobody of all who were asked for shows it, the check was not made.
 *
 * Source: https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-install-existing-tenant
 * (checked 2026-11)
 */
import { type Guid, parseGuid } from "../../core/guid.ts";
import { countUsers } from "./count-users.ts";
import { requireText } from "./decode-facts.ts";
import { readField, readText } from "./decode-json.ts";
import { type Fact, type FactNeed, followList, leaveGap, purposeOf, readList } from "./fact.ts";
import type { GraphCalls } from "./graph-calls.ts";
import { BATCH_SIZE, FILTER_SIZE, isOneOf, PAGE_SIZE, splitIntoGroups } from "./query.ts";
import { readInBatches } from "./read-batch.ts";

const NEED: FactNeed = {
  check: "whether targets are bound to another on-premises object (onPremisesObjectIdentifier)",
  permission: "User.Read.All",
};
const SELECT = "$select=id,onPremisesObjectIdentifier";

/** @throws {BatchError} tenant: an answer is neither a list nor a refusal. interrupted. */
export async function readObjectIdentifiers(
  calls: GraphCalls,
  userIds: ReadonlySet<Guid>,
  signal: AbortSignal,
): Promise<Fact<ReadonlyMap<Guid, string | null>>> {
  if (userIds.size === 0) return { value: new Map(), gap: null };
  const users = (await listingIsShorter(calls, userIds.size, signal))
    ? await readList(calls, `/users?${SELECT}&$top=${PAGE_SIZE}`, NEED, signal, "beta")
    : await lookUp(calls, userIds, signal);
  if (users.value === null) return users;
  const shown = users.value.some((user) => readField(user, "onPremisesObjectIdentifier") !== undefined);
  if (!shown) return { value: null, gap: leaveGap(NEED, "Graph shows the property for nobody") };
  const identifiers = new Map<Guid, string | null>();
  for (const user of users.value) {
    const id = parseGuid(requireText(user, "id"));
    if (id !== null && userIds.has(id)) identifiers.set(id, readText(user, "onPremisesObjectIdentifier"));
  }
  return { value: identifiers, gap: null };
}

/** Whichever takes fewer requests; users who fit into one request are not worth the count. */
async function listingIsShorter(calls: GraphCalls, wanted: number, signal: AbortSignal): Promise<boolean> {
  const lookUps = Math.ceil(wanted / (FILTER_SIZE * BATCH_SIZE));
  return lookUps > 1 && Math.ceil((await countUsers(calls, signal)) / PAGE_SIZE) < lookUps;
}

async function lookUp(
  calls: GraphCalls,
  userIds: ReadonlySet<Guid>,
  signal: AbortSignal,
): Promise<Fact<readonly unknown[]>> {
  const paths = splitIntoGroups([...userIds], FILTER_SIZE).map(
    (ids) => `/users?${SELECT}&$filter=${encodeURIComponent(isOneOf("id", ids))}`,
  );
  const replies = await readInBatches(calls, paths, { purpose: purposeOf(NEED), version: "beta" }, signal);
  const users: unknown[] = [];
  for (const reply of replies) {
    const found = await followList(calls, reply, NEED, signal, "beta");
    if (found.value === null) return found;
    users.push(...found.value);
  }
  return { value: users, gap: null };
}
