/**
 * How many writes may go out: the granted quota, corrected by what the service answers.
 *
 * A 429 may say that the quota is used up, or that something else is short for a moment. To believe the first too soon
 * throws a burst of 3,000 writes away, two and a half minutes of a run; to believe the second too long makes the service
 * refuse again and again. So where the answer does not say that it is the write limit, what is left of the burst is set
 * aside and comes back with the writes that are granted after the pause, faster with each. A refusal before more was
 * granted than a refill explains makes it less.
 *
 * Between two refusals that find the bucket empty exactly the refill was granted. Where that is clearly less than agreed,
 * it is the rate from then on: a quota can be lower than documented, or another program may use the same one.
 *
 * Source: https://learn.microsoft.com/graph/throttling-limits (bucket, x-ms-throttle-information; checked 2026-11); the
 * rest is our own measuring.
 */
import { TokenBucket } from "./token-bucket.ts";

/** The service counts a write when it arrives: its bucket is still full then, and has lost the refill of the way there. */
const LONGEST_WAY_MS = 400;
/** Writes beyond the refill that an empty bucket may still grant: what came in while others were held. */
const SLACK = 20;
/** What stays set aside after a refusal that an empty bucket explains. */
const KEPT = 0.75;
/** What comes back of what was set aside with each granted write. */
const BACK_FOR_EACH = 2;
/** A measured rate is believed when it was measured for so long ... */
const LEAST_MEASURE_MS = 5_000;
/** ... and, where the service does not say that it is the write limit, is so much lower than the rate in force. */
const CLEARLY_LOWER = 0.9;
/** Of a measured rate: exactly at it, the next refusal would be a matter of chance. */
const MARGIN = 0.98;
/** How much the rate grows back in a window without a refusal. */
const GROWTH = 1.05;

export class WriteBudget {
  readonly #bucket: TokenBucket;
  readonly #agreedPerMs: number;
  readonly #windowMs: number;
  #perMs: number;
  /** Of the burst, because the bucket may be empty. */
  #setAside = 0;
  #refusedAtMs: number | null = null;
  /** Since the last refusal. */
  #granted = 0;
  /** The last refusal that found the bucket empty, and what was granted since. */
  #empty: { readonly atMs: number; granted: number } | null = null;
  #quietSinceMs: number;

  /** @param nowMs Monotonic; the budget starts full. */
  constructor(writes: number, windowSeconds: number, nowMs: number) {
    this.#windowMs = windowSeconds * 1000;
    this.#agreedPerMs = writes / this.#windowMs;
    this.#perMs = this.#agreedPerMs;
    this.#bucket = new TokenBucket(
      Math.max(1, writes - Math.ceil(this.#agreedPerMs * LONGEST_WAY_MS)),
      windowSeconds,
      nowMs,
    );
    this.#bucket.setRate(this.#agreedPerMs, nowMs);
    this.#quietSinceMs = nowMs;
  }

  /** Takes writes. @returns Milliseconds to wait before they may be sent. */
  reserve(writes: number, nowMs: number): number {
    if (this.#perMs < this.#agreedPerMs && nowMs - this.#quietSinceMs >= this.#windowMs) {
      this.#quietSinceMs = nowMs;
      this.#setRate(Math.min(this.#agreedPerMs, this.#perMs * GROWTH), nowMs);
    }
    return this.#bucket.reserve(writes, nowMs);
  }

  /** Returns what was reserved and not used. */
  giveBack(writes: number): void {
    this.#bucket.giveBack(writes);
  }

  /** A write was not refused. */
  granted(): void {
    this.#granted += 1;
    if (this.#empty !== null) this.#empty.granted += 1;
    const back = Math.min(BACK_FOR_EACH, this.#setAside);
    this.#setAside -= back;
    this.#bucket.giveBack(back);
  }

  /**
   * A write was refused with a 429; those that were under way with it count as one.
   *
   * @param isWriteLimit The service says that the writes are used up; false where it says nothing.
   */
  refused(isWriteLimit: boolean, nowMs: number): void {
    const left = this.#setAside + this.#bucket.drain(nowMs);
    const isExplained =
      this.#refusedAtMs !== null && this.#granted <= (nowMs - this.#refusedAtMs) * this.#perMs + SLACK;
    this.#setAside = isWriteLimit ? 0 : left * (isExplained ? KEPT : 1);
    this.#refusedAtMs = nowMs;
    this.#quietSinceMs = nowMs;
    this.#granted = 0;
    if (isWriteLimit || this.#setAside < 1) this.#learnRate(isWriteLimit ? 1 : CLEARLY_LOWER, nowMs);
  }

  #learnRate(threshold: number, nowMs: number): void {
    if (this.#empty !== null) {
      const measuredMs = nowMs - this.#empty.atMs;
      if (measuredMs < LEAST_MEASURE_MS) return;
      const perMs = this.#empty.granted / measuredMs;
      if (perMs < this.#perMs * threshold) this.#setRate(perMs * MARGIN, nowMs);
    }
    this.#empty = { atMs: nowMs, granted: 0 };
  }

  #setRate(perMs: number, nowMs: number): void {
    this.#perMs = Math.max(perMs, this.#agreedPerMs / 10);
    this.#bucket.setRate(this.#perMs, nowMs);
  }
}
