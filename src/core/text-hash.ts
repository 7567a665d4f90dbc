/** A number for a text, to find it again in a table: FNV-1a, 32 bits. Different texts may have the same one. */
const OFFSET = 0x81_1c_9d_c5;
const PRIME = 0x01_00_01_93;

/** @returns 0 to 2^32 - 1, the same on every machine. */
export function hashText(text: string): number {
  let hash = OFFSET;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  // The last letters reach the low bits only: a table takes its place from those, so all are mixed once more.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The power of two that is at least so large, and at least 16: the size of a table. */
export function tableSizeFor(entries: number): number {
  return 2 ** Math.max(4, Math.ceil(Math.log2(Math.max(1, entries))));
}
