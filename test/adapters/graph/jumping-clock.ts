/**
 * A clock whose waits take no time: each one moves the time on to its end, so a test can see who waited for what.
 *
 * The wait for a request's time-out is the exception: it ends only by `expireTimeouts`.
 */
import type { Chance, Clock } from "../../../src/ports/clock.ts";

/** An unusual number of seconds, so that its wait can be told from all others. */
export const REQUEST_TIMEOUT_SECONDS = 61;

export type JumpingClock = Clock & {
  readonly waits: readonly number[];
  expireTimeouts(): void;
  /** Sets the wall clock forward or back; time itself goes on as ever. */
  setWallClock(byMs: number): void;
};

export function createJumpingClock(): JumpingClock {
  let nowMs = 0;
  let wallAheadMs = 0;
  const waits: number[] = [];
  const timeouts = new Set<() => void>();
  return {
    waits,
    now: () => new Date(Date.UTC(2026, 10, 22, 1, 0, 0) + nowMs + wallAheadMs),
    monotonicMs: () => nowMs,
    async sleep(ms, signal) {
      signal.throwIfAborted();
      if (ms === REQUEST_TIMEOUT_SECONDS * 1000) {
        const end = Promise.withResolvers<void>();
        timeouts.add(end.resolve);
        signal.addEventListener("abort", () => end.reject(signal.reason), { once: true });
        await end.promise.finally(() => timeouts.delete(end.resolve));
        return;
      }
      waits.push(ms);
      const endMs = nowMs + ms;
      await Promise.resolve();
      signal.throwIfAborted();
      nowMs = Math.max(nowMs, endMs);
    },
    setWallClock(byMs) {
      wallAheadMs += byMs;
    },
    expireTimeouts() {
      for (const expire of timeouts) expire();
    },
  };
}

/** Chance without surprises: counted ids, and always the same fraction. */
export function createFixedChance(fraction = 0.5): Chance {
  let count = 0;
  return {
    uuid: () => {
      count += 1;
      return `00000000-0000-4000-8000-${String(count).padStart(12, "0")}`;
    },
    fraction: () => fraction,
  };
}
