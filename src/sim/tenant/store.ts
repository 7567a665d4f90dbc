/**
 * The tenant's users while the server runs, with the indexes that keep 100,000 of them quick.
 *
 * Every change goes through here, so that the indexes, the recycle bin and the value history of each user never
 * part. It enforces nothing: what Graph refuses is decided in the routes, and a foreign writer may do anything.
 */
import { AddressIndex, type IndexedProperty } from "./address-index.ts";
import type { SimulatedDeletedUser, SimulatedTenant, SimulatedUser } from "./world.ts";

/** Who caused a value: the starting world, a Graph request, a Graph request that landed late, somebody else. */
export type ChangeCause = "world" | "graph" | "graph-late" | "foreign";

export interface HistoricalValue {
  readonly atMs: number;
  readonly value: string | null;
  readonly cause: ChangeCause;
}

export type UserChanges = Partial<Omit<SimulatedUser, "id">>;

export class TenantStore {
  readonly world: SimulatedTenant;
  readonly #nowMs: () => number;
  readonly #live = new Map<string, SimulatedUser>();
  readonly #deleted = new Map<string, SimulatedDeletedUser>();
  readonly #idByUpn = new Map<string, string>();
  readonly #holders = new Map<string, Set<string>>();
  readonly #addresses = new AddressIndex();
  readonly #history = new Map<string, HistoricalValue[]>();
  /** Every id that ever lived, in order; ids are never removed, so a page token stays true while users come and go. */
  readonly #liveOrder: string[] = [];
  readonly #deletedOrder: string[] = [];
  readonly #livePosition = new Map<string, number>();
  readonly #deletedPosition = new Map<string, number>();

  /** @throws {Error} if two users share an id, or two live users a user principal name: such a world cannot be. */
  constructor(world: SimulatedTenant, nowMs: () => number) {
    this.world = structuredClone(world);
    this.#nowMs = nowMs;
    for (const user of this.world.users) {
      if (this.#live.has(user.id)) throw new Error(`The world holds two users with the id ${user.id}.`);
      if (this.#idByUpn.has(user.userPrincipalName.toLowerCase())) {
        throw new Error(`The world holds two users named ${user.userPrincipalName}.`);
      }
      this.#addLive(user);
      this.#remember(user, "world");
    }
    for (const user of this.world.deletedUsers) {
      if (this.#live.has(user.id) || this.#deleted.has(user.id)) {
        throw new Error(`The world holds two users with the id ${user.id}.`);
      }
      this.#addDeleted(user);
      this.#remember(user, "world");
    }
  }

  /** @param key Object id or user principal name, in any letter case. */
  findUser(key: string): SimulatedUser | null {
    const lower = key.toLowerCase();
    const byId = this.#live.get(lower) ?? this.#live.get(key);
    if (byId !== undefined) return byId;
    const id = this.#idByUpn.get(lower);
    return id === undefined ? null : (this.#live.get(id) ?? null);
  }

  findDeletedUser(id: string): SimulatedDeletedUser | null {
    return this.#deleted.get(id.toLowerCase()) ?? this.#deleted.get(id) ?? null;
  }

  /** Live and deleted ids whose anchor equals `value` but for letter case. */
  holdersIgnoringCase(value: string): ReadonlySet<string> {
    return this.#holders.get(value.toLowerCase()) ?? new Set();
  }

  /** Ids of the users that hold exactly `value`. */
  findHolders(value: string, { deletedToo }: { deletedToo: boolean }): string[] {
    return Array.from(this.holdersIgnoringCase(value)).filter((id) => {
      const holder = this.#live.get(id) ?? (deletedToo ? this.#deleted.get(id) : undefined);
      return holder?.onPremisesImmutableId === value;
    });
  }

  /** Live ids that have the value, in any letter case. */
  findByAddress(property: IndexedProperty, value: string): ReadonlySet<string> {
    return this.#addresses.find(property, value);
  }

  get liveCount(): number {
    return this.#live.size;
  }

  liveUsers(): SimulatedUser[] {
    return this.#liveOrder.flatMap((id) => this.#live.get(id) ?? []);
  }

  deletedUsers(): SimulatedDeletedUser[] {
    return this.#deletedOrder.flatMap((id) => this.#deleted.get(id) ?? []);
  }

  /** Live users from a place in the order on; only those named by `among`, if it is given. */
  liveFrom(start: number, among: ReadonlySet<string> | null = null): Iterable<PlacedUser<SimulatedUser>> {
    if (among === null) return walk(this.#liveOrder, this.#live, start);
    const placed: PlacedUser<SimulatedUser>[] = [];
    for (const id of among) {
      const value = this.#live.get(id);
      const position = this.#livePosition.get(id) ?? -1;
      if (value !== undefined && position >= start) placed.push({ position, value });
    }
    return placed.sort((left, right) => left.position - right.position);
  }

  deletedFrom(start: number): Iterable<PlacedUser<SimulatedDeletedUser>> {
    return walk(this.#deletedOrder, this.#deleted, start);
  }

  /** @throws {Error} if the id or the user principal name is in use. */
  addUser(user: SimulatedUser): void {
    if (this.#live.has(user.id) || this.#deleted.has(user.id))
      throw new Error(`There is a user with the id ${user.id}.`);
    if (this.findUser(user.userPrincipalName) !== null) throw new Error(`There is a user ${user.userPrincipalName}.`);
    this.#addLive(structuredClone(user));
    this.#remember(user, "foreign");
  }

  /** @returns False if there is no such live user. */
  changeUser(id: string, changes: UserChanges, cause: ChangeCause): boolean {
    const user = this.#live.get(id);
    if (user === undefined) return false;
    this.#unindex(user);
    Object.assign(user, structuredClone(changes));
    this.#index(user, true);
    if ("onPremisesImmutableId" in changes) this.#remember(user, cause);
    return true;
  }

  /** Moves the user to the recycle bin; its name gets the 32 hex digits of its id in front, as in Entra. */
  deleteUser(id: string, wallMs: number): boolean {
    const user = this.#live.get(id);
    if (user === undefined) return false;
    this.#unindex(user);
    this.#live.delete(id);
    this.#addDeleted({
      ...user,
      userPrincipalName: `${id.replaceAll("-", "")}${user.userPrincipalName}`,
      deletedDateTime: new Date(wallMs).toISOString(),
    });
    return true;
  }

  restoreUser(id: string, changes: UserChanges): SimulatedUser | null {
    const deleted = this.#deleted.get(id);
    if (deleted === undefined) return null;
    this.purgeUser(id);
    const { deletedDateTime: _, ...user } = deleted;
    const restored = { ...user, ...changes };
    this.#addLive(restored);
    return restored;
  }

  /** @returns False if the recycle bin does not hold it. */
  purgeUser(id: string): boolean {
    const deleted = this.#deleted.get(id);
    if (deleted === undefined) return false;
    this.#unindex(deleted);
    this.#deleted.delete(id);
    return true;
  }

  /** Every anchor the user ever had, oldest first; empty for an unknown id. */
  valueHistory(id: string): readonly HistoricalValue[] {
    return this.#history.get(id) ?? [];
  }

  /** The user's anchor at a time gone by: that of the starting world before everything else. */
  valueAt(id: string, atMs: number): string | null {
    const history = this.valueHistory(id);
    return (history.findLast((entry) => entry.atMs <= atMs) ?? history[0])?.value ?? null;
  }

  #addLive(user: SimulatedUser): void {
    this.#live.set(user.id, user);
    place(user.id, this.#liveOrder, this.#livePosition);
    this.#index(user, true);
  }

  #addDeleted(user: SimulatedDeletedUser): void {
    this.#deleted.set(user.id, user);
    place(user.id, this.#deletedOrder, this.#deletedPosition);
    this.#index(user, false);
  }

  #index(user: SimulatedUser, live: boolean): void {
    if (live) {
      this.#idByUpn.set(user.userPrincipalName.toLowerCase(), user.id);
      this.#addresses.add(user);
    }
    if (user.onPremisesImmutableId === null) return;
    const key = user.onPremisesImmutableId.toLowerCase();
    const holders = this.#holders.get(key);
    if (holders === undefined) this.#holders.set(key, new Set([user.id]));
    else holders.add(user.id);
  }

  #unindex(user: SimulatedUser): void {
    const upn = user.userPrincipalName.toLowerCase();
    if (this.#idByUpn.get(upn) === user.id) this.#idByUpn.delete(upn);
    this.#addresses.remove(user);
    if (user.onPremisesImmutableId === null) return;
    const key = user.onPremisesImmutableId.toLowerCase();
    const holders = this.#holders.get(key);
    holders?.delete(user.id);
    if (holders?.size === 0) this.#holders.delete(key);
  }

  #remember(user: SimulatedUser, cause: ChangeCause): void {
    const entry: HistoricalValue = { atMs: this.#nowMs(), value: user.onPremisesImmutableId, cause };
    const history = this.#history.get(user.id);
    if (history === undefined) this.#history.set(user.id, [entry]);
    else history.push(entry);
  }
}

export interface PlacedUser<User> {
  readonly position: number;
  readonly value: User;
}

function place(id: string, order: string[], positions: Map<string, number>): void {
  if (positions.has(id)) return;
  positions.set(id, order.length);
  order.push(id);
}

function* walk<User>(
  order: readonly string[],
  users: ReadonlyMap<string, User>,
  start: number,
): Generator<PlacedUser<User>> {
  for (let position = start; position < order.length; position += 1) {
    const value = users.get(order[position] ?? "");
    if (value !== undefined) yield { position, value };
  }
}
