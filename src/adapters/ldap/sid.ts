/**
 * Security identifiers: the bytes that Active Directory stores, as the text that people read.
 *
 * Source: MS-DTYP 2.4.2.2 (SID--Packet Representation) and 2.4.2.1 (string format), checked 2026-11.
 */

const HEADER_LENGTH = 8;
const MAX_SUB_AUTHORITIES = 15;
/** Identifier authorities from here on are written in hexadecimal. */
const FIRST_HEXADECIMAL_AUTHORITY = 2 ** 32;

/** @returns `S-1-5-21-...`, or `null` when the bytes are no SID of revision 1. */
export function sidFromBytes(bytes: Uint8Array): string | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const subAuthorities = view[1];
  if (view[0] !== 1 || subAuthorities === undefined || subAuthorities > MAX_SUB_AUTHORITIES) return null;
  if (view.length !== HEADER_LENGTH + 4 * subAuthorities) return null;
  const authority = view.readUIntBE(2, 6);
  const parts = Array.from({ length: subAuthorities }, (_, index) => view.readUInt32LE(HEADER_LENGTH + 4 * index));
  const authorityText =
    authority < FIRST_HEXADECIMAL_AUTHORITY ? String(authority) : `0x${authority.toString(16).padStart(12, "0")}`;
  return ["S-1", authorityText, ...parts].join("-");
}
