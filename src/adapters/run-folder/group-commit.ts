/**
 * Lines of the journal on their way to disk: those that come close together share one commit.
 *
 * A commit waits for the disk, 7 to 20 ms, however many lines it has. With a commit a line, a run spends longer on its
 * disk than the tenant's quota asks of it. So a promise waits for the commit that it shares with whatever else is ready,
 * and what was merely learned goes along with the next promise: losing it costs a read, sending ahead of it never happens.
 */

import type { Clock } from "../../ports/clock.ts";

/** Lines that may wait for a promise. */
const MOST_WAITING = 1000;
/** How long what was learned may wait for a promise to go along with. */
const LONGEST_WAIT_MS = 1000;
/** Longest rest between two commits. */
const LONGEST_REST_MS = 100;
const NEVER = new AbortController().signal;

export class GroupCommit<Line> {
  readonly #commit: (lines: readonly Line[]) => void;
  #waiting: Line[] = [];
  #shared: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  readonly #clock: Clock | undefined;
  /** The end of the last commit, and how long it took. */
  #last = { endedMs: 0, tookMs: 0 };

  /**
   * @param commit Makes lines durable, all or none. Where it throws, it throws from then on.
   * @param clock With it a commit waits as long as the last one took: a slow disk gets fewer and larger commits, and
   *   what arrives from the network meanwhile is not kept waiting by it.
   */
  constructor(commit: (lines: readonly Line[]) => void, clock?: Clock) {
    this.#commit = commit;
    this.#clock = clock;
  }

  /** Lines that are not durable yet, in their order. */
  get waiting(): readonly Line[] {
    return this.#waiting;
  }

  /** Adds a line, which is durable after the next commit. @throws Whatever the commit throws that may become due. */
  add(line: Line): void {
    this.#waiting.push(line);
    if (this.#waiting.length >= MOST_WAITING) this.flush();
    else this.#timer ??= setTimeout(() => this.#flushLate(), LONGEST_WAIT_MS).unref();
  }

  /** Resolves when every line added so far is durable. Rejects with whatever the commit throws. */
  settle(): Promise<void> {
    this.#shared ??= this.#flushSoon();
    return this.#shared;
  }

  /** Makes every line durable now. @throws Whatever the commit throws. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#waiting.length === 0) return;
    const begunMs = this.#clock?.monotonicMs() ?? 0;
    this.#commit(this.#waiting);
    const endedMs = this.#clock?.monotonicMs() ?? 0;
    this.#last = { endedMs, tookMs: endedMs - begunMs };
    // Only now: a number that was given away must not be missing in the record.
    this.#waiting = [];
  }

  async #flushSoon(): Promise<void> {
    try {
      // Answers that have arrived already get their turn first, and what comes of them goes along.
      await new Promise((resolve) => setImmediate(resolve));
      const { endedMs, tookMs } = this.#last;
      const restMs = endedMs + Math.min(tookMs, LONGEST_REST_MS) - (this.#clock?.monotonicMs() ?? endedMs);
      if (restMs > 0) await this.#clock?.sleep(restMs, NEVER);
    } finally {
      this.#shared = null;
    }
    this.flush();
  }

  #flushLate(): void {
    try {
      this.flush();
    } catch {
      // Nobody waits for these lines. The commit throws again at the next change, and there it stops the run.
    }
  }
}
