/**
 * Lets a request wait for its turn and tells the governor what came of it.
 *
 * The governor learns of a pause before the turn is given up, so no waiting request slips through in between.
 */
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { hasPassed, replyOf, type Step } from "./call.ts";
import { type Governor, TurnTooLate } from "./governor.ts";
import { type GraphReply, requestIdOf } from "./graph-reply.ts";
import { retryAfterMs } from "./retry-after.ts";

/** @throws {PauseTooLong} {TurnTooLate} The signal's reason. */
export function pace(governor: Governor, clock: Clock, log: Log): Step {
  return async (_context, call, next) => {
    const turn = await governor.enter(call.kind, call.units, call.signal, call.waiting);
    try {
      if (hasPassed(call.sendBy, clock)) throw new TurnTooLate();
      await next();
      const reply = replyOf(call);
      if (reply.status === 429 || reply.status === 503) {
        const toldMs = retryAfterMs(reply.headers.get("retry-after"), reply.headers.get("date"));
        const waitMs = governor.throttled(turn, call.kind, toldMs, limitOf(reply));
        log.warn("graph-throttled", { httpStatus: reply.status, waitMs, requestId: requestIdOf(reply) ?? "" });
      } else if (reply.status < 500) {
        governor.succeeded(call.kind);
      }
    } finally {
      turn.leave();
    }
  };
}

/** What the answer says is used up. */
function limitOf({ status, headers }: GraphReply): "writes" | "unknown" | null {
  if (status !== 429) return null;
  return headers.get("x-ms-throttle-information") === "WriteLimitExceeded" ? "writes" : "unknown";
}
