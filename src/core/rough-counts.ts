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

  /** @param texts About how many different ones will come. */
  constructor(texts: number) {
    this.#counts = new Uint8Array(tableSizeFor(texts * PLACES_PER_TEXT));
  }

  /** @returns The text's place, by which it is found again without the text. */
  add(text: string): number {
    const place = this.placeOf(text);
    this.#counts[place] = Math.min(MOST, this.atMostAt(place) + 1);
    return place;
  }

  /** Where a text is counted: the same in every table that was made for as many texts. */
  placeOf(text: string): number {
    return hashText(text) & (this.#counts.length - 1);
  }

  /** How often the text of this place came at most; beyond 255 it says 255. */
  atMostAt(place: number): number {
    return this.#counts[place] ?? 0;
  }
}
