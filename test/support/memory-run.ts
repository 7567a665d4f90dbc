/** A run store and a tenant side in memory, and a clock that only sleeping moves: for tests of the writer. */

import type { BreakerOpening } from "../../src/core/breaker-openings.ts";
import { type ChangeKind, type Facet, facetOf } from "../../src/core/change.ts";
import { BatchError } from "../../src/core/errors.ts";
import type { Guid } from "../../src/core/guid.ts";
import type { Attempt, Observation } from "../../src/core/journal.ts";
import type { Decisions, Plan } from "../../src/core/plan.ts";
import type { TickingClock } from "../../src/ports/clock.ts";
import type { Log } from "../../src/ports/log.ts";
import type { NewAttempt, NewObservation, RunStore } from "../../src/ports/run-store.ts";
import type { HeldValue, WritableSide, WriteAnswer } from "../../src/ports/writable-side.ts";

export class MemoryRunStore implements RunStore {
  readonly folder = "memory";
  readonly writable = true;
  readonly heldBy = null;
  readonly about;
  readonly events: (Attempt | Observation)[] = [];
  #decisions: Decisions | null = null;
  #openings: readonly BreakerOpening[] = [];
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
    const { hash: planHash, header } = plan;
    this.about = {
      runId: "run-1",
      createdAt: "2026-11-22T01:45:00.000Z",
      programVersion: "0",
      planHash,
      kind: header.kind,
      tenantId: header.tenantId,
      servers: [],
      tenantName: "Contoso",
      quota: { writes: 3000, windowSeconds: 150 },
      delimiter: ",",
      mapping: null,
    };
  }

  readPlan = () => this.#plan;
  readDecisions = () => this.#decisions;
  storeDecisions(decisions: Decisions) {
    this.#decisions = decisions;
  }
  readOpenings = () => this.#openings;
  storeOpenings(openings: readonly BreakerOpening[]) {
    this.#openings = openings;
  }
  async intend(attempt: NewAttempt): Promise<Attempt> {
    const event: Attempt = { ...attempt, kind: "intent", runId: this.about.runId, seq: this.events.length + 1 };
    this.events.push(event);
    return event;
  }
  observe(observation: NewObservation): Observation {
    const event: Observation = { ...observation, seq: this.events.length + 1 };
    this.events.push(event);
    return event;
  }
  readJournal = () => [...this.events];
  recordEnd() {
    return undefined;
  }
  publish = (fileName: string) => fileName;
  readPublished = () => null;
  close() {
    return undefined;
  }
}

/** How far a sleep moves the clock before whoever looks up at intervals is called. */
const STEP_MS = 10_000;

export class ManualClock implements TickingClock {
  /** Since some moment that says nothing, as on a real machine: whoever takes it for the time of day is found out. */
  #ms = 5_000;
  #wallAheadMs = Date.parse("2026-11-22T02:00:00Z") - this.#ms;
  readonly #lookers = new Set<() => void>();
  readonly slept: number[] = [];
  readonly onMove: (() => void)[] = [];
  now = () => new Date(this.#ms + this.#wallAheadMs);
  monotonicMs = () => this.#ms;
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.slept.push(ms);
    for (let left = ms; left > 0; left -= STEP_MS) {
      this.#ms += Math.min(left, STEP_MS);
      this.lookUp();
    }
    for (const moved of this.onMove) moved();
  }
  every(_ms: number, look: () => void): () => void {
    this.#lookers.add(look);
    return () => this.#lookers.delete(look);
  }
  /** Calls whoever looks up at intervals. */
  lookUp(): void {
    for (const look of [...this.#lookers]) look();
  }
  /** Sets the wall clock forward or back; time itself goes on as ever. */
  setWallClock(byMs: number): void {
    this.#wallAheadMs += byMs;
  }
  /** The machine sleeps: the wall clock goes on, the monotonic one does not. Nobody has looked up yet. */
  suspend(ms: number): void {
    this.#wallAheadMs += ms;
  }
  /** The process is held (SIGSTOP): both clocks go on. Nobody has looked up yet. */
  hold(ms: number): void {
    this.#ms += ms;
  }
}

export type WriteEntry = {
  readonly kind?: ChangeKind;
  readonly objectId: Guid;
  readonly after: string | null;
  readonly clientRequestId: string;
  readonly applied: boolean;
};

/** What the side does with one write. `late` applies it that many milliseconds after its answer was lost. */
export type WriteScript =
  | "accepted"
  | "refused"
  | "conflict"
  | "not-sent"
  | "too-late"
  | "changed-meanwhile"
  | "lost"
  | "lost-applied"
  | { readonly late: number };

/** A tenant in memory with a ledger; `script` decides what becomes of each write. */
export class MemorySide implements WritableSide {
  readonly ledger: WriteEntry[] = [];
  readonly reads: Guid[] = [];
  script: (n: number, change: { readonly objectId: Guid; readonly after: string | null }) => WriteScript = () =>
    "accepted";
  beforeRead: (n: number, objectId: Guid) => void = () => undefined;
  readonly #users: Map<Guid, HeldValue>;
  readonly #clock: ManualClock;
  #late: { readonly at: number; readonly objectId: Guid; readonly value: string | null }[] = [];

  constructor(users: readonly HeldValue[], clock: ManualClock) {
    this.#users = new Map(users.map((user) => [user.objectId, user]));
    this.#clock = clock;
    clock.onMove.push(() => this.#landLate());
  }

  valueOf(objectId: Guid): string | null | undefined {
    return this.#users.get(objectId)?.value;
  }
  change(objectId: Guid, changes: Partial<HeldValue>): void {
    const user = this.#users.get(objectId);
    if (user !== undefined) this.#users.set(objectId, { ...user, ...changes });
  }
  remove(objectId: Guid): void {
    this.#users.delete(objectId);
  }

  /** One value a user: it is that of whatever facet the change under test has. */
  async readValue(
    objectId: Guid,
    _signal?: AbortSignal,
    { facet = "immutable-id" }: { facet?: Facet } = {},
  ): Promise<HeldValue | null> {
    this.reads.push(objectId);
    this.beforeRead(this.reads.length, objectId);
    const held = this.#users.get(objectId) ?? null;
    if (facet !== "existence" || held !== null) return held;
    return { objectId, name: "", value: "gone", synced: false };
  }

  async readWhole(objectId: Guid): Promise<unknown> {
    const held = this.#users.get(objectId);
    if (held === undefined) throw new BatchError("tenant", `There is no user ${objectId} to save`, "Plan again.");
    return { ...held };
  }

  async writeValue(
    change: { readonly objectId: Guid; readonly after: string | null; readonly kind?: ChangeKind },
    clientRequestId: string,
  ): Promise<WriteAnswer> {
    const script = this.script(this.ledger.length + 1, change);
    const holder = [...this.#users.values()].find(
      ({ objectId, value }) =>
        value !== null &&
        value === change.after &&
        objectId !== change.objectId &&
        facetOf(change.kind ?? "replace") === "immutable-id",
    );
    const applied = holder === undefined && (script === "accepted" || script === "lost-applied");
    this.ledger.push({ ...change, clientRequestId, applied });
    if (applied) this.change(change.objectId, { value: change.after });
    if (typeof script === "object")
      this.#late.push({ at: this.#clock.monotonicMs() + script.late, objectId: change.objectId, value: change.after });
    if (holder !== undefined && script === "accepted") return answer("refused", 400, holder.objectId);
    if (script === "conflict") return answer("refused", 400, null);
    if (script === "changed-meanwhile") return answer(script, null);
    if (script === "accepted" || script === "not-sent" || script === "too-late")
      return answer(script, script === "accepted" ? 204 : null);
    return script === "refused" ? answer("refused", 403) : answer("undecided", 504);
  }

  #landLate(): void {
    const due = this.#late.filter(({ at }) => at <= this.#clock.monotonicMs());
    this.#late = this.#late.filter((write) => !due.includes(write));
    for (const { objectId, value } of due) this.change(objectId, { value });
  }
}

function answer(meaning: WriteAnswer["meaning"], httpStatus: number | null, holderId?: Guid | null): WriteAnswer {
  const errorCode = meaning === "refused" ? "Request_BadRequest" : null;
  return {
    meaning,
    httpStatus,
    errorCode,
    message: null,
    requestId: null,
    conflict: holderId === undefined ? null : { holderId },
  };
}

export { SILENT_PROGRESS } from "../../src/ports/progress.ts";
export const SILENT_LOG: Log = { info: () => undefined, warn: () => undefined };
