/** What the steps of a run say of the value that a row's written side shows, whichever side that is. */
import { OBJECT_NOUNS } from "./change.ts";
import type { Outcome } from "./outcome.ts";
import type { PlannedRow } from "./plan.ts";
import type { CloudUser } from "./snapshot.ts";
import type { Judged } from "./verdict.ts";

const LOST_ANSWER: Judged = {
  verdict: "not-done",
  detail: "the answer to its write was lost: apply the run again to settle it",
  trouble: "not-written",
};

const PARKED: Judged = {
  verdict: "not-done",
  detail: "the user is parked, without an immutable ID in the middle of a swap: apply the run again first of all",
  trouble: null,
};

/** @returns `null` where the side shows what the row was to bring it to, and nothing can come after it. */
export function judgeValue(planned: PlannedRow, steps: readonly Outcome[], value: string | null): Judged | null {
  if (value === null && steps.some((step) => isOwn(step) && step.status === "parked")) return PARKED;
  // A look at one moment settles no lost write: it may land later, and only an apply can wait for that.
  if (lastOwnStep(steps).status === "undecided") return LOST_ANSWER;
  return value === planned.immutableId ? null : judgeOtherValue(planned, steps, value);
}

/** The row's value is not there: set back, changed by somebody else, or never written. */
function judgeOtherValue(planned: PlannedRow, steps: readonly Outcome[], value: string | null): Judged {
  const last = lastOwnStep(steps);
  const noun = OBJECT_NOUNS[planned.side];
  // A swap that stopped half way has written its first step alone, and that is taken back with it.
  if (value === planned.previousImmutableId && steps.some((step) => isOwn(step) && step.achieved !== null))
    return { verdict: "rolled-back", detail: `the ${noun} holds its old value again`, trouble: "set-back" };
  if (!stoodOnce(last)) return { verdict: "not-done", detail: `the row is ${last.status}`, trouble: "not-written" };
  const trouble = planned.side === "ad" ? "anchor-changed" : "value-changed";
  return { verdict: "drifted", detail: `the ${noun} holds ${value ?? "no ID"}`, trouble };
}

/** The row's value is there and nothing is wrong with it; it may be so by somebody else's hand. */
export function judgeHeldValue(steps: readonly Outcome[]): Judged {
  const detail = stoodOnce(lastOwnStep(steps)) ? "" : "not written by this run";
  return { verdict: "holds", detail, trouble: null };
}

export function takenOverBy({ lastSyncAt }: CloudUser): Judged {
  return { verdict: "taken-over", detail: `sync took it over ${lastSyncAt ?? ""}`.trim(), trouble: null };
}

/** Whether a step moves the row's own ID: what was done to another object says nothing about the row's user. */
function isOwn({ change }: Outcome): boolean {
  return change?.holder === null;
}

/** A way back may write to the row's own user first and to another object last. */
function lastOwnStep(steps: readonly Outcome[]): Outcome {
  return lastThat(steps, isOwn);
}

/** The last of these of which something holds; where it holds of none, the very last. @throws {TypeError} of none. */
export function lastThat<Item>(items: readonly Item[], holds: (item: Item) => boolean): Item {
  return items.reduce((last, item) => (holds(item) || !holds(last) ? item : last));
}

/** Whether the user has held the value, by the run's own hand or before it: what it holds now is worth saying again. */
function stoodOnce({ status, change, achieved, attempts, verifiedAt }: Outcome): boolean {
  const wasThere = attempts === 0 && verifiedAt !== null;
  return achieved !== null || change === null || wasThere || status === "taken-over";
}
