/**
 * Makes text from outside safe to show. A display name can hold a code that repaints the terminal, or a
 * character that turns the line around; both are shown as code points instead of being obeyed.
 */

/** Controls, format characters, separators of lines and paragraphs, halves of surrogate pairs, odd spaces. */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\u00A0\u1680\u2000-\u200A\u202F\u205F\u2800\u3000]/gu;

/** The text on one line, everything that cannot be seen as `<U+200B>`. */
export function showVisibly(text: string): string {
  return text.replace(
    UNSEEN,
    (character) => `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`,
  );
}

/** JSON text for a terminal or a file: the same value, with everything that cannot be seen written as an escape. */
export function writeJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  const unseen = new RegExp(UNSEEN.source.replace("\\p{Cc}", "\\u007F-\\u009F"), "gu");
  return text.replace(unseen, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}
