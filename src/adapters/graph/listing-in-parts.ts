/**
 * Lists the users of a tenant in several parts at once, and says whether these were all.
 *
 * The parts hold whatever a filter finds, so nobody is taken for missing because no part has him: whose name begins in a
 * way that no name should, or who is renamed from one part into another meanwhile, is in none. Whoever lists in parts
 * lists the whole afterwards unless all who were counted have come, and so where a part cannot be had at all.
 *
 * The count is taken from an index that lags. Who was created since is not in it, and may not stand for somebody who is
 * missing: only users that have been there for an hour are held against it. A user who is still counted and no longer
 * there costs a second listing, and hides nobody.
 */
import { BatchError } from "../../core/errors.ts";
import { type Guid, parseGuid } from "../../core/guid.ts";
import { GuidSet } from "../../core/guid-set.ts";
import type { Division } from "../../core/initials.ts";
import type { Purpose } from "./call.ts";
import { readText } from "./decode-json.ts";
import type { GraphCalls, GraphVersion } from "./graph-calls.ts";
import { mergePages } from "./merge-pages.ts";
import { beginsWithOneOf } from "./query.ts";
import { readPages } from "./read-pages.ts";

/** Longer than the index lags: Microsoft names no time, and speaks of moments. */
const INDEX_LAG_MS = 3_600_000;
/** Tries of a page: what only the filter cannot do must not use up the patience that the whole needs. */
const TRIES = 3;

/** A listing of users: the path of its first page, without a filter, and what it is for. */
export type UserListing = { readonly path: string; readonly version: GraphVersion; readonly purpose: Purpose };

export class ListingInParts {
  readonly #calls: GraphCalls;
  readonly #listing: UserListing;
  readonly #division: Division;
  readonly #seen: GuidSet;
  readonly #countedBeforeMs: number;
  #counted = 0;
  #hasEnded = false;

  constructor(calls: GraphCalls, listing: UserListing, division: Division) {
    this.#calls = calls;
    this.#listing = listing;
    this.#division = division;
    this.#seen = new GuidSet(division.users);
    this.#countedBeforeMs = calls.clock.now().getTime() - INDEX_LAG_MS;
  }

  /** Whether every part was read to its end. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Whether that were all users; only a listing that shows `createdDateTime` can say so. */
  get isWhole(): boolean {
    return this.#hasEnded && this.#counted >= this.#division.users;
  }

  /** Whether this user has come. */
  has(id: Guid): boolean {
    return this.#seen.has(id);
  }

  /**
   * The users of all parts, each once, in pages. Ends early, without an error, where a part cannot be had: the whole says
   * why, if it cannot be had either.
   *
   * @throws {BatchError} interrupted, paused.
   */
  async *pages(signal: AbortSignal): AsyncGenerator<readonly unknown[]> {
    const ended = new AbortController();
    const together = AbortSignal.any([signal, ended.signal]);
    const { path, purpose, version } = this.#listing;
    const parts = this.#division.parts.map((initials) => {
      const filter = encodeURIComponent(beginsWithOneOf(initials));
      return readPages(this.#calls, `${path}&$filter=${filter}`, { ...purpose, tries: TRIES }, together, version);
    });
    try {
      for await (const entries of mergePages(parts)) yield this.takeNew(entries);
      this.#hasEnded = true;
    } catch (error) {
      if (!(error instanceof BatchError) || error.code !== "tenant") throw error;
      this.#calls.log.warn("part-not-listed");
    } finally {
      // What the other parts have on its way or wait for is no longer wanted.
      ended.abort();
    }
  }

  /** Of a page those who have not come before. */
  takeNew(entries: readonly unknown[]): readonly unknown[] {
    return entries.filter((entry) => {
      const id = parseGuid(readText(entry, "id") ?? "");
      // Whoever decodes the entry says what is wrong with it.
      if (id === null) return true;
      if (this.#seen.has(id)) return false;
      this.#seen.add(id);
      const createdMs = Date.parse(readText(entry, "createdDateTime") ?? "");
      // The oldest users say nothing.
      if (Number.isNaN(createdMs) || createdMs < this.#countedBeforeMs) this.#counted += 1;
      return true;
    });
  }
}
