/** Judges the rows of a run, each by the side that it writes. */
import type { Outcome } from "./outcome.ts";
import { type Plan, writtenObjectOf } from "./plan.ts";
import { isJudged, type PresentSides, type VerifiedRow } from "./verdict.ts";
import { judgeAccount } from "./verdict-of-account.ts";
import { judgeUser } from "./verdict-of-user.ts";

/**
 * @param plan With the rows that are to be judged, which may be some of the run's.
 * @param outcomes Every step of the run.
 * @returns One verdict per row that the run was to do; rows that were blocked are left out.
 */
export function verifyRows(
  { rows, header }: Pick<Plan, "rows" | "header">,
  outcomes: readonly Outcome[],
  present: PresentSides,
): VerifiedRow[] {
  const asked = new Set(rows.map(({ row }) => row));
  const targets = new Set(outcomes.map(({ planned }) => planned.userId));
  const sides = { ...present, anchor: header.options.anchor, targets };
  return [...Map.groupBy(outcomes, ({ planned }) => planned)].flatMap(([planned, steps]) => {
    const objectId = writtenObjectOf(planned);
    if (!asked.has(planned.row) || !isJudged(planned) || objectId === null) return [];
    const judge = planned.side === "ad" ? judgeAccount : judgeUser;
    return [{ planned, ...judge({ planned, objectId, steps }, sides) }];
  });
}
