/**
 * A source of AD accounts for one domain: a domain controller, or a file export of one.
 *
 * Every implementation passes `test/conformance/directory.ts`.
 */
import type { AdAccount, DirectoryIdentity } from "../core/ad-account.ts";
import type { AnchorHolder } from "../core/ad-facts.ts";
import type { Guid } from "../core/guid.ts";
import type { SourceKey } from "../core/source-key.ts";
import type { WritableSide } from "./writable-side.ts";

export interface Directory {
  /**
   * Connects, authenticates and says which domain this really is. One failed sign-in is final: it is
   * never tried again, so that no account is locked out.
   *
   * @throws {BatchError} directory: unreachable, not trusted, or signed in wrongly. config: it is another domain than
   *   configured, or one whose name cannot be learnt. input: a file export that is missing, damaged, or of no known kind.
   */
  identify(signal: AbortSignal): Promise<DirectoryIdentity>;

  /**
   * Every account, of whatever kind, that the directory itself holds for equal to one of these values of the source
   * key. A directory may fold more than case (accents, width): the caller compares. Order and number are free;
   * nothing is left out and nothing is returned twice. A text that cannot be a value of the key, such as one that is
   * no GUID, finds nothing.
   *
   * @param values At most {@link groupSize}; any text, nothing in it is syntax.
   * @throws {BatchError} directory: the answer could not be had whole. Never a partial answer. input: as `identify`.
   */
  findAccounts(key: SourceKey, values: readonly string[], signal: AbortSignal): Promise<readonly AdAccount[]>;

  /**
   * The sAMAccountNames that begin with one of these texts, as the directory compares, each once: a hint for names that
   * were cut off, and never a choice. A text with more such names than the directory hands out at once may be left out,
   * since a hint must not cost anybody the plan.
   *
   * @param beginnings At most {@link groupSize}; any text, nothing in it is syntax. The empty one finds nothing.
   * @throws {BatchError} directory: unreachable, or the answer cannot be trusted.
   */
  findNamesBeginningWith(beginnings: readonly string[], signal: AbortSignal): Promise<readonly string[]>;

  /**
   * Every user account of the domain, wherever it lies, whose objectGUID or mS-DS-ConsistencyGuid has the bytes of one
   * of these immutable IDs. No index serves this: it goes through all users once.
   *
   * @throws {BatchError} directory: they could not be read whole. input: as `identify`.
   */
  findAnchorHolders(immutableIds: ReadonlySet<string>, signal: AbortSignal): Promise<readonly AnchorHolder[]>;

  /**
   * Those of these accounts whose mS-DS-ConsistencyGuid whoever signs in may write; of a file none.
   *
   * @param objectGuids At most {@link groupSize}.
   * @throws {BatchError} directory: the answer could not be had whole.
   */
  findWritable(objectGuids: readonly Guid[], signal: AbortSignal): Promise<readonly Guid[]>;

  /** The same domain, to write to, through the same server; `null` for a file. */
  readonly side: WritableSide | null;

  /** How many values one search should carry, and how many searches may be under way at once. */
  readonly groupSize: number;
  readonly concurrency: number;

  /** Ends every connection; safe to call twice. */
  close(): Promise<void>;
}
