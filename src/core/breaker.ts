/**
 * When a run must stop by itself: a wrong permission or a wrong assumption must cost a handful of rows, not
 * thousands.
 *
 * Lost answers never open it: they say something about the network, and the pacing deals with that.
 */
import type { ObservationKind } from "./journal.ts";

/** A settled write or a row left alone, as the breaker counts them. */
export type BreakerEvent = { readonly kind: ObservationKind; readonly errorCode: string | null };

export const BREAKER = { window: 50, refusedInWindow: 5, equalInARow: 3, driftShare: 0.01, driftAtLeast: 3 } as const;

/** Why it opens, as the operator has to name it to go on. Public words: they keep their meaning. */
export const BREAKER_REASONS = ["refused", "equal-refusals", "drift", "foreign-value"] as const;
export type BreakerReason = (typeof BREAKER_REASONS)[number];

/** Why a breaker opens, with the figures in words. */
export type BreakerVerdict = { readonly reason: BreakerReason; readonly detail: string };

/** Watches the events of one apply. `watch` returns why to stop, or `null`. */
export function createBreaker(rowsToWrite: number): { watch(event: BreakerEvent): BreakerVerdict | null } {
  const recent: boolean[] = [];
  let equal = { errorCode: null as string | null, count: 0 };
  let drifted = 0;
  let overtaken = 0;
  return {
    watch({ kind, errorCode }) {
      if (kind === "settled-drift" || kind === "mismatch") {
        return { reason: "foreign-value", detail: "a user shows a value that is neither the old nor the new one" };
      }
      if (kind === "drift" || kind === "overtaken") {
        drifted += 1;
        if (kind === "overtaken") overtaken += 1;
        const tooMany = drifted >= BREAKER.driftAtLeast && drifted > rowsToWrite * BREAKER.driftShare;
        if (!tooMany) return null;
        const bySync = overtaken === 0 ? "" : `, ${overtaken} of them taken over by sync`;
        return { reason: "drift", detail: `${drifted} users were changed by somebody else since the plan${bySync}` };
      }
      const refused = kind === "refused" || kind === "settled-refused";
      if (kind !== "accepted" && !refused) return null;
      recent.push(refused);
      if (recent.length > BREAKER.window) recent.shift();
      equal =
        refused && errorCode === equal.errorCode
          ? { errorCode, count: equal.count + 1 }
          : { errorCode, count: refused ? 1 : 0 };
      if (equal.count >= BREAKER.equalInARow) {
        const answer = errorCode ?? "the same answer";
        return { reason: "equal-refusals", detail: `${equal.count} writes in a row were refused with ${answer}` };
      }
      const inWindow = recent.filter(Boolean).length;
      if (inWindow < BREAKER.refusedInWindow) return null;
      return { reason: "refused", detail: `${inWindow} of the last ${recent.length} writes were refused` };
    },
  };
}
