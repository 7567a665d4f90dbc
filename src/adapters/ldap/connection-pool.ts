/**
 * A few signed-in connections to one domain controller, shared by the searches.
 *
 * Four connections that all tried a wrong password could lock the account out. So the first one signs in alone, and one
 * refusal is the last: it is remembered and given to everybody who asks. A search whose connection was lost is tried
 * again on a new one, on the same server, since another replica may not know what this one knew.
 */
import { setTimeout as wait } from "node:timers/promises";
import { type Entry, OrFilter } from "ldapts";
import { BatchError } from "../../core/errors.ts";
import { type DirectorySearch, LdapConnection } from "./connection.ts";
import { LdapTrouble, stoppedBySignal } from "./ldap-error.ts";
import type { LdapTarget } from "./ldap-target.ts";
import { openSocket } from "./secure-socket.ts";

const SIZE_LIMIT_EXCEEDED = 4;
/** noSuchObject and insufficientAccessRights. */
const NOT_READABLE: ReadonlySet<number> = new Set([32, 50]);

export type PoolSettings = {
  readonly target: LdapTarget;
  /** Asked once, before the first connection. */
  readonly password: () => Promise<string>;
  /** Connections at most. */
  readonly connections: number;
  /** Waits before the second, third, ... try of a search, milliseconds; their number bounds the tries. */
  readonly retryPausesMs: readonly number[];
};

export class ConnectionPool {
  readonly #settings: PoolSettings;
  readonly #open = new Set<LdapConnection>();
  readonly #idle: LdapConnection[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #closed = new AbortController();
  #inUse = 0;
  #password: Promise<string> | null = null;
  #signInAccepted = false;
  #signInRefused: Error | null = null;
  #firstSignIn: Promise<unknown> | null = null;
  #address: string | null = null;

  constructor(settings: PoolSettings) {
    this.#settings = settings;
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
    const { target, retryPausesMs } = this.#settings;
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.#withConnection((connection) => connection.search(search, signal), signal);
      } catch (error) {
        const pauseMs = retryPausesMs[tries];
        const worthIt = error instanceof LdapTrouble && error.passing && this.#signInAccepted;
        if (!worthIt || pauseMs === undefined) throw error;
        await wait(pauseMs, undefined, { signal }).catch(() => {
          throw stoppedBySignal(signal, target);
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
      throw stoppedBySignal(signal, this.#settings.target);
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
    while (!this.#signInAccepted && this.#firstSignIn !== null) await this.#firstSignIn;
    if (this.#signInRefused !== null) throw this.#signInRefused;
    const signedIn = this.#signIn(signal);
    if (!this.#signInAccepted) {
      const first = signedIn.then(
        () => null,
        () => null, // whoever asked for it hears of it; the others only wait for the end
      );
      this.#firstSignIn = first;
      await first;
      this.#firstSignIn = null;
    }
    return await signedIn;
  }

  async #signIn(signal: AbortSignal): Promise<LdapConnection> {
    const { target } = this.#settings;
    const password = await this.#readPassword();
    const connection = new LdapConnection(await openSocket(target, this.#address, signal), target);
    this.#open.add(connection);
    try {
      await connection.signIn(password, signal);
    } catch (error) {
      // a sign-in without an answer may have been counted as a wrong one, unless the password is known to be right
      const final = !this.#signInAccepted || !(error instanceof LdapTrouble && error.passing);
      if (final) this.#signInRefused = error instanceof Error ? error : new Error(String(error));
      this.#open.delete(connection);
      await connection.close();
      throw error;
    }
    this.#signInAccepted = true;
    this.#address ??= connection.address;
    return connection;
  }

  async #readPassword(): Promise<string> {
    this.#password ??= this.#settings.password();
    const password = await this.#password;
    if (password !== "") return password;
    throw new BatchError(
      "config",
      `Directory ${this.#settings.target.domain}: the password is empty, so no connection was made.`,
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
