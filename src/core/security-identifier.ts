/**
 * Security identifiers: the bytes that Active Directory stores, as the text that people read.
 *
 * Source: MS-DTYP 2.4.2.2 (SID--Packet Representation) and 2.4.2.1 (string format), checked 2026-11.
 */

const HEADER_LENGTH = 8;
const SID_TEXT = /^S-1-(?:\d{1,10}|0x[0-9a-f]{12})(?:-\d{1,10}){1,15}$/i;
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

/** The text in one spelling; `null` when it is no SID. */
export function parseSid(text: string): string | null {
  const trimmed = text.trim();
  return SID_TEXT.test(trimmed) ? `S${trimmed.slice(1).toLowerCase()}` : null;
}

/** The SID of the domain that an account belongs to; `null` for a well-known account, which belongs to none. */
export function domainSidOf(sid: string): string | null {
  return /^(S-1-5-21-\d+-\d+-\d+)-\d+$/.exec(sid)?.[1] ?? null;
}

/** administrator, guest, krbtgt: the last part of the SID of the accounts that every domain is born with. */
const BUILT_IN_ACCOUNT_RIDS: ReadonlySet<string> = new Set(["500", "501", "502"]);

/** An account that every domain is born with. */
export function isBuiltInAccount(sid: string | null): boolean {
  if (sid === null || domainSidOf(sid) === null) return false;
  return BUILT_IN_ACCOUNT_RIDS.has(sid.slice(sid.lastIndexOf("-") + 1));
}
