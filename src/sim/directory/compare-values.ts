/**
 * When two values are equal, by syntax: one spelling per value, shared by the index and by the filters, so that a
 * lookup through the index can never answer differently from a scan.
 *
 * With `foldAccents` text compares as on a Windows DC, which ignores case, accents, width and kana type (MS-ADTS
 * 6.5.1); without it, as Samba does, only case.
 */
import { parseName } from "./distinguished-name.ts";
import { sidToBytes } from "./guid-and-sid.ts";
import { categoryDn, type Syntax } from "./schema.ts";

export type Comparison = { foldAccents: boolean; configurationDn: string };

/** Text in the spelling that is compared. */
export function foldText(text: string, foldAccents: boolean): string {
  if (!foldAccents) return text.toLowerCase();
  return text
    .replace(/[\uff00-\uffef]+/g, (wide) => wide.normalize("NFKC"))
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
    .toLowerCase();
}

/** The one spelling of a value for equality; `null` if the value does not fit the syntax (the filter is then Undefined). */
export function equalityKey(syntax: Syntax, value: string | Buffer, comparison: Comparison): string | null {
  if (syntax === "octets" || syntax === "sid") {
    const sid = syntax === "sid" ? sidToBytes(value.toString()) : null;
    return (sid ?? Buffer.from(value)).toString("latin1");
  }
  const text = value.toString();
  switch (syntax) {
    case "text":
      return foldText(text, comparison.foldAccents);
    case "class":
      return text.toLowerCase();
    case "exact-text":
      return text;
    case "category":
      return parseName(categoryDn(text, comparison.configurationDn) ?? text)?.key ?? null;
    case "dn":
      return parseName(text)?.key ?? null;
    case "boolean":
      return text === "TRUE" || text === "FALSE" ? text : null;
    case "time":
      return /^\d{14}(\.\d+)?Z$/.test(text) ? text.replace(/\.\d+/, "") : null;
    default:
      return integerOf(syntax, text)?.toString() ?? null;
  }
}

/** An integer of AD: 32 bits (unsigned input wraps, as groupType needs) or 64. `null` if the text is none. */
export function integerOf(syntax: Syntax, text: string): bigint | null {
  if ((syntax !== "integer" && syntax !== "large-integer") || !/^-?\d{1,19}$/.test(text)) return null;
  return BigInt.asIntN(syntax === "integer" ? 32 : 64, BigInt(text));
}

/** Negative, zero or positive as `left` sorts before, with or after `right`; `null` where the syntax has no order. */
export function compareOrder(
  syntax: Syntax,
  left: string | Buffer,
  right: string | Buffer,
  comparison: Comparison,
): number | null {
  const leftKey = equalityKey(syntax, left, comparison);
  const rightKey = equalityKey(syntax, right, comparison);
  if (
    leftKey === null ||
    rightKey === null ||
    syntax === "dn" ||
    syntax === "category" ||
    syntax === "class" ||
    syntax === "boolean"
  )
    return null;
  const leftNumber = integerOf(syntax, leftKey);
  const rightNumber = integerOf(syntax, rightKey);
  if (leftNumber !== null && rightNumber !== null)
    return leftNumber < rightNumber ? -1 : leftNumber > rightNumber ? 1 : 0;
  return leftKey < rightKey ? -1 : leftKey > rightKey ? 1 : 0;
}
