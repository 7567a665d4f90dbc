/** An object as the writers of exports take it. They share no code with the program that reads what they write. */
export type ExportedEntry = {
  readonly dn: string;
  /** As the directory has them; bytes for what is bytes there. All classes, the most special one last. */
  readonly attributes: Readonly<Record<string, readonly (string | Buffer)[]>>;
};

/** UTF-16 with its mark, as `-u` writes. */
export function encodeUtf16(text: string): Buffer {
  return Buffer.from(`\uFEFF${text}`, "utf16le");
}

/** One byte a letter; throws for a letter that has none. */
export function encodeWindows1252(text: string): Buffer {
  if (/[^\0-\x7f\xa0-\xff]/.test(text)) throw new RangeError(`not in Windows-1252: ${text}`);
  return Buffer.from(text, "latin1");
}

/** `28d6e2d5-...` of the 16 bytes as Active Directory stores them. */
export function guidText(bytes: Buffer): string {
  const hex = Buffer.concat([
    Buffer.from(bytes.subarray(0, 4)).reverse(),
    Buffer.from(bytes.subarray(4, 6)).reverse(),
    Buffer.from(bytes.subarray(6, 8)).reverse(),
    bytes.subarray(8),
  ]).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** `S-1-5-21-...` of its bytes. */
export function sidText(bytes: Buffer): string {
  const parts = Array.from({ length: bytes.readUInt8(1) }, (_, index) => bytes.readUInt32LE(8 + 4 * index));
  return ["S-1", bytes.readUIntBE(2, 6), ...parts].join("-");
}

/** The bytes of `S-1-5-21-...`. */
export function sidBytes(text: string): Buffer {
  const [, , authority = "", ...parts] = text.split("-");
  const bytes = Buffer.alloc(8 + 4 * parts.length);
  bytes.writeUInt8(1, 0);
  bytes.writeUInt8(parts.length, 1);
  bytes.writeUIntBE(Number(authority), 2, 6);
  for (const [index, part] of parts.entries()) bytes.writeUInt32LE(Number(part), 8 + 4 * index);
  return bytes;
}
