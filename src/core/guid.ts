/**
 * GUIDs, in the two forms this field uses: the text that people read and the 16 bytes that Active
 * Directory stores.
 *
 * The first three groups of the text are little-endian in the bytes, the last two are not. A GUID
 * turned into bytes in reading order looks right everywhere and matches nobody, so the byte order
 * lives in this module alone.
 *
 * Source: MS-DTYP 2.3.4.2 (GUID--Packet Representation), checked 2026-11.
 */

/** A GUID in lower-case text, `28d6e2d5-6368-4d5a-b671-d52b30172680`, without braces. */
export type Guid = string & { readonly __brand: "Guid" };

/** Position in the text's 16 byte pairs of each stored byte. */
const TEXT_POSITION_OF_BYTE = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;
const GUID_TEXT = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i;

/** Reads a GUID as people write it, in any case, with or without braces; `null` if it is none. */
export function parseGuid(text: string): Guid | null {
  const match = GUID_TEXT.exec(text.trim());
  if (match?.[1] === undefined || text.includes("{") !== text.includes("}")) return null;
  return match[1].toLowerCase() as Guid;
}

/** @param bytes The 16 bytes as Active Directory stores them; `null` for any other length. */
export function guidFromBytes(bytes: Uint8Array): Guid | null {
  if (bytes.length !== 16) return null;
  const pairs = Buffer.alloc(16);
  for (const [index, position] of TEXT_POSITION_OF_BYTE.entries()) pairs[position] = bytes[index] ?? 0;
  const hex = pairs.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-") as Guid;
}

/** @returns The 16 bytes in the order in which Active Directory stores them. */
export function guidToBytes(guid: Guid): Uint8Array {
  const pairs = Buffer.from(guid.replaceAll("-", ""), "hex");
  const bytes = new Uint8Array(16);
  for (const [index, position] of TEXT_POSITION_OF_BYTE.entries()) bytes[index] = pairs[position] ?? 0;
  return bytes;
}

/** The GUID's bytes as they stand in an LDAP filter, `\d5\e2...` (RFC 4515). */
export function guidToFilterBytes(guid: Guid): string {
  return Array.from(guidToBytes(guid), (byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
}
