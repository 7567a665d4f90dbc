/**
 * What the record of a run says that the run has written: object by object, with the value from before it. The same
 * from a run folder and from a results file, so that both lead to the same way back.
 */
import { CHANGE_KINDS, facetOf, movesAnchor, type Side } from "./change.ts";
import type { Guid } from "./guid.ts";
import { type Outcome, shownUserOf, shownValues } from "./outcome.ts";
import { nameOfWrittenObject, writtenObjectOf } from "./plan.ts";
import type { ResultLine, ResultsFile } from "./result-line.ts";

/** What a run recorded, from its folder or from its results file: all that a rollback needs. */
export type RecordedRun = Pick<
  ResultsFile,
  "runId" | "planId" | "tenantId" | "delimiter" | "extraColumns" | "lines"
> & {
  /** Name for the new run folder: that of the mapping, or of the results file. */
  readonly name: string;
  /** What of the record is damaged or missing, one sentence each; its rows are not among the lines. */
  readonly unread: readonly string[];
};

/** One object that the run has written, with its first old value and its last new one. */
export type WrittenObject = {
  readonly row: number;
  readonly side: Side;
  readonly objectId: Guid;
  readonly name: string;
  /** Whether it is the row's own user: the object of its last step. All others were in its way. */
  readonly own: boolean;
  readonly before: string | null;
  readonly ours: string | null;
  /** Every value that the run has written or may have written: a swap that stopped half way holds one of the first. */
  readonly wrote: readonly (string | null)[];
  /** false where no write is known to have arrived: it counts only if the user holds such a value. */
  readonly certain: boolean;
  /** false where the row's first line is missing, and with it the value from before the run. */
  readonly whole: boolean;
  /** The row's last line, for everything else. */
  readonly line: ResultLine;
};

/** A line whose write surely or possibly reached the tenant. */
const WRITTEN = new Set(["verified", "accepted", "parked", "undecided", "taken-over"]);

/** Actions that move an ID, on either side; what else a run did to an object cannot be written back. */
const ID_MOVES: ReadonlySet<string> = new Set(CHANGE_KINDS.filter(movesAnchor));

const isWritten = ({ status, writtenAt }: ResultLine): boolean => WRITTEN.has(status) || writtenAt !== null;

/** A value that was there already was put there by somebody else. A single write that was refused never arrived; of any other attempt the line does not say how it was answered. */
const mayBeWritten = ({ status, attempts }: ResultLine): boolean =>
  status !== "already" && !(status === "failed" && attempts < 2);

/** What the run has or may have written, object by object, in row order. Lines of one object are folded into one. */
export function listWrittenObjects(lines: readonly ResultLine[]): WrittenObject[] {
  const written = lines.filter(
    (line): line is ResultLine & { readonly objectId: Guid } =>
      ID_MOVES.has(line.action) &&
      line.objectId !== null &&
      line.attempts > 0 &&
      (isWritten(line) || mayBeWritten(line)),
  );
  const ownUser = listOwnLines(lines);
  const begun = new Set(lines.filter(({ step }) => step === 1).map(({ row }) => row));
  return [...Map.groupBy(written, ({ row, objectId }) => `${row} ${objectId}`).values()].flatMap((steps) => {
    const ordered = steps.toSorted((left, right) => left.step - right.step);
    const first = ordered[0];
    const last = ordered.at(-1);
    if (first === undefined || last === undefined) return [];
    const { row, side, objectId } = last;
    const wrote = ordered.map(({ immutableId }) => immutableId);
    const ours = (ordered.findLast(isWritten) ?? last).immutableId;
    const state = { before: first.previous, ours, wrote, certain: ordered.some(isWritten), whole: begun.has(row) };
    const own = ownUser.get(row)?.objectId === objectId;
    return [{ row, side, objectId, name: nameOfWrittenObject(last), own, ...state, line: last }];
  });
}

/**
 * The line of each row that tells of its own user. A run ends each row with it. A rollback may end with another object
 * instead; only its folder tells the two apart, and from a results file they may then be named the wrong way round.
 */
export function listOwnLines(lines: readonly ResultLine[]): ReadonlyMap<number, ResultLine> {
  const own = new Map<number, ResultLine>();
  for (const line of lines) {
    const known = own.get(line.row);
    const better = known === undefined || (known.otherObject && !line.otherObject);
    if (better || (known.otherObject === line.otherObject && line.step > known.step)) own.set(line.row, line);
  }
  return own;
}

/** A row's own user that the run has not written: it holds what it held before. */
export function untouchedObject(line: ResultLine | undefined): WrittenObject | null {
  if (line === undefined || line.objectId === null) return null;
  const { row, side, objectId, previous } = line;
  const state = { before: previous, ours: previous, wrote: [], certain: false, whole: true };
  return { row, side, objectId, name: nameOfWrittenObject(line), own: true, ...state, line };
}

/** Lines of a run folder in the shape of a results file, so that both lead to the same rollback. */
export function resultLineFromOutcome(outcome: Outcome, line: number): ResultLine {
  const { planned, change } = outcome;
  const shown = shownValues(outcome);
  return {
    line,
    row: outcome.row,
    step: outcome.step,
    account: planned.account,
    domain: planned.domain,
    side: change?.side ?? planned.side,
    action: change?.kind ?? planned.action,
    objectId: change?.objectId ?? writtenObjectOf(planned),
    userPrincipalName: shownUserOf(outcome),
    previous: shown.before,
    immutableId: shown.after,
    otherSideValue: planned.otherSideValue,
    objectGuid: planned.objectGuid,
    status: outcome.status,
    sync: outcome.sync,
    findings: planned.findings,
    httpStatus: outcome.httpStatus,
    errorCode: outcome.errorCode,
    message: outcome.message,
    attempts: outcome.attempts,
    requestId: outcome.requestId,
    writtenAt: outcome.writtenAt,
    verifiedAt: outcome.verifiedAt,
    otherObject: change !== null && change.holder !== null && facetOf(change.kind) === "immutable-id",
    extra: planned.extra,
  };
}
