/**
 * A tenant reduced to what the writer can notice of it: values that are unique, answers that get lost, writes that
 * land late by the rules of that moment, reads that lag behind. Its ledger is what the oracle judges by.
 */

import { BatchError } from "../../src/core/errors.ts";
import type { Guid } from "../../src/core/guid.ts";
import type { HeldValue, WritableSide, WriteAnswer } from "../../src/ports/writable-side.ts";
import type { ManualClock } from "../support/memory-run.ts";
import type { SeenWrite } from "./oracle.ts";

/** What becomes of one write. `late` lands that many milliseconds after its answer was lost. */
export type WriteFate =
  | "accepted"
  | "refused"
  | "not-sent"
  | "too-late"
  | "lost"
  | "lost-applied"
  | "conflict"
  | { readonly late: number };

type Late = { readonly entry: SeenWrite & { applied: boolean; landedAtMs: number | null }; readonly dueMs: number };

export class ModelSide implements WritableSide {
  readonly ledger: SeenWrite[] = [];
  /** Decides what becomes of the next write. */
  nextFate: () => WriteFate = () => "accepted";
  /** Whether the next read fails. */
  nextReadFails: () => boolean = () => false;
  /** Called at every moment at which the process may die. */
  step: () => Promise<void> = async () => undefined;
  /** How far reads lag behind. */
  lagMs = 0;
  readonly #users: Map<Guid, HeldValue>;
  readonly #history = new Map<Guid, { atMs: number; value: string | null }[]>();
  readonly #clock: ManualClock;
  #late: Late[] = [];

  constructor(users: readonly HeldValue[], clock: ManualClock) {
    this.#users = new Map(users.map((user) => [user.objectId, user]));
    for (const { objectId, value } of users) this.#history.set(objectId, [{ atMs: -1, value }]);
    this.#clock = clock;
    clock.onMove.push(() => this.#land());
  }

  /** What each user holds now, by object id. */
  values(): ReadonlyMap<string, string | null> {
    return new Map(Array.from(this.#users, ([id, { value }]) => [id, value]));
  }

  /** Users as the tenant shows them now. */
  users(): readonly HeldValue[] {
    return [...this.#users.values()];
  }

  async readValue(objectId: Guid): Promise<HeldValue | null> {
    await this.step();
    if (this.nextReadFails()) throw new BatchError("tenant", "Cannot read the user", "Try again later.");
    const user = this.#users.get(objectId) ?? null;
    return user === null ? null : { ...user, value: this.#shownValue(objectId) };
  }

  async readWhole(objectId: Guid): Promise<unknown> {
    return this.readValue(objectId);
  }

  async writeValue(
    { objectId, after }: { readonly objectId: Guid; readonly after: string | null },
    clientRequestId: string,
  ): Promise<WriteAnswer> {
    await this.step();
    const fate = this.nextFate();
    if (fate === "not-sent" || fate === "too-late") return answer(fate, null);
    const entry = {
      key: objectId as string,
      value: after,
      clientRequestId,
      atMs: this.#clock.monotonicMs(),
      applied: false,
      landedAtMs: null,
      turnedAway: false,
    };
    this.ledger.push(entry);
    if (typeof fate === "object") this.#late.push({ entry, dueMs: entry.atMs + fate.late });
    const holder = this.#holderOf(objectId, after) ?? null;
    if (fate === "accepted" || fate === "lost-applied") entry.applied = this.#set(objectId, after);
    await this.step();
    if (fate === "conflict" || (fate === "accepted" && holder !== null)) {
      return { ...answer("refused", 400), conflict: { holderId: holder } };
    }
    if (fate === "accepted") return answer("accepted", 204);
    return fate === "refused" ? answer("refused", 403) : answer("undecided", 504);
  }

  #shownValue(objectId: Guid): string | null {
    const history = this.#history.get(objectId) ?? [];
    const asOfMs = this.#clock.monotonicMs() - this.lagMs;
    return (history.findLast(({ atMs }) => atMs <= asOfMs) ?? history[0])?.value ?? null;
  }

  #holderOf(objectId: Guid, value: string | null): Guid | undefined {
    if (value === null) return undefined;
    return this.users().find((user) => user.value === value && user.objectId !== objectId)?.objectId;
  }

  /** @returns false where another user holds the value. */
  #set(objectId: Guid, value: string | null, atMs = this.#clock.monotonicMs()): boolean {
    const user = this.#users.get(objectId);
    if (user === undefined || this.#holderOf(objectId, value) !== undefined) return false;
    this.#users.set(objectId, { ...user, value });
    this.#history.get(objectId)?.push({ atMs, value });
    return true;
  }

  #land(): void {
    const nowMs = this.#clock.monotonicMs();
    const due = this.#late.filter(({ dueMs }) => dueMs <= nowMs).sort((left, right) => left.dueMs - right.dueMs);
    this.#late = this.#late.filter((late) => !due.includes(late));
    for (const { entry, dueMs } of due) {
      entry.landedAtMs = dueMs;
      entry.applied = this.#set(entry.key as Guid, entry.value, dueMs);
    }
  }
}

function answer(meaning: WriteAnswer["meaning"], httpStatus: number | null): WriteAnswer {
  const errorCode = meaning === "refused" ? "Request_BadRequest" : null;
  return { meaning, httpStatus, errorCode, message: null, requestId: null, conflict: null };
}
