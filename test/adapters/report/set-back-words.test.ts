import { expect, test } from "vitest";
import { describeRun } from "../../../src/adapters/report/plan-words.ts";
import { outcomeOf, plannedRow, viewOf } from "./report-views.ts";

const AT = "2026-11-04T08:00:00.000Z";

for (const [title, setBack, expected] of [
  ["of which nothing was set back", [false, false], /was applied to tenant [0-9a-f-]+: of 3 rows 3 are done\.$/],
  [
    "of which one row was set back",
    [true, false],
    /was applied to tenant [0-9a-f-]+: of 3 rows 2 are done; 1 set back\.$/,
  ],
  [
    "of which every written row was set back",
    [true, true],
    /was applied to tenant [0-9a-f-]+ and has been rolled back since: of 3 rows 1 is done; 2 set back\.$/,
  ],
] as const) {
  test(`the headline of a run ${title} says so`, () => {
    const rows = [
      plannedRow({ row: 2 }),
      plannedRow({ row: 3 }),
      plannedRow({ row: 4, action: "none", settled: "already" }),
    ];
    const outcomes = rows.map((planned, index) =>
      outcomeOf(planned, index === 2 ? "already" : "verified", { setBackAt: setBack[index] === true ? AT : null }),
    );
    expect(describeRun(viewOf({ rows, outcomes }))).toMatch(expected);
  });
}
