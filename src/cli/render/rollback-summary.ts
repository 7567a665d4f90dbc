/** What a rollback leaves alone, and why: named before anything else, because no command brings it back. */
import type { Finding, FindingCode } from "../../core/findings.ts";
import type { Plan, PlannedRow } from "../../core/plan.ts";
import type { Line, LineStyle } from "./screen.ts";
import { countOf, cutList } from "./table.ts";

const MOST_ROWS_SHOWN = 50;

export type LeftAlone = {
  /** What of a results file is missing or damaged: nobody knows what these rows held. */
  readonly unread: readonly Finding[];
  /** Sync has taken the user over: the value can no longer be written. */
  readonly takenOver: readonly PlannedRow[];
  /** Somebody else has changed the user since the run. */
  readonly drifted: readonly PlannedRow[];
  /** Accounts that seem to be back, as a domain controller says that may not know of the write. */
  readonly unconfirmed: readonly Finding[];
  /** Steps that took an object away for good: their row's own value is still written back. */
  readonly irreversible: readonly Finding[];
  /** Users that were brought back from the recycle bin: no loss, but not as before. */
  readonly restored: readonly Finding[];
  readonly details: ReadonlyMap<number, string>;
};

export function findLeftAlone(plan: Plan): LeftAlone {
  const withCode = (wanted: FindingCode) => plan.findings.filter(({ code }) => code === wanted);
  const moved = [...withCode("rollback-taken-over"), ...withCode("rollback-drift")];
  return {
    unread: withCode("rollback-record-incomplete"),
    takenOver: plan.rows.filter(({ settled }) => settled === "taken-over"),
    drifted: plan.rows.filter(({ settled }) => settled === "drift"),
    unconfirmed: withCode("rollback-unconfirmed"),
    irreversible: withCode("rollback-irreversible"),
    restored: withCode("rollback-restored-stays"),
    details: new Map(moved.flatMap(({ rows, detail }) => rows.map((row) => [row, detail] as const))),
  };
}

/** A restored user that stays is as the contract says, so it is told but is no loss. */
export function isAnythingLeftAlone(leftAlone: LeftAlone): boolean {
  const { unread, takenOver, drifted, unconfirmed, irreversible } = leftAlone;
  return [unread, takenOver, drifted, unconfirmed, irreversible].some(({ length }) => length > 0);
}

export function renderLeftAlone(leftAlone: LeftAlone): Line[] {
  const { unread, takenOver, drifted, unconfirmed, irreversible, restored, details } = leftAlone;
  const rowOf = ({ row, account, userPrincipalName }: PlannedRow) =>
    `  row ${row}  ${account} -> ${userPrincipalName}: ${details.get(row) ?? ""}`;
  const stepOf = ({ rows, code, detail }: Finding) => `  row ${rows[0]}  ${code}: ${detail}`;
  return [
    ...list(
      unread,
      ({ detail }) => `  ${detail}`,
      "The results file is not whole: rows in lines that are missing or cannot be trusted are not rolled back",
    ),
    ...list(
      takenOver,
      rowOf,
      `${countOf(takenOver.length, "row")} cannot be rolled back any more: sync has taken the user over`,
    ),
    ...list(
      irreversible,
      stepOf,
      `${countOf(irreversible.length, "step")} cannot be taken back; the rows' own values still are`,
    ),
    ...list(drifted, rowOf, `${countOf(drifted.length, "row")} left alone: somebody else has changed the user since`),
    ...list(
      unconfirmed,
      stepOf,
      `${countOf(unconfirmed.length, "account seems", "accounts seem")} to be set back already, but another domain controller was written to: roll back again when both have replicated`,
    ),
    ...list(
      restored,
      stepOf,
      `${countOf(restored.length, "user that was restored stays", "users that were restored stay")}: rollback does not delete ${restored.length === 1 ? "it" : "them"} again`,
      "careful",
    ),
  ];
}

function list<Value>(
  values: readonly Value[],
  render: (value: Value) => string,
  title: string,
  style: LineStyle = "bad",
): Line[] {
  if (values.length === 0) return [];
  return [{ style, text: title }, ...cutList(values, MOST_ROWS_SHOWN, "the JSON output (--json)", render), ""];
}

/** For programs. */
export function describeLeftAlone(leftAlone: LeftAlone) {
  const { unread, takenOver, drifted, unconfirmed, irreversible, restored } = leftAlone;
  const nameRow = ({ row, account, userPrincipalName, previousImmutableId, immutableId }: PlannedRow) => ({
    row,
    account,
    userPrincipalName,
    written: previousImmutableId,
    before: immutableId,
  });
  return {
    takenOver: takenOver.map(nameRow),
    drifted: drifted.map(nameRow),
    unconfirmed,
    unread: unread.map(({ detail }) => detail),
    irreversible,
    restored,
  };
}
