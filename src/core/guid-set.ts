/**
 * A set of GUIDs in few bytes, in the order in which they came: some 40 bytes each, where a Set of their texts takes
 * well over 100. It can only grow, so that a place means the same for as long as the set is there.
 */
import { type Guid, guidFromBytes, guidToBytes } from "./guid.ts";
import { TextIndex } from "./text-index.ts";

const GUID_BYTES = 16;
const FEWEST = 16;

export class GuidSet implements Iterable<Guid> {
  readonly #places: TextIndex;
  #bytes: Buffer;
  #size = 0;

  /** @param atMost How many will come, where that is known. */
  constructor(atMost = FEWEST) {
    this.#places = new TextIndex(atMost);
    this.#bytes = Buffer.alloc(GUID_BYTES * atMost);
  }

  get size(): number {
    return this.#size;
  }

  has(guid: Guid): boolean {
    return this.#places.find(guid).some((place) => this.at(place) === guid);
  }

  /** Puts it at the end, unless it is there already. */
  add(guid: Guid): void {
    if (this.has(guid)) return;
    const end = GUID_BYTES * this.#size;
    if (end === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], Math.max(2 * end, GUID_BYTES * FEWEST));
    this.#bytes.set(guidToBytes(guid), end);
    this.#places.add(guid, this.#size);
    this.#size += 1;
  }

  /** @param place From 0. @throws {RangeError} nothing has come to this place yet. */
  at(place: number): Guid {
    const guid = guidFromBytes(this.#bytes.subarray(GUID_BYTES * place, GUID_BYTES * Math.min(place + 1, this.#size)));
    if (guid === null) throw new RangeError(`there are ${this.#size} GUIDs, and none at ${place}`);
    return guid;
  }

  *[Symbol.iterator](): Generator<Guid> {
    for (let place = 0; place < this.#size; place += 1) yield this.at(place);
  }
}
