/** What a way back does not bring back, beside the users that it leaves alone: named before anything else. */
import { CHANGE_KINDS, type ChangeKind, isIrreversible } from "./change.ts";
import type { Finding } from "./findings.ts";
import type { ResultLine } from "./result-line.ts";

/** The change that a line tells of; `null` for a row without one. */
export function kindOfLine({ action }: ResultLine): ChangeKind | null {
  return CHANGE_KINDS.find((kind) => kind === action) ?? null;
}

/** Steps that took something away for good, or brought a user back that stays, in the order of the lines. */
export function listLastingSteps(lines: readonly ResultLine[]): ResultLine[] {
  return lines.filter((line) => {
    const kind = kindOfLine(line);
    if (kind === null || line.attempts === 0 || line.status === "failed") return false;
    return isIrreversible(kind) || kind === "restore";
  });
}

/** @param unread What of the record is not known, one sentence each. */
export function findLosses(unread: readonly string[], lasting: readonly ResultLine[]): Finding[] {
  return [
    ...lasting.map(describeLasting).toSorted((left, right) => Number(isInfo(left)) - Number(isInfo(right))),
    ...unread.map((detail): Finding => ({ code: "rollback-record-incomplete", severity: "warn", rows: [], detail })),
  ];
}

const isInfo = ({ severity }: Finding): boolean => severity === "info";

function describeLasting({ row, action, userPrincipalName }: ResultLine): Finding {
  if (action === "restore") {
    const detail = `${userPrincipalName} was brought back from the recycle bin and stays`;
    return { code: "rollback-restored-stays", severity: "info", rows: [row], detail };
  }
  const detail = `${action} of ${userPrincipalName} cannot be taken back`;
  return { code: "rollback-irreversible", severity: "warn", rows: [row], detail };
}
