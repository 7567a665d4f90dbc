/**
 * How often texts came, in one byte a place whatever their number: never too low, and too high where texts share a place.
 *
 * It tells cheaply which texts cannot have come often; whoever needs to be sure counts the others again.
 */
import { hashText, tableSizeFor } from "./text-hash.ts";

const PLACES_PER_TEXT = 4;
const MOST = 255;

export class RoughCounts {
  readonly #counts: Uint8Array;
  #most = 0;

  /** @param texts About how many different ones will come. */
  constructor(texts: number) {
    this.#counts = new Uint8Array(tableSizeFor(texts * PLACES_PER_TEXT));
  }

  /** The highest count of all. */
  get most(): number {
    return this.#most;
  }

  add(text: string): void {
    const place = this.#placeOf(text);
    const count = Math.min(MOST, (this.#counts[place] ?? 0) + 1);
    this.#counts[place] = count;
    if (count > this.#most) this.#most = count;
  }

  /** How often it came at most; beyond 255 it says 255. */
  atMost(text: string): number {
    return this.#counts[this.#placeOf(text)] ?? 0;
  }

  #placeOf(text: string): number {
    return hashText(text) & (this.#counts.length - 1);
  }
}
