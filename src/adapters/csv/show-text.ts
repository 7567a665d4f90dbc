/**
 * Text from a file, made safe and unmistakable for a message.
 *
 * A zero-width space in an account name cannot be seen, and a control character can repaint the
 * operator's terminal; so both are shown as code points, and by name where people know one.
 */

const LONGEST_SHOWN = 60;

/** Characters that people meet in exports, by the name that Unicode gives them. */
const NAMES: Readonly<Record<string, string>> = {
  "U+00A0": "NO-BREAK SPACE",
  "U+00AD": "SOFT HYPHEN",
  "U+034F": "COMBINING GRAPHEME JOINER",
  "U+061C": "ARABIC LETTER MARK",
  "U+180E": "MONGOLIAN VOWEL SEPARATOR",
  "U+200B": "ZERO WIDTH SPACE",
  "U+200C": "ZERO WIDTH NON-JOINER",
  "U+200D": "ZERO WIDTH JOINER",
  "U+200E": "LEFT-TO-RIGHT MARK",
  "U+200F": "RIGHT-TO-LEFT MARK",
  "U+2010": "HYPHEN",
  "U+2011": "NON-BREAKING HYPHEN",
  "U+2013": "EN DASH",
  "U+2014": "EM DASH",
  "U+2018": "LEFT SINGLE QUOTATION MARK",
  "U+2019": "RIGHT SINGLE QUOTATION MARK",
  "U+201C": "LEFT DOUBLE QUOTATION MARK",
  "U+201D": "RIGHT DOUBLE QUOTATION MARK",
  "U+2028": "LINE SEPARATOR",
  "U+2029": "PARAGRAPH SEPARATOR",
  "U+202A": "LEFT-TO-RIGHT EMBEDDING",
  "U+202B": "RIGHT-TO-LEFT EMBEDDING",
  "U+202C": "POP DIRECTIONAL FORMATTING",
  "U+202D": "LEFT-TO-RIGHT OVERRIDE",
  "U+202E": "RIGHT-TO-LEFT OVERRIDE",
  "U+202F": "NARROW NO-BREAK SPACE",
  "U+2060": "WORD JOINER",
  "U+2066": "LEFT-TO-RIGHT ISOLATE",
  "U+2067": "RIGHT-TO-LEFT ISOLATE",
  "U+2068": "FIRST STRONG ISOLATE",
  "U+2069": "POP DIRECTIONAL ISOLATE",
  "U+212A": "KELVIN SIGN",
  "U+2800": "BRAILLE PATTERN BLANK",
  "U+3000": "IDEOGRAPHIC SPACE",
  "U+3164": "HANGUL FILLER",
  "U+FEFF": "ZERO WIDTH NO-BREAK SPACE",
  "U+FFFD": "REPLACEMENT CHARACTER",
};

/** Neither a letter nor a mark on paper, or one that turns the text around. An ASCII space is none of them. */
const INVISIBLE =
  /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Zl}\p{Zp}\u00A0\u1680\u2000-\u200A\u202F\u205F\u2800\u3000]/u;

/** C0, DEL and C1; line breaks are among them. */
const CONTROL = /\p{Cc}/u;

/** A surrogate without its other half. */
const HALF_CHARACTER = /\p{Cs}/u;

/** The first control character of a text, C0, DEL or C1; `null` if there is none. */
export function findControlCharacter(text: string): string | null {
  return CONTROL.exec(text)?.[0] ?? null;
}

/** The first half of a character that stands alone, and the text before it; `null` if there is none. */
export function findHalfCharacter(text: string): { readonly before: string; readonly character: string } | null {
  if (text.isWellFormed()) return null;
  const at = text.search(HALF_CHARACTER);
  return { before: text.slice(0, at), character: text.charAt(at) };
}

/** The first character that cannot be seen or that turns the text's direction; `null` if there is none. */
export function findInvisibleCharacter(text: string): string | null {
  return INVISIBLE.exec(text)?.[0] ?? null;
}

/** `U+200B ZERO WIDTH SPACE`; a character without a name here is shown: `U+00E9 é`. */
export function nameCharacter(character: string): string {
  const number = codePointText(character);
  const name = NAMES[number];
  if (name !== undefined) return `${number} ${name}`;
  return isUnseen(character) ? number : `${number} ${character}`;
}

const ALPHABETS = {
  Cyrillic: /\p{Script=Cyrillic}/u,
  Greek: /\p{Script=Greek}/u,
  Armenian: /\p{Script=Armenian}/u,
  Cherokee: /\p{Script=Cherokee}/u,
  "full-width": /[\uFF01-\uFF5E]/u,
} as const;

/** The alphabet of a letter that may be taken for a Latin one: `a Cyrillic letter`; `null` for every other. */
export function alphabetOf(character: string): string | null {
  const found = Object.entries(ALPHABETS).find(([, letters]) => letters.test(character));
  return found === undefined ? null : `${found[0] === "Armenian" ? "an" : "a"} ${found[0]} letter`;
}

/** A text in quotes, cut at 60 characters, everything that cannot be seen as `<U+200B>`. */
export function showText(text: string): string {
  const letters = Array.from(text.slice(0, LONGEST_SHOWN * 4));
  const shown = letters
    .slice(0, LONGEST_SHOWN)
    .map((letter) => (isUnseen(letter) ? `<${codePointText(letter)}>` : letter))
    .join("");
  return `"${shown}${letters.length > LONGEST_SHOWN ? "…" : ""}"`;
}

function isUnseen(character: string): boolean {
  return CONTROL.test(character) || INVISIBLE.test(character) || HALF_CHARACTER.test(character);
}

function codePointText(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
