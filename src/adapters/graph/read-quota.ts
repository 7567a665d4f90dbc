/**
 * What a tenant grants an app for reading. Reads are counted in resource units: a page of users costs one, and so does
 * each request inside a $batch.
 *
 * Source: https://learn.microsoft.com/graph/throttling-limits, identity and access (checked 2026-11)
 */
export const READ_WINDOW_SECONDS = 10;

/** What the smallest tenant grants: all that is certain before its users are counted. */
export const LEAST_READ_UNITS = 3500;

/** A tenant counts as medium with this many users, and as large with more than the other. */
const MEDIUM = { fromUsers: 50, units: 5000 } as const;
const LARGE = { aboveUsers: 500, units: 8000 } as const;

/** Resource units that a tenant with so many users grants in {@link READ_WINDOW_SECONDS}. */
export function readUnitsOf(users: number): number {
  if (users > LARGE.aboveUsers) return LARGE.units;
  return users >= MEDIUM.fromUsers ? MEDIUM.units : LEAST_READ_UNITS;
}
