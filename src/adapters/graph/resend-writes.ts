/**
 * A write is sent again only when it surely was not applied: the service was too busy to look at it (429), or it
 * never left this machine.
 *
 * Everything else goes up as it is. In particular a 503 or 504 is no answer to "was it applied?", and sending
 * again without reading first could write a value that somebody has replaced meanwhile.
 */
import type { Chance, Clock } from "../../ports/clock.ts";
import { replyOf, type Step } from "./call.ts";
import type { Governor } from "./governor.ts";
import { backoffMs } from "./retry-after.ts";
import { TransportFailure } from "./transport-failure.ts";

/** Tries of one write that cannot leave this machine, the first included. */
const MOST_TRIES = 8;
/** Tries of one write while the service only asks for pauses. */
const MOST_THROTTLED_TRIES = 20;

/** Leaves the last answer or throws the last failure when sending again is not allowed or not worth it. */
export function resendWrites(governor: Governor, clock: Clock, chance: Chance): Step {
  return async (_context, call, next) => {
    if (call.kind !== "write") return next();
    for (let attempt = 1; ; attempt += 1) {
      call.reply = null;
      try {
        await next();
        if (replyOf(call).status !== 429 || attempt >= MOST_THROTTLED_TRIES || governor.retries.empty) return;
      } catch (error) {
        if (!(error instanceof TransportFailure) || error.sent === "lost" || !error.worthRetry) throw error;
        if (attempt >= MOST_TRIES || !governor.retries.spend()) throw error;
        await clock.sleep(backoffMs(attempt, chance.fraction()), call.waiting);
      }
    }
  };
}
