/**
 * The one owner of pacing: every request to the tenant waits here for its turn.
 *
 * Three limits together: the quota (a token bucket for writes, one for reads), the number of requests under way
 * (starts at 4, grows with success, halves when the service objects), and the pause that the service asks for. A
 * pause holds all requests, not only the one that was told: while throttled, every request counts against the
 * quota, and a client that goes on prolongs its own punishment.
 *
 * Source: https://learn.microsoft.com/graph/throttling and /graph/throttling-limits (checked 2026-11)
 */
import type { Chance, Clock } from "../../ports/clock.ts";
import { LEAST_READ_UNITS, READ_WINDOW_SECONDS, readUnitsOf } from "./read-quota.ts";
import { backoffMs } from "./retry-after.ts";
import { RetryQuota } from "./retry-quota.ts";
import { Silence } from "./silence.ts";
import { TokenBucket } from "./token-bucket.ts";
import { WriteBudget } from "./write-budget.ts";

/** A pause that is told as this long or longer ends the run, resumable, instead of being waited for. */
export const LONGEST_PAUSE_MS = 15 * 60 * 1000;
const FIRST_CONCURRENCY = 4;

/** The service asked for a pause that no run should wait for. */
export class PauseTooLong extends Error {
  override readonly name = "PauseTooLong";
  readonly waitMs: number;

  constructor(waitMs: number) {
    super(`the tenant asks for a pause of ${Math.ceil(waitMs / 60_000)} minutes`);
    this.waitMs = waitMs;
  }
}

/** A turn came after the time by which its call had to be sent. */
export class TurnTooLate extends Error {
  override readonly name = "TurnTooLate";

  constructor() {
    super("the turn under the quota came too late for what was read before");
  }
}

export type Limits = {
  /** Writes per window that the tenant grants this app. */
  readonly writes: number;
  readonly windowSeconds: number;
  /** Most requests under way at once. */
  readonly inFlight: number;
};

/** The right to have one request under way, from {@link Governor.enter} until `leave`. */
export type Turn = { readonly number: number; leave(): void };

export class Governor {
  readonly retries = new RetryQuota();
  readonly silence: Silence;
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #note: (text: string) => void;
  readonly #most: number;
  readonly #buckets: { readonly read: TokenBucket; readonly write: WriteBudget };
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;
  #concurrency: number;
  #sinceGrowth = 0;
  #heldUntilMs = Number.NEGATIVE_INFINITY;
  /** The pause as it was told: what is left of a long one may be short, and is still not waited for. */
  #toldMs = 0;
  #pauseNoted = false;
  #turns = 0;
  #lastTurnBeforeThrottle = 0;
  #throttledInARow = 0;
  #holdChanged = new AbortController();

  /** @param note Receives a line for the operator when a pause begins and when it is over, and while no answer comes. */
  constructor(limits: Limits, clock: Clock, chance: Chance, note: (text: string) => void) {
    const nowMs = clock.monotonicMs();
    this.silence = new Silence(clock, note);
    this.#clock = clock;
    this.#chance = chance;
    this.#note = note;
    this.#most = Math.max(1, limits.inFlight);
    this.#concurrency = Math.min(FIRST_CONCURRENCY, this.#most);
    this.#buckets = {
      read: new TokenBucket(LEAST_READ_UNITS, READ_WINDOW_SECONDS, nowMs),
      write: new WriteBudget(limits.writes, limits.windowSeconds, nowMs),
    };
  }

  /** How many requests may be under way just now. */
  get concurrency(): number {
    return this.#concurrency;
  }

  /** The users of the tenant were counted: a larger tenant lets an app read more. */
  tenantHas(users: number): void {
    this.#buckets.read.enlarge(readUnitsOf(users), READ_WINDOW_SECONDS, this.#clock.monotonicMs());
  }

  /**
   * Waits until a request may be sent.
   *
   * @param giveUp When it has fired, a request that may be sent at once still is, and none waits for the quota or for
   *   the end of a pause.
   * @throws {PauseTooLong} The reason of the signal, or of `giveUp`.
   */
  async enter(kind: "read" | "write", units: number, signal: AbortSignal, giveUp = signal): Promise<Turn> {
    signal.throwIfAborted();
    const bucket = this.#buckets[kind];
    const waitMs = bucket.reserve(units, this.#clock.monotonicMs());
    try {
      this.#refuseLongPause();
      if (waitMs > 0) await this.#clock.sleep(waitMs, giveUp);
      for (;;) {
        await this.#waitOutHold(giveUp);
        await this.#takePlace(signal);
        if (this.#heldForMs() <= 0) break;
        this.#leavePlace(); // Held while it waited for its place.
      }
    } catch (error) {
      bucket.giveBack(units);
      throw error;
    }
    this.#turns += 1;
    let left = false;
    const leave = () => {
      if (!left) this.#leavePlace();
      left = true;
    };
    return { number: this.#turns, leave };
  }

  /**
   * A 429 or 503 has come back: holds everything. To be called before the turn is left.
   *
   * @param turn The turn that was answered so; `null` for an answer inside a batch, which counts for itself.
   * @param toldMs What Retry-After said; `null` backs off on our own.
   * @param limit What it says is used up: the writes, or something that may or may not be that; `null` for a 503.
   * @returns How long everything is held, milliseconds.
   */
  throttled(
    turn: Turn | null,
    kind: "read" | "write",
    toldMs: number | null,
    limit: "writes" | "unknown" | null = "unknown",
  ): number {
    const nowMs = this.#clock.monotonicMs();
    // Requests that were under way together are objected to together: that is one event, not sixteen.
    if (turn === null || turn.number > this.#lastTurnBeforeThrottle) {
      this.#throttledInARow += 1;
      this.#lastTurnBeforeThrottle = this.#turns;
      this.#concurrency = Math.max(1, Math.floor(this.#concurrency / 2));
      this.#sinceGrowth = 0;
      this.retries.spend();
      if (kind === "write" && limit !== null) this.#buckets.write.refused(limit === "writes", nowMs);
    }
    const waitMs = toldMs ?? backoffMs(this.#throttledInARow, this.#chance.fraction());
    if (nowMs + waitMs > this.#heldUntilMs) {
      this.#heldUntilMs = nowMs + waitMs;
      this.#toldMs = waitMs;
      const changed = this.#holdChanged;
      this.#holdChanged = new AbortController();
      changed.abort();
      if (waitMs >= 5000) {
        this.#pauseNoted = true;
        const until = new Date(this.#clock.now().getTime() + waitMs).toISOString().slice(11, 19);
        const seconds = Math.ceil(waitMs / 1000);
        this.#note(`The tenant asks for a pause of ${seconds} s, until ${until} UTC; all requests are held.`);
      }
    }
    return waitMs;
  }

  /** A request was answered as it should be. */
  succeeded(kind: "read" | "write"): void {
    this.retries.refund();
    if (kind === "write") this.#buckets.write.granted();
    this.#throttledInARow = 0;
    this.#sinceGrowth += 1;
    if (this.#sinceGrowth < this.#concurrency || this.#concurrency >= this.#most) return;
    this.#sinceGrowth = 0;
    this.#concurrency += 1;
    this.#admitWaiting();
  }

  #heldForMs(): number {
    return this.#heldUntilMs - this.#clock.monotonicMs();
  }

  #refuseLongPause(): void {
    const heldForMs = this.#heldForMs();
    if (heldForMs > 0 && this.#toldMs >= LONGEST_PAUSE_MS) throw new PauseTooLong(heldForMs);
  }

  async #waitOutHold(signal: AbortSignal): Promise<void> {
    for (let heldForMs = this.#heldForMs(); heldForMs > 0; heldForMs = this.#heldForMs()) {
      this.#refuseLongPause();
      const changed = this.#holdChanged.signal;
      try {
        await this.#clock.sleep(heldForMs, AbortSignal.any([signal, changed]));
      } catch (error) {
        signal.throwIfAborted();
        if (!changed.aborted) throw error; // Else the pause grew: look at it again.
      }
    }
    if (!this.#pauseNoted) return;
    this.#pauseNoted = false;
    this.#note("The pause is over; going on.");
  }

  async #takePlace(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#underWay < this.#concurrency && this.#waiting.length === 0) {
      this.#underWay += 1;
      return;
    }
    const place = Promise.withResolvers<void>();
    const stop = () => {
      const index = this.#waiting.indexOf(place.resolve);
      if (index >= 0) this.#waiting.splice(index, 1);
      place.reject(signal.reason);
    };
    this.#waiting.push(place.resolve);
    signal.addEventListener("abort", stop, { once: true });
    try {
      await place.promise;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  #leavePlace(): void {
    this.#underWay -= 1;
    this.#admitWaiting();
  }

  #admitWaiting(): void {
    while (this.#underWay < this.#concurrency) {
      const admit = this.#waiting.shift();
      if (admit === undefined) return;
      this.#underWay += 1;
      admit();
    }
  }
}
