/**
 * Sends a request with Node's own fetch and reads the answer whole, bounded in time and size.
 *
 * Redirects are never followed: a portal's sign-in page would else look like an answer. The time-out covers the
 * body too, or a server that sends one byte a minute would hold a run for ever. Connections are kept alive and
 * verified by Node.
 */
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { addressOf, type Step } from "./call.ts";
import { readReply, requestIdOf } from "./graph-reply.ts";
import { explainTransportError, TransportFailure } from "./transport-failure.ts";
import { withholdToken } from "./withhold-token.ts";

/** Largest answer that is read, after decompression. A page of 999 users is about 2 MB. */
export const MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

/**
 * @throws {TransportFailure} no whole answer. The signal's reason, when it fired before anything was sent.
 */
export function sendByFetch(settings: {
  readonly requestTimeoutSeconds: number;
  readonly maxResponseBytes?: number;
  /** Node's own fetch, or one that is counted. */
  readonly send: typeof fetch;
  readonly clock: Clock;
  readonly log: Log;
}): Step {
  const { clock, log, send, requestTimeoutSeconds, maxResponseBytes = MAX_RESPONSE_BYTES } = settings;
  return async (context, call) => {
    call.signal.throwIfAborted();
    const address = addressOf(context);
    const startedMs = clock.monotonicMs();
    const fields = { method: context.options?.method ?? "GET", path: new URL(address).pathname };
    const limit = limitTime(clock, requestTimeoutSeconds * 1000, call.signal);
    try {
      const response = await send(address, {
        ...context.options,
        redirect: "manual",
        signal: limit.signal,
      });
      const text = await readBody(response, maxResponseBytes);
      context.response = response;
      const answer = withholdToken({ headers: response.headers, text }, context.options?.headers);
      call.reply = readReply(response.status, answer.headers, answer.text);
      log.info("graph-answer", {
        ...fields,
        httpStatus: response.status,
        clientRequestId: call.clientRequestId,
        durationMs: Math.round(clock.monotonicMs() - startedMs),
        ...withRequestId(requestIdOf(call.reply)),
      });
    } catch (error) {
      const { host } = new URL(address);
      const failure = explainSendError(error, {
        host,
        stopped: call.signal.aborted,
        timedOut: limit.timedOut(),
        requestTimeoutSeconds,
      });
      log.warn("graph-no-answer", { ...fields, errorCode: failure.code, clientRequestId: call.clientRequestId });
      throw failure;
    } finally {
      limit.cancel();
    }
  };
}

function withRequestId(requestId: string | null): { requestId: string } | object {
  return requestId === null ? {} : { requestId };
}

function explainSendError(
  error: unknown,
  {
    host,
    stopped,
    timedOut,
    requestTimeoutSeconds: seconds,
  }: {
    readonly host: string;
    readonly stopped: boolean;
    readonly timedOut: boolean;
    readonly requestTimeoutSeconds: number;
  },
): TransportFailure {
  if (error instanceof TransportFailure) return error;
  if (stopped) return new TransportFailure("lost", "interrupted", "stopped while waiting for the answer");
  if (timedOut) return new TransportFailure("lost", "timeout", `no whole answer within ${seconds} s`, { host });
  return explainTransportError(error, host);
}

/** A signal that fires with `outer`, or after `ms` on the injected clock, unless cancelled. */
function limitTime(clock: Clock, ms: number, outer: AbortSignal) {
  const limit = new AbortController();
  const done = new AbortController();
  let timedOut = false;
  const stop = () => limit.abort(outer.reason);
  outer.addEventListener("abort", stop, { once: true });
  clock.sleep(ms, done.signal).then(
    () => {
      timedOut = true;
      limit.abort();
    },
    () => undefined, // The request ended first, and with it the wait.
  );
  return {
    signal: limit.signal,
    timedOut: () => timedOut,
    cancel() {
      outer.removeEventListener("abort", stop);
      done.abort();
    },
  };
}

/** The body as text, at most `maxBytes` of it. @throws {TransportFailure} lost: too large, or not UTF-8. */
async function readBody(response: Response, maxBytes: number): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let bytes = 0;
  let text = "";
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the stream and with it the connection.
    if (bytes > maxBytes)
      throw new TransportFailure("lost", "too-large", `the answer is larger than ${maxBytes} bytes`);
    text += decodeOrFail(() => decoder.decode(chunk, { stream: true }));
  }
  return text + decodeOrFail(() => decoder.decode());
}

function decodeOrFail(decode: () => string): string {
  try {
    return decode();
  } catch {
    // The decoder's message says no more than that.
    throw new TransportFailure("lost", "not-utf-8", "the answer is not valid UTF-8");
  }
}
