/** Immutable IDs by place, as their 16 bytes: a text takes 40, and an object for each place to hold it more. */
const BYTES = 16;

export class IdColumn {
  readonly #bytes: Buffer;
  readonly #isSet: Uint8Array;

  constructor(places: number) {
    this.#bytes = Buffer.alloc(places * BYTES);
    this.#isSet = new Uint8Array(places);
  }

  /** @param id Canonical base64 of 16 bytes; anything else comes back as something else. */
  set(place: number, id: string): void {
    this.#isSet[place] = 1;
    this.#bytes.write(id, place * BYTES, "base64");
  }

  /** `null` where none was set. */
  get(place: number): string | null {
    if (this.#isSet[place] !== 1) return null;
    return this.#bytes.toString("base64", place * BYTES, (place + 1) * BYTES);
  }
}
