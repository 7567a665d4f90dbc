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
import type { GuidSet } from "../../core/guid-set.ts";
import type { ExpectedTargets } from "../../ports/tenant.ts";
import { countUsers } from "./count-users.ts";
import { requireText } from "./decode-facts.ts";
import { readField, readText } from "./decode-json.ts";
import { explainGap, type Fact, type FactNeed, followPages, leaveGap, purposeOf } from "./fact.ts";
import type { GraphCalls } from "./graph-calls.ts";
import type { GraphReply } from "./graph-reply.ts";
import { ListingInParts } from "./listing-in-parts.ts";
import { BATCH_SIZE, FILTER_SIZE, PAGE_SIZE, userLookUpPaths } from "./query.ts";
import { readInBatches } from "./read-batch.ts";

const NEED: FactNeed = {
  check: "whether targets are bound to another on-premises object (onPremisesObjectIdentifier)",
  permission: "User.Read.All",
};
const SELECT = "$select=id,onPremisesObjectIdentifier";
const LIST_PATH = `/users?${SELECT}&$top=${PAGE_SIZE}`;

/** Of those who have one. */
type Identifiers = Fact<Map<Guid, string>>;
type Refusal = Extract<Identifiers, { readonly value: null }>;

/**
 * Begins to read, by whichever way takes fewer requests. Where everybody is listed, it need not be known who is wanted.
 *
 * @param targets How many users may come to be wanted, how many there are, where they were counted already, and how they
 *   may be listed.
 * @returns What waits for the end, when it is known who is wanted.
 * @throws {BatchError} tenant: an answer is neither a list nor a refusal. interrupted.
 */
export async function beginObjectIdentifiers(
  calls: GraphCalls,
  { atMost, users, division = null }: Pick<ExpectedTargets, "atMost" | "users" | "division">,
  signal: AbortSignal,
): Promise<(wanted: GuidSet) => Promise<Identifiers>> {
  const lookUps = Math.ceil(atMost / (FILTER_SIZE * BATCH_SIZE));
  // Users who fit into one request are not worth the count.
  const isListed = lookUps > 1 && Math.ceil((users ?? (await countUsers(calls, signal))) / PAGE_SIZE) < lookUps;
  const found = new FoundIdentifiers();
  const listing = { path: LIST_PATH, version: "beta", purpose: purposeOf(NEED) } as const;
  const inParts = isListed && division !== null ? new ListingInParts(calls, listing, division) : null;
  const listed = isListed ? listAll(calls, { found, inParts }, signal) : null;
  // Whoever waits for the end hears of a failure.
  void Promise.allSettled([listed]);
  return async (wanted) => {
    if (wanted.size === 0) return { value: new Map(), gap: null };
    const refused = await listed;
    if (refused !== null) return refused;
    return (await lookUp(calls, { found, ids: leftOut(wanted, isListed, inParts) }, signal)) ?? found.conclude(wanted);
  };
}

/** Who has still to be asked for: everybody, or where parts were listed, who is in none. */
function leftOut(wanted: GuidSet, isListed: boolean, inParts: ListingInParts | null): readonly Guid[] {
  if (!isListed) return [...wanted];
  return inParts?.hasEnded === true ? [...wanted].filter((id) => !inParts.has(id)) : [];
}

/** @returns The refusal, where the whole is refused. */
async function listAll(
  calls: GraphCalls,
  { found, inParts }: { readonly found: FoundIdentifiers; readonly inParts: ListingInParts | null },
  signal: AbortSignal,
): Promise<Refusal | null> {
  if (inParts !== null) {
    for await (const users of inParts.pages(signal)) found.take(users);
    if (inParts.hasEnded) return null;
  }
  const reply = await calls.readAny({ ...purposeOf(NEED), path: LIST_PATH, version: "beta", signal });
  return await found.follow(calls, reply, signal);
}

/** @returns The first refusal, where there is one. */
async function lookUp(
  calls: GraphCalls,
  { found, ids }: { readonly found: FoundIdentifiers; readonly ids: readonly Guid[] },
  signal: AbortSignal,
): Promise<Refusal | null> {
  const paths = userLookUpPaths(ids, SELECT);
  for (const reply of await readInBatches(calls, paths, { purpose: purposeOf(NEED), version: "beta" }, signal)) {
    const refusal = await found.follow(calls, reply, signal);
    if (refusal !== null) return refusal;
  }
  return null;
}

/** The identifiers alone, which few have: what else stands on a page is let go with it. */
class FoundIdentifiers {
  readonly #byUser = new Map<Guid, string>();
  #shown = false;

  /** Takes a page and those that follow it. @returns The refusal, where it is one. */
  async follow(calls: GraphCalls, reply: GraphReply, signal: AbortSignal): Promise<Refusal | null> {
    const gap = explainGap(reply, NEED);
    if (gap !== null) return { value: null, gap };
    for await (const users of followPages(calls, reply, NEED, signal, "beta")) this.take(users);
    return null;
  }

  take(users: readonly unknown[]): void {
    for (const user of users) {
      if (readField(user, "onPremisesObjectIdentifier") !== undefined) this.#shown = true;
      const id = parseGuid(requireText(user, "id"));
      const identifier = readText(user, "onPremisesObjectIdentifier");
      if (id !== null && identifier !== null) this.#byUser.set(id, identifier);
    }
  }

  /** Of those alone who are wanted. */
  conclude(wanted: GuidSet): Identifiers {
    for (const id of this.#byUser.keys()) if (!wanted.has(id)) this.#byUser.delete(id);
    if (this.#shown) return { value: this.#byUser, gap: null };
    return { value: null, gap: leaveGap(NEED, "Graph shows the property for nobody") };
  }
}
