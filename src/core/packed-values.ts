/**
 * Values as bytes: each item is its kind, how long it is where that is not plain, and its bytes. They are written by
 * record-writer.ts.
 *
 * Texts that come again, ends that many texts have and the keys of objects are kept once, for all records of a kind.
 */
import { lengthAt, startAt } from "./chunk-writer.ts";

export const KIND = {
  absent: 0,
  nothing: 1,
  no: 2,
  yes: 3,
  known: 4,
  byte: 5,
  whole: 6,
  double: 7,
  guid: 8,
  anchor: 9,
  latin: 10,
  wide: 11,
  bytes: 12,
  /** Letters of its own, then all of an earlier text of the record. */
  ending: 13,
  /** Another text, then one that ends many. */
  tailed: 14,
  /** A text that begins many, then another. */
  begun: 15,
  list: 16,
  object: 17,
  json: 18,
} as const;

/** Bytes of the items that need no length, by their kind. */
const SIZES: readonly number[] = [1, 1, 1, 1, 2, 2, 5, 9, 17, 17];

/** Texts that are pointed at with one byte. */
const MOST_KNOWN = 255;
/** Objects with the same keys share one list of them; beyond so many such lists an object is written as JSON. */
const MOST_SHAPES = 255;
/** Texts that begin or end others, pointed at with two bytes. */
const MOST_ENDS = 4_096;

/** The first texts that came, each once. */
export class KnownTexts {
  readonly #texts: string[] = [];
  readonly #places = new Map<string, number>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** The place of a text that has come before; `undefined` the first time, and where too many others came before it. */
  placeOf(text: string): number | undefined {
    const place = this.#places.get(text);
    if (place === undefined && this.#texts.length < this.#most) {
      this.#places.set(text, this.#texts.length);
      this.#texts.push(text);
    }
    return place;
  }

  at(place: number): string {
    return this.#texts[place] ?? "";
  }
}

/** Keys of an object, and what came under each. */
type Shape = { readonly keys: readonly string[]; readonly memories: readonly Memory[] };

/** What came at one place of many records: in a field, among the items of a list, under a key of an object. */
export class Memory {
  readonly texts = new KnownTexts(MOST_KNOWN);
  readonly shapes: Shape[] = [];
  /** Of all places together. */
  readonly ends: KnownTexts;
  readonly #placeOfShape = new Map<string, number>();
  #items: Memory | null = null;

  constructor(ends = new KnownTexts(MOST_ENDS)) {
    this.ends = ends;
  }

  /** What came among the items of lists. */
  get items(): Memory {
    this.#items ??= new Memory(this.ends);
    return this.#items;
  }

  /** The place among the shapes of one with these keys; `undefined` where there are too many. */
  placeOfShape(keys: readonly string[]): number | undefined {
    const name = JSON.stringify(keys);
    const place = this.#placeOfShape.get(name);
    if (place !== undefined || this.shapes.length === MOST_SHAPES) return place;
    this.#placeOfShape.set(name, this.shapes.length);
    return this.shapes.push({ keys, memories: keys.map(() => new Memory(this.ends)) }) - 1;
  }
}

/** Reads the item at this place. @param memory The one that it was written with. */
export function readValue(chunk: Buffer, at: number, memory: Memory): unknown {
  switch (chunk[at]) {
    case KIND.absent:
      return undefined;
    case KIND.nothing:
      return null;
    case KIND.no:
      return false;
    case KIND.yes:
      return true;
    case KIND.known:
      return memory.texts.at(chunk[at + 1] ?? 0);
    case KIND.byte:
      return chunk[at + 1];
    case KIND.whole:
      return chunk.readUInt32LE(at + 1);
    case KIND.double:
      return chunk.readDoubleLE(at + 1);
    case KIND.guid:
      return readGuid(chunk.toString("hex", at + 1, at + 17));
    case KIND.anchor:
      return chunk.toString("base64", at + 1, at + 17);
    case KIND.bytes:
      // A copy: the bytes of a record are its own.
      return Uint8Array.from(chunk.subarray(startAt(chunk, at), endOf(chunk, at)));
    case KIND.list:
      return readItems(chunk, startAt(chunk, at), new Array<Memory>(lengthAt(chunk, at)).fill(memory.items));
    case KIND.object:
      return readObject(chunk, startAt(chunk, at), memory);
    case KIND.json:
      return JSON.parse(chunk.toString("utf8", startAt(chunk, at), endOf(chunk, at)));
    default:
      return readLetters(chunk, at, memory.ends);
  }
}

function readLetters(chunk: Buffer, at: number, ends: KnownTexts): string {
  const kind = chunk[at];
  if (kind === KIND.tailed) return readLetters(chunk, at + 3, ends) + ends.at(chunk.readUInt16LE(at + 1));
  if (kind === KIND.begun) return ends.at(chunk.readUInt16LE(at + 1)) + readLetters(chunk, at + 3, ends);
  const start = startAt(chunk, at);
  const end = endOf(chunk, at);
  if (kind === KIND.wide) return chunk.toString("utf16le", start, end);
  if (kind === KIND.latin) return chunk.toString("latin1", start, end);
  return chunk.toString("latin1", start + 2, end) + readLetters(chunk, at - chunk.readUInt16LE(start), ends);
}

function readObject(chunk: Buffer, at: number, memory: Memory): object {
  const { keys, memories } = memory.shapes[chunk[at] ?? 0] ?? { keys: [], memories: [] };
  const values = readItems(chunk, at + 1, memories);
  return Object.fromEntries(keys.map((key, index) => [key, values[index]]));
}

/** Reads items one after the other, as many as there are memories. */
function readItems(chunk: Buffer, start: number, memories: readonly Memory[]): unknown[] {
  let at = start;
  return memories.map((memory) => {
    const value = readValue(chunk, at, memory);
    at = endOf(chunk, at);
    return value;
  });
}

function readGuid(hex: string): string {
  // Joined, because V8 would keep the parts of a template, and what is read here is the key of many a map.
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Where so many items after this one begin. */
export function skip(chunk: Buffer, start: number, items: number): number {
  let at = start;
  for (let skipped = 0; skipped < items; skipped += 1) at = endOf(chunk, at);
  return at;
}

function endOf(chunk: Buffer, at: number): number {
  const kind = chunk[at] ?? KIND.absent;
  const size = SIZES[kind];
  if (size !== undefined) return at + size;
  if (kind === KIND.tailed || kind === KIND.begun) return endOf(chunk, at + 3);
  const [start, length] = [startAt(chunk, at), lengthAt(chunk, at)];
  if (kind === KIND.list) return skip(chunk, start, length);
  return kind === KIND.object ? skip(chunk, start + 1, length) : start + length;
}
