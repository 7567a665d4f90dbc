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
import { backoffMs, longestBackoffMs } from "./retry-after.ts";
import { describeFailure, TransportFailure } from "./transport-failure.ts";

/** Tries of one read, the first included. */
const MOST_TRIES = 8;
/** The same, at an address where nothing listens and nobody has ever answered: most likely a wrong one. */
const MOST_FIRST_TRIES = 3;
/** The same, while the service only asks for pauses. */
const MOST_THROTTLED_TRIES = 20;
/** Waited out by the governor, for all requests together. */
const HELD: ReadonlySet<number> = new Set([429, 503]);
const BROKEN: ReadonlySet<number> = new Set([408, 500, 502, 504]);

/** Leaves the last answer or throws the last failure when trying again is over. */
export function retryReads(governor: Governor, clock: Clock, chance: Chance, requestTimeoutSeconds: number): Step {
  const { silence } = governor;
  return async (_context, call, next) => {
    if (call.kind !== "read") return next();
    const begunMs = clock.monotonicMs();
    for (let attempt = 1; ; attempt += 1) {
      const failure = await tryOnce(call, next);
      const isNew = failure !== null && isRefused(failure) && !silence.hasHeard;
      const mostTries = Math.min(isNew ? MOST_FIRST_TRIES : MOST_TRIES, call.tries);
      const last = attempt >= mostTries || call.signal.aborted;
      if (failure === null) {
        const reply = replyOf(call);
        silence.heard(!HELD.has(reply.status) && !isBroken(reply, call));
        if (HELD.has(reply.status) && attempt < MOST_THROTTLED_TRIES && !governor.retries.empty) continue;
        if (HELD.has(reply.status) || !isBroken(reply, call)) return;
      }
      const hopeless = failure !== null && !failure.worthRetry;
      if (hopeless || last || !governor.retries.spend()) {
        if (failure !== null) throw failure;
        return;
      }
      const pauseMs = backoffMs(attempt, chance.fraction());
      const why = failure === null ? describeBroken(replyOf(call)) : describeFailure(failure);
      const eachMs = failure !== null && isRefused(failure) ? 0 : requestTimeoutSeconds * 1000;
      silence.goesOn(why, {
        sinceMs: clock.monotonicMs() - begunMs,
        nextMs: pauseMs,
        mostMs: longestWaitMs(attempt, mostTries, eachMs),
      });
      await clock.sleep(pauseMs, call.waiting);
    }
  };
}

function isRefused({ code }: TransportFailure): boolean {
  return code === "ECONNREFUSED";
}

function describeBroken({ status }: GraphReply): string {
  return status === 200 ? "Graph sent what cannot be read" : `Graph answers with HTTP ${status}`;
}

/** How long the tries that are left take at most. @param eachMs What one of them takes at most. */
function longestWaitMs(attempt: number, mostTries: number, eachMs: number): number {
  let ms = 0;
  for (let each = attempt; each < mostTries; each += 1) ms += longestBackoffMs(each) + eachMs;
  return ms;
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
