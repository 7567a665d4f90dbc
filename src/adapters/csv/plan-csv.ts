/**
 * `plan.csv`: one line per mapping row, in input order, that says what would happen and why not. The
 * change board reads it in a spreadsheet; the program never reads it back.
 */
import { PLAN_COLUMNS, type WrittenColumn } from "../../core/columns.ts";
import { type PlannedRow, planIdOf } from "../../core/plan.ts";
import type { Projection } from "../../ports/projection.ts";
import { writeOperatorHeading } from "./operator-columns.ts";
import { cellText, writeRecords } from "./write-records.ts";

const COLUMNS: readonly WrittenColumn<PlannedRow>[] = PLAN_COLUMNS;

export const planCsv: Projection = {
  fileName: "plan.csv",
  from: "plan",
  render({ plan, about }) {
    const { extraColumns } = plan.header.mapping;
    const facts = { runId: about.runId, planId: planIdOf(plan), tenantId: plan.header.tenantId };
    const headings = [...COLUMNS.map(({ heading }) => heading), ...extraColumns.map(writeOperatorHeading)];
    const records = Iterator.from(plan.rows).map((row) => [
      ...COLUMNS.map(({ cell }) => cellText(cell(row, facts))),
      ...row.extra,
    ]);
    return writeRecords(headings, records, about.delimiter);
  },
};
