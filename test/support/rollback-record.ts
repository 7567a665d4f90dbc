import type { Change } from "../../src/core/change.ts";
import type { Guid } from "../../src/core/guid.ts";
import type { Outcome, OutcomeStatus } from "../../src/core/outcome.ts";
import type { Plan, PlannedRow } from "../../src/core/plan.ts";
import type { ResultLine } from "../../src/core/result-line.ts";
import { makeRollbackPlan } from "../../src/core/rollback.ts";
import type { PresentObjects } from "../../src/core/rollback-verdict.ts";
import type { CloudUser } from "../../src/core/snapshot.ts";
import { type RecordedRun, resultLineFromOutcome } from "../../src/core/written-objects.ts";
import { cloudUser, digest, guidFor } from "./facts.ts";
import { resultLine } from "./result-line.ts";

/** A tenant without AD. */
export const cloudOnly = (users: ReadonlyMap<Guid, CloudUser>): PresentObjects => ({ users, accounts: new Map() });
export const AT = "2026-11-22T02:00:00.000Z";
export const LATER = "2026-11-22T02:01:00.000Z";

/** What the run wrote for the user of this row: `before` to `after`, in one step if not said otherwise. */
export function line(
  row: number,
  previous: string | null,
  immutableId: string | null,
  changes: Partial<ResultLine> = {},
) {
  return resultLine(row, {
    action: immutableId === null ? "clear" : "set",
    previous,
    immutableId,
    writtenAt: AT,
    verifiedAt: AT,
    extra: [`wave ${row}`],
    ...changes,
  });
}

export const NOT_WRITTEN = { writtenAt: null, verifiedAt: null } as const;
export const SENT = (status: OutcomeStatus, attempts = 1) => ({ status, attempts, ...NOT_WRITTEN });

export const run = (lines: readonly ResultLine[]): RecordedRun => ({
  name: "people",
  runId: "run-1",
  planId: "0123456789ab",
  tenantId: guidFor("tenant"),
  delimiter: ";",
  extraColumns: ["wave"],
  lines,
  unread: [],
});

/** The users of these rows, each holding this value now; `undefined` is a user that is gone. */
export function tenantNow(held: Readonly<Record<number, string | null | undefined>>, changes: Partial<CloudUser> = {}) {
  const users = Object.entries(held).flatMap(([row, immutableId]) =>
    immutableId === undefined ? [] : [cloudUser(`user${row}`, { immutableId, ...changes })],
  );
  return new Map(users.map((user) => [user.id, user]));
}

export const reverse = (
  lines: readonly ResultLine[],
  now: ReadonlyMap<Guid, CloudUser>,
  rows: readonly number[] | null = null,
) =>
  makeRollbackPlan(run(lines), cloudOnly(now), {
    ...{ cloud: "global", digest, directories: [] },
    rows: rows === null ? null : new Set(rows),
  });

export const inWords = ({ row, step, before, after }: Pick<Change, "row" | "step" | "before" | "after">) =>
  `${row}.${step} ${JSON.stringify(before)}>${JSON.stringify(after)}`;

export const PIVOT = [line(2, "B", null, { step: 1 }), line(2, null, "A", { step: 2 }), line(3, "A", "B")] as const;

export function plannedRow(row: number, objectId: Guid, name: string): PlannedRow {
  return {
    row,
    account: name,
    domain: null,
    userPrincipalName: name,
    action: "set",
    settled: null,
    findings: [],
    objectGuid: null,
    anchorSource: null,
    immutableId: null,
    side: "cloud",
    previousImmutableId: null,
    otherSideValue: null,
    userId: objectId,
    displayName: null,
    adDisplayName: null,
    takeover: null,
    waitsForRow: null,
    asked: { account: name, domain: null, upn: name, onConflict: "", writeTo: null },
    extra: [],
  };
}

/** How a step stands that was written and read back, or was not sent yet. */
export function outcomeOf(planned: PlannedRow, change: Change | null, wasDone: boolean): Outcome {
  return {
    row: planned.row,
    step: change?.step ?? 1,
    planned,
    change,
    status: wasDone ? "verified" : "pending",
    sync: null,
    httpStatus: null,
    errorCode: null,
    message: null,
    attempts: wasDone ? 1 : 0,
    requestId: null,
    writtenAt: wasDone ? AT : null,
    verifiedAt: wasDone ? AT : null,
    achieved: wasDone ? "verified" : null,
    setBackAt: null,
    syncNote: null,
  };
}

/** The record of a run whose first `done` changes were made. */
export function recordOf(plan: Pick<Plan, "changes" | "rows">, done: number): ResultLine[] {
  return plan.changes.flatMap((change, index) => {
    const planned = plan.rows.find(({ row }) => row === change.row);
    return planned === undefined ? [] : [resultLineFromOutcome(outcomeOf(planned, change, index < done), index + 2)];
  });
}
