/**
 * The journal: every write that was intended and everything that was learned about it, in the order
 * in which it happened. Nothing in it is ever changed; where a change stands is computed from it.
 */

import type { ChangeKey } from "./change.ts";
import type { Guid } from "./guid.ts";

/** Why a write is made: the plan's own change, or the canary that is set back and set again. */
export type AttemptPurpose = "change" | "canary-back" | "canary-again";

/** The promise to send one write, durable before the write leaves the process. */
export type Attempt = ChangeKey & {
  readonly kind: "intent";
  /** Position in the journal, from 1; also the attempt's name. */
  readonly seq: number;
  readonly purpose: AttemptPurpose;
  readonly objectId: Guid;
  readonly before: string | null;
  readonly after: string | null;
  /** Sent as client-request-id, so that the tenant's own log can be held against ours. */
  readonly clientRequestId: string;
  readonly runId: string;
  readonly operator: string;
  /** ISO time. */
  readonly at: string;
};

export const OBSERVATION_KINDS = [
  // answers to an attempt
  "accepted",
  "refused",
  // surely not applied, because another object holds the value or its own is not the one that the write rests on: worth
  // another try once the other has let go, or another look
  "conflict",
  "undecided",
  "not-sent",
  // an undecided attempt, settled by two equal reads
  "settled-applied",
  "settled-not-applied",
  "settled-drift",
  // a refused attempt whose earlier ones can no longer land either
  "settled-refused",
  // reads
  "verified",
  "mismatch",
  // the user holds again what it held before the run: rolled back, or set back by hand
  "set-back",
  "already",
  "drift",
  // the same, and it is sync that owns the user now
  "overtaken",
  "blocked",
  // what verify saw of sync
  "sync-none",
  "sync-matched",
  "sync-duplicate",
  "sync-error",
] as const;
export type ObservationKind = (typeof OBSERVATION_KINDS)[number];

export type Observation = ChangeKey & {
  readonly kind: ObservationKind;
  readonly seq: number;
  /** `seq` of the attempt that it is about; `null` for a read that belongs to none. */
  readonly attempt: number | null;
  /** Value that was read, where something was read; `null` is unset. */
  readonly value: string | null;
  readonly httpStatus: number | null;
  readonly errorCode: string | null;
  readonly message: string | null;
  /** Graph's request-id. */
  readonly requestId: string | null;
  readonly at: string;
};

/** Everything that has happened in a run, ascending by `seq`. */
export type Journal = readonly (Attempt | Observation)[];

/** Answers after which a write cannot land any more. */
const CLEAR_ANSWERS: ReadonlySet<ObservationKind> = new Set(["accepted", "refused", "conflict", "not-sent"]);

/** Whether what was learned of an attempt says that it cannot land any more, whatever a read shows. */
export function isClearAnswer(kind: ObservationKind): boolean {
  return CLEAR_ANSWERS.has(kind);
}

/** A write that may still land, and the last moment at which it can have been sent. */
export type UnclearWrite = { readonly attempt: Attempt; readonly sentByMs: number };

/**
 * Attempts without a clear answer: each may still land, whatever a read has shown since.
 *
 * Between intent and request lies the wait for the quota, so the first word about an attempt bounds when it was
 * sent. Of a process that died all that is known is that it sends no more.
 *
 * @param nowMs Milliseconds since the Unix epoch, for attempts that nothing was ever heard of.
 */
export function listUnclearWrites(journal: Journal, nowMs: number): UnclearWrite[] {
  const clear = new Set<number | null>();
  const firstWordAt = new Map<number | null, string>();
  for (const event of journal) {
    if (event.kind === "intent") continue;
    if (isClearAnswer(event.kind)) clear.add(event.attempt);
    if (!firstWordAt.has(event.attempt)) firstWordAt.set(event.attempt, event.at);
  }
  return journal.flatMap((event) => {
    if (event.kind !== "intent" || clear.has(event.seq)) return [];
    const at = firstWordAt.get(event.seq);
    return [{ attempt: event, sentByMs: at === undefined ? nowMs : Date.parse(at) }];
  });
}
