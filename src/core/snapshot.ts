/**
 * The tenant as it was read for one plan: live users and the recycle bin, indexed for exact
 * comparison.
 *
 * Graph compares immutable IDs without regard to case and may leave deleted users out of a filter, so
 * nothing is decided by a server-side filter: what was read is compared here, byte for byte.
 */
import { type Guid, parseGuid } from "./guid.ts";
import { foldCase } from "./names.ts";
import { foldAddress } from "./takeover-facts.ts";
import type { TargetNames } from "./target-names.ts";
import { TextIndex } from "./text-index.ts";
import type { TokenRights } from "./token-rights.ts";

/** Text properties that decide nothing: AD overwrites them once sync has taken the user over. */
export const PROFILE_PROPERTIES = [
  "jobTitle",
  "department",
  "companyName",
  "officeLocation",
  "businessPhones",
  "mobilePhone",
  "streetAddress",
  "city",
  "state",
  "postalCode",
  "country",
] as const;
export type ProfileProperty = (typeof PROFILE_PROPERTIES)[number];

/** Properties that have a value, each with its values: of all but businessPhones there is one. */
export type CloudProfile = Readonly<Partial<Record<ProfileProperty, readonly string[]>>>;

export type CloudUser = {
  /** Object id: the only name a write goes to. */
  readonly id: Guid;
  readonly userPrincipalName: string;
  readonly displayName: string | null;
  readonly givenName: string | null;
  readonly surname: string | null;
  readonly mail: string | null;
  readonly proxyAddresses: readonly string[];
  readonly employeeId: string | null;
  /** `Member`, `Guest`, or null on very old users (which are members). */
  readonly userType: string | null;
  readonly accountEnabled: boolean;
  /** onPremisesImmutableId: any text, not only base64; `null` when unset. */
  readonly immutableId: string | null;
  /** true: synced now; false: was synced once; null: never. */
  readonly syncEnabled: boolean | null;
  readonly lastSyncAt: string | null;
  /** onPremisesSecurityIdentifier, textual. */
  readonly securityIdentifier: string | null;
  readonly createdAt: string | null;
  readonly licenceCount: number;
  /** Kept of users that a batch names only: a tenant may have half a million others. */
  readonly profile: CloudProfile | null;
};

/** A user in the recycle bin. */
export type DeletedUser = CloudUser & { readonly deletedAt: string | null };

/** Which tenant this is, and what it says about sync. */
export type TenantIdentity = {
  readonly tenantId: Guid;
  readonly displayName: string;
  readonly cloud: string;
  readonly syncEnabled: boolean | null;
  readonly lastSyncAt: string | null;
  /** Server clock minus local clock, milliseconds; `null` if the server sent no date. */
  readonly clockSkewMs: number | null;
  /** When the access token in hand ends, as ISO text; `null` when it can be renewed or does not say. */
  readonly tokenExpiresAt: string | null;
  /** What the access token in hand may do; `null` when it does not say. */
  readonly rights: TokenRights | null;
};

export type TenantSnapshot = {
  /** Live user by UPN (any case) or object id, as a mapping may name it. */
  findTarget(name: string): CloudUser | undefined;
  /** Deleted users whose UPN is this one, with or without the prefix of their own id. */
  findDeletedTargets(name: string): readonly DeletedUser[];
  byId(id: string): CloudUser | undefined;
  /** Live users that hold exactly this value. */
  holdersOf(value: string): readonly CloudUser[];
  deletedHoldersOf(value: string): readonly DeletedUser[];
  /** Live and deleted users whose value is equal but for the case of letters. */
  holdersOfOtherCase(value: string): readonly CloudUser[];
  /** Live and deleted users that have this address as UPN, mail or proxy address; folded as by `foldAddress`. */
  ownersOfAddress(address: string): readonly CloudUser[];
  /** Live and deleted users with this onPremisesSecurityIdentifier. */
  ownersOfSid(sid: string): readonly CloudUser[];
  isDeleted(id: string): boolean;
  readonly liveUsers: number;
  readonly deletedUsers: number;
};

/** Without the profile of everybody whom the batch does not name. @param targets Those whom it names. */
export function keepProfilesOf(targets: TargetNames): <User extends CloudUser>(user: User) => User {
  return (user) =>
    user.profile === null || targets.has(user.id, withoutIdPrefix(user)) ? user : { ...user, profile: null };
}

/** Indexes what was read. The arrays may hold a user twice (found by two look-ups): it counts once. */
export function buildSnapshot(users: readonly CloudUser[], deleted: readonly DeletedUser[]): TenantSnapshot {
  let indexed: ReturnType<typeof indexOwners> | undefined;
  const owners = () => {
    indexed ??= indexOwners(live.users, bin.users);
    return indexed;
  };
  const live = indexUsers(users, ({ userPrincipalName }) => [userPrincipalName]);
  const bin = indexUsers(deleted, (user) => [user.userPrincipalName, withoutIdPrefix(user)]);
  return {
    findTarget: (name) => live.byId(parseGuid(name) ?? "") ?? live.byName(name)[0],
    findDeletedTargets: (name) => {
      const byId = bin.byId(parseGuid(name) ?? "");
      return byId === undefined ? bin.byName(name) : [byId];
    },
    byId: live.byId,
    holdersOf: live.byValue,
    deletedHoldersOf: bin.byValue,
    holdersOfOtherCase: (value) =>
      [...live.byFoldedValue(value), ...bin.byFoldedValue(value)].filter((user) => user.immutableId !== value),
    liveUsers: live.users.length,
    deletedUsers: bin.users.length,
    ownersOfAddress: (address) => owners().byAddress(address),
    ownersOfSid: (sid) => owners().bySid(sid),
    isDeleted: (id) => bin.byId(id) !== undefined,
  };
}

/** Users by address and SID. */
function indexOwners(live: readonly CloudUser[], deleted: readonly CloudUser[]) {
  const [addresses, sids] = [new TextIndex(), new TextIndex()];
  const users = [...live, ...deleted];
  const addressesAt = (place: number): ReadonlySet<string> => {
    const user = users[place];
    if (user === undefined) return new Set();
    const name = place < live.length ? user.userPrincipalName : withoutIdPrefix(user);
    return new Set([name, user.mail ?? "", ...user.proxyAddresses].map(foldAddress).filter((text) => text !== ""));
  };
  for (const [place, { securityIdentifier }] of users.entries()) {
    for (const address of addressesAt(place)) addresses.add(address, place);
    if (securityIdentifier !== null) sids.add(securityIdentifier, place);
  }
  return {
    byAddress: (address: string): readonly CloudUser[] =>
      inOrder(
        addresses
          .find(address)
          .filter((place) => addressesAt(place).has(address))
          .flatMap((place) => users[place] ?? []),
      ),
    bySid: (sid: string): readonly CloudUser[] =>
      inOrder(
        sids
          .find(sid)
          .flatMap((place) => users[place] ?? [])
          .filter(({ securityIdentifier }) => securityIdentifier === sid),
      ),
  };
}

/** By UPN: in which order a tenant answers says nothing, and may not show in a plan. */
function inOrder<User extends CloudUser>(users: readonly User[]): readonly User[] {
  if (users.length < 2) return users;
  const keyOf = (user: User) => `${withoutIdPrefix(user)} ${user.id}`;
  return users.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** A deleted user's UPN carries its own id's 32 hex digits in front; this is the UPN it had. */
export function withoutIdPrefix(user: CloudUser): string {
  const prefix = user.id.replaceAll("-", "");
  const name = user.userPrincipalName;
  return foldCase(name).startsWith(prefix) ? name.slice(prefix.length) : name;
}

function indexUsers<User extends CloudUser>(listed: readonly User[], namesOf: (user: User) => readonly string[]) {
  const users: User[] = [];
  const [ids, names] = [new TextIndex(listed.length), new TextIndex(listed.length)];
  const [values, foldedValues] = [new TextIndex(), new TextIndex()];
  const byId = (id: string) =>
    ids
      .find(id)
      .flatMap((place) => users[place] ?? [])
      .find((user) => user.id === id);
  const foldedNamesOf = (user: User) => new Set(namesOf(user).map(foldCase));
  for (const user of listed) {
    if (byId(user.id) !== undefined) continue;
    const place = users.push(user) - 1;
    ids.add(user.id, place);
    for (const name of foldedNamesOf(user)) names.add(name, place);
    const { immutableId } = user;
    if (immutableId === null) continue;
    values.add(immutableId, place);
    foldedValues.add(foldCase(immutableId), place);
  }
  const pick = (places: readonly number[], fits: (user: User) => boolean): readonly User[] =>
    inOrder(places.flatMap((place) => users[place] ?? []).filter(fits));
  return {
    users,
    byId,
    byName(name: string) {
      const folded = foldCase(name);
      return pick(names.find(folded), (user) => foldedNamesOf(user).has(folded));
    },
    byValue: (value: string) => pick(values.find(value), ({ immutableId }) => immutableId === value),
    byFoldedValue(value: string) {
      const folded = foldCase(value);
      return pick(foldedValues.find(folded), ({ immutableId }) => foldCase(immutableId ?? "") === folded);
    },
  };
}
