/**
 * A few signed-in connections to one domain controller, shared by the searches.
 *
 * A search whose connection was lost is tried again on a new one, within bounds, and always on the same server.
 */
import { setTimeout as wait } from "node:timers/promises";
import { type Change, type Entry, OrFilter } from "ldapts";
import type { DirectorySearch, LdapConnection, ModifyResult } from "./connection.ts";
import { ConnectionOpener, type OpenerSettings } from "./connection-opener.ts";
import { endUnclear, LdapTrouble, stoppedBySignal } from "./ldap-error.ts";
import type { LdapTarget } from "./ldap-target.ts";

const SIZE_LIMIT_EXCEEDED = 4;
/** noSuchObject and insufficientAccessRights. */
const NOT_READABLE: ReadonlySet<number> = new Set([32, 50]);

/** The second only where the first leaves the end unclear: where users fill their pages exactly, the last one is empty. */
const PAGE_SIZES = [1000, 997] as const;

export type PoolSettings = OpenerSettings & {
  /** Connections at most. */
  readonly connections: number;
  /** Waits before the second, third, ... try of a search, milliseconds; their number bounds the tries. */
  readonly retryPausesMs: readonly number[];
};

export class ConnectionPool {
  readonly #settings: PoolSettings;
  readonly #opener: ConnectionOpener;
  readonly #open = new Set<LdapConnection>();
  readonly #idle: LdapConnection[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #closed = new AbortController();
  #inUse = 0;

  constructor(settings: PoolSettings) {
    this.#settings = settings;
    this.#opener = new ConnectionOpener(settings);
  }

  /** The server that all answers come from; the first of the list before the first answer. */
  get target(): LdapTarget {
    return this.#opener.target;
  }

  /**
   * Every entry that the search finds. An OR that the server finds too long to answer at once is asked in halves.
   *
   * @throws {BatchError} directory: no whole answer could be had, in any of the tries; config: the password is empty;
   *   interrupted: the signal, or the pool was closed.
   */
  async search(search: DirectorySearch, signal: AbortSignal): Promise<readonly Entry[]> {
    return await this.#searchInParts(search, signal, throwTrouble).catch(throwExplained);
  }

  /** As {@link search}, but a part of the OR that is too long an answer even on its own is left out. */
  async searchWhatFits(search: DirectorySearch, signal: AbortSignal): Promise<readonly Entry[]> {
    return await this.#searchInParts(search, signal, () => []).catch(throwExplained);
  }

  /** As {@link search}, but `null` when what is asked for is not there or the account may not read it. */
  async searchIfReadable(search: DirectorySearch, signal: AbortSignal): Promise<readonly Entry[] | null> {
    return await this.#searchInParts(search, signal, throwTrouble).catch((error: unknown) => {
      const result = error instanceof LdapTrouble ? error.searchResult : null;
      return result !== null && NOT_READABLE.has(result) ? null : throwExplained(error);
    });
  }

  /**
   * Every entry, page by page. A scan whose connection was lost begins anew.
   *
   * @param begin Called before each try: what it returns takes the pages of that try.
   * @throws {BatchError} as {@link search}; directory: the end of the answer cannot be told from a page that is missing.
   */
  async scan(
    search: DirectorySearch,
    begin: () => (entries: readonly Entry[]) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const anySignal = AbortSignal.any([signal, this.#closed.signal]);
    for (const pageSize of PAGE_SIZES) {
      const scanOnce = (connection: LdapConnection) => connection.searchPages(search, pageSize, anySignal, begin());
      const last = await this.#retry(scanOnce, anySignal).catch(throwExplained);
      if (last > 0) return;
    }
    throw endUnclear(this.target, search.baseDn).explained;
  }

  /**
   * Sends one modification, once.
   *
   * @param begin Called when a connection is there: false, and nothing is sent.
   * @returns `null` where nothing was sent for that.
   * @throws {LdapTrouble} or {BatchError}: no connection, or no answer; `begin` tells the two apart.
   */
  async modify(
    dn: string,
    changes: readonly Change[],
    { signal, begin }: { readonly signal: AbortSignal; readonly begin: () => boolean },
  ): Promise<ModifyResult | null> {
    const anySignal = AbortSignal.any([signal, this.#closed.signal]);
    return await this.#withConnection(
      async (connection) => (begin() ? await connection.modify(dn, changes, anySignal) : null),
      anySignal,
    );
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
      if (!(error instanceof LdapTrouble) || error.searchResult !== SIZE_LIMIT_EXCEEDED) throw error;
      const halves = splitOr(search);
      if (halves === null) return whenTooLong(error);
      const found: Entry[] = [];
      for (const half of halves) found.push(...(await this.#searchInParts(half, signal, whenTooLong)));
      return found;
    }
  }

  async #searchWithRetries(search: DirectorySearch, signal: AbortSignal): Promise<readonly Entry[]> {
    return await this.#retry((connection) => connection.search(search, signal), signal);
  }

  async #retry<Answer>(ask: (connection: LdapConnection) => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
    const { retryPausesMs } = this.#settings;
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.#withConnection(ask, signal);
      } catch (error) {
        const pauseMs = retryPausesMs[tries];
        const worthIt = error instanceof LdapTrouble && error.passing && this.#opener.signedIn;
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
      const connection = this.#takeIdle() ?? (await this.#openAnother(signal));
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

  async #openAnother(signal: AbortSignal): Promise<LdapConnection> {
    const connection = await this.#opener.open(signal);
    this.#open.add(connection);
    return connection;
  }

  #takeIdle(): LdapConnection | null {
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop()) {
      if (connection.usable) return connection;
      this.#open.delete(connection);
    }
    return null;
  }
}

function throwTrouble(trouble: LdapTrouble): never {
  throw trouble;
}

/** What leaves the adapter is a BatchError. */
function throwExplained(error: unknown): never {
  throw error instanceof LdapTrouble ? error.explained : error;
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
