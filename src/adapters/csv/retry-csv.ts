/**
 * `retry.csv`: the rows that are not done, as the mapping that the next `plan` reads. It says what the
 * first mapping said, so that the rows are looked up again and nothing stale is carried over.
 */
import { MAPPING_COLUMNS } from "../../core/columns.ts";
import { isDone } from "../../core/outcome.ts";
import type { PlannedRow } from "../../core/plan.ts";
import type { Projection, RunView } from "../../ports/projection.ts";
import { writeOperatorHeading } from "./operator-columns.ts";
import { cellText, writeRecords } from "./write-records.ts";

type Asked = PlannedRow["asked"];

const COLUMNS: readonly { readonly heading: string; readonly cell: (asked: Asked) => string | null }[] = [
  { heading: MAPPING_COLUMNS.account.heading, cell: ({ account }) => account },
  { heading: MAPPING_COLUMNS.upn.heading, cell: ({ upn }) => upn },
  { heading: MAPPING_COLUMNS.domain.heading, cell: ({ domain }) => domain },
  { heading: MAPPING_COLUMNS.onConflict.heading, cell: ({ onConflict }) => onConflict },
  { heading: MAPPING_COLUMNS.writeTo.heading, cell: ({ writeTo }) => writeTo },
];

export const retryCsv: Projection = {
  fileName: "retry.csv",
  from: "apply",
  /** @throws {Error} The run was never applied: no row can be left over. */
  render(view) {
    const { extraColumns } = view.plan.header.mapping;
    const headings = [...COLUMNS.map(({ heading }) => heading), ...extraColumns.map(writeOperatorHeading)];
    const records = Iterator.from(listRowsLeft(view)).map(({ asked, extra }) => [
      ...COLUMNS.map(({ cell }) => cellText(cell(asked))),
      ...extra,
    ]);
    return writeRecords(headings, records, view.about.delimiter);
  },
};

/**
 * Rows of which some step is not done. None for a rollback: a mapping says which value a user shall
 * have, and planning one anew would write the very IDs that the rollback took away.
 */
function listRowsLeft({ plan, outcomes }: RunView): readonly PlannedRow[] {
  if (outcomes === null) throw new Error("retry.csv was asked for before the first apply");
  if (plan.header.kind === "rollback") return [];
  const left = new Set(outcomes.filter((outcome) => !isDone(outcome)).map(({ row }) => row));
  return plan.rows.filter(({ row }) => left.has(row));
}
