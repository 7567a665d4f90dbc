/**
 * What one line of a `results.csv` says, once it was read back and its check held.
 *
 * Rollback works from these lines alone: the run folder may be gone. So they carry everything that a
 * reverse write needs, and `null` (no value) is kept apart from "" (an empty text) everywhere.
 */
import type { ChangeKey, ChangeKind, Side } from "./change.ts";
import type { Guid } from "./guid.ts";
import type { OutcomeStatus, SyncState } from "./outcome.ts";
import type { RowAction } from "./plan.ts";

export type ResultLine = ChangeKey & {
  /** Physical line in the results file on which it begins, from 1. */
  readonly line: number;
  readonly account: string;
  readonly domain: string | null;
  readonly side: Side;
  /** What the step does; for a row without a write, the row's own action. */
  readonly action: ChangeKind | RowAction;
  /** Object that the step writes; `null` where the row found none. */
  readonly objectId: Guid | null;
  readonly userPrincipalName: string;
  /** Value before the step; `null` where `previousWas` is `unset`. */
  readonly previous: string | null;
  /** Value that the step writes; `null` where `action` is `clear`, or where a row without a write has none. */
  readonly immutableId: string | null;
  /** What the side held that the row does not write, when the plan was made; `null` where nothing or the empty text. */
  readonly otherSideValue: string | null;
  /** Of the AD account. */
  readonly objectGuid: Guid | null;
  readonly status: OutcomeStatus;
  readonly sync: SyncState | null;
  /** Codes as written; a newer program may know more of them. */
  readonly findings: readonly string[];
  readonly httpStatus: number | null;
  readonly errorCode: string | null;
  readonly message: string | null;
  readonly attempts: number;
  readonly requestId: string | null;
  /** ISO times. */
  readonly writtenAt: string | null;
  readonly verifiedAt: string | null;
  /** Whether the step moves the ID of another object than the row's own user; a results file does not say, and gives false. */
  readonly otherObject: boolean;
  /** The operator's own columns, in the order of `ResultsFile.extraColumns`. */
  readonly extra: readonly string[];
};

/** A line that cannot be trusted: it is named, and never used. */
export type DamagedLine = {
  readonly line: number;
  /** Row of the mapping that the line seems to be about; `null` where not even that can be read. */
  readonly row: number | null;
  /** What is wrong, in words. */
  readonly problem: string;
};

/** Lines of a results file that are not there at all: it was cut off, or they were deleted. */
export type MissingLines = {
  /** First and last of them, counted from 1 without the header, of so many that were written. */
  readonly first: number;
  readonly last: number;
  readonly total: number;
  /** Rows of the mapping in the lines around them, which bound the rows that are missing; `null` at an end of the file. */
  readonly afterRow: number | null;
  readonly beforeRow: number | null;
};

/** `lines 100 to 264 of 264 are missing, after a line of row 87: what stood there is not known`. */
export function describeMissingLines({ first, last, total, afterRow, beforeRow }: MissingLines): string {
  const count = last - first + 1;
  const which =
    count === 1 ? `line ${first} of ${total} is missing` : `lines ${first} to ${last} of ${total} are missing`;
  const after = afterRow === null ? null : `after a line of row ${afterRow}`;
  const before = beforeRow === null ? null : `before a line of row ${beforeRow}`;
  const where = [after, before].filter((text) => text !== null).join(" and ");
  return `${which}${where === "" ? "" : `, ${where}`}: what stood there is not known`;
}

/** A results file of one run. */
export type ResultsFile = {
  readonly delimiter: string;
  /** Headings of the operator's own columns, under their first names. */
  readonly extraColumns: readonly string[];
  readonly runId: string;
  /** First 12 hex digits of the plan's hash. */
  readonly planId: string;
  readonly tenantId: Guid;
  /** The lines whose check holds, in file order. */
  readonly lines: readonly ResultLine[];
  readonly damaged: readonly DamagedLine[];
  readonly missing: readonly MissingLines[];
};
