/**
 * Names as words that can be compared for likeness: case, accents, spelling of umlauts, punctuation and order of
 * words do not count.
 *
 * Systems spell one person in many ways (Müller, Mueller, MULLER; "Keller, Ada (Berlin)", Ada Keller). This folding
 * is far more generous than that of `names.ts` and must never decide which account is meant; it only says whether two
 * records that were already put together look like one person.
 */

/** Letters that carry no combining mark to take off, and what people write for them. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
  ħ: "h",
  ŧ: "t",
  ŋ: "n",
  ĸ: "k",
  ς: "σ",
};
const PLAIN_LETTER = new RegExp(`[${Object.keys(PLAIN_LETTERS).join("")}]`, "g");

/** Words that many people share and that name nobody: particles, titles, marks of an account's kind. */
const NAMES_NOBODY = new Set(
  (
    "van von vom zu zum zur de der den des di da do dos das del della la le du al el bin ibn ter af av " +
    "dr prof ing dipl mr mrs ms miss herr frau jr sr phd mba msc bsc ext extern external adm admin"
  ).split(" "),
);

/** Case, accents and the ways to write umlauts folded: `Müller`, `Mueller` and `MULLER` give `muller`. */
export function foldLikeness(text: string): string {
  let folded = text;
  // biome keeps control characters out of patterns; a code point test says the same.
  let ascii = true;
  for (let index = 0; index < text.length && ascii; index += 1) ascii = text.charCodeAt(index) < 0x80;
  if (ascii) folded = text.toLowerCase();
  else {
    // Upper case first: some letters have no way back but through their capital.
    folded = text
      .normalize("NFKD")
      .replace(/\p{Mark}+/gu, "")
      .toUpperCase()
      .toLowerCase()
      .normalize("NFKD")
      .replace(/[\p{Mark}\p{Lm}]+/gu, "")
      .replace(PLAIN_LETTER, (letter) => PLAIN_LETTERS[letter] ?? letter);
  }
  return /[aou]e|aa/.test(folded) ? folded.replace(/([aou])e/g, "$1").replace(/aa/g, "a") : folded;
}

/** Letters and digits alone, folded: what is left of a login or a number without its punctuation. */
export function squash(text: string): string {
  return squashFolded(foldLikeness(text));
}

/** The same of a text that is folded already. */
export function squashFolded(folded: string): string {
  return folded.replace(/[^\p{L}\p{N}]+/gu, "");
}

/**
 * The words of a name, folded. Apostrophes join, every other punctuation parts; initials, particles and titles are
 * left out where something else remains.
 */
export function splitName(name: string | null): readonly string[] {
  if (name === null) return [];
  const words = foldLikeness(name.replace(/['’‘ʼ`´]/g, ""))
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1 || /[^a-z0-9]/.test(word));
  const telling = words.filter((word) => !NAMES_NOBODY.has(word));
  return telling.length === 0 ? words : telling;
}

/** The words of a display name in the order given name, surname, without what companies add behind it. */
export function splitDisplayName(displayName: string | null): readonly string[] {
  if (displayName === null) return [];
  const bare = displayName.replace(/\([^)]*\)|\[[^\]]*\]/g, " ").split(/\s[-–—|/]\s|\|/)[0] ?? "";
  const [first = "", second, ...others] = bare.split(",");
  const words = splitName(second === undefined ? bare : [second, first, ...others].join(" "));
  return words.length > 1 ? words : splitName(displayName);
}

/** Both hold letters of the Latin script, or both hold others: a name in Cyrillic cannot disagree with one in Latin. */
export function shareScript(left: readonly string[], right: readonly string[]): boolean {
  const [one, other] = [left.join(""), right.join("")];
  return (/[a-z]/.test(one) && /[a-z]/.test(other)) || (/[^a-z0-9]/.test(one) && /[^a-z0-9]/.test(other));
}

/** They have a word in common, or are the same letters differently parted (`Anna-Lena`, `Annalena`). */
export function shareWord(left: readonly string[], right: readonly string[]): boolean {
  if (left.some((word) => right.includes(word))) return true;
  return left.length !== right.length && left.join("") === right.join("");
}

/**
 * Two whole names are one: every word of the shorter stands in the longer, in any order, and the shorter has at least
 * two (or both are the same one word); or the same letters are parted differently, in either order.
 */
export function isSameFullName(left: readonly string[], right: readonly string[]): boolean {
  if (left.length === 0 || right.length === 0) return false;
  const [shorter, longer] = left.length <= right.length ? [left, right] : [right, left];
  if (shorter.length > 1 || longer.length === 1) {
    if (shorter.every((word) => longer.includes(word))) return true;
  }
  const [one, other] = [left.join(""), right.join("")];
  return one.length === other.length && one.length > 5 && `${one}${one}`.includes(other);
}
