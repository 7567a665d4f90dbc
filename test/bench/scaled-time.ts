/**
 * Time that passes faster than the machine's own, the same in every process that is told the same start.
 *
 * A quota of 150 s a window would make a case of the bench take six minutes. With one factor over the quota, every
 * latency and every wait the figures stay what they are, but for the computing, which then weighs more than it should:
 * a figure can only come out worse.
 */
import type { TickingClock } from "../../src/ports/clock.ts";
import type { ClockOptions } from "../../src/sim/tenant/clock.ts";

/** Plain values, to be handed from process to process. */
export type TimeScale = {
  /** How much faster than real: from 1 to 10. */
  readonly factor: number;
  /** Unix milliseconds at which both times were the same. */
  readonly startMs: number;
};

/** @throws {RangeError} A factor outside of what a figure may rest on. */
export function makeTimeScale(factor: number): TimeScale {
  if (!(factor >= 1 && factor <= 10)) throw new RangeError(`time may be scaled by 1 to 10, not ${factor}`);
  return { factor, startMs: Date.now() };
}

/** What the simulated tenant is started with. */
export function timeOfTenant(scale: TimeScale): ClockOptions {
  return {
    now: () => scaledMs(scale),
    schedule: (action, waitMs) => {
      const timer = setTimeout(action, waitMs / scale.factor).unref();
      return () => clearTimeout(timer);
    },
    wallStartMs: scale.startMs + scaledMs(scale),
  };
}

/** What the program is run with, in the place of `realClock`. */
export function clockOfProgram(scale: TimeScale, realClock: TickingClock): TickingClock {
  return {
    now: () => new Date(scale.startMs + scaledMs(scale)),
    monotonicMs: () => scaledMs(scale),
    sleep: (ms, signal) => realClock.sleep(ms / scale.factor, signal),
    every: (ms, look) => realClock.every(ms / scale.factor, look),
  };
}

/** Scaled milliseconds since the start. */
function scaledMs({ factor, startMs }: TimeScale): number {
  return (performance.timeOrigin + performance.now() - startMs) * factor;
}
