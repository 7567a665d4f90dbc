/**
 * A few signed-in connections to one domain controller, shared by the searches.
 *
 * The first one signs in alone, and one refusal is the last (see sign-in-gate.ts). Of several servers the first that
 * answers is the one for good: a search whose connection was lost is tried again on a new one to the same server, since
 * another replica may not know what this one knew.
 */
import type { Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type Entry, OrFilter } from "ldapts";
import { BatchError } from "../../core/errors.ts";
import { type TlsIdentity, toTlsIdentity } from "./client-certificate.ts";
import { type Credentials, type DirectorySearch, LdapConnection } from "./connection.ts";
import { LdapTrouble, nobodyReached, stoppedBySignal } from "./ldap-error.ts";
import type { SignInSettings } from "./ldap-settings.ts";
import type { LdapTarget } from "./ldap-target.ts";
import { openSocket } from "./secure-socket.ts";
import { SignInGate } from "./sign-in-gate.ts";

const SIZE_LIMIT_EXCEEDED = 4;
/** noSuchObject and insufficientAccessRights. */
const NOT_READABLE: ReadonlySet<number> = new Set([32, 50]);

export type PoolSettings = {
  /** Servers that hold the same, in the order in which they are tried until one answers; at least one. */
  readonly targets: readonly LdapTarget[];
  readonly signIn: SignInSettings;
  readonly gate?: SignInGate;
  /** Connections at most. */
  readonly connections: number;
  /** Waits before the second, third, ... try of a search, milliseconds; their number bounds the tries. */
  readonly retryPausesMs: readonly number[];
};

/** Read once. */
type Secrets = { readonly credentials: Credentials; readonly identity: TlsIdentity | null };

export class ConnectionPool {
  readonly #settings: PoolSettings;
  readonly #first: LdapTarget;
  readonly #gate: SignInGate;
  readonly #open = new Set<LdapConnection>();
  readonly #idle: LdapConnection[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #closed = new AbortController();
  #inUse = 0;
  #secrets: Promise<Secrets> | null = null;
  /** Settles with the first connection, whatever becomes of it. */
  #firstTry: Promise<unknown> | null = null;
  /** The server that answered first: the only one from then on. */
  #pinned: { readonly target: LdapTarget; readonly address: string | null } | null = null;

  constructor(settings: PoolSettings) {
    const [first] = settings.targets;
    if (first === undefined) throw new RangeError("a pool needs a server");
    this.#settings = settings;
    this.#first = first;
    this.#gate = settings.gate ?? new SignInGate();
  }

  /** The server that all answers come from; the first of the list before the first answer. */
  get target(): LdapTarget {
    return this.#pinned?.target ?? this.#first;
  }

  /**
   * Every entry that the search finds. An OR that the server finds too long to answer at once is asked in halves.
   *
   * @throws {BatchError} directory: no whole answer could be had, in any of the tries; config: the password is empty;
   *   interrupted: the signal, or the pool was closed.
   */
  async search(search: DirectorySearch, signal: AbortSignal): Promise<readonly Entry[]> {
    return await this.#searchInParts(search, signal, (trouble) => {
      throw trouble.explained;
    });
  }

  /** As {@link search}, but a part of the OR that is too long an answer even on its own is left out. */
  async searchWhatFits(search: DirectorySearch, signal: AbortSignal): Promise<readonly Entry[]> {
    return await this.#searchInParts(search, signal, () => []);
  }

  /** As {@link search}, but `null` when what is asked for is not there or the account may not read it. */
  async searchIfReadable(search: DirectorySearch, signal: AbortSignal): Promise<readonly Entry[] | null> {
    try {
      return await this.#searchWithRetries(search, AbortSignal.any([signal, this.#closed.signal]));
    } catch (error) {
      if (!(error instanceof LdapTrouble)) throw error;
      if (error.searchResult !== null && NOT_READABLE.has(error.searchResult)) return null;
      throw error.explained;
    }
  }

  /** Ends every connection and every search that is under way. Safe to call twice. */
  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.all(Array.from(this.#open, (connection) => connection.close()));
    this.#open.clear();
    this.#idle.length = 0;
  }

  /** @param whenTooLong What to answer to one thing that alone exceeds the server's size limit. */
  async #searchInParts(
    search: DirectorySearch,
    signal: AbortSignal,
    whenTooLong: (trouble: LdapTrouble) => readonly Entry[],
  ): Promise<readonly Entry[]> {
    try {
      return await this.#searchWithRetries(search, AbortSignal.any([signal, this.#closed.signal]));
    } catch (error) {
      if (!(error instanceof LdapTrouble)) throw error;
      if (error.searchResult !== SIZE_LIMIT_EXCEEDED) throw error.explained;
      const halves = splitOr(search);
      if (halves === null) return whenTooLong(error);
      const found: Entry[] = [];
      for (const half of halves) found.push(...(await this.#searchInParts(half, signal, whenTooLong)));
      return found;
    }
  }

  async #searchWithRetries(search: DirectorySearch, signal: AbortSignal): Promise<readonly Entry[]> {
    const { retryPausesMs } = this.#settings;
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.#withConnection((connection) => connection.search(search, signal), signal);
      } catch (error) {
        const pauseMs = retryPausesMs[tries];
        const worthIt = error instanceof LdapTrouble && error.passing && this.#pinned !== null;
        if (!worthIt || pauseMs === undefined) throw error;
        await wait(pauseMs, undefined, { signal }).catch(() => {
          throw stoppedBySignal(signal, this.target);
        });
      }
    }
  }

  async #withConnection<Answer>(
    use: (connection: LdapConnection) => Promise<Answer>,
    signal: AbortSignal,
  ): Promise<Answer> {
    await this.#takePlace(signal);
    try {
      const connection = this.#takeIdle() ?? (await this.#openConnection(signal));
      try {
        return await use(connection);
      } finally {
        if (connection.usable) this.#idle.push(connection);
        else this.#open.delete(connection);
      }
    } finally {
      this.#inUse -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #takePlace(signal: AbortSignal): Promise<void> {
    while (this.#inUse >= this.#settings.connections) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    if (signal.aborted) {
      this.#waiting.shift()?.();
      throw stoppedBySignal(signal, this.target);
    }
    this.#inUse += 1;
  }

  #takeIdle(): LdapConnection | null {
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop()) {
      if (connection.usable) return connection;
      this.#open.delete(connection);
    }
    return null;
  }

  async #openConnection(signal: AbortSignal): Promise<LdapConnection> {
    while (this.#pinned === null && this.#firstTry !== null) await this.#firstTry;
    this.#gate.throwIfRefused();
    if (this.#pinned !== null) return await this.#openOn(this.#pinned, signal);
    const opened = this.#openFirst(signal);
    this.#firstTry = opened.then(
      () => null,
      () => null, // whoever asked for it hears of it; the others only wait for the end
    );
    await this.#firstTry;
    this.#firstTry = null;
    return await opened;
  }

  async #openFirst(signal: AbortSignal): Promise<LdapConnection> {
    const { socket, target } = await this.#reachFirst(signal);
    const signedIn = this.#gate.enter(() => this.#signInOn(socket, target, signal));
    const connection = await signedIn.catch((error: unknown) => {
      socket.destroy(); // an earlier refusal keeps everybody out, and the socket would stay open
      throw error;
    });
    this.#pinned = { target, address: connection.address };
    return connection;
  }

  /** Tries the servers in turn. Only one that cannot be reached is passed over: whatever else is wrong must be seen. */
  async #reachFirst(signal: AbortSignal): Promise<{ readonly socket: Socket; readonly target: LdapTarget }> {
    const { identity } = await this.#readSecrets();
    const troubles: LdapTrouble[] = [];
    for (const target of this.#settings.targets) {
      try {
        return { socket: await openSocket(target, { address: null, identity, signal }), target };
      } catch (error) {
        if (!(error instanceof LdapTrouble) || !error.passing) throw error;
        troubles.push(error);
      }
    }
    const [only] = troubles;
    throw troubles.length === 1 && only !== undefined ? only : nobodyReached(troubles, this.#first.domain);
  }

  async #openOn(
    { target, address }: { readonly target: LdapTarget; readonly address: string | null },
    signal: AbortSignal,
  ): Promise<LdapConnection> {
    const { identity } = await this.#readSecrets();
    return await this.#signInOn(await openSocket(target, { address, identity, signal }), target, signal);
  }

  async #signInOn(socket: Socket, target: LdapTarget, signal: AbortSignal): Promise<LdapConnection> {
    const { credentials } = await this.#readSecrets();
    const connection = new LdapConnection(socket, target);
    this.#open.add(connection);
    try {
      await connection.signIn(credentials, signal);
      return connection;
    } catch (error) {
      // a sign-in without an answer may have been counted as a wrong one, unless the password is known to be right
      const final = this.#pinned === null || !(error instanceof LdapTrouble && error.passing);
      if (final) this.#gate.refuse(error instanceof Error ? error : new Error(String(error)));
      this.#open.delete(connection);
      await connection.close();
      throw error;
    }
  }

  #readSecrets(): Promise<Secrets> {
    this.#secrets ??= this.#askForSecrets();
    return this.#secrets;
  }

  async #askForSecrets(): Promise<Secrets> {
    const { signIn } = this.#settings;
    if (signIn.method === "external") {
      const identity = toTlsIdentity(await signIn.certificate(), this.#first.domain);
      return { credentials: { method: "external" }, identity };
    }
    const password = await signIn.password();
    if (password !== "") return { credentials: { method: "simple", bindDn: signIn.bindDn, password }, identity: null };
    throw new BatchError(
      "config",
      `Directory ${this.#first.domain}: the password is empty, so no connection was made.`,
      "Give the password of the account in bindDN; a domain controller takes an empty one for an anonymous visitor.",
    );
  }
}

/** @returns `null` when the search asks for one thing only. */
function splitOr(search: DirectorySearch): readonly DirectorySearch[] | null {
  if (!(search.filter instanceof OrFilter) || search.filter.filters.length < 2) return null;
  const { filters } = search.filter;
  const middle = Math.ceil(filters.length / 2);
  return [filters.slice(0, middle), filters.slice(middle)].map((half) => ({
    ...search,
    filter: new OrFilter({ filters: half }),
  }));
}
