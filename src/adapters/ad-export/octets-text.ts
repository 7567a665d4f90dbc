/**
 * Bytes as people turn them into a cell: base64, hexadecimal, or PowerShell's list of decimal numbers.
 *
 * `[Convert]::ToBase64String(...)` gives the first, `[BitConverter]::ToString(...)` pairs with hyphens, `-join ' '` the
 * numbers, and `[guid]` a GUID, whose text has another order than its bytes. Pairs of hexadecimal digits that are parted
 * by spaces are refused: they may be decimal numbers.
 */
import { guidToBytes, parseGuid } from "../../core/guid.ts";

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const HEX = /^(?:0x)?((?:[0-9a-f]{2})+)$/i;
const HEX_PAIRS = /^[0-9a-f]{2}(?:-[0-9a-f]{2})+$/i;
const NUMBERS = /^\d{1,3}(?:[ ,;]+\d{1,3})+$/;

/** The bytes of a text that is whole base64 in its only spelling; else `null`. */
export function bytesOfBase64(text: string): Uint8Array | null {
  if (!BASE64.test(text)) return null;
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : null;
}

/** The bytes that a cell stands for; `null` where it is none of the forms. */
export function bytesOfCell(cell: string): Uint8Array | null {
  const text = cell.trim();
  const guid = parseGuid(text);
  if (guid !== null) return guidToBytes(guid);
  if (HEX_PAIRS.test(text)) return Buffer.from(text.replaceAll("-", ""), "hex");
  const hex = HEX.exec(text)?.[1];
  if (hex !== undefined) return Buffer.from(hex, "hex");
  if (NUMBERS.test(text)) {
    const numbers = text.split(/[ ,;]+/).map(Number);
    return numbers.every((number) => number <= 255) ? Uint8Array.from(numbers) : null;
  }
  return bytesOfBase64(text);
}
