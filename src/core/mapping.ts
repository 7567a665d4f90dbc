/**
 * What the operator asked for: one line of the mapping file, an AD account and the cloud user that
 * shall be tied to it.
 */
import type { Side } from "./change.ts";
import type { TextEncoding } from "./text-encodings.ts";

/** What may be done with an object that stands in the way; every one must be allowed by name. */
export const HOLDER_ACTIONS = [
  "clear-holder",
  "delete-holder",
  "purge-deleted-holder",
  "restore-target",
  "clear-object-identifier",
] as const;
export type HolderAction = (typeof HOLDER_ACTIONS)[number];

export type Mapping = {
  /** Line number in the file, counted from 1 with every line above it. */
  readonly row: number;
  /** The account, as the plan's source key names it: a sAMAccountName without a domain in front, if nothing else is said. */
  readonly account: string;
  /** NetBIOS name of the account's domain, where the mapping says it. */
  readonly domain: string | null;
  /** UPN of the cloud user, or its object id (a GUID). */
  readonly upn: string;
  /** The row's own decision about a holder; empty when the file says nothing. */
  readonly onConflict: readonly HolderAction[];
  /** The row's own decision about the side that is written; `null` when the file says nothing. */
  readonly writeTo: Side | null;
  /** The operator's own columns, in the order of `MappingFile.extraColumns`. */
  readonly extra: readonly string[];
};

/** How a mapping file was read: for the record beside a plan, and no part of it. */
export type MappingRecord = {
  /** SHA-256 of the file's bytes, hex. The same rows saved in another encoding have another one. */
  readonly sha256: string;
  readonly encoding: TextEncoding;
  /** Headings, as written, of the columns that were taken for ours. */
  readonly columns: {
    readonly account: string;
    readonly upn: string;
    readonly domain: string | null;
    readonly onConflict: string | null;
    readonly writeTo: string | null;
  };
};

/** Which file a plan was made of, and how it was read. */
export type MappingOrigin = MappingRecord & {
  /** Absolute, where the plan was made: to see whether the file is still the same, and never to read it again. */
  readonly path: string;
};

/** A mapping file that was read whole and without a problem. */
export type MappingFile = {
  /** File name without folder and ending: part of the run folder's name. */
  readonly name: string;
  /** The file's own delimiter; files for people are written with the same. */
  readonly delimiter: string;
  /** Headings of the operator's own columns. */
  readonly extraColumns: readonly string[];
  readonly mappings: readonly Mapping[];
  /** Blank lines that were skipped. */
  readonly blankLines: number;
  /** Columns that could have been ours by an alias, where another has our own heading; each with that heading. */
  readonly passedOver: readonly { readonly heading: string; readonly column: string }[];
  /** Lines of text above the header that were skipped. */
  readonly linesAbove: readonly { readonly line: number; readonly text: string }[];
  /**
   * First line that is not UTF-8, where nothing but that speaks for the encoding; `null` where the file or the
   * operator says what it is.
   */
  readonly encodingAssumedAt: number | null;
  readonly record: MappingRecord;
};
