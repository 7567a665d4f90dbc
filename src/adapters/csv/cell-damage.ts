/**
 * What programs do to a name on its way into a mapping, and how to undo it.
 *
 * Each of these would otherwise end as "no such account" at best and as somebody else's account at worst, and
 * nobody who looks at the cell in Excel would see why. A name that was changed into another possible name (lost
 * zeros, a date, a letter replaced by a letter) cannot be seen here: AD and the tenant tell.
 *
 * Sources: Microsoft Support, "Excel error values" and "Available number formats in Excel"; Microsoft Learn, csvde
 * (checked 2026-11).
 */
import { findInvisibleCharacter, nameCharacter, showText } from "./show-text.ts";

/** Its plus sign is what shows it: no account name can hold one. */
const SCIENTIFIC_NOTATION = /^[+-]?\d+(?:[.,]\d+)?E\+\d+$/i;
/** Every language has words of its own, all with such an end; "not available" alone is spelled with a slash. */
const ERROR_VALUE = /^#(?:[\p{Lu}\d_/]+[!?]|N\/[AD])$/u;
const TOO_NARROW = /^#{3,}$/;
/** What PowerShell writes for a property with several values, or none of its own. */
const POWERSHELL_OBJECT = /^(?:(?:System|Microsoft)\.[\w.]+(?:\[\]|Collection|`\d+\[.*\])|@\{.*\})$/u;
/** How csvde writes a text with letters beyond ASCII when it is not told to write Unicode. */
const CSVDE_BYTES = /^X'(?:[0-9a-f]{2})+'$/i;
const TYPOGRAPHIC_QUOTE = /[\u2018-\u201F\u2039\u203A\u00AB\u00BB\u2032\u2033]/u;

/** A DN is made of names as people write them: in such a text they are no damage. */
const isTypographic = ({ finds }: Damage): boolean => finds("\u2019");

type Damage = { readonly finds: (text: string) => boolean; readonly says: (text: string) => string };

/** The first that fits is said. */
const DAMAGES: readonly Damage[] = [
  {
    finds: (text) => SCIENTIFIC_NOTATION.test(text),
    says: () =>
      "Excel has made a number of it and its digits are lost: format the column as Text, paste the names anew and export again",
  },
  {
    finds: (text) => ERROR_VALUE.test(text),
    says: () => "an error of a formula in Excel: mend the formula, or write the name itself, and export again",
  },
  {
    finds: (text) => TOO_NARROW.test(text),
    says: () => "Excel wrote it for a column that is too narrow: widen the column and export again",
  },
  {
    finds: (text) => POWERSHELL_OBJECT.test(text),
    says: () => "PowerShell wrote the name of a type for a property with several values: export the one value instead",
  },
  {
    finds: (text) => CSVDE_BYTES.test(text),
    says: () => "csvde wrote the bytes of a name instead of the name: export again with csvde -u",
  },
  {
    finds: (text) => text.includes("?"),
    says: () => "an export has put ? where a letter was: export again as UTF-8",
  },
  {
    finds: (text) => text.includes("\uFFFD"),
    says: () => "an export has put U+FFFD where a letter was: export again as UTF-8",
  },
  {
    finds: (text) => TYPOGRAPHIC_QUOTE.test(text),
    says: (text) =>
      `a word processor has put ${nameCharacter(TYPOGRAPHIC_QUOTE.exec(text)?.[0] ?? "")} for a plain quote or apostrophe: write the name as it is in AD or Entra`,
  },
];

/**
 * @param prose The cell holds names as people write them, typographic quotes and apostrophes included.
 * @returns `found …; write …` for a cell that was damaged on its way; `null` where nothing shows it.
 */
export function findDamage(cell: string, prose = false): string | null {
  const invisible = findInvisibleCharacter(cell);
  if (invisible !== null)
    return `found ${nameCharacter(invisible)} in ${showText(cell)}; take it out, or write the name anew`;
  const damage = DAMAGES.find((each) => each.finds(cell) && !(prose && isTypographic(each)));
  return damage === undefined ? null : `found ${showText(cell)}; ${damage.says(cell)}`;
}
