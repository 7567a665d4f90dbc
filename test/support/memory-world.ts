/** A directory and a tenant in memory, for tests of the stages and of the pipeline: their ports, and nothing of a wire. */
import type { AdAccount, DirectoryIdentity } from "../../src/core/ad-account.ts";
import type { Guid } from "../../src/core/guid.ts";
import { foldAccents, foldCase } from "../../src/core/names.ts";
import type { CloudUser, DeletedUser, TenantIdentity } from "../../src/core/snapshot.ts";
import type { Directory } from "../../src/ports/directory.ts";
import type { Tenant } from "../../src/ports/tenant.ts";
import type { HeldValue, WriteAnswer } from "../../src/ports/writable-side.ts";
import { guidFor, HEADER } from "./facts.ts";

export class MemoryDirectory implements Directory {
  readonly domain: string;
  domainId: Guid;
  accounts: AdAccount[];
  groupSize = 2;
  concurrency = 2;
  /** Every group of names that was asked for, in the order in which the searches began. */
  readonly asked: (readonly string[])[] = [];
  /** Decides what becomes of the n-th search; throws to fail it. */
  beforeSearch: (n: number, names: readonly string[]) => Promise<void> | void = () => undefined;

  constructor(domain: string, accounts: readonly AdAccount[]) {
    this.domain = domain;
    this.domainId = guidFor(domain);
    this.accounts = [...accounts];
  }

  async identify(): Promise<DirectoryIdentity> {
    return { domain: this.domain, domainId: this.domainId, baseDn: `DC=${this.domain}`, server: "memory" };
  }

  /** Folds accents as a Windows DC does. */
  async findAccounts(names: readonly string[]): Promise<readonly AdAccount[]> {
    this.asked.push(names);
    await this.beforeSearch(this.asked.length, names);
    const folded = new Set(names.map(foldAccents));
    return this.accounts.filter(({ accountName }) => folded.has(foldAccents(accountName)));
  }

  async findAccountsByGuid(guids: readonly Guid[]): Promise<readonly AdAccount[]> {
    return this.accounts.filter(({ objectGuid }) => guids.includes(objectGuid));
  }

  async close(): Promise<void> {
    return undefined;
  }
}

export class MemoryTenant implements Tenant {
  tenantId: Guid = HEADER.tenantId;
  cloud = "global";
  pageSize = 999;
  lookUpSize = 300;
  readonly deleted: DeletedUser[];
  /** Names of the reads of many users, as they began. */
  readonly calls: string[] = [];
  readonly ledger: { readonly objectId: Guid; readonly after: string | null }[] = [];
  /** Decides what becomes of the n-th write. */
  script: (n: number, after: string | null) => "accepted" | "refused" | "not-sent" | "lost" | "ignored" = () =>
    "accepted";
  readonly #users: Map<Guid, CloudUser>;

  constructor(users: readonly CloudUser[], deleted: readonly DeletedUser[] = []) {
    this.#users = new Map(users.map((user) => [user.id, user]));
    this.deleted = [...deleted];
  }

  change(id: Guid, changes: Partial<CloudUser>): void {
    const user = this.#users.get(id);
    if (user === undefined) throw new RangeError(`there is no user ${id}`);
    this.#users.set(id, { ...user, ...changes });
  }
  remove(id: Guid): void {
    this.#users.delete(id);
  }
  valueOf(id: Guid): string | null | undefined {
    return this.#users.get(id)?.immutableId;
  }
  /** Every user's value, by object id. */
  values(): Record<string, string | null> {
    return Object.fromEntries([...this.#users.values()].map(({ id, immutableId }) => [id, immutableId]));
  }

  async identify(): Promise<TenantIdentity> {
    const { tenantId, cloud } = this;
    const unknown = { syncEnabled: null, lastSyncAt: null, clockSkewMs: null, tokenExpiresAt: null };
    return { tenantId, cloud, displayName: "Contoso", ...unknown };
  }

  async countUsers(): Promise<number> {
    return this.#users.size;
  }

  async *listUsers() {
    this.calls.push("listUsers");
    const users = [...this.#users.values()];
    for (let start = 0; start < users.length; start += this.pageSize) yield users.slice(start, start + this.pageSize);
  }

  async *listDeletedUsers() {
    this.calls.push("listDeletedUsers");
    yield this.deleted;
  }

  async findUsersByName(names: readonly string[]): Promise<readonly CloudUser[]> {
    this.calls.push("findUsersByName");
    const wanted = new Set(names.map(foldCase));
    return [...this.#users.values()].filter(
      ({ id, userPrincipalName }) => wanted.has(id) || wanted.has(foldCase(userPrincipalName)),
    );
  }

  async findUsersByImmutableId(values: readonly string[]): Promise<readonly CloudUser[]> {
    this.calls.push("findUsersByImmutableId");
    const wanted = new Set(values.map(foldCase));
    return [...this.#users.values()].filter(
      ({ immutableId }) => immutableId !== null && wanted.has(foldCase(immutableId)),
    );
  }

  async readValue(objectId: Guid): Promise<HeldValue | null> {
    const user = this.#users.get(objectId);
    if (user === undefined) return null;
    const { userPrincipalName: name, immutableId: value, syncEnabled } = user;
    return { objectId, name, value, synced: syncEnabled === true };
  }

  async writeValue({ objectId, after }: { readonly objectId: Guid; readonly after: string | null }) {
    this.ledger.push({ objectId, after });
    const fate = this.script(this.ledger.length, after);
    if (fate === "lost") return answer("undecided", 504);
    if (fate === "not-sent") return answer("not-sent", null);
    if (fate === "refused") return answer("refused", 403);
    const holder = [...this.#users.values()].find(
      ({ id, immutableId }) => after !== null && after !== "" && immutableId === after && id !== objectId,
    );
    if (holder !== undefined) return { ...answer("refused", 400), conflict: { holderId: holder.id } };
    if (fate === "accepted") this.change(objectId, { immutableId: after });
    return answer("accepted", 204);
  }

  async close(): Promise<void> {
    return undefined;
  }
}

function answer(meaning: WriteAnswer["meaning"], httpStatus: number | null): WriteAnswer {
  return { meaning, httpStatus, errorCode: null, message: null, requestId: null, conflict: null };
}
