/**
 * Which lines of a results file a rollback may work from, and in words what is left out.
 *
 * A row of which one step is unknown cannot be taken back step by step: the value that its user held first, or that
 * of another object, may stand in the line that is not there.
 */
import type { ChangeKind } from "./change.ts";
import type { RowAction } from "./plan.ts";
import { describeMissingLines, type MissingLines, type ResultLine, type ResultsFile } from "./result-line.ts";

/**
 * Steps after which a row has no other: what frees an ID or acts on another object is never its last. In AD nothing is
 * freed for another row, so that every write there is the last.
 */
const LAST_STEPS: ReadonlySet<ChangeKind | RowAction> = new Set([
  ...(["set", "replace", "none", "blocked"] as const),
  ...(["set-consistency-guid", "replace-consistency-guid", "clear-consistency-guid"] as const),
]);

/** @returns The lines to use, and one sentence for everything that is not known. */
export function listTrustedLines({ lines, damaged, missing }: Pick<ResultsFile, "lines" | "damaged" | "missing">): {
  readonly lines: readonly ResultLine[];
  readonly unread: readonly string[];
} {
  const cut = listCutRows(lines, missing);
  const leftOut = new Set([...damaged.map(({ row }) => row), ...cut]);
  return {
    lines: lines.filter(({ row }) => !leftOut.has(row)),
    unread: [
      ...missing.map(describeMissingLines),
      ...cut.map((row) => `row ${row} may go on in the missing lines, so it is left out`),
      ...damaged.map(({ line, row, problem }) => `line ${line}${row === null ? "" : `, row ${row}`}: ${problem}`),
    ],
  };
}

/** Rows whose last line before a gap is one that another step follows. */
function listCutRows(lines: readonly ResultLine[], missing: readonly MissingLines[]): number[] {
  return missing.flatMap(({ afterRow }) => {
    const steps = lines.filter(({ row }) => row === afterRow).toSorted((left, right) => left.step - right.step);
    const last = steps.at(-1);
    return afterRow === null || last === undefined || LAST_STEPS.has(last.action) ? [] : [afterRow];
  });
}
