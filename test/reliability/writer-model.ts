/**
 * One story of the protocol: a random batch, written under random faults by processes that die at random moments,
 * resumed until nothing moves, then rolled back the same way. Its end is judged by the ledger of the tenant.
 */
import type { Observation } from "../../src/core/journal.ts";
import { approve, countHolderActions, countRowsToWrite, type Plan } from "../../src/core/plan.ts";
import { lastUnclearWriteMs } from "../../src/core/unclear-lines.ts";
import { resultLineFromOutcome } from "../../src/core/written-objects.ts";
import type { NewAttempt, NewObservation } from "../../src/ports/run-store.ts";
import { applyChanges } from "../../src/stages/apply-changes.ts";
import { LiveJournal } from "../../src/stages/live-journal.ts";
import { CLOUD_ID } from "../support/facts.ts";
import { ManualClock, MemoryRunStore, SILENT_LOG, SILENT_PROGRESS } from "../support/memory-run.ts";
import { ModelSide } from "./model-side.ts";
import { judgeRuns } from "./oracle.ts";
import { outcomesOf, outsidersOf, planBack, planFor, type Story } from "./story-plans.ts";

const LIMITS = { inFlight: 4, settleMs: 10_000, quarantineMs: 180_000 };
/** Longer than any write takes to land. */
const LONG_MS = 400_000;
const MOST_APPLIES = 40;

class Died extends Error {
  override readonly name = "Died";
}

/** @returns Everything that must not be, in sentences; empty for a good end. */
export async function playStory(story: Story): Promise<string[]> {
  const plan = planFor(story);
  const clock = new ManualClock();
  const people = [
    ...plan.rows.flatMap(({ userId, userPrincipalName: name, previousImmutableId: value }) =>
      userId === null ? [] : [{ objectId: userId, name, value, synced: false }],
    ),
    ...outsidersOf(story).map(({ name, value }) => ({
      objectId: CLOUD_ID(name),
      name: `${name}@contoso.example`,
      value,
      synced: false,
    })),
  ];
  const side = new ModelSide(people, clock);
  const start = side.values();
  const faults = { fates: [...story.fates], failing: new Set(story.failingReads), reads: 0, turn: 0, ids: 0 };
  side.lagMs = story.lagMs;
  side.nextFate = () => faults.fates.shift() ?? "accepted";
  side.nextReadFails = () => {
    faults.reads += 1;
    return faults.failing.has(faults.reads);
  };
  const deaths = [...story.deaths];

  const run = async (store: MemoryRunStore, canary: number): Promise<void> => {
    for (let process = 0; process < MOST_APPLIES; process += 1) {
      // After the last fault everything goes well, or the end would prove nothing.
      const life = new Life(deaths.shift() ?? Number.POSITIVE_INFINITY, () => {
        faults.turn += 1;
        return story.turns[faults.turn % Math.max(1, story.turns.length)] ?? 0;
      });
      side.step = () => life.step();
      const uuid = () => {
        faults.ids += 1;
        return `request-${faults.ids}`;
      };
      const chance = { uuid, fraction: () => 0.5 };
      const mortal = mortalStore(store, life);
      try {
        await applyChanges(approve(store.readPlan(), decide(store.readPlan(), canary)), {
          sides: { cloud: side },
          journal: new LiveJournal(mortal, "cyd", { clock, chance }),
          clock,
          log: SILENT_LOG,
          progress: SILENT_PROGRESS,
          limits: LIMITS,
          stop: { drain: NEVER, abort: NEVER },
          saveObject: () => undefined,
          recheckRows: async () => null,
        });
      } catch (error) {
        const foreseen = error instanceof Died || (error instanceof Error && error.name === "BatchError");
        if (!foreseen) throw error;
      }
      const died = await life.end();
      if (died) mortal.forget();
      const quiet = deaths.length === 0 && faults.fates.length === 0;
      if (quiet && !outcomesOf(store).some(({ status }) => ON_ITS_WAY.has(status))) return;
    }
  };

  const forward = new MemoryRunStore(plan);
  await run(forward, canaryOf(story, plan));
  await clock.sleep(LONG_MS, NEVER);
  const runs = [{ plan, journal: forward.readJournal() }];
  const heldBy = (id: string) => side.values().get(id);
  const judged = judgeRuns(side.ledger, runs, heldBy);
  if (judged.length > 0) return judged.map((sentence) => `apply: ${sentence}`);

  // The way back meets faults too, apart from refusals: what a tenant refuses cannot be restored by anybody.
  faults.fates = story.fates.filter((fate) => fate !== "refused" && fate !== "conflict").reverse();
  deaths.push(...story.deaths.toReversed());
  await waitForLostWrites(forward, clock);
  const store = new MemoryRunStore(planBack(forward, side.users()));
  await run(store, 1);
  await clock.sleep(LONG_MS, NEVER);
  const changed = Array.from(start, ([id, value]) => ({ id, value })).filter(({ id, value }) => heldBy(id) !== value);
  return [
    ...judgeRuns(side.ledger, [...runs, { plan: store.readPlan(), journal: store.readJournal() }], heldBy),
    ...changed.map(({ id, value }) => `not restored: ${id} held ${value}, and holds ${heldBy(id)}`),
  ].map((sentence) => `rollback: ${sentence}`);
}

const NEVER = new AbortController().signal;
const ON_ITS_WAY: ReadonlySet<string> = new Set(["pending", "undecided", "accepted", "parked"]);

/** One process: after its death nothing that it still has under way has any effect. */
class Life {
  #left: number;
  readonly #turns: () => number;
  readonly #open = new Set<Promise<void>>();

  constructor(left: number, turns: () => number) {
    this.#left = left;
    this.#turns = turns;
  }

  /** @throws {Died} */
  pass(): void {
    if (this.#left <= 0) throw new Died("the process was killed");
    this.#left -= 1;
  }

  async step(): Promise<void> {
    const stepping = this.#step();
    this.#open.add(stepping);
    await stepping.finally(() => this.#open.delete(stepping));
  }

  async #step(): Promise<void> {
    for (let turn = this.#turns(); turn > 0; turn -= 1) await null;
    this.pass();
  }

  /** Lets whatever was under way run into its death. @returns Whether it had died before. */
  async end(): Promise<boolean> {
    const died = this.#left <= 0;
    this.#left = 0;
    await Promise.allSettled(this.#open);
    return died;
  }
}

/**
 * A store in which a process can die before a line is on disk and after it. What was observed is only sure to be there
 * with the next promise: `forget` loses what came after the last one.
 */
function mortalStore(store: MemoryRunStore, life: Life): MemoryRunStore & { forget(): void } {
  const mortal = Object.create(store) as MemoryRunStore & { forget(): void };
  let durable = store.events.length;
  mortal.forget = () => {
    store.events.length = durable;
  };
  mortal.intend = async (attempt: NewAttempt) => {
    life.pass();
    const event = await store.intend(attempt);
    durable = store.events.length;
    life.pass();
    return event;
  };
  mortal.observe = (observation: NewObservation): Observation => {
    life.pass();
    const event = store.observe(observation);
    life.pass();
    return event;
  };
  mortal.storeOpenings = (openings: Parameters<MemoryRunStore["storeOpenings"]>[0]): void => {
    life.pass();
    store.storeOpenings(openings);
    durable = store.events.length;
    life.pass();
  };
  return mortal;
}

function decide(plan: Plan, canary: number) {
  return {
    confirmed: countRowsToWrite(plan),
    skipBlocked: true,
    confirmedHolders: countHolderActions(plan),
    syncPaused: false,
    canary,
    operator: "cyd",
  };
}

function canaryOf({ canary }: Story, plan: Plan): number {
  return plan.changes.some(({ wave }) => wave === "cycle") ? Math.max(1, canary) : canary;
}

/** As the command does: a different value is planned only when no lost write can land any more. */
async function waitForLostWrites(store: MemoryRunStore, clock: ManualClock): Promise<void> {
  const nowMs = clock.now().getTime();
  const lines = outcomesOf(store).map((outcome, index) => resultLineFromOutcome(outcome, index + 2));
  const lastMs = lastUnclearWriteMs(lines, nowMs);
  const leftMs = lastMs === null ? 0 : lastMs + LIMITS.quarantineMs - nowMs;
  if (leftMs > 0) await clock.sleep(leftMs, NEVER);
}
