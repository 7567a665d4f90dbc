/**
 * Reads the tenant for one batch, by whichever way needs fewer requests.
 *
 * Listing reads every user, a page a request, and needs nothing beforehand. Look-up asks for the batch's own
 * users and for the holders of the wanted IDs, which only AD knows. The recycle bin is always listed: a
 * filter there is not documented. Everything is compared locally afterwards.
 */
import type { CloudUser, DeletedUser, TenantSnapshot } from "../core/snapshot.ts";
import { buildSnapshot } from "../core/snapshot.ts";
import type { Progress } from "../ports/progress.ts";
import type { Tenant } from "../ports/tenant.ts";

/**
 * @param names UPNs and object ids of the targets.
 * @param wantedIds Immutable IDs that the batch asks for; awaited by the look-up only.
 * @throws {BatchError} tenant: users or recycle bin cannot be read; without them there is no plan.
 */
export async function takeSnapshot(
  tenant: Tenant,
  names: readonly string[],
  wantedIds: Promise<readonly string[]>,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<TenantSnapshot> {
  // Whoever made the promise hears of its rejection; one that comes while nobody awaits it must not end the process.
  void Promise.allSettled([wantedIds]);
  const users = await tenant.countUsers(signal);
  const way = chooseWay(users, names.length, tenant);
  const [live, deleted] = await Promise.all([
    way === "list"
      ? collect(tenant.listUsers(signal), "reading cloud users", users, progress)
      : lookUp(tenant, names, await wantedIds, { progress, signal }),
    collect(tenant.listDeletedUsers(signal), "reading the recycle bin", null, progress),
  ]);
  return buildSnapshot(live, deleted);
}

/** Listing where it costs no more requests than two look-ups per name: once by name, once by ID. */
export function chooseWay(
  users: number,
  names: number,
  { pageSize, lookUpSize }: Pick<Tenant, "pageSize" | "lookUpSize">,
): "list" | "look-up" {
  const listing = Math.max(1, Math.ceil(users / pageSize));
  const lookingUp = 2 * Math.max(1, Math.ceil(names / lookUpSize));
  return listing <= lookingUp ? "list" : "look-up";
}

async function lookUp(
  tenant: Tenant,
  names: readonly string[],
  wantedIds: readonly string[],
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<CloudUser[]> {
  const stage = progress.begin("looking up cloud users", names.length);
  try {
    const [targets, holders] = await Promise.all([
      tenant.findUsersByName(names, signal),
      tenant.findUsersByImmutableId(wantedIds, signal),
    ]);
    stage.advance(names.length);
    return [...targets, ...holders];
  } finally {
    stage.end();
  }
}

async function collect<User extends CloudUser | DeletedUser>(
  pages: AsyncIterable<readonly User[]>,
  name: string,
  total: number | null,
  progress: Progress,
): Promise<User[]> {
  const stage = progress.begin(name, total);
  try {
    const users: User[] = [];
    for await (const page of pages) {
      for (const user of page) users.push(user);
      stage.advance(page.length);
    }
    return users;
  } finally {
    stage.end();
  }
}
