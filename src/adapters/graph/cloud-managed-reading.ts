/**
 * Which users have had their source of authority moved to the cloud: sync does not take those over.
 *
 * Graph tells it of one user at a time, so this is the dearest of all checks, and the permission it wants is one
 * that few grant. The first user is asked together with the facts of the tenant; if that is refused, nobody else is.
 * The others are asked for as they become known, twenty to a request, while the tenant is still being listed.
 *
 * Source: https://learn.microsoft.com/graph/api/onpremisessyncbehavior-get (checked 2026-11)
 */
import type { Guid } from "../../core/guid.ts";
import type { GuidSet } from "../../core/guid-set.ts";
import type { CheckGap } from "../../core/takeover-facts.ts";
import { readField } from "./decode-json.ts";
import { explainGap, type Fact, type FactNeed, leaveGap, purposeOf } from "./fact.ts";
import type { GraphCalls } from "./graph-calls.ts";
import { refuseReply } from "./graph-error.ts";
import type { GraphReply } from "./graph-reply.ts";
import { BATCH_SIZE, userPath } from "./query.ts";
import { LANES, readBatch } from "./read-batch.ts";

export const CLOUD_MANAGED_NEED: FactNeed = {
  check: "whether targets are managed in the cloud (isCloudManaged)",
  permission: "User-OnPremisesSyncBehavior.ReadWrite.All",
};

export function syncBehaviorPath(id: Guid): string {
  return `${userPath(id)}/onPremisesSyncBehavior?$select=isCloudManaged`;
}

export class CloudManagedReading {
  readonly #calls: GraphCalls;
  readonly #wanted: GuidSet;
  readonly #signal: AbortSignal;
  readonly #managed = new Set<Guid>();
  /** Lanes at work, and those that failed: for whoever waits for all of them. */
  readonly #lanes = new Set<Promise<void>>();
  /** Lanes that will look once more whether anybody is left to be asked for. */
  #looking = 0;
  /** Place of the next user to be asked for: the first one is asked together with the facts of the tenant. */
  #next = 1;
  #isOpen = false;
  #isWhole = false;
  #hasFailed = false;
  #answered = 0;
  #asked = 0;
  /** Why nobody else is asked. */
  #gap: CheckGap | null = null;

  /** @param wanted Grows while users become known; who waits to be asked stands nowhere else. */
  constructor(calls: GraphCalls, wanted: GuidSet, signal: AbortSignal) {
    this.#calls = calls;
    this.#wanted = wanted;
    this.#signal = signal;
  }

  /** Takes the answer for one user. @throws {BatchError} tenant: it is neither a user's nor a refusal. */
  take(id: Guid, reply: GraphReply): void {
    this.#asked += 1;
    const gap = explainGap(reply, CLOUD_MANAGED_NEED);
    if (gap !== null) {
      // A 404 is a user who is gone, of whom nothing can be managed; any other refusal is meant for all.
      if (reply.status !== 404) this.#gap ??= gap;
      return;
    }
    if (reply.status !== 200) throw refuseReply(reply, purposeOf(CLOUD_MANAGED_NEED));
    const isManaged = readField(reply.json, "isCloudManaged");
    if (typeof isManaged !== "boolean") {
      this.#gap ??= leaveGap(CLOUD_MANAGED_NEED, "Graph does not show the property");
      return;
    }
    this.#answered += 1;
    if (isManaged) this.#managed.add(id);
  }

  /** The first answer is there: the others may be asked for, if they may be at all. */
  open(): void {
    this.#isOpen = true;
    this.goOn();
  }

  /** Asks for those who have become known, as soon as there are enough of them for a request. */
  goOn(): void {
    while (this.#looking < LANES && this.#isRequestReady()) {
      const lane = this.#runLane();
      // `finish` hears of a failure; until then it must not count as one that nobody heard of.
      void lane.then(
        () => this.#lanes.delete(lane),
        () => undefined,
      );
      this.#lanes.add(lane);
    }
  }

  /**
   * Asks for the rest and waits for every answer.
   *
   * @throws {BatchError} tenant: an answer is neither a user's nor a refusal. interrupted.
   */
  async finish(): Promise<Fact<ReadonlySet<Guid>>> {
    this.#isWhole = true;
    this.goOn();
    await Promise.all(this.#lanes);
    if (this.#gap !== null) return { value: null, gap: this.#gap };
    if (this.#answered > 0 || this.#asked === 0) return { value: this.#managed, gap: null };
    return { value: null, gap: leaveGap(CLOUD_MANAGED_NEED, "Graph knows none of the users in this place (404)") };
  }

  #isRequestReady(): boolean {
    if (!this.#isOpen || this.#hasFailed || this.#gap !== null) return false;
    const left = this.#wanted.size - this.#next;
    return left >= BATCH_SIZE || (this.#isWhole && left > 0);
  }

  /** One request after the other, until there are too few users for another one. */
  async #runLane(): Promise<void> {
    this.#looking += 1;
    try {
      while (this.#isRequestReady()) await this.#askForNext();
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    } finally {
      this.#looking -= 1;
    }
  }

  async #askForNext(): Promise<void> {
    const count = Math.min(BATCH_SIZE, this.#wanted.size - this.#next);
    const ids = Array.from({ length: count }, (_, index) => this.#wanted.at(this.#next + index));
    this.#next += count;
    const purpose = purposeOf(CLOUD_MANAGED_NEED);
    const replies = await readBatch(this.#calls, ids.map(syncBehaviorPath), { purpose }, this.#signal);
    for (const [index, reply] of replies.entries()) {
      const id = ids[index];
      if (id !== undefined) this.take(id, reply);
    }
  }
}
