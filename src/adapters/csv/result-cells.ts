/**
 * Reads the cells of one line of `results.csv`, by heading, into a ResultLine.
 *
 * The check says that a line is as it was written; this says that it is understood. A line of a newer
 * program may hold a word that is unknown here: it is refused, not half understood.
 */
import { CHANGE_KINDS, type ChangeKind, SIDES } from "../../core/change.ts";
import type { CHECK_COLUMN, RESULT_COLUMNS } from "../../core/columns.ts";
import { type Guid, parseGuid } from "../../core/guid.ts";
import { OUTCOME_STATUSES, SYNC_STATES } from "../../core/outcome.ts";
import type { RowAction } from "../../core/plan.ts";
import type { ResultLine } from "../../core/result-line.ts";
import { showText } from "./show-text.ts";

export type ResultHeading = (typeof RESULT_COLUMNS)[number]["heading"];

/** The text of a cell of the line at hand, unguarded. */
export type CellOf = (heading: ResultHeading | typeof CHECK_COLUMN.heading) => string;

const ACTIONS: readonly (ChangeKind | RowAction)[] = [...CHANGE_KINDS, "none", "blocked"];
const UNSET_OR_SET = ["unset", "set"] as const;

/** A cell that holds what no results file of this program holds. */
class UnreadableCell extends Error {}

/** @returns The line, or what is wrong with it in words. */
export function readResultLine(line: number, cell: CellOf, extra: readonly string[]): ResultLine | string {
  try {
    return makeResultLine(line, cell, extra);
  } catch (error) {
    if (error instanceof UnreadableCell) return error.message;
    throw error;
  }
}

function makeResultLine(line: number, cell: CellOf, extra: readonly string[]): ResultLine {
  const action = readWord(cell, "action", ACTIONS);
  const status = readWord(cell, "status", OUTCOME_STATUSES);
  return {
    line,
    row: readCount(cell, "row"),
    step: readCount(cell, "step"),
    account: cell("sAMAccountName"),
    domain: textOrNull(cell("domain")),
    side: readWord(cell, "side", SIDES),
    action,
    objectId: readGuidOrNull(cell, "objectId"),
    userPrincipalName: cell("userPrincipalName"),
    previous: readPrevious(cell),
    immutableId: readImmutableId(cell, action),
    otherSideValue: textOrNull(cell("otherSideValue")),
    objectGuid: readGuidOrNull(cell, "objectGUID"),
    status,
    sync: cell("sync") === "" ? null : readWord(cell, "sync", SYNC_STATES),
    findings: cell("findings")
      .split(" ")
      .filter((code) => code !== ""),
    httpStatus: cell("httpStatus") === "" ? null : readCount(cell, "httpStatus"),
    errorCode: textOrNull(cell("errorCode")),
    message: textOrNull(cell("message")),
    attempts: readCount(cell, "attempts"),
    requestId: textOrNull(cell("requestId")),
    writtenAt: textOrNull(cell("writtenAt")),
    verifiedAt: textOrNull(cell("verifiedAt")),
    otherObject: false,
    extra,
  };
}

/** "unset" and an empty text are different things: one is restored with JSON null, the other with "". */
function readPrevious(cell: CellOf): string | null {
  if (readWord(cell, "previousWas", UNSET_OR_SET) === "set") return cell("previousImmutableId");
  if (cell("previousImmutableId") === "") return null;
  throw new UnreadableCell("previousWas says unset, but previousImmutableId holds a value");
}

function readImmutableId(cell: CellOf, action: ChangeKind | RowAction): string | null {
  const text = cell("immutableId");
  if (action === "set" || action === "replace") return text;
  const clears = action === "clear" || action === "clear-consistency-guid";
  if (clears && text !== "") throw new UnreadableCell(`action is ${action}, but immutableId holds a value`);
  return textOrNull(text);
}

function textOrNull(text: string): string | null {
  return text === "" ? null : text;
}

function readWord<Word extends string>(cell: CellOf, heading: ResultHeading, words: readonly Word[]): Word {
  const word = words.find((known) => known === cell(heading));
  if (word === undefined)
    throw new UnreadableCell(`${heading} holds ${showText(cell(heading))}, which this version does not know`);
  return word;
}

function readCount(cell: CellOf, heading: ResultHeading): number {
  if (!/^[0-9]{1,9}$/.test(cell(heading)))
    throw new UnreadableCell(`${heading} holds ${showText(cell(heading))}, which is no number`);
  return Number(cell(heading));
}

function readGuidOrNull(cell: CellOf, heading: ResultHeading): Guid | null {
  if (cell(heading) === "") return null;
  const guid = parseGuid(cell(heading));
  if (guid === null) throw new UnreadableCell(`${heading} holds ${showText(cell(heading))}, which is no GUID`);
  return guid;
}
