/**
 * One time for the program and for the simulated tenant, which passes only when both have nothing else to do.
 *
 * Every request takes a fixed moment of it; the rest is waiting, and a wait ends as soon as everything stands still.
 * So a quarantine of three minutes costs a test no time, and still ends after whatever lands a second earlier.
 *
 * A request under way is known by its time-out, a wait of a length that nothing else has. When nothing moves although
 * requests are under way, the server keeps them: then the time goes on, to a delayed answer or to the time-out.
 */
import type { TickingClock } from "../../src/ports/clock.ts";
import type { ClockOptions } from "../../src/sim/tenant/clock.ts";

/** An unusual number of seconds, so that its wait can be told from all others. */
export const REQUEST_TIMEOUT_SECONDS = 61;
/** How long each request takes. */
const REQUEST_MS = 10;
/** Turns of the event loop without a word, after which nothing more is to come. */
const QUIET_TURNS = 4;
/** Real milliseconds without a word, after which requests under way are held by the server. */
const HELD_AFTER_MS = 40;
const START_MS = Date.UTC(2026, 10, 22, 2, 0, 0);

/** Who waits: the program, one of its requests for its time-out, or the tenant for a moment to do something. */
type Waiting = "program" | "request" | "tenant";

type Timer = { readonly atMs: number; readonly run: () => void; readonly waiting: Waiting };

export class SharedClock implements TickingClock {
  readonly #timers = new Set<Timer>();
  readonly #looks = new Set<{ readonly ms: number; readonly look: () => void }>();
  #nowMs = 0;
  readonly #counts: Record<Waiting, number> = { program: 0, request: 0, tenant: 0 };
  #moves = 0;
  #running = false;

  now = (): Date => new Date(START_MS + this.#nowMs);
  monotonicMs = (): number => this.#nowMs;

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const isRequest = ms === REQUEST_TIMEOUT_SECONDS * 1000;
      const stop = () => {
        cancel();
        if (isRequest) this.#pass(REQUEST_MS);
        reject(signal.reason);
      };
      const finish = () => {
        signal.removeEventListener("abort", stop);
        resolve();
      };
      const cancel = this.#at(ms, finish, isRequest ? "request" : "program");
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  /** The machine never sleeps here: nobody is kept from looking, however much time passes at once. */
  every(ms: number, look: () => void): () => void {
    const looking = { ms, look };
    this.#looks.add(looking);
    return () => this.#looks.delete(looking);
  }

  /** What the simulated tenant is started with. */
  get ofTenant(): Required<Pick<ClockOptions, "now" | "schedule" | "wallStartMs">> {
    return {
      now: this.monotonicMs,
      schedule: (action, waitMs) => this.#at(waitMs, action, "tenant"),
      wallStartMs: START_MS,
    };
  }

  /** Lets so much time pass, and everything happen that is due meanwhile. */
  async wait(ms: number): Promise<void> {
    await this.sleep(ms, new AbortController().signal);
  }

  #at(ms: number, run: () => void, waiting: Waiting): () => void {
    const timer = { atMs: this.#nowMs + ms, run, waiting };
    this.#timers.add(timer);
    this.#counts[waiting] += 1;
    this.#moves += 1;
    this.#start();
    return () => this.#remove(timer);
  }

  #remove(timer: Timer): void {
    if (!this.#timers.delete(timer)) return;
    this.#counts[timer.waiting] -= 1;
    this.#moves += 1;
  }

  #start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    // What the tenant alone waits for need not come: the program has ended.
    for (;;) {
      await this.#untilQuiet();
      if (this.#counts.program + this.#counts.request === 0) break;
      const next = Math.min(...Array.from(this.#timers, ({ atMs }) => atMs));
      if (Number.isFinite(next)) this.#pass(next - this.#nowMs);
    }
    this.#running = false;
  }

  /** Moves the time on and runs what is due, in its order. */
  #pass(ms: number): void {
    const endMs = this.#nowMs + Math.max(0, ms);
    for (;;) {
      const due = Array.from(this.#timers)
        .filter(({ atMs }) => atMs <= endMs)
        .sort((left, right) => left.atMs - right.atMs)[0];
      if (due === undefined) break;
      this.#moveTo(due.atMs);
      this.#remove(due);
      due.run();
    }
    this.#moveTo(endMs);
  }

  #moveTo(atMs: number): void {
    const stepMs = Math.min(...Array.from(this.#looks, ({ ms }) => ms), atMs - this.#nowMs);
    while (stepMs > 0 && this.#nowMs + stepMs < atMs) {
      this.#nowMs += stepMs;
      for (const { look } of this.#looks) look();
    }
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }

  async #untilQuiet(): Promise<void> {
    let seen = this.#moves;
    let sinceMs = performance.now();
    for (let turns = 0; ; turns += 1) {
      await nextTurn(this.#counts.request > 0);
      if (this.#moves !== seen) {
        seen = this.#moves;
        sinceMs = performance.now();
        turns = 0;
      }
      const held = this.#counts.request > 0;
      if (turns >= QUIET_TURNS && (!held || performance.now() - sinceMs >= HELD_AFTER_MS)) return;
    }
  }
}

/** A turn of the event loop; a short rest where there is network traffic to wait for. */
function nextTurn(resting: boolean): Promise<void> {
  return new Promise((resolve) => {
    if (resting) setTimeout(resolve, 1);
    else setImmediate(resolve);
  });
}
