/** Time and chance, injected so that tests can hold them still. */
export interface Clock {
  /** Wall clock, for records; never for measuring. */
  now(): Date;
  /** Milliseconds that only ever grow, for waiting and measuring. */
  monotonicMs(): number;
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it fires. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** A clock that also looks up at intervals. */
export interface TickingClock extends Clock {
  /**
   * Calls `look` about every `ms`, as soon as the process runs again where it was held, and never at once.
   * Alone it keeps no process alive.
   *
   * @returns A function that ends it.
   */
  every(ms: number, look: () => void): () => void;
}

export interface Chance {
  /** A new version 4 UUID. */
  uuid(): string;
  /** At least 0, below 1. */
  fraction(): number;
}
