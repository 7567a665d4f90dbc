/**
 * Logins that were made from the same name by different rules: `akeller`, `kellera` and `ada.keller`.
 *
 * Cloud and AD rarely share one rule, so equal spelling alone would leave accounts without a name in AD without any
 * evidence. A login that fits a name is weak evidence (`akeller` fits Anna as well as Ada).
 */
import { foldLikeness, squashFolded } from "./identity-words.ts";

/** Begins at the first of a run only, so that a long run in the middle is gone through once. */
const LAST_DIGITS = /(?<!\d)\d+$/;

/** Letters of a word that is no accident within a login: `eberger` fits Liz Berger, who was Elizabeth. */
const LONG_WORD = 4;

export type Login = {
  /** Letters and digits, folded, without punctuation. */
  readonly squashed: string;
  /** Words between punctuation, without digits at their end. */
  readonly words: readonly string[];
  /** Cut off by the directory: sAMAccountName takes no more than 20 characters. */
  readonly cut: boolean;
};

/** Characters of a user's logon name, https://learn.microsoft.com/windows/win32/adschema/a-samaccountname (checked 2026-11). */
const LONGEST_ACCOUNT_NAME = 20;

/** What stands before the `@`; the whole where there is none. */
export function localPartOf(text: string): string {
  const at = text.indexOf("@");
  return at === -1 ? text : text.slice(0, at);
}

/** @param text A sAMAccountName, a UPN or a mail address; what follows the `@` is left out. `null` if nothing is left. */
export function readLogin(text: string): Login | null {
  const at = text.indexOf("@");
  const name = localPartOf(text);
  const folded = foldLikeness(name);
  const squashed = squashFolded(folded);
  if (squashed === "") return null;
  const words = folded
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => word.replace(LAST_DIGITS, ""))
    .filter((word) => word.length > 1);
  return { squashed, words, cut: at === -1 && name.length === LONGEST_ACCOUNT_NAME };
}

/** Made of a name, as far as its look tells: numbers such as `u10293` say nothing about who somebody is. */
export function looksLikeName({ squashed }: Login): boolean {
  const digits = squashed.replace(/\D/g, "").length;
  return digits < 3 && squashed.length - digits >= 3;
}

/** One of the logins can be made of these words: a word, one with an initial, or the beginnings of two or three in any order. */
export function fitsWords(logins: readonly Login[], words: readonly string[]): boolean {
  return logins.some(({ squashed, words: parts }) => {
    const whole = squashed.replace(LAST_DIGITS, "");
    return isMadeOf(whole, words) || (parts.length > 1 && parts.some((part) => isMadeOf(part, words)));
  });
}

/** One is the beginning of the other, because the directory had no room for more. */
export function isCutFrom(login: Login, other: Login): boolean {
  return (
    (login.cut && other.squashed.startsWith(login.squashed)) || (other.cut && login.squashed.startsWith(other.squashed))
  );
}

function isMadeOf(login: string, words: readonly string[]): boolean {
  if (login.length >= 3 && words.includes(login)) return true;
  if (words.some((word) => word.length >= LONG_WORD && (login.startsWith(word) || login.endsWith(word)))) return true;
  return canFinish(login, words, [], 0);
}

/** Whether the rest of the login can be made of beginnings of words that are not used yet. */
function canFinish(rest: string, words: readonly string[], used: readonly string[], longest: number): boolean {
  if (rest === "") return used.length > 1 && longest >= 3;
  if (used.length === 3) return false;
  return words.some((word) => {
    if (used.includes(word)) return false;
    let common = 0;
    while (common < word.length && word[common] === rest[common]) common += 1;
    for (let length = common; length > 0; length -= 1) {
      if (canFinish(rest.slice(length), words, [...used, word], Math.max(longest, length))) return true;
    }
    return false;
  });
}
