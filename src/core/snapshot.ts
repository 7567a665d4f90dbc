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

/** Without the profile of everybody whom the batch does not name. @param names UPNs and object ids of its targets. */
export function keepProfilesOf<User extends CloudUser>(users: readonly User[], names: readonly string[]): User[] {
  const named = new Set(names.map((name) => parseGuid(name) ?? foldCase(name)));
  return users.map((user) =>
    user.profile === null || named.has(user.id) || named.has(foldCase(withoutIdPrefix(user)))
      ? user
      : { ...user, profile: null },
  );
}

/** Indexes what was read. The arrays may hold a user twice (found by two look-ups): it counts once. */
export function buildSnapshot(users: Iterable<CloudUser>, deleted: Iterable<DeletedUser>): TenantSnapshot {
  let indexed: ReturnType<typeof indexOwners> | undefined;
  const owners = () => {
    indexed ??= indexOwners(live.byId.values(), bin.byId.values());
    return indexed;
  };
  const live = indexUsers(users, ({ userPrincipalName }) => [userPrincipalName]);
  const bin = indexUsers(deleted, (user) => [user.userPrincipalName, withoutIdPrefix(user)]);
  return {
    findTarget: (name) => live.byId.get(parseGuid(name) ?? "") ?? live.byName.get(foldCase(name))?.[0],
    findDeletedTargets: (name) => {
      const byId = bin.byId.get(parseGuid(name) ?? "");
      return byId === undefined ? (bin.byName.get(foldCase(name)) ?? []) : [byId];
    },
    byId: (id) => live.byId.get(id),
    holdersOf: (value) => live.byValue.get(value) ?? [],
    deletedHoldersOf: (value) => bin.byValue.get(value) ?? [],
    holdersOfOtherCase: (value) =>
      [...(live.byFoldedValue.get(foldCase(value)) ?? []), ...(bin.byFoldedValue.get(foldCase(value)) ?? [])].filter(
        (user) => user.immutableId !== value,
      ),
    liveUsers: live.byId.size,
    deletedUsers: bin.byId.size,
    ownersOfAddress: (address) => owners().byAddress.get(address) ?? [],
    ownersOfSid: (sid) => owners().bySid.get(sid) ?? [],
    isDeleted: (id) => bin.byId.has(id),
  };
}

/** Users by address and SID. */
function indexOwners(users: Iterable<CloudUser>, deleted: Iterable<CloudUser>) {
  const byAddress = new Map<string, CloudUser[]>();
  const bySid = new Map<string, CloudUser[]>();
  const add = (user: CloudUser, upn: string) => {
    const addresses = [upn, user.mail ?? "", ...user.proxyAddresses].map(foldAddress);
    for (const address of new Set(addresses)) if (address !== "") append(byAddress, address, user);
    if (user.securityIdentifier !== null) append(bySid, user.securityIdentifier, user);
  };
  for (const user of users) add(user, user.userPrincipalName);
  for (const user of deleted) add(user, withoutIdPrefix(user));
  return { byAddress, bySid };
}

/** A deleted user's UPN carries its own id's 32 hex digits in front; this is the UPN it had. */
export function withoutIdPrefix(user: CloudUser): string {
  const prefix = user.id.replaceAll("-", "");
  const name = user.userPrincipalName;
  return foldCase(name).startsWith(prefix) ? name.slice(prefix.length) : name;
}

function indexUsers<User extends CloudUser>(users: Iterable<User>, namesOf: (user: User) => readonly string[]) {
  const byId = new Map<string, User>();
  const byName = new Map<string, User[]>();
  const byValue = new Map<string, User[]>();
  const byFoldedValue = new Map<string, User[]>();
  for (const user of users) {
    if (byId.has(user.id)) continue;
    byId.set(user.id, user);
    for (const name of new Set(namesOf(user).map(foldCase))) append(byName, name, user);
    if (user.immutableId === null) continue;
    append(byValue, user.immutableId, user);
    append(byFoldedValue, foldCase(user.immutableId), user);
  }
  return { byId, byName, byValue, byFoldedValue };
}

function append<Value>(index: Map<string, Value[]>, key: string, value: Value): void {
  const present = index.get(key);
  if (present === undefined) index.set(key, [value]);
  else present.push(value);
}
