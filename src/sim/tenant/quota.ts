/**
 * The tenant's patience: token buckets for writes and for resource units of reads, one pair for each application.
 *
 * Costs, limits and headers follow "Microsoft Graph service-specific throttling limits", Identity and access
 * (learn.microsoft.com/graph/throttling-limits, checked 2026-11). Unverified choices: a throttled request costs
 * nothing, 400 and 403 answers give their resource units back (a field report), Retry-After is the time until the
 * bucket holds what was asked, and the limits over all applications of a tenant are not simulated.
 */
import type { SimulationClock } from "./clock.ts";
import type { QueryOptions } from "./parse-query.ts";

export interface QuotaLimits {
  /** Writes per window and application, default 3,000. */
  readonly writesPerWindow: number;
  /** Default 150. */
  readonly writeWindowSeconds: number;
  /** Resource units per window and application; by default what a tenant of this size grants. */
  readonly resourceUnitsPerWindow: number;
  /** Default 10. */
  readonly resourceUnitWindowSeconds: number;
}

/** What a tenant with so many users grants each application: small, medium from 50, large above 500. */
export function quotaOfTenant(users: number): QuotaLimits {
  return {
    writesPerWindow: 3000,
    writeWindowSeconds: 150,
    resourceUnitsPerWindow: users > 500 ? 8000 : users < 50 ? 3500 : 5000,
    resourceUnitWindowSeconds: 10,
  };
}

export interface RequestCost {
  readonly resourceUnits: number;
  readonly writes: 0 | 1;
}

export type Admission =
  | { readonly admitted: true; readonly usage: number; giveBackUnits(): void }
  | { readonly admitted: false; readonly headers: Readonly<Record<string, string>> };

/** $select takes one unit off, $top under 20 one more, $expand adds one; never below one. */
export function costOfRead(baseUnits: number, query: QueryOptions): number {
  const units =
    baseUnits -
    (query.select === null ? 0 : 1) -
    (query.top !== null && query.top < 20 ? 1 : 0) +
    (query.expand ? 1 : 0);
  return Math.max(1, units);
}

class Bucket {
  readonly capacity: number;
  readonly #windowMs: number;
  #level: number;
  #filledAtMs = 0;

  constructor(capacity: number, windowSeconds: number) {
    this.capacity = capacity;
    this.#windowMs = windowSeconds * 1000;
    this.#level = capacity;
  }

  /** @returns 0 if taken, else the milliseconds until it could be. */
  take(count: number, nowMs: number): number {
    this.#level = Math.min(this.capacity, this.#level + ((nowMs - this.#filledAtMs) * this.capacity) / this.#windowMs);
    this.#filledAtMs = nowMs;
    if (this.#level + 1e-9 >= count) {
      this.#level -= count;
      return 0;
    }
    return ((count - this.#level) * this.#windowMs) / this.capacity;
  }

  giveBack(count: number): void {
    this.#level = Math.min(this.capacity, this.#level + count);
  }

  get usage(): number {
    return 1 - this.#level / this.capacity;
  }
}

export class Quota {
  readonly #limits: QuotaLimits;
  readonly #clock: SimulationClock;
  readonly #tenantId: string;
  readonly #buckets = new Map<string, { writes: Bucket; units: Bucket }>();

  constructor(limits: QuotaLimits, clock: SimulationClock, tenantId: string) {
    this.#limits = limits;
    this.#clock = clock;
    this.#tenantId = tenantId;
  }

  admit(appId: string, cost: RequestCost): Admission {
    const { writes, units } = this.#bucketsOf(appId);
    const nowMs = this.#clock.nowMs();
    const unitWaitMs = units.take(cost.resourceUnits, nowMs);
    if (unitWaitMs > 0) return this.#throttle(appId, "ReadWrite", "ResourceUnitLimitExceeded", unitWaitMs);
    const writeWaitMs = cost.writes === 0 ? 0 : writes.take(cost.writes, nowMs);
    if (writeWaitMs > 0) {
      units.giveBack(cost.resourceUnits);
      return this.#throttle(appId, "Write", "WriteLimitExceeded", writeWaitMs);
    }
    return {
      admitted: true,
      usage: Math.max(units.usage, cost.writes === 0 ? 0 : writes.usage),
      giveBackUnits: () => units.giveBack(cost.resourceUnits),
    };
  }

  #throttle(appId: string, scope: string, information: string, waitMs: number): Admission {
    const seconds = this.#clock.wallSeconds(waitMs);
    return {
      admitted: false,
      headers: {
        "retry-after": this.#clock.wallSeconds(1000) === 1 ? String(Math.ceil(seconds)) : seconds.toFixed(3),
        "x-ms-throttle-scope": `Tenant_Application/${scope}/${appId}/${this.#tenantId}`,
        "x-ms-throttle-information": information,
      },
    };
  }

  #bucketsOf(appId: string): { writes: Bucket; units: Bucket } {
    let buckets = this.#buckets.get(appId);
    if (buckets === undefined) {
      buckets = {
        writes: new Bucket(this.#limits.writesPerWindow, this.#limits.writeWindowSeconds),
        units: new Bucket(this.#limits.resourceUnitsPerWindow, this.#limits.resourceUnitWindowSeconds),
      };
      this.#buckets.set(appId, buckets);
    }
    return buckets;
  }
}
