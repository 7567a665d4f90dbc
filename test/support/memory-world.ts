/** A directory and a tenant in memory, for tests of the stages and of the pipeline: their ports, and nothing of a wire. */
import type { AdAccount, DirectoryIdentity } from "../../src/core/ad-account.ts";
import { type AnchorHolder, consistencyValueOf, listPossibleIds, nameOfAccount } from "../../src/core/ad-facts.ts";
import { type ChangeKind, type Facet, facetOf } from "../../src/core/change.ts";
import { type DirectorySource, LIVE } from "../../src/core/directory-source.ts";
import { BatchError } from "../../src/core/errors.ts";
import type { ForestIdentity, LocatedAccount } from "../../src/core/forest.ts";
import type { Guid } from "../../src/core/guid.ts";
import { foldAccents, foldCase } from "../../src/core/names.ts";
import type { ProvisioningError } from "../../src/core/provisioning-error.ts";
import { type CloudUser, type DeletedUser, type TenantIdentity, withoutIdPrefix } from "../../src/core/snapshot.ts";
import { foldNearSourceValue, readSourceValue, type SourceKey } from "../../src/core/source-key.ts";
import { foldAddress, NO_TAKEOVER_FACTS, type TakeoverFacts } from "../../src/core/takeover-facts.ts";
import type { CloudManager, ReadManagers } from "../../src/core/takeover-managers.ts";
import type { Directory } from "../../src/ports/directory.ts";
import type { Forest } from "../../src/ports/forest.ts";
import type { Tenant } from "../../src/ports/tenant.ts";
import type { HeldValue, WritableSide, WriteAnswer } from "../../src/ports/writable-side.ts";
import { guidFor, HEADER } from "./facts.ts";

export class MemoryDirectory implements Directory {
  readonly domain: string;
  domainId: Guid;
  baseDn: string;
  source: DirectorySource = LIVE;
  /** The domain controller that answers. */
  server = "memory";
  accounts: AdAccount[];
  groupSize = 2;
  concurrency = 2;
  /** Every group of values that was asked for, in the order in which the searches began. */
  readonly asked: (readonly string[])[] = [];
  /** Every modification that was sent. */
  readonly written: { readonly objectId: Guid; readonly before: string | null; readonly after: string | null }[] = [];
  /** Decides what becomes of the n-th modification, if the account holds the value from before. */
  fate: (n: number) => "accepted" | "refused" | "undecided" | "lost-applied" = () => "accepted";
  /** Decides what becomes of the n-th search; throws to fail it. */
  beforeSearch: (n: number, values: readonly string[]) => Promise<void> | void = () => undefined;

  constructor(domain: string, accounts: readonly AdAccount[]) {
    this.domain = domain;
    this.domainId = guidFor(domain);
    this.baseDn = `DC=${domain}`;
    this.accounts = [...accounts];
  }

  async identify(): Promise<DirectoryIdentity> {
    const { domain, domainId, baseDn, server, source } = this;
    return { domain, domainId, baseDn, server, source };
  }

  /** Folds accents as a Windows DC does. */
  async findAccounts(key: SourceKey, values: readonly string[]): Promise<readonly AdAccount[]> {
    this.asked.push(values);
    await this.beforeSearch(this.asked.length, values);
    return this.accounts.filter(isNearOneOf(key, values));
  }

  async findNamesBeginningWith(beginnings: readonly string[]): Promise<readonly string[]> {
    const names = this.accounts.map(({ accountName }) => accountName);
    return names.filter((name) => beginnings.some((text) => foldAccents(name).startsWith(foldAccents(text))));
  }

  async findAnchorHolders(immutableIds: ReadonlySet<string>): Promise<readonly AnchorHolder[]> {
    const users = this.accounts.filter(({ kind }) => kind === "user");
    return users.filter((account) => listPossibleIds(account).some((id) => immutableIds.has(id)));
  }

  async findWritable(objectGuids: readonly Guid[]): Promise<readonly Guid[]> {
    return objectGuids.filter((guid) => this.accounts.some(({ objectGuid }) => objectGuid === guid));
  }

  get side(): WritableSide {
    return {
      readValue: async (objectId) => {
        const account = this.#find(objectId);
        if (account === undefined) return null;
        return { objectId, name: nameOfAccount(account), value: consistencyValueOf(account), synced: false };
      },
      readWhole: async (objectId) => structuredClone(this.#find(objectId)),
      writeValue: async ({ objectId, before = null, after }) => {
        this.written.push({ objectId, before, after });
        const fate = this.fate(this.written.length);
        const account = this.#find(objectId);
        if (account === undefined || consistencyValueOf(account) !== before) return answer("changed-meanwhile", null);
        if (fate === "accepted" || fate === "lost-applied") this.setAnchor(objectId, after);
        return { ...answer(fate === "lost-applied" ? "undecided" : fate, null), requestId: this.server };
      },
    };
  }

  setAnchor(objectId: Guid, value: string | null): void {
    const consistencyGuid = value === null ? null : Buffer.from(value, "base64");
    this.accounts = this.accounts.map((one) => (one.objectGuid === objectId ? { ...one, consistencyGuid } : one));
  }

  #find(objectId: Guid): AdAccount | undefined {
    return this.accounts.find(({ objectGuid }) => objectGuid === objectId);
  }

  async close(): Promise<void> {
    return undefined;
  }
}

/** A Global Catalog over the accounts of these directories, each a domain of its own below one root. */
export class MemoryForest implements Forest {
  readonly groupSize = 2;
  readonly concurrency = 2;
  readonly asked: (readonly string[])[] = [];
  readonly #directories: readonly MemoryDirectory[];

  constructor(directories: readonly MemoryDirectory[]) {
    this.#directories = directories;
  }

  async identify(): Promise<ForestIdentity> {
    return { domains: this.#directories.map(({ domain }) => ({ domain, dn: `DC=${domain}` })), server: "memory" };
  }

  async locateAccounts(key: SourceKey, values: readonly string[]): Promise<readonly LocatedAccount[]> {
    this.asked.push(values);
    return this.#directories.flatMap(({ domain, accounts }) =>
      accounts.filter(isNearOneOf(key, values)).map((account) => ({
        domain: { domain, dn: `DC=${domain}` },
        dn: `CN=${account.accountName},DC=${domain}`,
        accountName: account.accountName,
        value: readSourceValue(account, key) ?? "",
      })),
    );
  }

  async close(): Promise<void> {
    return undefined;
  }
}

/** As a Windows DC compares: without accents. */
function isNearOneOf(key: SourceKey, values: readonly string[]): (account: AdAccount) => boolean {
  const asked = new Set(values.map((value) => foldNearSourceValue(key, value)));
  return (account) => {
    const value = readSourceValue(account, key);
    return value !== null && asked.has(foldNearSourceValue(key, value));
  };
}

export class MemoryTenant implements Tenant {
  tenantId: Guid = HEADER.tenantId;
  cloud = "global";
  /** The tenant's clock minus ours. */
  clockSkewMs: number | null = null;
  pageSize = 999;
  lookUpSize = 300;
  readonly deleted: DeletedUser[];
  /** Names of the reads of many users, as they began. */
  readonly calls: string[] = [];
  readonly ledger: { readonly objectId: Guid; readonly after: string | null; readonly kind?: ChangeKind }[] = [];
  /** What `readTakeoverFacts` tells. Without an entry of its own a user has no onPremisesObjectIdentifier. */
  takeoverFacts: TakeoverFacts = NO_TAKEOVER_FACTS;
  /** What Entra could not provision, by user. */
  provisioningErrors: ReadonlyMap<Guid, readonly ProvisioningError[]> = new Map();
  /** Managers by user; nobody else has one. */
  managers: ReadonlyMap<Guid, CloudManager> = new Map();
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
    const unknown = { syncEnabled: null, lastSyncAt: null, tokenExpiresAt: null, rights: null };
    return { tenantId, cloud, displayName: "Contoso", clockSkewMs: this.clockSkewMs, ...unknown };
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

  async findUsersByAddress(addresses: readonly string[]): Promise<readonly CloudUser[]> {
    this.calls.push("findUsersByAddress");
    const wanted = new Set(addresses.map(foldAddress));
    return [...this.#users.values()].filter(({ userPrincipalName, mail, proxyAddresses }) =>
      [userPrincipalName, mail ?? "", ...proxyAddresses].some((address) => wanted.has(foldAddress(address))),
    );
  }

  async findUsersBySid(sids: readonly string[]): Promise<readonly CloudUser[]> {
    this.calls.push("findUsersBySid");
    return [...this.#users.values()].filter(
      ({ securityIdentifier }) => securityIdentifier !== null && sids.includes(securityIdentifier),
    );
  }

  async readProvisioningErrors(ids: readonly Guid[]): Promise<ReadonlyMap<Guid, readonly ProvisioningError[]>> {
    this.calls.push("readProvisioningErrors");
    return new Map([...this.provisioningErrors].filter(([id]) => ids.includes(id)));
  }

  async readManagers(ids: readonly Guid[]): Promise<ReadManagers> {
    this.calls.push("readManagers");
    return { present: new Map(ids.map((id) => [id, this.managers.get(id) ?? null])), gap: null };
  }

  async readTakeoverFacts(): Promise<TakeoverFacts> {
    this.calls.push("readTakeoverFacts");
    return this.takeoverFacts;
  }

  async readValue(
    objectId: Guid,
    _signal: AbortSignal,
    { facet = "immutable-id" }: { facet?: Facet } = {},
  ): Promise<HeldValue | null> {
    const user = this.#users.get(objectId);
    if (facet === "existence") return this.#readExistence(objectId, user);
    if (user === undefined) return null;
    const { userPrincipalName: name, immutableId, syncEnabled } = user;
    const identifier = this.takeoverFacts.objectIdentifiers?.get(objectId) ?? null;
    const value = facet === "immutable-id" ? immutableId : identifier;
    return { objectId, name, value, synced: syncEnabled === true };
  }

  #readExistence(objectId: Guid, live: CloudUser | undefined): HeldValue {
    const found = live ?? this.deleted.find(({ id }) => id === objectId);
    if (found === undefined) return { objectId, name: "", value: "gone", synced: false };
    const value = found === live ? "live" : "deleted";
    return { objectId, name: found.userPrincipalName, value, synced: found.syncEnabled === true };
  }

  async readWhole(objectId: Guid): Promise<unknown> {
    const found = this.#users.get(objectId) ?? this.deleted.find(({ id }) => id === objectId);
    if (found === undefined) throw new BatchError("tenant", `There is no user ${objectId} to save`, "Plan again.");
    return structuredClone(found);
  }

  async writeValue(change: Parameters<Tenant["writeValue"]>[0]) {
    const { objectId, after, kind = "replace" } = change;
    this.ledger.push(change.kind === undefined ? { objectId, after } : { objectId, after, kind });
    const fate = this.script(this.ledger.length, after);
    if (fate === "lost") return answer("undecided", 504);
    if (fate === "not-sent") return answer("not-sent", null);
    if (fate === "refused") return answer("refused", 403);
    if (facetOf(kind) !== "immutable-id") return this.#act(objectId, kind, fate);
    const holder = [...this.#users.values()].find(
      ({ id, immutableId }) => after !== null && after !== "" && immutableId === after && id !== objectId,
    );
    if (holder !== undefined) return { ...answer("refused", 400), conflict: { holderId: holder.id } };
    if (fate === "accepted") this.change(objectId, { immutableId: after });
    return answer("accepted", 204);
  }

  /** Deletes, purges, restores or clears the identifier, as a tenant does: 404 where there is nothing to act on. */
  #act(objectId: Guid, kind: ChangeKind, fate: "accepted" | "ignored"): WriteAnswer {
    const live = this.#users.get(objectId);
    const place = this.deleted.findIndex(({ id }) => id === objectId);
    const [found] = place === -1 ? [] : this.deleted.slice(place, place + 1);
    const subject = kind === "delete" || kind === "clear-object-identifier" ? live : found;
    if (subject === undefined) return answer("refused", 404);
    const done = answer("accepted", kind === "restore" ? 200 : 204);
    if (fate === "ignored") return done;
    if (kind === "clear-object-identifier") {
      const objectIdentifiers = new Map(this.takeoverFacts.objectIdentifiers);
      objectIdentifiers.delete(objectId);
      this.takeoverFacts = { ...this.takeoverFacts, objectIdentifiers };
      return done;
    }
    if (found !== undefined) this.deleted.splice(place, 1);
    if (kind === "restore" && found !== undefined)
      this.#users.set(objectId, { ...found, userPrincipalName: withoutIdPrefix(found) });
    if (kind === "delete" && live !== undefined) {
      this.#users.delete(objectId);
      const userPrincipalName = `${objectId.replaceAll("-", "")}${live.userPrincipalName}`;
      this.deleted.push({ ...live, userPrincipalName, deletedAt: "2026-11-22T02:00:00Z" });
    }
    return done;
  }

  async close(): Promise<void> {
    return undefined;
  }
}

function answer(meaning: WriteAnswer["meaning"], httpStatus: number | null): WriteAnswer {
  return { meaning, httpStatus, errorCode: null, message: null, requestId: null, conflict: null };
}
