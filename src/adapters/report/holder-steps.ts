/**
 * Steps that act on an object other than by giving a row's user its ID: what stands in the way is cleared, deleted
 * or purged, or the target is brought back. They come first in the report, and those that nothing undoes are marked.
 *
 * Kinds are looked up as text: a plan may hold a kind that this table does not know, and such a step must not pass
 * for an ordinary write.
 */
import {
  CHANGE_KINDS,
  type Change,
  IRREVERSIBLE,
  isIrreversible,
  keyOf,
  movesAnchor,
  UNDO_WORDS,
} from "../../core/change.ts";
import type { Outcome } from "../../core/outcome.ts";
import { describeHolderSteps, type PlannedRow } from "../../core/plan.ts";
import type { RunView } from "../../ports/projection.ts";

const WORDS: ReadonlyMap<string, string> = new Map([
  ["clear", "clears the immutable ID of another user"],
  ["restore", "brings the user back from the recycle bin"],
  ["delete", "moves the user to the recycle bin, to be purged"],
  ["purge", "removes the deleted user for good"],
  ["clear-object-identifier", "clears the user's on-premises object identifier"],
]);

/** A write of the row's own ID, where it is no holder action. */
const OWN_KINDS: ReadonlySet<string> = new Set(CHANGE_KINDS.filter(movesAnchor));

export type HolderStep = {
  readonly change: Change;
  readonly planned: PlannedRow | undefined;
  readonly does: string;
  readonly irreversible: boolean;
  /** What rollback does about it. */
  readonly undo: string;
  /** What became of it; `null` before the first apply. */
  readonly outcome: Outcome | null;
};

/** Whether a change needs the board's eye: a holder action, or a kind that is no write of an ID. */
export function needsEye(change: Change): boolean {
  return change.holder !== null || !OWN_KINDS.has(change.kind);
}

/** `6 steps on 5 objects, 4 of them irreversible`. */
export function describeHolderCounts(steps: readonly HolderStep[]): string {
  return describeHolderSteps(steps.map(({ change: { objectId }, irreversible }) => ({ objectId, irreversible })));
}

/** All of a plan, those that nothing undoes first, then by row. What nobody has said to be reversible is not. */
export function listHolderSteps({ plan, outcomes }: RunView): HolderStep[] {
  const changes = plan.changes.filter(needsEye);
  if (changes.length === 0) return [];
  const rows = new Map(plan.rows.map((planned) => [planned.row, planned]));
  const became = new Map(outcomes?.map((outcome) => [keyOf(outcome), outcome]));
  return changes
    .map((change) => {
      const irreversible = isIrreversible(change.kind) || !(WORDS.has(change.kind) || OWN_KINDS.has(change.kind));
      return {
        change,
        planned: rows.get(change.row),
        does: WORDS.get(change.kind) ?? "not known to this report",
        irreversible,
        undo: irreversible ? IRREVERSIBLE : UNDO_WORDS[change.kind],
        outcome: became.get(keyOf(change)) ?? null,
      };
    })
    .toSorted(
      (left, right) =>
        Number(right.irreversible) - Number(left.irreversible) ||
        left.change.row - right.change.row ||
        left.change.step - right.change.step,
    );
}
