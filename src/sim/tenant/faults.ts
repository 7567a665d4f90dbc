/**
 * Faults on order: what goes wrong, on which requests, how often.
 *
 * Randomness is seeded, so that a failing run can be played again. A fault matches single Graph requests; those
 * inside a batch are matched one by one, but faults of the connection itself (reset, cut-body, html,
 * no-request-id, spoilt-body) strike only whole HTTP requests.
 */

export interface FaultMatch {
  /** Strikes only the n-th request (from 1) that fits the other conditions. */
  readonly nth?: number;
  /** Strikes each n-th request (n, 2n, 3n ...) that fits the other conditions. */
  readonly every?: number;
  readonly method?: string;
  /** The user that the request addresses, by id, whichever key it used. */
  readonly userId?: string;
  /** Part of path and query as sent, without the version. */
  readonly pathIncludes?: string;
  /** From 0 to 1, drawn anew for each fitting request. */
  readonly probability?: number;
  /** Spent after so many strikes. */
  readonly times?: number;
}

export type FaultAction =
  /** Judging takes so much longer; where a latency is simulated, as part of it. */
  | { readonly kind: "delay"; readonly ms: number }
  /** Answers `status`; the request took effect or not, as `applied` says. Headers are sent as written. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly applied: boolean;
      /** A list is sent as several headers. */
      readonly retryAfter?: string | readonly string[];
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: { readonly [name: string]: unknown };
    }
  /** Closes the connection without an answer. */
  | { readonly kind: "reset"; readonly applied: boolean }
  /** Sends the head and half of the body, then closes the connection. */
  | { readonly kind: "cut-body"; readonly applied: boolean }
  /** The write takes effect only later, by the rules of that moment. Meanwhile the client gets `answer`: a closed connection (default), nothing at all, or this status. */
  | { readonly kind: "apply-late"; readonly afterMs: number; readonly answer?: "reset" | "hang" | number }
  /** Reads show this onPremisesImmutableId instead of the stored one: of `match.userId`, or of all users. */
  | { readonly kind: "stale-read"; readonly value: string | null }
  /** Reads show each onPremisesImmutableId as it was so long ago: a copy of the directory that lags behind. */
  | { readonly kind: "lagging-read"; readonly byMs: number }
  /** A proxy delivers the request twice and passes the second answer on. */
  | { readonly kind: "duplicate" }
  /** The request is carried out; its answer comes with a body that no client should swallow. */
  | { readonly kind: "spoilt-body"; readonly form: SpoiltBody }
  /** A page of a list: without its entries, or with this address as the next page. */
  | { readonly kind: "spoilt-page"; readonly empty?: boolean; readonly nextLink?: string }
  | { readonly kind: "no-request-id" }
  /** A portal answers 200 with a page in place of the service; nothing takes effect. */
  | { readonly kind: "html" }
  /** Inside a batch: the answer of the request is left out, sent twice, or sent under an id nobody asked for. */
  | { readonly kind: "batch-answer"; readonly fate: "omit" | "duplicate" | "rename" }
  /** Somebody else writes this onPremisesImmutableId to the addressed user before the request is judged. */
  | { readonly kind: "foreign-write-before"; readonly value: string | null };

/**
 * What becomes of a body: a few hundred kilobytes that unpack to more than 64 MiB, a gigabyte of nothing, the half of
 * its text with the right length, a byte order mark before it, the label of another type, bytes that are not UTF-8.
 */
export type SpoiltBody = "gzip-bomb" | "endless" | "half-json" | "byte-order-mark" | "wrong-type" | "not-utf-8";

export interface Fault {
  readonly match: FaultMatch;
  readonly action: FaultAction;
}

export interface FaultSubject {
  readonly method: string;
  readonly target: string;
  readonly userId: string | null;
  readonly insideBatch: boolean;
}

const CONNECTION_FAULTS: readonly FaultAction["kind"][] = ["reset", "cut-body", "html", "no-request-id", "spoilt-body"];
const LYING_READS: readonly FaultAction["kind"][] = ["stale-read", "lagging-read"];

/** A small seeded generator (mulberry32): evenly spread numbers from 0 to 1. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class FaultPlan {
  #faults: { fault: Fault; seen: number; struck: number }[] = [];
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = createRandom(seed);
  }

  add(fault: Fault): void {
    this.#faults.push({ fault, seen: 0, struck: 0 });
  }

  clear(): void {
    this.#faults = [];
  }

  /** How often each fault has struck so far, in the order they were added. */
  strikes(): { fault: Fault; struck: number }[] {
    return this.#faults.map(({ fault, struck }) => ({ fault, struck }));
  }

  /** The faults that strike this request, in the order they were added; counts them as having struck. */
  strike(subject: FaultSubject): Fault[] {
    const striking: Fault[] = [];
    for (const entry of this.#faults) {
      const { match, action } = entry.fault;
      if (!subject.insideBatch && action.kind === "batch-answer") continue;
      if (subject.insideBatch && CONNECTION_FAULTS.includes(action.kind)) continue;
      if (match.method !== undefined && match.method.toUpperCase() !== subject.method) continue;
      if (match.pathIncludes !== undefined && !subject.target.includes(match.pathIncludes)) continue;
      const lies = LYING_READS.includes(action.kind);
      if (lies && !mayShowUser(subject, match.userId)) continue;
      if (!lies && match.userId !== undefined && match.userId !== subject.userId) continue;
      entry.seen += 1;
      if (match.nth !== undefined && entry.seen !== match.nth) continue;
      if (match.every !== undefined && entry.seen % match.every !== 0) continue;
      if (match.times !== undefined && entry.struck >= match.times) continue;
      if (match.probability !== undefined && this.#random() >= match.probability) continue;
      entry.struck += 1;
      striking.push(entry.fault);
    }
    return striking;
  }
}

/** A stale read can strike the read of one user and any listing of users or of the recycle bin. */
function mayShowUser(subject: FaultSubject, userId: string | undefined): boolean {
  if (subject.method !== "GET" || !/^\/(users|directory\/deletedItems)\b/i.test(subject.target)) return false;
  return userId === undefined || subject.userId === null || subject.userId === userId;
}
