/**
 * Notices that the machine slept, or that the process was held, while writes were under way.
 *
 * A laptop that is closed in the middle of a run wakes up an hour later with reads that look a second old and with
 * requests whose answers are long gone. Whatever was under way then is undecided, and every write needs a fresh read.
 *
 * Of the two clocks the wall clock goes on while the machine sleeps and the monotonic one, on Linux and macOS, does not;
 * a process that was held (SIGSTOP) sees both go on. So it is the later of the two that counts. A wall clock that is set
 * back says nothing: nobody sleeps backwards. One that is set forward looks like sleep, and costs a few reads.
 *
 * Source: clock_gettime(2), CLOCK_MONOTONIC "does not count time that the system is suspended" (checked 2026-11)
 */
import type { TickingClock } from "../ports/clock.ts";

/** How often the clocks are looked at. */
export const LOOK_EVERY_MS = 1_000;
/** A gap of more than this is sleep. A busy process may well look a few seconds late. */
export const LONGEST_GAP_MS = 20_000;

export class SuspendWatch {
  readonly #clock: TickingClock;
  readonly #onSleep: (gapMs: number) => void;
  #awake = new AbortController();
  #wallMs: number;
  #monotonicMs: number;

  /** @param onSleep Told how long nobody looked, once for each sleep. */
  constructor(clock: TickingClock, onSleep: (gapMs: number) => void) {
    this.#clock = clock;
    this.#onSleep = onSleep;
    this.#wallMs = clock.now().getTime();
    this.#monotonicMs = clock.monotonicMs();
  }

  /** Looks every second until the returned function is called. */
  start(): () => void {
    this.#remember();
    return this.#clock.every(LOOK_EVERY_MS, () => this.#look());
  }

  /**
   * The present stretch of being awake: the signal fires when the machine turns out to have slept since.
   * What was read before it fired is not fresh any more.
   */
  awake(): AbortSignal {
    this.#look();
    return this.#awake.signal;
  }

  /** Whether the machine has slept since that stretch began. */
  hasSleptSince(stretch: AbortSignal): boolean {
    this.#look();
    return stretch.aborted;
  }

  #look(): void {
    const wallMs = this.#clock.now().getTime() - this.#wallMs;
    const monotonicMs = this.#clock.monotonicMs() - this.#monotonicMs;
    this.#remember();
    const gapMs = Math.max(wallMs, monotonicMs) - LOOK_EVERY_MS;
    if (gapMs <= LONGEST_GAP_MS) return;
    const ended = this.#awake;
    this.#awake = new AbortController();
    this.#onSleep(gapMs);
    ended.abort();
  }

  #remember(): void {
    this.#wallMs = this.#clock.now().getTime();
    this.#monotonicMs = this.#clock.monotonicMs();
  }
}
