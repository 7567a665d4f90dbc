/**
 * A token bucket with reservations: whoever takes from it is told how long to wait before using what was taken.
 *
 * Takers are served in the order in which they ask, and the sum over any time never exceeds the capacity plus the
 * refill. The quota it mirrors: 3,000 writes per 150 s, documented as a token bucket.
 *
 * Source: https://learn.microsoft.com/graph/throttling-limits (checked 2026-11)
 */
export class TokenBucket {
  #capacity: number;
  #unitsPerMs: number;
  #level: number;
  #filledAtMs: number;

  /** @param nowMs Monotonic; the bucket starts full. */
  constructor(capacity: number, windowSeconds: number, nowMs: number) {
    this.#capacity = capacity;
    this.#unitsPerMs = capacity / (windowSeconds * 1000);
    this.#level = capacity;
    this.#filledAtMs = nowMs;
  }

  /** Takes `units`. @returns Milliseconds to wait before they may be used. */
  reserve(units: number, nowMs: number): number {
    this.#refill(nowMs);
    this.#level -= units;
    return this.#level >= 0 ? 0 : Math.ceil(-this.#level / this.#unitsPerMs);
  }

  /** Returns what was reserved and not used. */
  giveBack(units: number): void {
    this.#level = Math.min(this.#capacity, this.#level + units);
  }

  /** Takes everything that is left. @returns How much that was, at least 0. */
  drain(nowMs: number): number {
    this.#refill(nowMs);
    const left = Math.max(0, this.#level);
    this.#level -= left;
    return left;
  }

  /** It has had this capacity all along: what was taken is taken of that. */
  enlarge(capacity: number, windowSeconds: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#level += capacity - this.#capacity;
    this.#capacity = capacity;
    this.#unitsPerMs = capacity / (windowSeconds * 1000);
  }

  /** Refills at another rate from now on. */
  setRate(unitsPerMs: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#unitsPerMs = unitsPerMs;
  }

  #refill(nowMs: number): void {
    this.#level = Math.min(this.#capacity, this.#level + (nowMs - this.#filledAtMs) * this.#unitsPerMs);
    this.#filledAtMs = nowMs;
  }
}
