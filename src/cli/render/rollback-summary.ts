/** What a rollback leaves alone, and why: named before anything else, because no command brings it back. */
import type { Finding } from "../../core/findings.ts";
import type { Plan, PlannedRow } from "../../core/plan.ts";
import type { DamagedLine } from "../../core/result-line.ts";
import type { Line } from "./screen.ts";
import { countOf, cutList } from "./table.ts";

const MOST_ROWS_SHOWN = 50;

export type LeftAlone = {
  /** Sync has taken the user over: the value can no longer be written. */
  readonly takenOver: readonly PlannedRow[];
  /** Somebody else has changed the user since the run. */
  readonly drifted: readonly PlannedRow[];
  readonly damagedLines: readonly DamagedLine[];
  /** Steps that took an object away for good: their row's own value is still written back. */
  readonly irreversible: readonly Finding[];
  readonly details: ReadonlyMap<number, string>;
};

export function findLeftAlone(plan: Plan, damagedLines: readonly DamagedLine[]): LeftAlone {
  return {
    takenOver: plan.rows.filter(({ settled }) => settled === "taken-over"),
    drifted: plan.rows.filter(({ settled }) => settled === "drift"),
    damagedLines,
    irreversible: plan.findings.filter(({ code }) => code === "rollback-irreversible"),
    details: new Map(plan.findings.flatMap(({ rows, detail }) => rows.map((row) => [row, detail] as const))),
  };
}

export function isAnythingLeftAlone({ takenOver, drifted, damagedLines, irreversible }: LeftAlone): boolean {
  return takenOver.length + drifted.length + damagedLines.length + irreversible.length > 0;
}

export function renderLeftAlone({ takenOver, drifted, damagedLines, irreversible, details }: LeftAlone): Line[] {
  const rowOf = ({ row, account, userPrincipalName }: PlannedRow) =>
    `  row ${row}  ${account} -> ${userPrincipalName}: ${details.get(row) ?? ""}`;
  const lineOf = ({ line, row, problem }: DamagedLine) =>
    `  line ${line}${row === null ? "" : `, row ${row}`}: ${problem}`;
  return [
    ...list(
      takenOver,
      rowOf,
      `${countOf(takenOver.length, "row")} cannot be rolled back any more: sync has taken the user over`,
    ),
    ...list(
      irreversible,
      ({ rows, detail }) => `  row ${rows[0]}  rollback-irreversible: ${detail}`,
      `${countOf(irreversible.length, "step")} cannot be taken back; the rows' own values still are`,
    ),
    ...list(drifted, rowOf, `${countOf(drifted.length, "row")} left alone: somebody else has changed the user since`),
    ...list(
      damagedLines,
      lineOf,
      `${countOf(damagedLines.length, "line")} of the results file cannot be trusted; the rows of these lines are left out`,
    ),
  ];
}

function list<Value>(values: readonly Value[], render: (value: Value) => string, title: string): Line[] {
  if (values.length === 0) return [];
  return [{ style: "bad", text: title }, ...cutList(values, MOST_ROWS_SHOWN, "the JSON output (--json)", render), ""];
}

export function describeLeftAlone({ takenOver, drifted, damagedLines, irreversible }: LeftAlone) {
  const nameRow = ({ row, account, userPrincipalName, previousImmutableId, immutableId }: PlannedRow) => ({
    row,
    account,
    userPrincipalName,
    written: previousImmutableId,
    before: immutableId,
  });
  return { takenOver: takenOver.map(nameRow), drifted: drifted.map(nameRow), damagedLines, irreversible };
}
