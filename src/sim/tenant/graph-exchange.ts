/**
 * One exchange with the simulated Graph: the request as the routes see it, the answer as they give it.
 *
 * A request inside $batch and one on the wire become the same value here, so that no rule holds for one and not
 * for the other.
 */
import type { Caller } from "./token.ts";

export type ApiVersion = "v1.0" | "beta";

export type JsonObject = { readonly [name: string]: unknown };

/** What a read shows in place of the stored onPremisesImmutableId. `userId` null means every user of the answer. */
export interface StaleRead {
  readonly userId: string | null;
  valueOf(userId: string): string | null;
}

export interface IncomingRequest {
  readonly method: string;
  readonly version: ApiVersion;
  /** Decoded path segments after the version; a key in parentheses is a segment of its own. */
  readonly segments: readonly string[];
  /** Path and query as sent, without the version: for the ledger, faults and next links. */
  readonly target: string;
  readonly rawQuery: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | null;
  readonly requestId: string;
  readonly clientRequestId: string;
  /** Scheme, host and port that the client used, for absolute links. */
  readonly origin: string;
  readonly insideBatch: boolean;
}

export interface GraphRequest extends IncomingRequest {
  readonly caller: Caller;
  readonly staleReads: readonly StaleRead[];
}

export interface GraphAnswer {
  readonly status: number;
  /** A list is sent as several headers of that name. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: JsonObject;
  /** A bare text instead of JSON, as $count answers. */
  readonly text?: string;
  /** True if the request changed the tenant. */
  readonly applied?: boolean;
  /** Users in the page, for the simulated cost of a long page. */
  readonly pageUsers?: number;
}

export const JSON_CONTENT_TYPE =
  "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/** Half of what makes a query advanced; the other half is $count=true. */
export function wantsEventual(request: { readonly headers: IncomingRequest["headers"] }): boolean {
  return request.headers.consistencylevel?.toLowerCase() === "eventual";
}
