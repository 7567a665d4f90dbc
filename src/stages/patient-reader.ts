/**
 * Reads one object, once or again and again, until it shows what the writer waits for.
 *
 * Two things make a single read worth little: a copy of the directory that lags behind what has landed, and a machine
 * that slept between the request and its answer.
 */
import { type Change, facetOf } from "../core/change.ts";
import { BatchError } from "../core/errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { HeldValue, WritableSide } from "../ports/writable-side.ts";
import type { SuspendWatch } from "./suspend-watch.ts";

/** How long a value that was written is waited for. */
const READ_BACK_MS = 600_000;
const FIRST_PAUSE_MS = 2_000;

export class PatientReader {
  readonly #side: WritableSide;
  readonly #clock: Clock;
  readonly #watch: SuspendWatch;
  readonly #abort: AbortSignal;

  constructor(world: {
    readonly side: WritableSide;
    readonly clock: Clock;
    /** Started by whoever made it. */
    readonly watch: SuspendWatch;
    readonly abort: AbortSignal;
  }) {
    this.#side = world.side;
    this.#clock = world.clock;
    this.#watch = world.watch;
    this.#abort = world.abort;
  }

  /**
   * One fresh read of what the change moves; a read that the machine slept through shows what was before, and is made
   * again.
   *
   * @returns `null` when the object does not exist; `undefined` when `giveUp` fired before the read could be sent.
   * @throws {BatchError} as `WritableSide.readValue`
   */
  async read(change: Change, giveUp: AbortSignal): Promise<HeldValue | null | undefined> {
    const asked = { facet: facetOf(change.kind), giveUp };
    for (;;) {
      const awake = this.#watch.awake();
      try {
        const held = await this.#side.readValue(change.objectId, this.#abort, asked);
        if (!this.#watch.hasSleptSince(awake)) return held;
      } catch (error) {
        const isGivenUp = giveUp.aborted && error instanceof BatchError && error.code === "interrupted";
        if (this.#abort.aborted || !isGivenUp) throw error;
        return undefined;
      }
    }
  }

  /**
   * What reads show now and after pauses of 2, 4, 8 ... seconds, as long as all pauses together are at most `mostMs`.
   * Ends early, with nothing more to show, when `giveUp` fires while it waits.
   *
   * @throws {BatchError} as {@link read}
   */
  async *looks(change: Change, giveUp: AbortSignal, mostMs = READ_BACK_MS): AsyncGenerator<HeldValue | null> {
    let waitedMs = 0;
    for (let pauseMs = 0; waitedMs + pauseMs <= mostMs; pauseMs = Math.max(FIRST_PAUSE_MS, pauseMs * 2)) {
      if (!(await this.pause(pauseMs, giveUp))) return;
      waitedMs += pauseMs;
      const held = await this.read(change, giveUp);
      if (held === undefined) return;
      yield held;
    }
  }

  /** @returns false when `giveUp` has fired, at once where it comes in the pause. @throws The reason of the abort. */
  async pause(ms: number, giveUp: AbortSignal): Promise<boolean> {
    if (ms <= 0) return true;
    if (giveUp.aborted) return false;
    try {
      await this.#clock.sleep(ms, AbortSignal.any([this.#abort, giveUp]));
    } catch (error) {
      if (this.#abort.aborted || !giveUp.aborted) throw error;
    }
    return !giveUp.aborted;
  }
}
