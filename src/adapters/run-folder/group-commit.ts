/**
 * Lines of the journal on their way to disk: those that come close together share one commit.
 *
 * A commit waits for the disk, 7 to 20 ms, however many lines it has. With a commit a line, a run spends longer on its
 * disk than the tenant's quota asks of it. So a promise waits for the commit that it shares with whatever else is ready,
 * and what was merely learned goes along with the next promise: losing it costs a read, sending ahead of it never happens.
 */

/** Lines that may wait for a promise. */
const MOST_WAITING = 1000;
/** How long what was learned may wait for a promise to go along with. */
const LONGEST_WAIT_MS = 1000;

export class GroupCommit<Line> {
  readonly #commit: (lines: readonly Line[]) => void;
  #waiting: Line[] = [];
  #shared: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** @param commit Makes lines durable, all or none. Where it throws, it throws from then on. */
  constructor(commit: (lines: readonly Line[]) => void) {
    this.#commit = commit;
  }

  /** Adds a line, which is durable after the next commit. @throws Whatever the commit throws that may become due. */
  add(line: Line): void {
    this.#waiting.push(line);
    if (this.#waiting.length >= MOST_WAITING) this.flush();
    else this.#timer ??= setTimeout(() => this.#flushLate(), LONGEST_WAIT_MS).unref();
  }

  /** Resolves when every line added so far is durable. Rejects with whatever the commit throws. */
  settle(): Promise<void> {
    // Answers that have arrived already get their turn first, and what comes of them goes along.
    this.#shared ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.#shared = null;
      this.flush();
    });
    return this.#shared;
  }

  /** Makes every line durable now. @throws Whatever the commit throws. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#waiting.length === 0) return;
    this.#commit(this.#waiting);
    // Only now: a number that was given away must not be missing in the record.
    this.#waiting = [];
  }

  #flushLate(): void {
    try {
      this.flush();
    } catch {
      // Nobody waits for these lines. The commit throws again at the next change, and there it stops the run.
    }
  }
}
