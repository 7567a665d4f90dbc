/** What the three formats have in common: entries, with values as texts or bytes. */
import type { AttributeName } from "./attributes.ts";

/** Bytes where the format says that they are bytes; a text was decoded with the file's encoding. */
export type ExportValue = string | Uint8Array;

/** One object of the directory. */
export type ExportEntry = {
  /** Where it begins in the file, from 1. */
  readonly line: number;
  /** Only attributes that are read, and only those that have a value. */
  readonly values: ReadonlyMap<AttributeName, readonly ExportValue[]>;
  /** Names of the other attributes that it has, in lower case, as far as they are {@link SIGNS_OF_EVERYTHING}. */
  readonly signs: ReadonlySet<string>;
};
