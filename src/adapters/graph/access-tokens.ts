/**
 * The access token in hand: fetched when needed, renewed before it ends, kept in memory only.
 *
 * Sixteen requests that find the token ended must not start sixteen sign-ins (the service throttles those, and a
 * device code would be asked for sixteen times), so every fetch is shared by all who wait for it.
 */
import { BatchError } from "../../core/errors.ts";
import { parseGuid } from "../../core/guid.ts";
import type { Clock } from "../../ports/clock.ts";
import { isTokenReadable, readTokenClaims } from "./token-claims.ts";

/**
 * Renewed this long before its end. A write goes with a token that its own read would not have gone with any more: that
 * read was made at most half a minute before, so the token is renewed there and never between a promise on disk and the
 * write that it stands for.
 */
const RENEW_BEFORE_END_MS = { read: 5 * 60_000, write: 60_000 } as const;

export type FetchedToken = {
  readonly token: string;
  /** Milliseconds since the Unix epoch by the local clock; `null` when nobody says. */
  readonly expiresAtMs: number | null;
};

export interface AccessTokens {
  /**
   * A token that is good for a while.
   *
   * @param use What it is for, a read unless told.
   * @throws {BatchError} tenant: sign-in failed. The signal's reason.
   */
  token(signal: AbortSignal, use?: "read" | "write"): Promise<string>;
  /**
   * Another token than `refused`, which Graph has just refused.
   *
   * @param said What Graph said of it, for the message.
   * @throws {BatchError} tenant: there is no other one; the message says what is wrong with the one in hand.
   */
  renew(refused: string, signal: AbortSignal, said?: string | null): Promise<string>;
  /** When the token in hand ends for good; `null` when it can be renewed, does not say, or was not fetched yet. */
  expiresAt(): Date | null;
  /** Ends a sign-in under way. */
  close(): void;
}

/**
 * @param source.fetch Signs in; `fresh` asks for a token that is not the cached one.
 * @param source.renewable false for a token that was handed in and cannot be had anew.
 * @param source.origin Where a token that was handed in comes from, in words: "the environment variable X".
 * @param source.tenantName The tenant as configured, GUID or domain name, to hold a refused token against.
 */
export function keepAccessToken(
  source: {
    fetch(fresh: boolean, signal: AbortSignal): Promise<FetchedToken>;
    readonly renewable: boolean;
    readonly origin?: string | undefined;
    readonly tenantName?: string;
  },
  clock: Clock,
): AccessTokens {
  const closing = new AbortController();
  let inHand: FetchedToken | null = null;
  let underWay: Promise<string> | null = null;

  const fetchOnce = (fresh: boolean): Promise<string> => {
    underWay ??= source
      .fetch(fresh, closing.signal)
      .then((fetched) => {
        inHand = fetched;
        return fetched.token;
      })
      .finally(() => {
        underWay = null;
      });
    return underWay;
  };

  return {
    token(signal, use = "read") {
      const ends = inHand?.expiresAtMs ?? Number.POSITIVE_INFINITY;
      const usable = inHand !== null && (!source.renewable || ends - clock.now().getTime() > RENEW_BEFORE_END_MS[use]);
      return inHand !== null && usable ? Promise.resolve(inHand.token) : untilAborted(fetchOnce(false), signal);
    },
    async renew(refused, signal, said = null) {
      if (inHand !== null && inHand.token !== refused) return inHand.token;
      const token = await untilAborted(fetchOnce(true), signal);
      if (token !== refused) return token;
      const from = source.origin === undefined ? "" : ` from ${source.origin}`;
      const why = explainRefusal(refused, source.tenantName, clock.now().getTime());
      const words = said === null ? "no other one could be had" : `it said ${JSON.stringify(said)}`;
      const whose = describeOwner(refused, source.tenantName);
      throw new BatchError(
        "tenant",
        `Graph refused the access token${from}: ${why ?? `${words}${whose}`}.`,
        source.origin === undefined
          ? "Sign in again or provide a new token, then run the same command again."
          : `Put a new token for Microsoft Graph into ${source.origin}, then run the same command again.`,
      );
    },
    expiresAt: () => (source.renewable || inHand?.expiresAtMs == null ? null : new Date(inHand.expiresAtMs)),
    close: () => closing.abort(),
  };
}

/** What is wrong with a token that Graph refused, as far as it says so itself; `null` where it looks right. */
function explainRefusal(token: string, tenantName: string | undefined, nowMs: number): string | null {
  if (!isTokenReadable(token)) return "it is no token at all, for it does not have the form of one";
  const { expiresAtMs, tenantId } = readTokenClaims(token);
  if (expiresAtMs !== null && expiresAtMs <= nowMs) return `it expired at ${new Date(expiresAtMs).toISOString()}`;
  const configured = tenantName === undefined ? null : parseGuid(tenantName);
  return tenantId !== null && configured !== null && tenantId !== configured
    ? `it belongs to tenant ${tenantId} instead of ${configured}`
    : null;
}

/** Whose token it is, beside a tenant that is configured by a name which only Graph could turn into an id. */
function describeOwner(token: string, tenantName: string | undefined): string {
  const { tenantId } = readTokenClaims(token);
  if (tenantId === null || tenantName === undefined || parseGuid(tenantName) !== null) return "";
  return ` (the token belongs to tenant ${tenantId}, the configuration names ${tenantName})`;
}

/** Waits for a promise that is shared: who stops waiting does not stop it for the others. */
async function untilAborted<Value>(shared: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([shared, stopped.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
