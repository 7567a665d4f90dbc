/**
 * Records kept as bytes, each field read again when it is asked for.
 *
 * A user or an account is some twenty short texts, and as an object with a text for each of them it takes five times the
 * room of its letters; a hundred thousand of them are most of what a plan holds. The bytes lie outside of the heap, so
 * that a collection need not walk through them, nor let as many again stand as garbage.
 *
 * A packed record is an object like any other: its fields are its own, so it can be spread, written as JSON, cloned and
 * compared. They are getters that all records of a shape share, and V8 then keeps them once for all of these records. A
 * list or an object in a field is made anew each time it is read, and nothing can be assigned to a field.
 */

/** A field as it is kept: what it is, how many bytes follow, the bytes. */
const KIND = {
  absent: 0,
  nothing: 1,
  no: 2,
  yes: 3,
  known: 4,
  latin: 5,
  wide: 6,
  bytes: 7,
  json: 8,
  number: 9,
  guid: 10,
  base64: 11,
  knownJson: 12,
} as const;
/** Lengths from here on take four bytes more. */
const LONG = 255;
const NUMBER_BYTES = 8;
const CHUNK_BYTES = 256 * 1024;
/** Texts of a field that are kept once and pointed at: domains and kinds have few, names soon have more and none then. */
const MOST_KNOWN = 255;
/** Fewer records than these are left as they are: all of them together are no more than a few MiB. */
export const FEWEST_PACKED = 20_000;

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Fields that come back as they were. A record with any other, a Map or a Date, does not compile. */
export type Packable<Value> = { readonly [Field in keyof Value]: Json | Uint8Array | undefined };

class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: private fields are then put on the object that was given.
    return object;
  }
}

/** Where a packed record lies: private fields on a plain object, since a class would show in every comparison. */
class Place extends Given {
  readonly #chunk: Buffer;
  readonly #at: number;

  constructor(record: object, chunk: Buffer, at: number) {
    super(record);
    this.#chunk = chunk;
    this.#at = at;
  }

  /** Reads the field of this number, counted from 0. */
  static read(record: Place, field: number, known: readonly string[]): unknown {
    const chunk = record.#chunk;
    let at = record.#at;
    for (let skipped = 0; skipped < field; skipped += 1) at = endOf(chunk, at);
    return readField(chunk, at, known);
  }
}

/** Texts of one field that come again and again; `null` when there were too many. */
type KnownTexts = { texts: string[]; places: Map<string, number> | null };

/** How records with the same fields are kept. */
type Shape = { readonly known: readonly KnownTexts[]; readonly build: (chunk: Buffer, at: number) => object };

/**
 * Makes a packer for records of one kind.
 *
 * @param records About how many will come: few are not packed.
 * @param fewest How many are no longer few.
 * @returns Packs one record; what comes back is equal to it in everything.
 */
export function createPacker<Value extends Packable<Value>>(
  records: number,
  fewest = FEWEST_PACKED,
): (value: Value) => Value {
  if (records < fewest) return (value) => value;
  // Nearly always one; a record without a field that others have is another.
  const shapes = new Map<string, Shape>();
  const writer = new ChunkWriter();
  return (value) => {
    const names = Object.keys(value).join();
    const shape = shapes.get(names) ?? makeShape(Object.keys(value));
    shapes.set(names, shape);
    writer.begin();
    for (const [index, field] of Object.values(value).entries()) writeField(writer, field, shape.known[index]);
    const { chunk, at } = writer.end();
    // It has every field of the value, which is all that a Value promises.
    return shape.build(chunk, at) as Value;
  };
}

function makeShape(fields: readonly string[]): Shape {
  const known = fields.map((): KnownTexts => ({ texts: [], places: new Map() }));
  // The same getters in the same order, put on what the same function made: V8 gives all of these records one hidden
  // class. With other getters on what another shape's function made they would each become a table, of 3 KiB.
  const Plain = function Plain() {
    // Makes what `{}` makes, without the room that is left there for fields to come.
  } as unknown as new () => object;
  Plain.prototype = Object.prototype;
  const getters = fields.map((field, index): [string, PropertyDescriptor] => {
    const texts = known[index]?.texts ?? [];
    const get = function (this: Place) {
      return Place.read(this, index, texts);
    };
    return [field, { get, enumerable: true, configurable: true }];
  });
  return {
    known,
    build(chunk, at) {
      const record = new Plain();
      new Place(record, chunk, at);
      for (const [field, getter] of getters) Object.defineProperty(record, field, getter);
      return record;
    },
  };
}

function writeField(writer: ChunkWriter, value: unknown, known: KnownTexts | undefined): void {
  if (value === null) writer.put(KIND.nothing);
  else if (typeof value === "boolean") writer.put(value ? KIND.yes : KIND.no);
  else if (typeof value === "string") writeText(writer, value, known);
  else if (typeof value === "number") writer.putNumber(value);
  else if (value instanceof Uint8Array) writer.putBytes(KIND.bytes, value);
  else if (value === undefined) writer.put(KIND.absent);
  else writeJson(writer, JSON.stringify(value), known);
}

function writeJson(writer: ChunkWriter, json: string, known: KnownTexts | undefined): void {
  const place = known === undefined ? undefined : placeAmong(known, json);
  if (place === undefined) writer.putText(KIND.json, json, "utf8");
  else {
    writer.put(KIND.knownJson);
    writer.put(place);
  }
}

function writeText(writer: ChunkWriter, text: string, known: KnownTexts | undefined): void {
  const place = known === undefined ? undefined : placeAmong(known, text);
  if (place !== undefined) {
    writer.put(KIND.known);
    writer.put(place);
  } else if (isGuid(text)) writer.putText(KIND.guid, text.replaceAll("-", ""), "hex");
  else if (isAnchor(text)) writer.putText(KIND.base64, text, "base64");
  else if (isLatin(text)) writer.putText(KIND.latin, text, "latin1");
  else writer.putText(KIND.wide, text, "utf16le");
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function isGuid(text: string): boolean {
  return text.length === 36 && GUID.test(text);
}

/** 16 bytes in base64, as their bytes give it back: the last letter before the signs has bits to spare. */
function isAnchor(text: string): boolean {
  return text.length === 24 && text.endsWith("==") && Buffer.from(text, "base64").toString("base64") === text;
}

function isLatin(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0xff) return false;
  return true;
}

/** Where a text stands among those that come again. A field whose texts are all different has none from then on. */
function placeAmong(known: KnownTexts, text: string): number | undefined {
  const { texts, places } = known;
  if (places === null) return undefined;
  const place = places.get(text);
  if (place !== undefined) return place;
  if (texts.length === MOST_KNOWN) {
    known.places = null;
    return undefined;
  }
  places.set(text, texts.length);
  texts.push(text);
  return texts.length - 1;
}

function readField(chunk: Buffer, at: number, known: readonly string[]): unknown {
  const kind = chunk[at];
  switch (kind) {
    case KIND.absent:
      return undefined;
    case KIND.nothing:
      return null;
    case KIND.no:
      return false;
    case KIND.yes:
      return true;
    case KIND.known:
      return known[chunk[at + 1] ?? 0];
    case KIND.knownJson:
      return JSON.parse(known[chunk[at + 1] ?? 0] ?? "");
    default: {
      const end = endOf(chunk, at);
      const start = startOf(chunk, at);
      if (kind === KIND.latin) return chunk.toString("latin1", start, end);
      if (kind === KIND.guid) return readGuid(chunk.toString("hex", start, end));
      if (kind === KIND.base64) return chunk.toString("base64", start, end);
      if (kind === KIND.number) return chunk.readDoubleLE(start);
      if (kind === KIND.wide) return chunk.toString("utf16le", start, end);
      // A copy: the bytes of a record are its own.
      if (kind === KIND.bytes) return Uint8Array.from(chunk.subarray(start, end));
      return JSON.parse(chunk.toString("utf8", start, end));
    }
  }
}

function readGuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function startOf(chunk: Buffer, at: number): number {
  return at + (chunk[at + 1] === LONG ? 6 : 2);
}

/** Where the next field begins. */
function endOf(chunk: Buffer, at: number): number {
  const kind = chunk[at] ?? KIND.absent;
  if (kind < KIND.known) return at + 1;
  if (kind === KIND.known || kind === KIND.knownJson) return at + 2;
  const short = chunk[at + 1] ?? 0;
  return short === LONG ? at + 6 + chunk.readUInt32LE(at + 2) : at + 2 + short;
}

/** Writes records one after the other into chunks; a record lies in one chunk whole. */
class ChunkWriter {
  #chunk: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  begin(): void {
    this.#start = this.#end;
  }

  end(): { readonly chunk: Buffer; readonly at: number } {
    return { chunk: this.#chunk, at: this.#start };
  }

  put(byte: number): void {
    this.#makeRoom(1);
    this.#chunk[this.#end] = byte;
    this.#end += 1;
  }

  putBytes(kind: number, bytes: Uint8Array): void {
    this.#head(kind, bytes.length);
    this.#chunk.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  putNumber(value: number): void {
    this.#head(KIND.number, NUMBER_BYTES);
    this.#chunk.writeDoubleLE(value, this.#end);
    this.#end += NUMBER_BYTES;
  }

  putText(kind: number, text: string, encoding: "latin1" | "utf16le" | "utf8" | "hex" | "base64"): void {
    const length = Buffer.byteLength(text, encoding);
    this.#head(kind, length);
    this.#chunk.write(text, this.#end, encoding);
    this.#end += length;
  }

  #head(kind: number, length: number): void {
    this.#makeRoom(6 + length);
    this.#chunk[this.#end] = kind;
    this.#chunk[this.#end + 1] = Math.min(length, LONG);
    this.#end += 2;
    if (length < LONG) return;
    this.#chunk.writeUInt32LE(length, this.#end);
    this.#end += 4;
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
