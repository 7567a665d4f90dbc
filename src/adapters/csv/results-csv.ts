/**
 * `results.csv`: one line per step, always all rows: what happened. It alone is enough for a rollback,
 * so every line carries old value, new value, object, tenant and a check.
 */
import { CHECK_COLUMN, RESULT_COLUMNS, type WrittenColumn } from "../../core/columns.ts";
import type { Outcome } from "../../core/outcome.ts";
import { planIdOf } from "../../core/plan.ts";
import type { Projection } from "../../ports/projection.ts";
import { writeOperatorHeading } from "./operator-columns.ts";
import { checkOf } from "./result-check.ts";
import { cellText, writeRecords } from "./write-records.ts";

const COLUMNS: readonly WrittenColumn<Outcome>[] = RESULT_COLUMNS;

export const resultsCsv: Projection = {
  fileName: "results.csv",
  from: "apply",
  /** @throws {Error} The run was never applied: there are no results. */
  render({ plan, about, outcomes }) {
    if (outcomes === null) throw new Error("results.csv was asked for before the first apply");
    const { extraColumns } = plan.header.mapping;
    const facts = { runId: about.runId, planId: planIdOf(plan), tenantId: plan.header.tenantId };
    const headings = [
      ...COLUMNS.map(({ heading }) => heading),
      CHECK_COLUMN.heading,
      ...extraColumns.map(writeOperatorHeading),
    ];
    const total = outcomes.length;
    const records = Iterator.from(outcomes).map((outcome, index) => {
      const cells = COLUMNS.map(({ cell }) => cellText(cell(outcome, facts)));
      return [...cells, checkOf(cells, { position: index + 1, total }), ...outcome.planned.extra];
    });
    return writeRecords(headings, records, about.delimiter);
  },
};
