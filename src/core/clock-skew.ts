/**
 * How far this machine's clock may be from the tenant's before nothing is written.
 *
 * The record of a run, the end of a token and the wait for a lost answer after a restart are told by the wall clock.
 * Minutes do no harm; a clock that is hours off makes the record worthless and a wait too short.
 */
import { BatchError } from "./errors.ts";
import type { TenantIdentity } from "./snapshot.ts";
import { formatDuration } from "./words.ts";

/** From here on the operator is told. */
export const NOTABLE_SKEW_MS = 60_000;
/** More than this, and nothing is written: as much as Kerberos tolerates, so a machine in a domain keeps to it. */
export const MOST_SKEW_MS = 5 * 60_000;

/**
 * `7 min behind the tenant's`.
 *
 * @param skewMs Server clock minus local clock.
 */
export function describeSkew(skewMs: number): string {
  return `${formatDuration(Math.abs(skewMs) / 1000)} ${skewMs > 0 ? "behind" : "ahead of"} the tenant's`;
}

/** @throws {BatchError} refused: the clocks are too far apart. A tenant that sends no date is taken as right. */
export function requireRightClock({ clockSkewMs }: Pick<TenantIdentity, "clockSkewMs">): void {
  if (clockSkewMs === null || Math.abs(clockSkewMs) <= MOST_SKEW_MS) return;
  throw new BatchError(
    "refused",
    `The clock of this machine is ${describeSkew(clockSkewMs)}, and more than ${formatDuration(MOST_SKEW_MS / 1000)} is too much to write with. Nothing was written now.`,
    "Set the clock (Windows: w32tm /resync; Linux: chronyc makestep, or timedatectl set-ntp true; macOS: sudo sntp -sS time.apple.com), then run the same command again.",
  );
}
