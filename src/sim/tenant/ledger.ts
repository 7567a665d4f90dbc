/**
 * The ledger: every attempt to write that reached the server, and whether it changed anything.
 *
 * It is the oracle of the tests. A client's own journal is believed only as far as it agrees with this, so an entry
 * is opened before anything can go wrong and is never removed.
 */

/** null is a value here: the property was sent as null. An absent `value` means the property was not sent. */
export interface LedgerEntry {
  readonly sequence: number;
  /** Wall clock, milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly kind: "update" | "delete" | "purge" | "restore" | "other";
  readonly method: string;
  /** Path and query without the version. */
  readonly target: string;
  /** How the user was addressed, as sent; null where the request names none. */
  readonly key: string | null;
  /** The user behind the key, live or deleted; null if there is none. */
  readonly userId: string | null;
  /** The whole body as sent, if it was a JSON object. */
  readonly body: { readonly [name: string]: unknown } | null;
  /** onPremisesImmutableId as sent; the property is missing if it was not sent. */
  readonly value?: unknown;
  /** onPremisesImmutableId just before the attempt was judged (for a late write: before it landed). */
  before: string | null;
  readonly requestId: string;
  readonly clientRequestId: string;
  readonly insideBatch: boolean;
  /** Status sent to the client; null if it got no answer. */
  status: number | null;
  applied: boolean;
  /** A proxy delivered this request once more: the next entry is the same request. */
  deliveredAgain?: true;
  /** When a late write landed, milliseconds since the Unix epoch; absent for all others. */
  landedAtMs?: number;
}

export type NewLedgerEntry = Omit<LedgerEntry, "sequence" | "status" | "applied" | "landedAtMs" | "deliveredAgain">;

export class Ledger {
  readonly entries: LedgerEntry[] = [];
  readonly #countByRoute = new Map<string, number>();
  readonly #countByExchange = new Map<string, number>();

  open(entry: NewLedgerEntry): LedgerEntry {
    const opened: LedgerEntry = { ...entry, sequence: this.entries.length + 1, status: null, applied: false };
    this.entries.push(opened);
    return opened;
  }

  countRequest(route: string): void {
    this.#countByRoute.set(route, (this.#countByRoute.get(route) ?? 0) + 1);
  }

  /** Requests by route ("GET /users/{key}"); requests inside a batch count too, under their own route. */
  requestCounts(): Record<string, number> {
    return Object.fromEntries(this.#countByRoute);
  }

  /** @param route Of the request, or of the first one inside the batch that it is. */
  countExchange(version: string, route: string): void {
    const exchange = `${version} ${route}`;
    this.#countByExchange.set(exchange, (this.#countByExchange.get(exchange) ?? 0) + 1);
  }

  /** HTTP requests by version and route ("v1.0 GET /users", "v1.0 $batch of GET /users"): a batch counts once. */
  exchangeCounts(): Record<string, number> {
    return Object.fromEntries(this.#countByExchange);
  }

  /** Attempts that named this user, oldest first. */
  attemptsOn(userId: string): LedgerEntry[] {
    return this.entries.filter((entry) => entry.userId === userId);
  }
}
