/**
 * Finds places by text without keeping the texts: some 20 bytes for each, where a map of texts takes well over 100.
 *
 * Texts that differ may share a number, so whoever asks compares what stands at a place with what was asked for.
 */
import { hashText, tableSizeFor } from "./text-hash.ts";

const NONE = -1;

export class TextIndex {
  #size = 0;
  #hashes: Uint32Array;
  #places: Int32Array;
  /** Of each entry the one before it in the same slot. */
  #earlier: Int32Array;
  /** The last entry of each slot. */
  #slots: Int32Array;

  /** @param texts How many will come, where that is known: there is then no room for others until one comes. */
  constructor(texts = 16) {
    this.#hashes = new Uint32Array(texts);
    this.#places = new Int32Array(texts);
    this.#earlier = new Int32Array(texts);
    this.#slots = new Int32Array(tableSizeFor(texts)).fill(NONE);
  }

  /** @param place 0 to 2^31 - 1; places of one text are added in ascending order. */
  add(text: string, place: number): void {
    if (this.#size === this.#places.length) this.#grow();
    const hash = hashText(text);
    const entry = this.#size;
    this.#size += 1;
    this.#hashes[entry] = hash;
    this.#places[entry] = place;
    this.#link(entry, hash);
  }

  /** Every place that was added with this text, ascending, and now and then one that was added with another. */
  find(text: string): number[] {
    const hash = hashText(text);
    const found: number[] = [];
    let entry = this.#slots[hash & (this.#slots.length - 1)] ?? NONE;
    for (; entry !== NONE; entry = this.#earlier[entry] ?? NONE)
      if (this.#hashes[entry] === hash) found.push(this.#places[entry] ?? NONE);
    return found.reverse();
  }

  #link(entry: number, hash: number): void {
    const slot = hash & (this.#slots.length - 1);
    this.#earlier[entry] = this.#slots[slot] ?? NONE;
    this.#slots[slot] = entry;
  }

  #grow(): void {
    const length = tableSizeFor(this.#size + 1);
    this.#hashes = enlarge(this.#hashes, new Uint32Array(length));
    this.#places = enlarge(this.#places, new Int32Array(length));
    this.#earlier = new Int32Array(length);
    this.#slots = new Int32Array(length).fill(NONE);
    for (let entry = 0; entry < this.#size; entry += 1) this.#link(entry, this.#hashes[entry] ?? 0);
  }
}

function enlarge<Numbers extends Uint32Array | Int32Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
