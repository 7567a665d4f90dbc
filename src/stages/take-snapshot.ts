/**
 * Reads the tenant for one batch, by whichever way needs fewer requests.
 *
 * Listing reads every user, a page a request, and needs nothing beforehand. Look-up asks for the batch's own
 * users and for the holders of the wanted IDs, which only AD knows. The recycle bin is always listed: a
 * filter there is not documented. Everything is compared locally afterwards.
 */
import { parseGuid } from "../core/guid.ts";
import type { Division } from "../core/initials.ts";
import { foldCase } from "../core/names.ts";
import { createPacker, type Packable } from "../core/packing.ts";
import type { LookUpKeys } from "../core/plan-questions.ts";
import type { CloudUser, DeletedUser, TenantSnapshot } from "../core/snapshot.ts";
import { buildSnapshot, keepProfilesOf } from "../core/snapshot.ts";
import { foldAddress } from "../core/takeover-facts.ts";
import type { TargetNames } from "../core/target-names.ts";
import type { Progress } from "../ports/progress.ts";
import type { Tenant } from "../ports/tenant.ts";

export type SnapshotScope = {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** How many the tenant has; counted here if left out. */
  readonly users?: number;
  /** How they may be listed in several parts at once. */
  readonly division?: Division | null;
  /** Called with users as they are listed; not at all where they are looked up. */
  readonly see?: (users: readonly CloudUser[]) => void;
};

/**
 * @param targets Whom the batch names; of nobody else the profile is kept.
 * @param keys What AD says the batch asks for; awaited by the look-up only.
 * @throws {BatchError} tenant: users or recycle bin cannot be read; without them there is no plan.
 */
export async function takeSnapshot(
  tenant: Tenant,
  targets: TargetNames,
  keys: Promise<LookUpKeys>,
  { progress, signal, users: counted, division = null, see = () => undefined }: SnapshotScope,
): Promise<TenantSnapshot> {
  // Whoever made the promise hears of its rejection; one that comes while nobody awaits it must not end the process.
  void Promise.allSettled([keys]);
  const users = counted ?? (await tenant.countUsers(signal));
  const way = chooseWay(users, targets.names.length, tenant);
  const trim = keepProfilesOf(targets);
  const [live, deleted] = await Promise.all([
    way === "list"
      ? collect(tenant.listUsers(signal, division), "reading cloud users", { total: users, progress, see, trim })
      : lookUp(tenant, [...targets.names], await keys, { progress, signal }),
    collect(tenant.listDeletedUsers(signal), "reading the recycle bin", { total: null, progress, trim }),
  ]);
  return buildSnapshot(way === "list" ? live : live.map(trim), deleted);
}

/**
 * Listing where it costs no more requests than looking up: by name and by ID, and, with a few addresses for each
 * person, three times as often again by address and SID.
 */
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
  { immutableIds, addresses, sids }: LookUpKeys,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<CloudUser[]> {
  const stage = progress.begin("looking up cloud users", names.length);
  try {
    const found = await Promise.all([
      findWithNamesakes(tenant, names, signal),
      tenant.findUsersByImmutableId(immutableIds, signal),
      tenant.findUsersByAddress(addresses, signal),
      tenant.findUsersBySid(sids, signal),
    ]);
    stage.advance(names.length);
    return found.flat();
  } finally {
    stage.end();
  }
}

/**
 * The named users; where nobody has a name, also whoever has it as an address. A mail address in place of a UPN is
 * the commonest mistake of a mapping, and whose it is must be seen whichever way the tenant is read.
 */
async function findWithNamesakes(
  tenant: Tenant,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly CloudUser[]> {
  const found = await tenant.findUsersByName(names, signal);
  const known = new Set(found.map(({ userPrincipalName }) => foldCase(userPrincipalName)));
  const strays = names.filter((name) => parseGuid(name) === null && !known.has(foldCase(name)));
  return strays.length === 0
    ? found
    : [...found, ...(await tenant.findUsersByAddress(strays.map(foldAddress), signal))];
}

async function collect<User extends Packable<User> & (CloudUser | DeletedUser)>(
  pages: AsyncIterable<readonly User[]>,
  name: string,
  {
    total,
    progress,
    see,
    trim,
  }: {
    readonly total: number | null;
    readonly progress: Progress;
    readonly see?: (users: readonly User[]) => void;
    /** Leaves out of a user what the batch does not need, before it is packed. */
    readonly trim: (user: User) => User;
  },
): Promise<User[]> {
  const stage = progress.begin(name, total);
  try {
    const users: User[] = [];
    const pack = createPacker<User>(total ?? 0);
    for await (const page of pages) {
      for (const user of page) users.push(pack(trim(user)));
      see?.(page);
      stage.advance(page.length);
    }
    return users;
  } finally {
    stage.end();
  }
}
