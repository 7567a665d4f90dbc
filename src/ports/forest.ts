/**
 * Where in a forest accounts lie: a Global Catalog.
 *
 * It answers for every domain of the forest at once, so that a row without a domain needs to be asked only where there
 * is an account of that name, and a second one in a domain that no directory serves is seen. It may lag behind the
 * domains by a replication cycle.
 *
 * Every implementation passes `test/conformance/forest.ts`.
 */
import type { ForestIdentity, LocatedAccount } from "../core/forest.ts";
import type { SourceKey } from "../core/source-key.ts";

export interface Forest {
  /**
   * Connects, authenticates and says which domains the forest has.
   *
   * @throws {BatchError} directory: unreachable, not trusted, signed in wrongly, or no Global Catalog. One failed
   *   sign-in is final, as in `Directory`.
   */
  identify(signal: AbortSignal): Promise<ForestIdentity>;

  /**
   * Every account of the forest, of whatever kind, that the catalog itself holds for equal to one of these values. It may
   * fold more than case: the caller compares.
   *
   * @param values At most {@link groupSize}; any text, nothing in it is syntax.
   * @throws {BatchError} directory: the answer could not be had whole. Never a partial answer.
   */
  locateAccounts(key: SourceKey, values: readonly string[], signal: AbortSignal): Promise<readonly LocatedAccount[]>;

  /** How many values one search should carry, and how many searches may be under way at once. */
  readonly groupSize: number;
  readonly concurrency: number;

  /** Ends every connection; safe to call twice. */
  close(): Promise<void>;
}
