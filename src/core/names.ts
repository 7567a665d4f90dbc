/**
 * When two names are the same name.
 *
 * A directory compares names without regard to case, and a Windows DC also without regard to accents
 * and width (MS-ADTS 6.5.1). We follow the first and never the second: `jose` must not become
 * `josé`'s mailbox. JavaScript's own lower-casing is too generous (it turns the Kelvin sign into a
 * `k`), so a letter is folded only where the way back leads to the same letter.
 */

/** Case folded letter by letter, and nothing else: accents, width and compatibility forms stay apart. */
export function foldCase(name: string): string {
  // biome keeps control characters out of patterns; a code point test says the same.
  let ascii = true;
  for (let index = 0; index < name.length && ascii; index += 1) ascii = name.charCodeAt(index) < 0x80;
  if (ascii) return name.toLowerCase();
  return Array.from(name, (letter) => {
    const lower = letter.toLowerCase();
    return lower.toUpperCase() === letter ? lower : letter;
  }).join("");
}

/** Folds as a Windows DC does, or further: only ever used to say that two names are not the same. */
export function foldAccents(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{Mark}+/gu, "")
    .toLowerCase()
    .trim();
}
