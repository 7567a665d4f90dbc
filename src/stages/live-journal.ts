/**
 * The journal of a run that is going on: a promise goes to disk first and then into the picture in memory. What was
 * learned may stand in the picture a moment before it is on disk, but is there before the next promise: the two can
 * never disagree in the dangerous direction.
 */
import type { BreakerVerdict } from "../core/breaker.ts";
import { addOpening } from "../core/breaker-openings.ts";
import { type Change, keyOf } from "../core/change.ts";
import { advanceProgress, type ChangeProgress, foldJournal, type KeepProgress } from "../core/change-progress.ts";
import {
  type Attempt,
  type AttemptPurpose,
  listUnclearWrites,
  type Observation,
  type ObservationKind,
  type UnclearWrite,
} from "../core/journal.ts";
import { createProgressPacker } from "../core/settled-progress.ts";
import type { Chance, Clock } from "../ports/clock.ts";
import type { RunStore } from "../ports/run-store.ts";
import type { WriteAnswer } from "../ports/writable-side.ts";

/** What an observation may say beside its kind. */
export type Learned = {
  readonly value?: string | null;
  readonly message?: string;
  readonly answer?: Pick<WriteAnswer, "httpStatus" | "errorCode" | "message" | "requestId">;
  readonly attempt?: Attempt;
};

export class LiveJournal {
  readonly #store: RunStore;
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #operator: string;
  readonly #progress: Map<string, ChangeProgress>;
  readonly #keep: KeepProgress;
  /**
   * Attempts that got no clear answer, by object, with the last moment at which each may have been sent: on the
   * monotonic clock, for a wall clock that is set forward in the middle of a run would end a quarantine too soon.
   */
  readonly #unclear = new Map<string, UnclearWrite[]>();

  /** Steps whose last write got no clear answer and that no read has settled. */
  readonly #undecided = new Set<string>();

  #hasMetSync = false;
  /** ISO time at which the operator last said that the run may go on in spite of its breaker; `null` if never. */
  readonly acknowledgedAt: string | null;

  /** @param changes How many the plan has. */
  constructor(
    store: RunStore,
    operator: string,
    { clock, chance }: { readonly clock: Clock; readonly chance: Chance },
    changes = 0,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#chance = chance;
    this.#operator = operator;
    this.acknowledgedAt = store.readOpenings().at(-1)?.acknowledged?.at ?? null;
    const journal = store.readJournal();
    this.#keep = createProgressPacker(changes);
    this.#progress = foldJournal(journal, this.#keep);
    for (const [key, { open }] of this.#progress) if (open !== null) this.#undecided.add(key);
    const nowMs = clock.now().getTime();
    for (const { attempt, sentByMs } of listUnclearWrites(journal, nowMs)) {
      // What the record dates later than now was written before the clock was set back: it counts as just sent.
      this.#rememberUnclear(attempt, clock.monotonicMs() - Math.max(0, nowMs - sentByMs));
    }
  }

  progressOf(change: Change): ChangeProgress | undefined {
    return this.#progress.get(keyOf(change));
  }

  /** Whether this apply has found a user that sync owns by now. */
  get hasMetSync(): boolean {
    return this.#hasMetSync;
  }

  /** How many writes have no clear answer and are not settled; those under way are not among them. */
  get undecided(): number {
    return this.#undecided.size;
  }

  isUndecided(change: Change): boolean {
    return this.#undecided.has(keyOf(change));
  }

  /** Promises one write. When this resolves, the promise is on disk. */
  async intend(change: Change, purpose: AttemptPurpose, before: string | null, after: string | null): Promise<Attempt> {
    const { row, step, objectId } = change;
    const attempt = await this.#store.intend({
      row,
      step,
      purpose,
      objectId,
      before,
      after,
      clientRequestId: this.#chance.uuid(),
      operator: this.#operator,
      at: this.#clock.now().toISOString(),
    });
    this.#advance(change, attempt);
    return attempt;
  }

  observe(change: Change, kind: ObservationKind, { value = null, message, answer, attempt }: Learned = {}): void {
    if (kind === "undecided" && attempt !== undefined) this.#rememberUnclear(attempt, this.#clock.monotonicMs());
    if (kind === "overtaken" || kind === "sync-matched") this.#hasMetSync = true;
    const { row, step } = change;
    this.#advance(
      change,
      this.#store.observe({
        row,
        step,
        kind,
        value,
        attempt: attempt?.seq ?? null,
        httpStatus: answer?.httpStatus ?? null,
        errorCode: answer?.errorCode ?? null,
        message: message ?? answer?.message ?? null,
        requestId: answer?.requestId ?? null,
        at: this.#clock.now().toISOString(),
      }),
    );
  }

  /** The breaker has opened. When this returns, the verdict is on disk: no later apply overlooks it. */
  recordOpening(verdict: BreakerVerdict): void {
    this.#store.storeOpenings(addOpening(this.#store.readOpenings(), verdict, this.#clock.now().toISOString()));
  }

  /**
   * How long a value must wait because an earlier write of a different one to the same object may still land.
   * @returns Milliseconds, 0 when it need not wait.
   */
  quarantineLeftMs(objectId: string, value: string | null, quarantineMs: number): number {
    const endsAt = (this.#unclear.get(objectId) ?? [])
      .filter(({ attempt }) => attempt.after !== value)
      .map(({ sentByMs }) => sentByMs + quarantineMs);
    return Math.max(0, ...endsAt.map((end) => end - this.#clock.monotonicMs()));
  }

  /** How long this attempt, which got no clear answer, may still land. @returns Milliseconds, 0 when it cannot. */
  landingLeftMs({ seq, objectId }: Attempt, quarantineMs: number): number {
    const unclear = this.#unclear.get(objectId)?.findLast(({ attempt }) => attempt.seq === seq);
    return unclear === undefined ? 0 : Math.max(0, unclear.sentByMs + quarantineMs - this.#clock.monotonicMs());
  }

  /** The attempt of ours that may have put this value there: one without a clear answer. */
  findUnclear(objectId: string, value: string | null): Attempt | undefined {
    return this.#unclear.get(objectId)?.findLast(({ attempt }) => attempt.after === value)?.attempt;
  }

  /**
   * Whether a write of ours, by this step or an earlier one of its row, has put another value in the place of this one:
   * a read that shows it may be outdated.
   */
  hasTakenAway({ row, step: last, objectId }: Change, value: string | null): boolean {
    const steps = Array.from({ length: last }, (_, index) => this.#progress.get(keyOf({ row, step: index + 1 })));
    return steps.some(
      (progress) =>
        progress !== undefined &&
        progress.writtenAt !== null &&
        progress.attempts.some((attempt) => attempt.objectId === objectId && attempt.before === value),
    );
  }

  #advance(change: Change, event: Attempt | Observation): void {
    const key = keyOf(change);
    const progress = this.#keep(advanceProgress(this.#progress.get(key), event));
    this.#progress.set(key, progress);
    if (progress.open === null) this.#undecided.delete(key);
    else if (event.kind === "undecided") this.#undecided.add(key);
  }

  #rememberUnclear(attempt: Attempt, sentByMs: number): void {
    const known = this.#unclear.get(attempt.objectId);
    if (known === undefined) this.#unclear.set(attempt.objectId, [{ attempt, sentByMs }]);
    else known.push({ attempt, sentByMs });
  }
}
