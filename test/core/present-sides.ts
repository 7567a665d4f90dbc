/** What verify reads again, and what a run has done until then, for tests of verdicts. */
import { foldJournal, listOutcomes, type Outcome } from "../../src/core/outcome.ts";
import type { Plan } from "../../src/core/plan.ts";
import { buildSnapshot, type CloudUser, type DeletedUser } from "../../src/core/snapshot.ts";
import type { PresentSides, VerifiedRow } from "../../src/core/verdict.ts";
import { tellJournal } from "../support/journal-story.ts";

/** Every step of the plan after these stories, by row and step: `{ "2.1": "change accepted" }`. */
export function outcomesAfter(plan: Plan, stories: Readonly<Record<string, string>>): Outcome[] {
  return [...listOutcomes(plan, foldJournal(tellJournal(Object.entries(stories))))];
}

export function presentSides(
  { users = [], deleted = [] }: { readonly users?: readonly CloudUser[]; readonly deleted?: readonly DeletedUser[] },
  changes: Partial<PresentSides> = {},
): PresentSides {
  return {
    snapshot: buildSnapshot(users, deleted),
    errors: new Map(),
    byRow: new Map(),
    accounts: new Map(),
    ...changes,
  };
}

/** Row and verdict of each, in one line. */
export function nameVerdicts(rows: readonly VerifiedRow[]): string[] {
  return rows.map(({ planned, verdict }) => `${planned.row} ${verdict}`);
}
