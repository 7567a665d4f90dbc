/**
 * Reads are tried again: they change nothing, and a page lost on the way must not end a plan of thousands of rows.
 *
 * The only retry layer for reads. The SDK's own is not used: it cuts Retry-After to 180 s, trusts the local clock
 * and sees nothing inside a batch.
 *
 * Source: https://learn.microsoft.com/graph/errors (checked 2026-11)
 */
import type { Chance, Clock } from "../../ports/clock.ts";
import { type Call, replyOf, type Step } from "./call.ts";
import type { Governor } from "./governor.ts";
import type { GraphReply } from "./graph-reply.ts";
import { backoffMs } from "./retry-after.ts";
import { TransportFailure } from "./transport-failure.ts";

/** Tries of one read, the first included. */
const MOST_TRIES = 8;
/** The same, while the service only asks for pauses. */
const MOST_THROTTLED_TRIES = 20;
/** Waited out by the governor, for all requests together. */
const HELD: ReadonlySet<number> = new Set([429, 503]);
const BROKEN: ReadonlySet<number> = new Set([408, 500, 502, 504]);

/** Leaves the last answer or throws the last failure when trying again is over. */
export function retryReads(governor: Governor, clock: Clock, chance: Chance): Step {
  return async (_context, call, next) => {
    if (call.kind !== "read") return next();
    for (let attempt = 1; ; attempt += 1) {
      const failure = await tryOnce(call, next);
      const last = attempt >= MOST_TRIES || call.signal.aborted;
      if (failure === null) {
        const reply = replyOf(call);
        if (HELD.has(reply.status) && attempt < MOST_THROTTLED_TRIES && !governor.retries.empty) continue;
        if (HELD.has(reply.status) || !isBroken(reply, call)) return;
      }
      const hopeless = failure !== null && !failure.worthRetry;
      if (hopeless || last || !governor.retries.spend()) {
        if (failure !== null) throw failure;
        return;
      }
      await clock.sleep(backoffMs(attempt, chance.fraction()), call.waiting);
    }
  };
}

async function tryOnce(call: Call, next: () => Promise<void>): Promise<TransportFailure | null> {
  call.reply = null;
  try {
    await next();
    return null;
  } catch (error) {
    if (error instanceof TransportFailure) return error;
    throw error;
  }
}

/** A proxy's page in place of an answer, or a body that cannot be read, is as good as none. */
function isBroken(reply: GraphReply, call: Call): boolean {
  if (BROKEN.has(reply.status)) return true;
  return reply.status === 200 && call.expects === "json" && reply.json === undefined;
}
