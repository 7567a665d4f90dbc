/**
 * Lists the users of a tenant in several parts at once, and says whether these were all.
 *
 * The parts hold whatever a filter finds, so they are trusted only as far as they can be counted: a user who is renamed
 * from one part into another meanwhile, or whose name begins in a way that no name should, is in none. Whoever lists in
 * parts therefore lists the whole too when they are fewer than were counted, or when Graph does not list parts. The count
 * lags behind a deletion; that costs a second listing, and hides nobody. Unseen remains who is renamed in these seconds
 * while somebody else comes into being: apply reads the tenant once more before it writes.
 */
import { parseGuid } from "../../core/guid.ts";
import { GuidSet } from "../../core/guid-set.ts";
import type { Division } from "../../core/initials.ts";
import type { Purpose } from "./call.ts";
import { readText } from "./decode-json.ts";
import type { GraphCalls, GraphVersion } from "./graph-calls.ts";
import { mergePages } from "./merge-pages.ts";
import { beginsWithOneOf } from "./query.ts";
import { decodePage, type Page, readPages } from "./read-pages.ts";

/** A listing of users: the path of its first page, without a filter, and what it is for. */
export type UserListing = { readonly path: string; readonly version: GraphVersion; readonly purpose: Purpose };

export class ListingInParts {
  readonly #calls: GraphCalls;
  readonly #listing: UserListing;
  readonly #division: Division;
  readonly #seen: GuidSet;

  constructor(calls: GraphCalls, listing: UserListing, division: Division) {
    this.#calls = calls;
    this.#listing = listing;
    this.#division = division;
    this.#seen = new GuidSet(division.users);
  }

  /** Whether no user is missing; known once {@link pages} has ended. */
  get isWhole(): boolean {
    return this.#seen.size >= this.#division.users;
  }

  /**
   * The users of all parts, each once, in pages; nobody where Graph refuses to list a part.
   *
   * @throws {BatchError} tenant: a page could not be had, or is none. interrupted.
   */
  async *pages(signal: AbortSignal): AsyncGenerator<readonly unknown[]> {
    const firsts = await Promise.all(this.#division.parts.map((initials) => this.#readFirst(initials, signal)));
    const pages = firsts.filter((page) => page !== null);
    if (pages.length < firsts.length) return;
    const parts = pages.map((page) => this.#follow(page, signal));
    for await (const entries of mergePages(parts)) yield this.takeNew(entries);
    if (!this.isWhole) this.#calls.log.warn("users-in-no-part", { count: this.#seen.size });
  }

  /** Of a page those who have not come before. */
  takeNew(entries: readonly unknown[]): readonly unknown[] {
    return entries.filter((entry) => {
      const id = parseGuid(readText(entry, "id") ?? "");
      // Whoever decodes the entry says what is wrong with it.
      if (id === null) return true;
      if (this.#seen.has(id)) return false;
      this.#seen.add(id);
      return true;
    });
  }

  /** @returns `null` when Graph answers with anything but a page: the whole listing says why, if it is refused too. */
  async #readFirst(initials: string, signal: AbortSignal): Promise<Page | null> {
    const { version, purpose } = this.#listing;
    const path = `${this.#listing.path}&$filter=${encodeURIComponent(beginsWithOneOf(initials))}`;
    const reply = await this.#calls.readAny({ ...purpose, path, version, signal });
    if (reply.status === 200) return decodePage(reply.json, this.#calls.baseAddressOf(version), purpose);
    this.#calls.log.warn("part-not-listed", { httpStatus: reply.status });
    return null;
  }

  async *#follow({ entries, next }: Page, signal: AbortSignal): AsyncGenerator<readonly unknown[]> {
    yield entries;
    const { purpose, version } = this.#listing;
    if (next !== null) yield* readPages(this.#calls, next, purpose, signal, version);
  }
}
