/**
 * Calls to Graph through the SDK's client with our own middleware.
 *
 * The chain, outermost first: hand the outcome over, retry reads or resend writes, wait for a turn, authorize,
 * send. The SDK's own retry, redirect and telemetry handlers are not in it.
 */
import { Client, ResponseType } from "@microsoft/microsoft-graph-client";
import type { Chance, Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { AccessTokens } from "./access-tokens.ts";
import { authorize } from "./authorize.ts";
import { Call, deadlineIn, type Purpose, replyOf, type Step, toMiddleware } from "./call.ts";
import { type Governor, TurnTooLate } from "./governor.ts";
import { explainReadFailure, refuseReply } from "./graph-error.ts";
import type { GraphReply } from "./graph-reply.ts";
import { pace } from "./pace.ts";
import { resendWrites } from "./resend-writes.ts";
import { retryReads } from "./retry-reads.ts";
import { sendByFetch } from "./transport.ts";

/** What is only in beta is read there: it may change without notice, so nothing else is. */
export type GraphVersion = "v1.0" | "beta";

/** A read: path and query relative to the version, percent-encoded. */
export type ReadRequest = Purpose & {
  readonly path: string;
  /** v1.0 unless told. */
  readonly version?: GraphVersion;
  readonly signal: AbortSignal;
  /** Not sent any more when it fires; what is on its way goes on. */
  readonly giveUp?: AbortSignal | undefined;
  readonly expects?: "json" | "text";
  readonly headers?: Readonly<Record<string, string>>;
  /** Resource units; 1 unless told. */
  readonly units?: number;
  /** @see Call.tries */
  readonly tries?: number;
  /** Body of a POST that only reads ($batch). */
  readonly body?: object;
};

/** A write, apart from who sends it and when. */
export type WriteAct = {
  readonly method: "PATCH" | "POST" | "DELETE";
  readonly path: string;
  readonly version: GraphVersion;
  /** `null` for a DELETE. */
  readonly body: object | null;
};

export type WriteRequest = WriteAct & {
  readonly clientRequestId: string;
  readonly signal: AbortSignal;
  /** Not sent any more when it fires; what is on its way goes on. */
  readonly giveUp: AbortSignal | undefined;
  /** Milliseconds within which it must be sent; `undefined` waits as long as it takes. */
  readonly freshForMs: number | undefined;
};

export interface GraphCalls {
  /** Scheme, host and version: what every address of that version begins with. */
  baseAddressOf(version: GraphVersion): string;
  readonly governor: Governor;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** @returns An answer with status 200. @throws {BatchError} tenant, interrupted. */
  read(request: ReadRequest): Promise<GraphReply>;
  /** @returns Whatever answer came. @throws {BatchError} tenant, interrupted: none came. */
  readAny(request: ReadRequest): Promise<GraphReply>;
  /** @returns The answer to a write. @throws What stopped it: TransportFailure, PauseTooLong, TurnTooLate, BatchError, the signal's reason. */
  write(request: WriteRequest): Promise<GraphReply>;
}

/** @param parts.graphRoot Scheme and host, as {@link graphRootOf} gives it. */
export function openGraphCalls(parts: {
  readonly graphRoot: string;
  readonly tokens: AccessTokens;
  readonly governor: Governor;
  readonly requestTimeoutSeconds: number;
  readonly maxResponseBytes?: number;
  readonly send: typeof fetch;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
}): GraphCalls {
  const { graphRoot, tokens, governor, clock, chance, log } = parts;
  const steps: readonly Step[] = [
    handOver,
    retryReads(governor, clock, chance, parts.requestTimeoutSeconds),
    resendWrites(governor, clock, chance),
    pace(governor, clock, log),
    authorize(tokens, graphRoot),
    sendByFetch(parts),
  ];
  const client = Client.initWithMiddleware({
    baseUrl: graphRoot,
    middleware: steps.map(toMiddleware),
  });

  const prepare = (path: string, version: GraphVersion, call: Call, headers: Readonly<Record<string, string>>) =>
    client
      .api(path)
      .version(version)
      .middlewareOptions([call])
      .responseType(ResponseType.RAW)
      .headers({
        Accept: "application/json",
        "client-request-id": call.clientRequestId,
        "x-ms-throttle-priority": "Low",
        ...headers,
      });

  const readAny = async (request: ReadRequest): Promise<GraphReply> => {
    const { path, version = "v1.0", signal, giveUp, expects = "json", headers = {}, units = 1, tries, body } = request;
    const call = new Call({ kind: "read", units, clientRequestId: chance.uuid(), signal, giveUp, expects, tries });
    const prepared = prepare(path, version, call, headers);
    await (body === undefined ? prepared.get() : prepared.post(body));
    if (call.failure !== null) throw explainReadFailure(call.failure, request, call.waiting);
    return replyOf(call);
  };

  return {
    baseAddressOf: (version) => `${graphRoot}/${version}`,
    governor,
    clock,
    chance,
    log,
    readAny,
    async read(request) {
      const reply = await readAny(request);
      const readable = request.expects === "text" || reply.json !== undefined;
      if (reply.status === 200 && readable) return reply;
      throw refuseReply(reply, request);
    },
    async write({
      method,
      path,
      version,
      body,
      clientRequestId,
      signal,
      giveUp,
      freshForMs = Number.POSITIVE_INFINITY,
    }) {
      const sendBy = deadlineIn(freshForMs, clock);
      const call = new Call({ kind: "write", units: 1, clientRequestId, signal, giveUp, expects: "nothing", sendBy });
      const headers: Record<string, string> = body === null ? {} : { "Content-Type": "application/json" };
      const prepared = prepare(path, version, call, headers);
      await (method === "PATCH" ? prepared.patch(body) : method === "POST" ? prepared.post(body) : prepared.delete());
      if (call.failure === null) return replyOf(call);
      // Whatever waits has not been sent: given up in its wait, it is as if its turn had come too late.
      throw giveUp?.aborted && call.failure === giveUp.reason ? new TurnTooLate() : call.failure;
    },
  };
}

/** Keeps what went wrong on the call itself: the SDK would wrap it and lose what it was. */
const handOver: Step = async (_context, call, next) => {
  try {
    await next();
  } catch (error) {
    call.failure = error;
  }
};
