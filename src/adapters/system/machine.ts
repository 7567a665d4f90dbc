/**
 * What the program runs on: time, chance, streams, signals, and the way in which effects are carried out.
 *
 * The composition root takes nothing of these from anywhere else. So one process can run the program on another
 * machine than its own: one that counts effects and dies at one of them, or one whose clock does not make it wait.
 */
import type { Chance, TickingClock } from "../../ports/clock.ts";
import type { Perform } from "../../ports/effects.ts";
import { systemChance, systemClock } from "./system-clock.ts";

type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };
type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export type Machine = {
  readonly clock: TickingClock;
  readonly chance: Chance;
  readonly streams: { readonly stdin: Input; readonly stdout: Output; readonly stderr: Output };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly perform: Perform;
  /** Has a function called for every signal of that name, in the place of what the system does with it. */
  onSignal(signal: NodeJS.Signals, receive: () => void): void;
  /** Has a function called with whatever was thrown and nobody caught, a rejected promise among it. */
  onUncaught(receive: (error: unknown) => void): void;
  /** Ends the program at once. */
  exit(code: number): void;
};

/** The machine that this process runs on. */
export const thisMachine: Machine = {
  clock: systemClock,
  chance: systemChance,
  streams: process,
  environment: process.env,
  perform: (_effect, act) => act(),
  onSignal: (signal, receive) => {
    process.on(signal, receive);
  },
  onUncaught: (receive) => {
    process.on("uncaughtException", receive);
  },
  exit: (code) => process.exit(code),
};
