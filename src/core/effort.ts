/**
 * How many writes a plan takes and how long they last at least: screen, report and warnings read the same figure.
 *
 * Source: Microsoft Graph throttling limits, identity and access: 3,000 writes per 2 min 30 s for each app and tenant,
 * as a token bucket (checked 2026-11)
 */
import type { Plan } from "./plan.ts";
import { countOf, formatCount, formatDuration } from "./words.ts";

/** What the tenant grants this app. */
export type Quota = {
  /** Writes at once, and again over each window. */
  readonly writes: number;
  readonly windowSeconds: number;
};

export type Effort = {
  /** Writes that are sent if nothing goes wrong, the proof of the canary included. */
  readonly writes: number;
  readonly shortestSeconds: number;
};

/** The canary sets one row back and sets it again. */
const CANARY_PROOF_WRITES = 2;

/** @param canary Rows of the canary wave; 0 is none. An AD account is not set back for a proof, and no quota counts it. */
export function estimateEffort({ changes }: Pick<Plan, "changes">, quota: Quota, canary: number): Effort {
  const cloud = changes.filter(({ side }) => side === "cloud");
  const proof = canary > 0 && cloud.some(({ wave }) => wave === "simple") ? CANARY_PROOF_WRITES : 0;
  const overQuota = Math.max(0, cloud.length + proof - quota.writes);
  return { writes: changes.length + proof, shortestSeconds: overQuota * (quota.windowSeconds / quota.writes) };
}

/** One sentence: `Writing takes 2,002 writes, canary included: no wait for the quota (…).` */
export function describeEffort({ writes, shortestSeconds }: Effort, quota: Quota): string {
  if (writes === 0) return "There is nothing to write.";
  const burst = `${formatCount(quota.writes)} writes per ${formatDuration(quota.windowSeconds)}`;
  const time =
    shortestSeconds === 0
      ? `no wait for the quota (${burst})`
      : `at least ${formatDuration(shortestSeconds)} under the quota (${burst})`;
  return `Writing takes ${countOf(writes, "write")}, canary included: ${time}.`;
}

/** How long the way back stays open. Source: Connect Sync scheduler; Cloud Sync FAQ (checked 2026-11). */
export const ROLLBACK_WINDOW =
  "Rollback works only until sync takes a user over: about 30 minutes with Connect Sync, 2 minutes with Cloud Sync.";
