/**
 * The subset of BER that LDAP uses: definite lengths, primitive strings (RFC 4511 section 5.1).
 *
 * Written apart from the client library's reader and writer on purpose: with a shared codec a fault in it would
 * cancel out between client and simulation. Reading is lazy and never copies, so a hostile length costs nothing.
 */

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  enumerated: 0x0a,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The octets are not LDAP. Closes the connection after a notice of disconnection. */
export class MalformedMessageError extends Error {
  override readonly name = "MalformedMessageError";
}

export type BerElement = { tag: number; content: Buffer };

/** Octets of the element that starts at `offset`, header included; `null` while its header is incomplete. @throws {MalformedMessageError} for an indefinite or over-long length. */
export function elementLength(buffer: Buffer, offset = 0): { header: number; content: number } | null {
  const first = buffer[offset + 1];
  if (first === undefined) return null;
  if (first < 0x80) return { header: 2, content: first };
  const count = first & 0x7f;
  if (count === 0 || count > 6) throw new MalformedMessageError("length octets");
  if (buffer.length < offset + 2 + count) return null;
  return { header: 2 + count, content: buffer.readUIntBE(offset + 2, count) };
}

/** Splits octets into the elements they hold. @throws {MalformedMessageError} if they do not divide exactly. */
export function readElements(buffer: Buffer): BerElement[] {
  const elements: BerElement[] = [];
  for (let offset = 0; offset < buffer.length; ) {
    const length = elementLength(buffer, offset);
    const end = length === null ? Number.POSITIVE_INFINITY : offset + length.header + length.content;
    if (length === null || end > buffer.length) throw new MalformedMessageError("element runs past its parent");
    elements.push({ tag: buffer.readUInt8(offset), content: buffer.subarray(offset + length.header, end) });
    offset = end;
  }
  return elements;
}

/** The content of an element that must have `tag`. @throws {MalformedMessageError} if it is missing or another. */
export function expectTag(element: BerElement | undefined, tag: number): Buffer {
  if (element?.tag !== tag) throw new MalformedMessageError(`tag ${element?.tag ?? "none"} where ${tag} belongs`);
  return element.content;
}

/** A text value. @throws {MalformedMessageError} if the octets are not UTF-8. */
export function readText(content: Buffer): string {
  const text = content.toString("utf8");
  if (text.includes("\ufffd") && !Buffer.from(text).equals(content)) throw new MalformedMessageError("not UTF-8");
  return text;
}

/** A signed integer of at most 6 octets. @throws {MalformedMessageError} otherwise. */
export function readInteger(content: Buffer): number {
  if (content.length === 0 || content.length > 6) throw new MalformedMessageError("integer octets");
  return content.readIntBE(0, content.length);
}

export function writeElement(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const size = contents.reduce((sum, part) => sum + part.length, 0);
  if (size < 0x80) return Buffer.concat([Buffer.from([tag, size]), ...contents]);
  const count = size < 0x100 ? 1 : size < 0x1_0000 ? 2 : size < 0x100_0000 ? 3 : 4;
  const header = Buffer.alloc(2 + count, tag);
  header[1] = 0x80 | count;
  header.writeUIntBE(size, 2, count);
  return Buffer.concat([header, ...contents]);
}

export function writeText(text: string, tag: number = TAG.octetString): Buffer {
  return writeElement(tag, Buffer.from(text));
}

/** A non-negative or negative 32-bit integer in the fewest octets. */
export function writeInteger(value: number, tag: number = TAG.integer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  let start = 0;
  while (
    start < 3 &&
    ((bytes.readUInt8(start) === 0 && bytes.readInt8(start + 1) >= 0) ||
      (bytes.readInt8(start) === -1 && bytes.readInt8(start + 1) < 0))
  )
    start += 1;
  return writeElement(tag, bytes.subarray(start));
}
