import type { Guid } from "../../src/core/guid.ts";
import { SuspendWatch } from "../../src/stages/suspend-watch.ts";
import { ChangeWriter } from "../../src/stages/write-change.ts";
import { anchorOf } from "./facts.ts";
import type { WriteScript } from "./memory-run.ts";
import { id, LIMITS, planFor, prepareRun } from "./writer-run.ts";

export const NEVER = new AbortController().signal;
export const ADA = anchorOf("ada");

/** Ada's write; `eve` is somebody else in the tenant, who holds nothing at first. */
export function prepareWriter(scripts: readonly WriteScript[] = [], releasers: readonly Guid[] = []) {
  const run = prepareRun(planFor(["ada", "eve"]));
  const { plan, side, clock, store, openJournal } = run;
  const change = plan.changes.find(({ objectId }) => objectId === id("ada"));
  if (change === undefined) throw new Error("the plan has no change of Ada's");
  side.script = (n) => scripts[n - 1] ?? "accepted";
  const journal = openJournal();
  const abort = new AbortController();
  const writer = new ChangeWriter({
    side,
    journal,
    clock,
    limits: LIMITS,
    releasers: new Set(releasers),
    intoAd: new Set(),
    abort: abort.signal,
    saveObject: () => undefined,
    watch: new SuspendWatch(clock, () => undefined),
  });
  const told = () => store.events.map((event) => (event.kind === "intent" ? event.purpose : event.kind));
  const last = () => {
    const event = store.events.at(-1);
    return event?.kind === "intent" ? undefined : event;
  };
  return { ...run, change, journal, writer, abort, told, last };
}
