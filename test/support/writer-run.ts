/** A run of the writer over a tenant in memory, for tests of what may happen to it on its way. */
import type { Guid } from "../../src/core/guid.ts";
import { foldJournal, listOutcomes } from "../../src/core/outcome.ts";
import { approve, countRowsToWrite, type Plan } from "../../src/core/plan.ts";
import type { HeldValue } from "../../src/ports/writable-side.ts";
import { applyChanges } from "../../src/stages/apply-changes.ts";
import { LiveJournal } from "../../src/stages/live-journal.ts";
import { account, anchorOf, CLOUD_ID, cloudUser, mapping, planOf } from "./facts.ts";
import { ManualClock, MemoryRunStore, MemorySide, SILENT_LOG } from "./memory-run.ts";

export const LIMITS = { inFlight: 4, settleMs: 10_000, quarantineMs: 180_000 };
export const id = (name: string): Guid => CLOUD_ID(name);

/** A plan for these people; `holds` names whose anchor a user holds before the run. */
export function planFor(people: readonly string[], holds: Readonly<Record<string, string>> = {}): Plan {
  return planOf({
    accounts: people.map((name) => account(name)),
    users: people.map((name) =>
      cloudUser(name, { immutableId: holds[name] === undefined ? null : anchorOf(holds[name]) }),
    ),
    mappings: people.map((name, index) => mapping(index + 2, name)),
    options: { replace: true },
  });
}

/** @param canary Rows of the canary wave. */
export function prepareRun(plan: Plan, { canary = 0, limits = LIMITS } = {}) {
  const clock = new ManualClock();
  const store = new MemoryRunStore(plan);
  const held = plan.rows.flatMap(({ userId, userPrincipalName: name, previousImmutableId: value }): HeldValue[] =>
    userId === null ? [] : [{ objectId: userId, name, value, synced: false }],
  );
  const side = new MemorySide(held, clock);
  const notes: string[] = [];
  let ids = 0;
  const chance = { uuid: () => `request-${++ids}`, fraction: () => 0.5 };
  const openJournal = () => new LiveJournal(store, "cyd", { clock, chance });
  const stop = { drain: new AbortController(), abort: new AbortController() };
  const apply = () => {
    const confirmed = countRowsToWrite(plan);
    const decisions = { confirmed, skipBlocked: true, canary, confirmedHolders: null, operator: "cyd" };
    return applyChanges(approve(plan, decisions), {
      sides: { cloud: side },
      journal: openJournal(),
      clock,
      log: SILENT_LOG,
      progress: {
        begin: () => ({ advance: () => undefined, tell: () => undefined, end: () => undefined }),
        note: (text) => notes.push(text),
      },
      limits,
      stop: { drain: stop.drain.signal, abort: stop.abort.signal },
      saveObject: () => undefined,
      recheckRows: async () => null,
    });
  };
  const statuses = () =>
    [...listOutcomes(plan, foldJournal(store.readJournal()))].map(
      ({ row, step, status }) => `${row}.${step} ${status}`,
    );
  const kinds = () => store.events.map(({ kind }) => kind);
  return { plan, clock, store, side, notes, stop, openJournal, apply, statuses, kinds };
}
