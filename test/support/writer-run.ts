/** A run of the writer over a tenant in memory, for tests of what may happen to it on its way. */

import type { Change } from "../../src/core/change.ts";
import { foldJournal } from "../../src/core/change-progress.ts";
import type { Guid } from "../../src/core/guid.ts";
import { listOutcomes } from "../../src/core/outcome.ts";
import { approve, countHolderActions, countRowsToWrite, type Plan } from "../../src/core/plan.ts";
import type { LogFields } from "../../src/ports/log.ts";
import type { HeldValue } from "../../src/ports/writable-side.ts";
import { applyChanges } from "../../src/stages/apply-changes.ts";
import { LiveJournal } from "../../src/stages/live-journal.ts";
import type { WriterWorld } from "../../src/stages/writer-run.ts";
import { account, anchorOf, CLOUD_ID, cloudUser, mapping, planOf } from "./facts.ts";
import { ManualClock, MemoryRunStore, MemorySide } from "./memory-run.ts";

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

/** The same plan, but each row writes an account of AD. */
export function inAd(plan: Plan): Plan {
  const changes = plan.changes.map((change): Change => ({ ...change, side: "ad", kind: inAdKind(change) }));
  return { ...plan, rows: plan.rows.map((row) => ({ ...row, side: "ad", objectGuid: row.userId })), changes };
}

const inAdKind = ({ before, after }: Change): Change["kind"] =>
  before === null ? "set-consistency-guid" : after === null ? "clear-consistency-guid" : "replace-consistency-guid";

/** A stage as it was shown. */
export type ShownStage = { readonly name: string; readonly total: number | null; done: number; ended: boolean };
/** What was logged, at whatever level. */
export type LogLine = readonly [name: string, fields: LogFields | undefined];

/**
 * @param canary Rows of the canary wave.
 * @param others Users of the tenant who are no row's target.
 */
export function prepareRun(
  plan: Plan,
  {
    canary = 0,
    limits = LIMITS,
    others = [],
    syncPaused = false,
  }: { canary?: number; limits?: typeof LIMITS; others?: readonly HeldValue[]; syncPaused?: boolean } = {},
) {
  const clock = new ManualClock();
  const store = new MemoryRunStore(plan);
  const held = plan.rows.flatMap(({ userId, userPrincipalName: name, previousImmutableId: value }): HeldValue[] =>
    userId === null ? [] : [{ objectId: userId, name, value, synced: false }],
  );
  const side = new MemorySide([...held, ...others], clock);
  const notes: string[] = [];
  const stages: ShownStage[] = [];
  const logged: LogLine[] = [];
  let ids = 0;
  const chance = { uuid: () => `request-${++ids}`, fraction: () => 0.5 };
  const openJournal = () => new LiveJournal(store, "cyd", { clock, chance });
  const stop = { drain: new AbortController(), abort: new AbortController() };
  const approved = () => {
    const confirmed = countRowsToWrite(plan);
    const confirmedHolders = countHolderActions(plan);
    const decisions = { confirmed, skipBlocked: true, canary, confirmedHolders, syncPaused, operator: "cyd" };
    return approve(plan, decisions);
  };
  const openWorld = (): WriterWorld => ({
    sides: { cloud: side, ad: side },
    journal: openJournal(),
    clock,
    log: {
      info: (name, fields) => logged.push([name, fields]),
      warn: (name, fields) => logged.push([name, fields]),
    },
    progress: {
      begin: (name, total) => {
        const stage: ShownStage = { name, total, done: 0, ended: false };
        stages.push(stage);
        return {
          advance: (count) => {
            stage.done += count;
          },
          tell: () => undefined,
          end: () => {
            stage.ended = true;
          },
        };
      },
      note: (text) => notes.push(text),
    },
    limits,
    stop: { drain: stop.drain.signal, abort: stop.abort.signal },
    saveObject: () => undefined,
    recheckRows: async () => null,
  });
  const apply = (changes: Partial<WriterWorld> = {}) => applyChanges(approved(), { ...openWorld(), ...changes });
  const statuses = () =>
    [...listOutcomes(plan, foldJournal(store.readJournal()))].map(
      ({ row, step, status }) => `${row}.${step} ${status}`,
    );
  const kinds = () => store.events.map(({ kind }) => kind);
  return {
    plan,
    clock,
    store,
    side,
    notes,
    stages,
    logged,
    stop,
    openJournal,
    approved,
    openWorld,
    apply,
    statuses,
    kinds,
  };
}
