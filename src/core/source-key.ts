/**
 * The source key: which attribute of the AD account stands in the mapping's account column.
 *
 * The operator names it for the whole file; it is never guessed from what a cell looks like, because an account may be
 * called like another one's UPN. A directory only offers candidates. Whether a value is the one asked for is decided
 * here, since a Windows DC holds more for equal than we do (MS-ADTS 6.5.1).
 */
import type { AdAccount } from "./ad-account.ts";
import { parseDn } from "./distinguished-name.ts";
import { parseGuid } from "./guid.ts";
import { foldAccents, foldCase } from "./names.ts";

export const SOURCE_KEYS = ["sAMAccountName", "userPrincipalName", "mail", "distinguishedName", "objectGUID"] as const;
export type SourceKey = (typeof SOURCE_KEYS)[number];

export const DEFAULT_SOURCE_KEY: SourceKey = "sAMAccountName";

/** The account's value of the key as the directory spells it; `null` where it has none. */
export function readSourceValue(account: AdAccount, key: SourceKey): string | null {
  switch (key) {
    case "sAMAccountName":
      return account.accountName;
    case "userPrincipalName":
      return account.userPrincipalName;
    case "mail":
      return account.mail;
    case "distinguishedName":
      return account.dn;
    case "objectGUID":
      return account.objectGuid;
  }
}

/**
 * The one spelling of a value: two values of a key are the same if this is. Case does not count; in a DN neither do
 * spaces around separators nor the way a character is escaped; a GUID counts by its value.
 *
 * A text that is no DN or GUID keeps its own spelling, which no account's value has.
 */
export function foldSourceValue(key: SourceKey, value: string): string {
  switch (key) {
    case "distinguishedName":
      return parseDn(value)?.join(",") ?? value;
    case "objectGUID":
      return parseGuid(value) ?? value;
    default:
      return foldCase(value);
  }
}

/** Folds as a Windows DC does, or further: only ever used to say that two values are not the same. */
export function foldNearSourceValue(key: SourceKey, value: string): string {
  return foldAccents(foldSourceValue(key, value));
}
