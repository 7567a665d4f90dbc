/** Bytes of many records, one after the other in chunks. */

/** Lengths from here on take four bytes more. */
const LONG = 255;
const CHUNK_BYTES = 256 * 1024;

export type TextEncoding = "latin1" | "utf16le" | "utf8" | "hex" | "base64";

/** Writes records into chunks; a record lies in one chunk whole. */
export class ChunkWriter {
  #chunk: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  /** Bytes of the record so far. */
  get length(): number {
    return this.#end - this.#start;
  }

  begin(): void {
    this.#start = this.#end;
  }

  end(): { readonly chunk: Buffer; readonly at: number } {
    return { chunk: this.#chunk, at: this.#start };
  }

  /** Two or more of them are one item. */
  put(...bytes: readonly number[]): void {
    this.#makeRoom(bytes.length);
    for (const byte of bytes) {
      this.#chunk[this.#end] = byte;
      this.#end += 1;
    }
  }

  /** A kind and a length, or whatever else is counted. */
  putHead(kind: number, length: number): void {
    if (length < LONG) this.put(kind, length);
    else {
      this.put(kind, LONG);
      this.#makeRoom(4);
      this.#end = this.#chunk.writeUInt32LE(length, this.#end);
    }
  }

  putBytes(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    this.#chunk.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  putDouble(value: number): void {
    this.#makeRoom(8);
    this.#end = this.#chunk.writeDoubleLE(value, this.#end);
  }

  /** The text alone, without a head. */
  putText(text: string, encoding: TextEncoding, length: number): void {
    this.#makeRoom(length);
    this.#end += this.#chunk.write(text, this.#end, encoding);
  }

  /** Where the chunk is full, what was written of this record moves on into a new one. */
  #makeRoom(bytes: number): void {
    if (this.#end + bytes <= this.#chunk.length) return;
    const begun = this.#chunk.subarray(this.#start, this.#end);
    const chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, 2 * (begun.length + bytes)));
    chunk.set(begun);
    this.#chunk = chunk;
    this.#end = begun.length;
    this.#start = 0;
  }
}

/** The length that a head at this place says. */
export function lengthAt(chunk: Buffer, at: number): number {
  const short = chunk[at + 1] ?? 0;
  return short === LONG ? chunk.readUInt32LE(at + 2) : short;
}

/** Where what follows a head at this place begins. */
export function startAt(chunk: Buffer, at: number): number {
  return at + (chunk[at + 1] === LONG ? 6 : 2);
}
