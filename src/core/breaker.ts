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

/** Watches the events of one run. `watch` returns the reason to stop, or `null`. */
export function createBreaker(rowsToWrite: number): { watch(event: BreakerEvent): string | null } {
  const recent: boolean[] = [];
  let equal = { errorCode: null as string | null, count: 0 };
  let drifted = 0;
  return {
    watch({ kind, errorCode }) {
      if (kind === "settled-drift" || kind === "mismatch") {
        return "a user shows a value that is neither the old nor the new one";
      }
      if (kind === "drift") {
        drifted += 1;
        const tooMany = drifted >= BREAKER.driftAtLeast && drifted > rowsToWrite * BREAKER.driftShare;
        return tooMany ? `${drifted} users were changed by somebody else since the plan` : null;
      }
      if (kind !== "accepted" && kind !== "refused") return null;
      const refused = kind === "refused";
      recent.push(refused);
      if (recent.length > BREAKER.window) recent.shift();
      equal =
        refused && errorCode === equal.errorCode
          ? { errorCode, count: equal.count + 1 }
          : { errorCode, count: refused ? 1 : 0 };
      if (equal.count >= BREAKER.equalInARow)
        return `${equal.count} writes in a row were refused with ${errorCode ?? "the same answer"}`;
      const inWindow = recent.filter(Boolean).length;
      return inWindow >= BREAKER.refusedInWindow
        ? `${inWindow} of the last ${recent.length} writes were refused`
        : null;
    },
  };
}
