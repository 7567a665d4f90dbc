/**
 * Octets of GUIDs and SIDs as Active Directory stores and sends them.
 *
 * The first three fields of a GUID are little-endian; a simulation with the bytes in reading order would bless a
 * client that makes the same mistake. Source: MS-DTYP 2.3.4.2 and 2.4.2.2.
 */
import { createHash } from "node:crypto";

const GUID_TEXT = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i;
const SID_TEXT = /^S-1-(\d{1,14})((?:-\d{1,10}){1,15})$/i;

/** The 16 octets of a GUID in text form, or `null` if the text is no GUID. */
export function guidToBytes(text: string): Buffer | null {
  const [, first, second, third, fourth, fifth] = GUID_TEXT.exec(text) ?? [];
  if (!first || !second || !third || !fourth || !fifth) return null;
  const reversed = [first, second, third].map((field) => Buffer.from(field, "hex").reverse());
  return Buffer.concat([...reversed, Buffer.from(fourth + fifth, "hex")]);
}

/** The text form, lower case. @throws {RangeError} unless there are 16 octets. */
export function bytesToGuid(bytes: Uint8Array): string {
  if (bytes.length !== 16) throw new RangeError(`a GUID has 16 octets, not ${bytes.length}`);
  const hex = (start: number, end: number) => Buffer.from(bytes.slice(start, end)).toString("hex");
  const reversed = (start: number, end: number) => Buffer.from(bytes.slice(start, end)).reverse().toString("hex");
  return `${reversed(0, 4)}-${reversed(4, 6)}-${reversed(6, 8)}-${hex(8, 10)}-${hex(10, 16)}`;
}

/** Octets of a SID in text form, or `null` if the text is no SID. */
export function sidToBytes(text: string): Buffer | null {
  const [, authority, rest] = SID_TEXT.exec(text) ?? [];
  if (!authority || !rest) return null;
  const parts = rest.slice(1).split("-").map(Number);
  if (Number(authority) > 0xffff_ffff || parts.some((part) => part > 0xffff_ffff)) return null;
  const bytes = Buffer.alloc(8 + 4 * parts.length);
  bytes[0] = 1;
  bytes[1] = parts.length;
  bytes.writeUInt32BE(Number(authority), 4);
  for (const [position, part] of parts.entries()) bytes.writeUInt32LE(part, 8 + 4 * position);
  return bytes;
}

/** A GUID that is always the same for the same name, for entries that the server makes up. */
export function guidBytesForName(name: string): Buffer {
  return createHash("sha256").update(name).digest().subarray(0, 16);
}
