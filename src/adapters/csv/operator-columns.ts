/**
 * The operator's own columns, beside ours in one file.
 *
 * A column of the mapping may be called `action`, and so is one of ours. In the files that we write it is
 * `mapping.action`, and reading gives it its first name back; without that, a results file would hold
 * two columns `action` and the wrong one might be believed.
 */
import {
  CHECK_COLUMN,
  foldHeading,
  MAPPING_COLUMNS,
  OPERATOR_PREFIX,
  PLAN_COLUMNS,
  RESULT_COLUMNS,
} from "../../core/columns.ts";

const OUR_HEADINGS: ReadonlySet<string> = new Set(
  [...Object.values(MAPPING_COLUMNS), ...PLAN_COLUMNS, ...RESULT_COLUMNS, CHECK_COLUMN].map(({ heading }) =>
    foldHeading(heading),
  ),
);

/** The heading under which an operator's column is written. */
export function writeOperatorHeading(name: string): string {
  return OUR_HEADINGS.has(foldHeading(name)) ? `${OPERATOR_PREFIX}${name}` : name;
}

/** The operator's own name of a column whose heading is not one of ours. */
export function readOperatorHeading(heading: string): string {
  if (!heading.startsWith(OPERATOR_PREFIX)) return heading;
  const name = heading.slice(OPERATOR_PREFIX.length);
  return OUR_HEADINGS.has(foldHeading(name)) ? name : heading;
}
