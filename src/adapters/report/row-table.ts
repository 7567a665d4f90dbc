/**
 * The rows of the report as JSON for its script: one line a row before the first apply, one a step after it.
 *
 * Twenty thousand rows as HTML would take a browser many seconds to lay out; as JSON they are there at once, and
 * the script shows a hundred at a time. Beyond that many only those are kept that somebody must look at.
 */
import { type Change, movesAnchor } from "../../core/change.ts";
import {
  OPERATOR_PREFIX,
  PLAN_COLUMNS,
  RESULT_COLUMNS,
  type RunFacts,
  type WrittenColumn,
} from "../../core/columns.ts";
import type { Outcome } from "../../core/outcome.ts";
import { type PlannedRow, planIdOf } from "../../core/plan.ts";
import { planStateOf } from "../../core/row-states.ts";
import { describeChange, type TakeoverChange } from "../../core/takeover-preview.ts";
import type { RunView } from "../../ports/projection.ts";
import { needsEye } from "./holder-steps.ts";
import { embedJson, showVisibly } from "./markup.ts";
import { isOutcomeFine, isPlannedRowFine, worstSeverities } from "./state-tones.ts";

/** Lines that a report holds at most. */
export const MOST_LINES = 20_000;
const LINES_PER_PIECE = 500;
/** Of the operator's own columns stand in the table itself; the others in the row's details. */
const MOST_OPERATOR_COLUMNS = 6;

export type ReportColumn<Line> = WrittenColumn<Line> & {
  /** In the table itself, rather than among the details of a row. */
  readonly shown: boolean;
  /** Its values can be chosen from a list. */
  readonly filter: boolean;
};

/** A line of the table with what the script needs beside its cells. Keys are short: they stand there 20,000 times. */
export type EmbeddedLine = {
  /** Cells, one for each column. */
  readonly c: readonly (string | number | null)[];
  /** 1 when nobody has to look at the line. */
  readonly f: 0 | 1;
  /** Positions in the list of finding details. */
  readonly d?: readonly number[];
  /** Steps of the row in words, where there is more than its one write. */
  readonly s?: readonly string[];
  /** What the takeover will change, with the values. */
  readonly t?: readonly string[];
};

export type RowTable = {
  /** All lines of the run. */
  readonly total: number;
  /** Lines that nobody has to look at. */
  readonly fine: number;
  /** Lines that are in the report. */
  readonly embedded: number;
  /** Lines that somebody should look at and that are only in the CSV file. */
  readonly leftOut: number;
  /** What a line is: a row before the first apply, a step after it. */
  readonly noun: "row" | "step";
  /** The JSON text, in pieces. */
  readonly pieces: Iterable<string>;
};

/** Facts about the whole run, the same on every line: they stand in the head of the page. */
const WHOLE_RUN = new Set(["runId", "planId", "tenantId"]);
/** Columns of the table itself, in order; the operator's own stand before the IDs. All others are details of a row. */
const SHOWN = [
  "row",
  "step",
  "state",
  "status",
  "sync",
  "sAMAccountName",
  "domain",
  "userPrincipalName",
  "findings",
  "takeoverChanges",
  "message",
];
const SHOWN_LAST = ["immutableId", "previousImmutableId", "otherSideValue"];
const FILTERS = new Set(["state", "status", "action", "sync"]);
/** An empty text and no value are different things here. */
const ID_COLUMNS = new Set(["immutableId", "previousImmutableId", "otherSideValue"]);

const STATE_COLUMN: WrittenColumn<PlannedRow> = {
  heading: "state",
  help: "How the row stands: what would be done with it",
  cell: planStateOf,
};

/** Makes the table of a run. */
export function makeRowTable(view: RunView): RowTable {
  const { plan, outcomes } = view;
  const details = listDetails(view);
  const steps = describeSteps(view);
  const facts = { runId: view.about.runId, planId: planIdOf(plan), tenantId: plan.header.tenantId };
  if (outcomes === null) {
    const worst = worstSeverities(plan);
    return embedLines({
      noun: "row",
      lines: plan.rows,
      columns: placeColumns([STATE_COLUMN, ...PLAN_COLUMNS], view, ({ extra }) => extra),
      isFine: (planned) => isPlannedRowFine(planned, worst.get(planned.row)) && !steps.holderRows.has(planned.row),
      details,
      stepsOf: ({ row }) => steps.texts.get(row),
      plannedOf: (planned) => planned,
      facts,
    });
  }
  return embedLines({
    noun: "step",
    lines: outcomes,
    columns: placeColumns<Outcome>(RESULT_COLUMNS, view, ({ planned }) => planned.extra),
    isFine: (outcome) => isOutcomeFine(outcome, plan.header.kind),
    details,
    stepsOf: () => undefined,
    plannedOf: ({ planned }) => planned,
    facts,
  });
}

/** The columns of the CSV file in the order of a page that is read from the left, and the operator's own. */
function placeColumns<Line>(
  columns: readonly WrittenColumn<Line>[],
  { plan }: RunView,
  extraOf: (line: Line) => readonly string[],
): ReportColumn<Line>[] {
  const ours = new Set(columns.map(({ heading }) => heading.toLowerCase()));
  const operators = plan.header.mapping.extraColumns.map(
    (name, index): ReportColumn<Line> => ({
      heading: ours.has(name.toLowerCase()) ? `${OPERATOR_PREFIX}${name}` : name,
      help: "From the mapping file",
      cell: (line) => extraOf(line)[index] ?? null,
      shown: index < MOST_OPERATOR_COLUMNS,
      filter: false,
    }),
  );
  const place = (column: WrittenColumn<Line>, shown: boolean) => ({
    ...column,
    shown,
    filter: FILTERS.has(column.heading),
  });
  const pick = (headings: readonly string[]) =>
    headings.flatMap((heading) =>
      columns.filter((column) => column.heading === heading).map((column) => place(column, true)),
    );
  const apart = new Set([...SHOWN, ...SHOWN_LAST, ...WHOLE_RUN]);
  const others = columns.filter(({ heading }) => !apart.has(heading)).map((column) => place(column, false));
  return [...pick(SHOWN), ...operators, ...pick(SHOWN_LAST), ...others];
}

type Details = {
  readonly texts: readonly string[];
  readonly of: ReadonlyMap<number, readonly number[]>;
};

/** What was found, each text once, and which of them stand on each row. */
function listDetails({ plan }: RunView): Details {
  const texts = new Map<string, number>();
  const of = new Map<number, number[]>();
  for (const { code, detail, rows } of plan.findings) {
    const text = `${code}: ${showVisibly(detail)}`;
    const place = texts.get(text) ?? texts.size;
    texts.set(text, place);
    for (const row of rows) {
      const places = of.get(row);
      if (places === undefined) of.set(row, [place]);
      else places.push(place);
    }
  }
  return { texts: [...texts.keys()], of };
}

/** Steps in words of every row that has more than its own single write. */
function describeSteps({ plan }: RunView) {
  const seen = new Set<number>();
  const described = new Set<number>();
  const holderRows = new Set<number>();
  for (const change of plan.changes) {
    const { row } = change;
    if (needsEye(change)) holderRows.add(row);
    if (seen.has(row) || holderRows.has(row)) described.add(row);
    seen.add(row);
  }
  const steps = plan.changes.filter(({ row }) => described.has(row));
  const stepsOfRow = Map.groupBy(steps, ({ row }) => row);
  const texts = new Map([...stepsOfRow].map(([row, changes]) => [row, changes.map(describeStep)]));
  return { texts, holderRows };
}

function describeStep({ row, step, side, kind, name, before, after, wave, group, waitsFor }: Change): string {
  const where = group === 0 ? "" : ` (${wave} ${group})`;
  const wait = waitsFor === null || waitsFor.row === row ? "" : `, after row ${waitsFor.row}`;
  const value = (text: string | null) => (text !== null ? showId(text) : movesAnchor(kind) ? "no ID" : "unset");
  return showVisibly(`${step}. ${side} ${kind} ${name}: ${value(before)} → ${value(after)}${where}${wait}`);
}

/** Longest text of one change in the page: an address may have a thousand letters, and the page 20,000 rows. */
const MOST_LETTERS = 400;

function showChange(change: TakeoverChange): string {
  const text = showVisibly(describeChange(change));
  return text.length <= MOST_LETTERS ? text : `${text.slice(0, MOST_LETTERS)}…`;
}

const showId = (text: string): string => (text === "" ? '""' : text);

type Lines<Line> = {
  readonly noun: RowTable["noun"];
  readonly lines: readonly Line[];
  readonly columns: readonly ReportColumn<Line>[];
  readonly isFine: (line: Line) => boolean;
  readonly details: Details;
  readonly stepsOf: (line: Line) => readonly string[] | undefined;
  readonly plannedOf: (line: Line) => PlannedRow;
  readonly facts: RunFacts;
};

function embedLines<Line extends { readonly row: number }>(parts: Lines<Line>): RowTable {
  const { lines, isFine, noun } = parts;
  const open = lines.filter((line) => !isFine(line));
  const chosen = lines.length <= MOST_LINES ? lines : open.slice(0, MOST_LINES);
  return {
    total: lines.length,
    fine: lines.length - open.length,
    embedded: chosen.length,
    leftOut: lines.length <= MOST_LINES ? 0 : open.length - chosen.length,
    noun,
    pieces: writeLines(chosen, parts),
  };
}

function* writeLines<Line extends { readonly row: number }>(
  chosen: readonly Line[],
  { columns, details, facts, isFine, stepsOf, plannedOf, noun }: Lines<Line>,
): Generator<string> {
  const place = (heading: string) => columns.findIndex((column) => column.heading === heading);
  yield `{"noun":${embedJson(noun)},"codes":${place("findings")},"columns":${embedJson(
    columns.map(({ heading, help, shown, filter }) => ({ heading: showVisibly(heading), help, shown, filter })),
  )},"details":${embedJson(details.texts)},"rows":[`;
  for (let start = 0; start < chosen.length; start += LINES_PER_PIECE) {
    const piece = chosen.slice(start, start + LINES_PER_PIECE).map((line) => {
      const found = details.of.get(line.row);
      const steps = stepsOf(line);
      const { takeover } = plannedOf(line);
      const embedded: EmbeddedLine = {
        c: columns.map((column) => cellOf(column, line, facts)),
        f: isFine(line) ? 1 : 0,
        ...(found !== undefined && { d: found }),
        ...(steps !== undefined && { s: steps }),
        ...(takeover !== null && takeover.length > 0 && { t: takeover.map(showChange) }),
      };
      return embedJson(embedded);
    });
    yield `${start === 0 ? "" : ",\n"}${piece.join(",\n")}`;
  }
  yield "]}";
}

function cellOf<Line>({ heading, cell }: ReportColumn<Line>, line: Line, facts: RunFacts): string | number | null {
  const value = cell(line, facts);
  if (typeof value !== "string") return value;
  return ID_COLUMNS.has(heading) ? showId(showVisibly(value)) : showVisibly(value);
}
