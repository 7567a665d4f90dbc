/** Which rows of a run are still to be done, and how a run that went through is called. */
import { isDone, type Outcome, type OutcomeStatus } from "../core/outcome.ts";

/** Recorded as the end of a run that stopped for no reason of its own. */
export const WENT_THROUGH = "went through to the last row";

/** Statuses with which the same run goes on when it is applied again; the others it leaves as they are. */
const RESUMABLE: ReadonlySet<OutcomeStatus> = new Set(["pending", "undecided", "parked", "accepted"]);

/** Whether another apply of the same run would go on with it. A row that was set back is left as it is. */
export function isResumable({ status, setBackAt }: Outcome): boolean {
  return RESUMABLE.has(status) && setBackAt === null;
}

/** A row that the plan itself blocks: it was shown by plan, and leaving it out was decided with --skip-blocked. */
export function isLeftOut({ planned }: Outcome): boolean {
  return planned.settled === "blocked";
}

/** Rows that were to be done and will not be by this run: left alone, failed, set back or blocked by one of those. */
export function listGivenUp(rows: readonly Outcome[]): Outcome[] {
  return rows.filter((row) => !isDone(row) && !isResumable(row) && !isLeftOut(row));
}
