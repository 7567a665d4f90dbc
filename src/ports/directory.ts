/**
 * A source of AD accounts for one domain: a domain controller, or a file export of one.
 *
 * Every implementation passes `test/conformance/directory.ts`.
 */
import type { AdAccount, DirectoryIdentity } from "../core/ad-account.ts";
import type { Guid } from "../core/guid.ts";

export interface Directory {
  /** NetBIOS name from the configuration, as rows name it. */
  readonly domain: string;

  /**
   * Connects, authenticates and says which domain this really is. One failed sign-in is final: it is
   * never tried again, so that no account is locked out.
   *
   * @throws {BatchError} directory: unreachable, not trusted, or signed in wrongly.
   */
  identify(signal: AbortSignal): Promise<DirectoryIdentity>;

  /**
   * Every account, of whatever kind, whose sAMAccountName the directory itself holds for equal to one of
   * these names. A directory may fold more than case (accents, width): the caller compares. Order and
   * number are free; nothing is left out and nothing is returned twice.
   *
   * @param names At most {@link groupSize}; any text, nothing in it is syntax.
   * @throws {BatchError} directory: the answer could not be had whole. Never a partial answer.
   */
  findAccounts(names: readonly string[], signal: AbortSignal): Promise<readonly AdAccount[]>;

  /** The accounts with these objectGUIDs; one that is gone is missing from the answer. @throws as findAccounts */
  findAccountsByGuid(guids: readonly Guid[], signal: AbortSignal): Promise<readonly AdAccount[]>;

  /** How many names one search should carry, and how many searches may be under way at once. */
  readonly groupSize: number;
  readonly concurrency: number;

  /** Ends every connection; safe to call twice. */
  close(): Promise<void>;
}
