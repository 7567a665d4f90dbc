/**
 * The simulation's time: one monotonic source, injected, from which everything else is derived.
 *
 * Tests hand in `now` and `schedule` and turn the clock themselves; no test then waits for a quota window or a late
 * write. `timeScale` makes simulated durations (windows, latencies, late writes) pass faster than real ones; the
 * wall clock that dates answers and expires tokens is never scaled, or clients would see a wrong Date header.
 */

export interface SimulationClock {
  /** Simulated milliseconds since start, scaled. */
  nowMs(): number;
  /** Wall clock, whole milliseconds since the Unix epoch. */
  wallMs(): number;
  /** How many wall seconds a simulated duration takes. */
  wallSeconds(simulatedMs: number): number;
  /** Runs `action` after a simulated duration. @returns A function that cancels it. */
  schedule(action: () => void, simulatedMs: number): () => void;
  waitMs(simulatedMs: number): Promise<void>;
}

export interface ClockOptions {
  /** Monotonic milliseconds; default `performance.now`. */
  readonly now?: () => number;
  /** Default `setTimeout`; must return a function that cancels. */
  readonly schedule?: (action: () => void, waitMs: number) => () => void;
  /** Simulated time per real time, default 1. */
  readonly timeScale?: number;
  /** Wall clock at start, default `Date.now()`. */
  readonly wallStartMs?: number;
}

function scheduleByTimer(action: () => void, waitMs: number): () => void {
  // Unreferenced: a late write must not keep a process alive whose server is closed.
  const timer = setTimeout(action, waitMs).unref();
  return () => clearTimeout(timer);
}

export function createClock(options: ClockOptions): SimulationClock {
  const now = options.now ?? (() => performance.now());
  const schedule = options.schedule ?? scheduleByTimer;
  const timeScale = options.timeScale ?? 1;
  const wallStartMs = options.wallStartMs ?? Date.now();
  const startMs = now();
  return {
    nowMs: () => (now() - startMs) * timeScale,
    wallMs: () => Math.floor(wallStartMs + (now() - startMs)),
    wallSeconds: (simulatedMs) => simulatedMs / timeScale / 1000,
    schedule: (action, simulatedMs) => schedule(action, simulatedMs / timeScale),
    waitMs: (simulatedMs) =>
      simulatedMs <= 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            schedule(resolve, simulatedMs / timeScale);
          }),
  };
}
