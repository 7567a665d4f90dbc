/**
 * What the operator is told while no answer comes: what is tried, why it fails, and until when.
 *
 * Trying again is patient, and patience without a word looks like a program that hangs. It also knows whether anybody
 * has answered at all: a service that did answer is waited for, an address at which nothing ever was is most likely a
 * mistake in the configuration.
 */
import type { Clock } from "../../ports/clock.ts";

/** A line is said at least this long after the one before. */
const SAY_EVERY_MS = 10_000;
/** A wait that is over by then needs no word. */
const SHORT_MS = 2_000;

export class Silence {
  readonly #clock: Clock;
  readonly #note: (text: string) => void;
  #answered = false;
  #told = false;
  #saidMs = Number.NEGATIVE_INFINITY;

  /** @param note Receives a line for the operator. */
  constructor(clock: Clock, note: (text: string) => void) {
    this.#clock = clock;
    this.#note = note;
  }

  /** Whether any answer has come since the program was started, if only a refusal. */
  get hasHeard(): boolean {
    return this.#answered;
  }

  /**
   * A try has failed, and there will be another.
   *
   * @param why In words, with the host.
   * @param wait Milliseconds: since the first try, until the next, and until the last at most.
   */
  goesOn(
    why: string,
    { sinceMs, nextMs, mostMs }: { readonly sinceMs: number; readonly nextMs: number; readonly mostMs: number },
  ): void {
    const nowMs = this.#clock.monotonicMs();
    if (sinceMs + nextMs <= SHORT_MS || nowMs - this.#saidMs < SAY_EVERY_MS) return;
    this.#saidMs = nowMs;
    this.#told = true;
    const last = this.#timeIn(mostMs);
    this.#note(
      `No answer: ${why}. Trying again in ${Math.ceil(nextMs / 1000)} s, and until ${last} UTC at the latest.`,
    );
  }

  /** An answer has come. @param useful Whether it is the one that was asked for. */
  heard(useful: boolean): void {
    this.#answered = true;
    if (!useful || !this.#told) return;
    this.#told = false;
    this.#saidMs = Number.NEGATIVE_INFINITY;
    this.#note("There is an answer again; going on.");
  }

  #timeIn(ms: number): string {
    return new Date(this.#clock.now().getTime() + ms).toISOString().slice(11, 19);
  }
}
