/**
 * One call to Graph on its way through the middleware: what it is, and what came of it.
 *
 * The SDK hands its middleware a context without room for either, and wraps what a middleware throws in an error
 * of its own that loses headers and body. So each call travels as a middleware option, and the last word is read
 * from it.
 */
import type { Context, Middleware, MiddlewareOptions } from "@microsoft/microsoft-graph-client";
import type { Clock } from "../../ports/clock.ts";
import type { GraphReply } from "./graph-reply.ts";

/** What a call is for, for the message when it fails: "list the users", and the permission that it needs. */
export type Purpose = { readonly doing: string; readonly permission: string };

/**
 * A moment on both clocks, passed when either has passed it: while the machine sleeps, only the wall clock goes on,
 * and a wall clock that is set back must not hold time still.
 */
export type Deadline = { readonly monotonicMs: number; readonly wallMs: number };

const NEVER: Deadline = { monotonicMs: Number.POSITIVE_INFINITY, wallMs: Number.POSITIVE_INFINITY };

/** The moment `ms` from now. */
export function deadlineIn(ms: number, clock: Clock): Deadline {
  return { monotonicMs: clock.monotonicMs() + ms, wallMs: clock.now().getTime() + ms };
}

/** @see Deadline */
export function hasPassed({ monotonicMs, wallMs }: Deadline, clock: Clock): boolean {
  return clock.monotonicMs() > monotonicMs || clock.now().getTime() > wallMs;
}

export class Call implements MiddlewareOptions {
  readonly kind: "read" | "write";
  /** What it costs of its quota: one write, or so many resource units of reads. */
  readonly units: number;
  readonly clientRequestId: string;
  /** Ends the call wherever it is. */
  readonly signal: AbortSignal;
  /** Ends the call as long as it waits to be sent; fires with `signal` too. */
  readonly waiting: AbortSignal;
  /** What a useful answer holds; a read that gets something else is tried again. */
  readonly expects: "json" | "text" | "nothing";
  /** Most tries of a read, the first included; as many as retrying allows unless told. */
  readonly tries: number;
  /** The call is not sent later than this. */
  readonly sendBy: Deadline;
  reply: GraphReply | null = null;
  failure: unknown = null;

  constructor(
    facts: Pick<Call, "kind" | "units" | "clientRequestId" | "signal" | "expects"> & {
      readonly sendBy?: Deadline;
      readonly giveUp?: AbortSignal | undefined;
      readonly tries?: number | undefined;
    },
  ) {
    this.kind = facts.kind;
    this.units = facts.units;
    this.clientRequestId = facts.clientRequestId;
    this.signal = facts.signal;
    this.waiting = facts.giveUp === undefined ? facts.signal : AbortSignal.any([facts.signal, facts.giveUp]);
    this.expects = facts.expects;
    this.tries = facts.tries ?? Number.POSITIVE_INFINITY;
    this.sendBy = facts.sendBy ?? NEVER;
  }
}

/** Runs the rest of the chain once. Afterwards `call.reply` holds the answer, or it has thrown. */
export type Step = (context: Context, call: Call, next: () => Promise<void>) => Promise<void>;

/** Turns a step into the SDK's form of one. */
export function toMiddleware(step: Step): Middleware {
  let following: Middleware | null = null;
  return {
    setNext(middleware) {
      following = middleware;
    },
    async execute(context) {
      const call: unknown = context.middlewareControl?.getMiddlewareOptions(Call);
      if (!(call instanceof Call)) throw new Error("a Graph request was made without a Call");
      await step(context, call, async () => {
        if (following === null) throw new Error("the middleware chain ends too early");
        await following.execute(context);
      });
    },
  };
}

/** The answer that the rest of the chain has left. */
export function replyOf(call: Call): GraphReply {
  if (call.reply === null) throw new Error("the middleware chain ended without an answer");
  return call.reply;
}

/** The address that a context goes to. */
export function addressOf(context: Context): string {
  return typeof context.request === "string" ? context.request : context.request.url;
}
