/**
 * A machine on which the program runs inside the test's own process, and whose time leaps over every wait.
 *
 * Between waits time passes as it does, so that sockets work as ever; a wait of a second or more takes none: the time goes
 * on to its end, and whatever the simulated tenant has to do by then is done. The time-out of a request is the exception,
 * known by a length that nothing else has: it would end requests that are only on their way.
 */
import { randomUUID } from "node:crypto";
import { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Machine } from "../../src/adapters/system/machine.ts";
import { runOn } from "../../src/main.ts";
import type { TickingClock } from "../../src/ports/clock.ts";
import type { ClockOptions } from "../../src/sim/tenant/clock.ts";
import { requireDocument } from "./json-schemas.ts";

export const REQUEST_TIMEOUT_SECONDS = 61;
const SHORTEST_LEAP_MS = 1_000;
/** No longer than whoever looks up at intervals wants to be looked after. */
const STEP_MS = 1_000;

export class LeapingClock implements TickingClock {
  readonly #startWallMs: number;
  readonly #startMs = performance.now();
  readonly #tenantTimers = new Set<{ readonly atMs: number; readonly run: () => void }>();
  readonly #looks = new Set<() => void>();
  #leaptMs = 0;
  /** Called before each leap with its length. */
  onLeap: (ms: number) => void = () => undefined;

  constructor(startWallMs: number) {
    this.#startWallMs = startWallMs;
  }

  now = (): Date => new Date(this.#startWallMs + this.monotonicMs());
  monotonicMs = (): number => performance.now() - this.#startMs + this.#leaptMs;

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (ms < SHORTEST_LEAP_MS || ms === REQUEST_TIMEOUT_SECONDS * 1000) {
      await delay(ms, undefined, { signal, ref: false }).catch((error: unknown) => {
        throw signal.aborted ? signal.reason : error;
      });
      return;
    }
    this.onLeap(ms);
    signal.throwIfAborted();
    this.leap(ms);
    await delay(0);
    signal.throwIfAborted();
  }

  every(_ms: number, look: () => void): () => void {
    this.#looks.add(look);
    return () => this.#looks.delete(look);
  }

  /** Lets so much time pass at once. */
  leap(ms: number): void {
    for (let leftMs = ms; leftMs > 0; leftMs -= STEP_MS) {
      this.#leaptMs += Math.min(leftMs, STEP_MS);
      for (const look of this.#looks) look();
      this.#runDue();
    }
  }

  #runDue(): void {
    for (;;) {
      const nowMs = this.monotonicMs();
      const due = [...this.#tenantTimers]
        .filter(({ atMs }) => atMs <= nowMs)
        .sort((one, other) => one.atMs - other.atMs);
      const [first] = due;
      if (first === undefined) return;
      this.#tenantTimers.delete(first);
      first.run();
    }
  }

  /** What the simulated tenant is started with: its own waits end when a leap passes them. */
  get ofTenant(): Required<Pick<ClockOptions, "now" | "schedule" | "wallStartMs">> {
    return {
      now: this.monotonicMs,
      schedule: (run, waitMs) => {
        const timer = { atMs: this.monotonicMs() + waitMs, run };
        this.#tenantTimers.add(timer);
        return () => this.#tenantTimers.delete(timer);
      },
      wallStartMs: this.#startWallMs,
    };
  }
}

export type LeapingRun = { readonly code: number; readonly stdout: string; readonly stderr: string };

/**
 * Runs one command line in this process.
 *
 * @param watch Called with everything on stderr so far; may send a signal.
 */
export async function runLeaping(
  words: readonly string[],
  { clock, environment }: { readonly clock: LeapingClock; readonly environment: Readonly<Record<string, string>> },
  watch: (stderr: string, send: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<LeapingRun> {
  const receivers = new Map<NodeJS.Signals, () => void>();
  const send = (signal: NodeJS.Signals) => receivers.get(signal)?.();
  const [stdout, stderr] = [collect(() => undefined), collect((text) => watch(text, send))];
  const machine: Machine = {
    clock,
    chance: { uuid: () => randomUUID(), fraction: () => 0.5 },
    streams: { stdin: Readable.from([]), stdout: stdout.stream, stderr: stderr.stream },
    environment,
    perform: (_effect, act) => act(),
    onSignal: (signal, receive) => receivers.set(signal, receive),
    onUncaught: () => undefined,
    exit: (code) => {
      throw new Error(`the program wanted to end at once with ${code}`);
    },
  };
  const code = await runOn(machine, words);
  if (words.includes("--json") && stdout.text() !== "")
    requireDocument(words.find((word) => !word.startsWith("-")) ?? "help", stdout.text());
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collect(seen: (text: string) => void) {
  let text = "";
  const stream = new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      text += String(chunk);
      seen(text);
      done();
    },
  });
  return { stream, text: () => text };
}
