/**
 * What the writer needs of a system that it writes to: read one value, write one value. The tenant is one such side,
 * Active Directory the other; the writer knows no more of them than this.
 */
import type { Change, ChangeKind, Facet } from "../core/change.ts";
import type { Guid } from "../core/guid.ts";

/** An object as a fresh read shows it. */
export type HeldValue = {
  readonly objectId: Guid;
  /** Its name now: the writer leaves a row alone whose user was renamed since the plan. */
  readonly name: string;
  /** Of the facet that was asked for, the immutable ID unless told; `null` is unset. */
  readonly value: string | null;
  /** true when sync owns the object, and the value can no longer be written. */
  readonly synced: boolean;
};

/**
 * What the answer to a write means, whatever it said.
 *
 * - `accepted`: the value was committed.
 * - `refused`: it surely was not, and asking again will not help.
 * - `not-sent`: it surely was not, and nothing is wrong with the row: no byte of it left, or the
 *   service asked for a pause longer than a run should wait. The run stops and is resumed later.
 * - `too-late`: it surely was not, because its turn came when the read that it rests on had grown old, or was given
 *   up. Read again, then write again.
 * - `changed-meanwhile`: it surely was not, because the side itself has compared and found another value than the one
 *   that the write rests on. Read again: the row is drift, or its value is there already.
 * - `undecided`: nobody can say. Only a read settles it.
 */
export type WriteAnswer = {
  readonly meaning: "accepted" | "refused" | "not-sent" | "too-late" | "changed-meanwhile" | "undecided";
  readonly httpStatus: number | null;
  readonly errorCode: string | null;
  readonly message: string | null;
  /** What the side's own log knows the answer by: Graph's request-id, or the name of the domain controller. */
  readonly requestId: string | null;
  /** When the write was refused because another object holds the value: that object's id, if it was named. */
  readonly conflict: { readonly holderId: Guid | null } | null;
};

/** How long a request may wait for its turn. */
export type Waiting = {
  /**
   * When it fires, no request waits any longer for the quota, for the end of a pause or to be tried again. One that
   * need not wait is still sent, and one that is on its way is not cut off. Never, unless told.
   */
  readonly giveUp?: AbortSignal;
};

export interface WritableSide {
  /**
   * One fresh read, never from a cache; `null` when the object does not exist (any more).
   * For the facet `existence` the value is `live`, `deleted` or `gone`, and never `null`.
   * Reads are tried again by the side itself as long as that makes sense.
   *
   * @throws {BatchError} tenant or directory: it cannot be read. interrupted: the signal fired, or `giveUp` while it
   *   waited.
   */
  readValue(
    objectId: Guid,
    signal: AbortSignal,
    asked?: { readonly facet?: Facet } & Waiting,
  ): Promise<HeldValue | null>;

  /**
   * The whole object as the system shows it, live or deleted, to be saved before it is destroyed: plain JSON.
   *
   * @throws {BatchError} as readValue; also when it does not exist.
   */
  readWhole(objectId: Guid, signal: AbortSignal): Promise<unknown>;

  /**
   * Sends one write (an immutable ID unless `kind` says otherwise), at most `freshForMs` from now, and says what the
   * answer means. A side that can compare by itself writes only over exactly `before`; one that cannot passes over it.
   * Waits its turn under the quota, obeys any pause that the service asks for, and sends again only what was surely not
   * applied (429, 401, not sent). Never sends a write again whose answer was lost.
   *
   * @throws Nothing for an answer or the lack of one: that is what WriteAnswer is for.
   */
  writeValue(
    change: Pick<Change, "objectId" | "after"> & {
      readonly before?: string | null;
      readonly kind?: ChangeKind;
      readonly freshForMs?: number;
    } & Waiting,
    clientRequestId: string,
    signal: AbortSignal,
  ): Promise<WriteAnswer>;
}
