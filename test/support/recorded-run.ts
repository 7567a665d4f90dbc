/** The record of a run of five rows, told so far, for tests of the stages that write into it and read from it. */
import type { Decisions, Plan } from "../../src/core/plan.ts";
import { LiveJournal } from "../../src/stages/live-journal.ts";
import { listRunOutcomes } from "../../src/stages/record-run.ts";
import { account, anchorOf, cloudUser, mapping, planOf } from "./facts.ts";
import { tellJournal } from "./journal-story.ts";
import { ManualClock, MemoryRunStore } from "./memory-run.ts";

export const DECISIONS: Decisions = {
  confirmed: 4,
  skipBlocked: true,
  confirmedHolders: null,
  canary: 1,
  syncPaused: false,
  operator: "cyd",
};
export const chance = { uuid: () => "request", fraction: () => 0.5 };

/** Rows 2 to 4 pass their IDs round, row 5 is simple, row 6 holds its ID already; row 2 is the pivot. */
export const PLAN: Plan = planOf({
  accounts: ["ada", "ben", "cyd", "dee", "eve"].map((name) => account(name)),
  users: [
    cloudUser("ada", { immutableId: anchorOf("cyd") }),
    cloudUser("ben", { immutableId: anchorOf("ada") }),
    cloudUser("cyd", { immutableId: anchorOf("ben") }),
    cloudUser("dee"),
    cloudUser("eve", { immutableId: anchorOf("eve") }),
  ],
  mappings: ["ada", "ben", "cyd", "dee", "eve"].map((name, index) => mapping(index + 2, name)),
  options: { replace: true },
});

export function runAfter(...stories: (readonly [string, string])[]) {
  const clock = new ManualClock();
  const store = new MemoryRunStore(PLAN);
  store.events.push(...tellJournal(stories, PLAN.changes));
  const journal = () => new LiveJournal(store, "cyd", { clock, chance });
  const statuses = () => listRunOutcomes(store).map(({ row, step, status }) => `${row}.${step} ${status}`);
  return { clock, store, journal, statuses };
}
