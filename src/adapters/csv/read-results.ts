/**
 * Reads a `results.csv` back, perhaps years later and perhaps after somebody had it open in a
 * spreadsheet: rollback works from it alone.
 *
 * Lines whose check holds are given; every other one is named and left out, and so are lines that are not there. A
 * file whose lines come from several runs or tenants is refused: a rollback of half of each would be neither.
 */
import { CHECK_COLUMN, foldHeading, MAPPING_COLUMNS, type MappingColumn, RESULT_COLUMNS } from "../../core/columns.ts";
import { type Guid, parseGuid } from "../../core/guid.ts";
import type { DamagedLine, ResultLine, ResultsFile } from "../../core/result-line.ts";
import { unguardCell } from "./cells.ts";
import { type LineGroup, LineGrouper } from "./group-lines.ts";
import { findMissingLines, type SeenLine } from "./missing-lines.ts";
import { readOperatorHeading } from "./operator-columns.ts";
import { ProblemList, refuseFile } from "./problem-list.ts";
import { readLines, type TextLimits } from "./read-lines.ts";
import { countRecordedColumns } from "./recorded-columns.ts";
import { type CellOf, type ResultHeading, readResultLine } from "./result-cells.ts";
import { checkOf, type LinePlace, readPlace } from "./result-check.ts";
import { showText } from "./show-text.ts";
import { splitRecord, splitRecords } from "./split-fields.ts";

/** Two million rows of several steps each fit; nothing that is larger is ours. */
const DEFAULT_RESULTS_LIMITS: TextLimits = { fileBytes: 4 * 1024 * 1024 * 1024, lineBytes: 1024 * 1024 };

const HINT = "Take the results.csv of one run, as the program wrote it; `hardmatch status <run>` writes it anew.";
const OF_A_RUN =
  "Give the run folder that apply wrote to, or the results.csv in it: hardmatch rollback runs/<run>, or hardmatch rollback runs/<run>/results.csv";
const DELIMITERS = [",", ";", "\t", "|"];
const HEADINGS: readonly ResultHeading[] = RESULT_COLUMNS.map(({ heading }) => heading);
const RECORDS_AT_ONCE = 1000;

/**
 * @param path The file as the operator named it.
 * @throws {BatchError} input: it cannot be read, is no results file, lacks a column, mixes runs, plans or
 *   tenants, has a step twice, or has no line whose check holds.
 */
export async function readResultsFile(path: string, limits: Partial<TextLimits> = {}): Promise<ResultsFile> {
  const reading = new ResultsReading(path);
  const grouper = new LineGrouper();
  await readLines(path, { ...DEFAULT_RESULTS_LIMITS, ...limits }, (line) => {
    for (const group of grouper.push(line)) reading.take(group);
  });
  for (const group of grouper.end()) reading.take(group);
  return reading.finish();
}

type ResultsHeader = {
  readonly delimiter: string;
  readonly width: number;
  readonly at: ReadonlyMap<string, number>;
  readonly extraAt: readonly number[];
  readonly extraColumns: readonly string[];
};

type RunOfLine = { readonly runId: string; readonly planId: string; readonly tenantId: Guid };

class ResultsReading {
  readonly #path: string;
  readonly #problems: ProblemList;
  readonly #lines: ResultLine[] = [];
  readonly #damaged: DamagedLine[] = [];
  readonly #seen: SeenLine[] = [];
  readonly #lineOfStep = new Map<string, number>();
  #waiting: LineGroup[] = [];
  #header: ResultsHeader | null = null;
  #run: { readonly runId: string; readonly planId: string; readonly tenantId: Guid; readonly line: number } | null =
    null;

  constructor(path: string) {
    this.#path = path;
    this.#problems = new ProblemList(path);
  }

  take(group: LineGroup): void {
    if (/^[ ,;\t|]*$/.test(group.text)) return;
    if (this.#header === null) this.#header = readResultsHeader(this.#path, group);
    else if (group.badByte !== null)
      this.#damage(group.line, null, "it is not valid UTF-8: a program saved it in another encoding");
    else if (group.unclosed) this.#damage(group.line, null, "a quote in it is never closed");
    else this.#waiting.push(group);
    if (this.#waiting.length >= RECORDS_AT_ONCE) this.#readWaiting();
  }

  /** Call when every line was taken. */
  finish(): ResultsFile {
    this.#readWaiting();
    if (this.#header === null) throw refuseFile(this.#path, "the file is empty", HINT);
    this.#problems.throwIfAny(HINT);
    const damaged = this.#damaged.toSorted((left, right) => left.line - right.line);
    if (this.#run === null) {
      for (const { line, problem } of damaged) this.#problems.add({ line }, problem);
      this.#problems.throwIfAny(HINT);
      throw refuseFile(this.#path, "there is no line after the header", HINT);
    }
    const { runId, planId, tenantId } = this.#run;
    const { delimiter, extraColumns } = this.#header;
    const missing = findMissingLines(this.#seen.toSorted((left, right) => left.line - right.line));
    return { delimiter, extraColumns, runId, planId, tenantId, lines: this.#lines, damaged, missing };
  }

  #readWaiting(): void {
    const header = this.#header;
    if (header === null || this.#waiting.length === 0) return;
    const groups = this.#waiting;
    this.#waiting = [];
    const splits = splitRecords(
      groups.map(({ text }) => text),
      header.delimiter,
    );
    for (const [index, { line }] of groups.entries()) {
      const split = splits[index];
      if (split === undefined) throw new Error(`line ${line} was not split`);
      if (split.fields === null) this.#damage(line, null, split.problem);
      else this.#takeLine(line, split.fields.map(unguardCell), header);
    }
  }

  #takeLine(line: number, fields: readonly string[], header: ResultsHeader): void {
    const cell: CellOf = (heading) => fields[header.at.get(heading) ?? -1] ?? "";
    const row = /^[0-9]{1,9}$/.test(cell("row")) ? Number(cell("row")) : null;
    const place = readPlace(cell(CHECK_COLUMN.heading));
    const damage = findDamage(fields, cell, header);
    const tenantId = parseGuid(cell("tenantId"));
    const extra = header.extraAt.map((index) => fields[index] ?? "");
    const reading = damage ?? readResultLine(line, cell, extra);
    if (typeof reading === "string") this.#damage(line, row, reading, place);
    else if (tenantId === null) this.#damage(line, row, "tenantId is no GUID", place);
    else this.#keep(reading, { runId: cell("runId"), planId: cell("planId"), tenantId }, place);
  }

  #keep(reading: ResultLine, run: RunOfLine, place: LinePlace | null): void {
    this.#checkRun(reading.line, run);
    this.#checkStep(reading);
    this.#lines.push(reading);
    this.#seen.push({ line: reading.line, row: reading.row, place, whole: true });
  }

  #checkRun(line: number, own: RunOfLine): void {
    this.#run ??= { ...own, line };
    for (const heading of ["runId", "planId", "tenantId"] as const) {
      if (own[heading] === this.#run[heading]) continue;
      this.#problems.add(
        { line, heading },
        `found ${showText(own[heading])}, but ${showText(this.#run[heading])} in line ${this.#run.line}; keep the lines of one run`,
      );
    }
  }

  #checkStep({ line, row, step }: ResultLine): void {
    const first = this.#lineOfStep.get(`${row}.${step}`);
    if (first === undefined) this.#lineOfStep.set(`${row}.${step}`, line);
    else
      this.#problems.add({ line }, `found step ${step} of row ${row} a second time, first in line ${first}; keep one`);
  }

  #damage(line: number, row: number | null, problem: string, place: LinePlace | null = null): void {
    this.#damaged.push({ line, row, problem });
    this.#seen.push({ line, row, place, whole: false });
  }
}

function findDamage(fields: readonly string[], cell: CellOf, { width }: ResultsHeader): string | null {
  if (fields.length !== width) return `it has ${fields.length} fields where the header has ${width}`;
  const check = cell(CHECK_COLUMN.heading);
  const place = readPlace(check);
  const fits = place !== null && checkOf(HEADINGS.map(cell), place) === check;
  return fits ? null : "its check does not fit: it was changed after it was written";
}

/** The delimiter is the mapping's own, or the one of the spreadsheet that saved the file: the header shows it. */
function readResultsHeader(path: string, { text, badByte, unclosed, line }: LineGroup): ResultsHeader {
  if (badByte !== null || unclosed) throw refuseFile(path, `line ${line} is no header of a results file`, HINT);
  const headers = DELIMITERS.map((delimiter) => ({ delimiter, headings: splitHeadings(text, delimiter) }));
  if (headers.some(({ headings }) => isMapping(headings)))
    throw refuseFile(path, "this is a mapping or a plan, and rollback takes what a run has recorded", OF_A_RUN);
  const best = headers.toSorted((left, right) => countOurs(right.headings) - countOurs(left.headings))[0];
  if (best === undefined || countOurs(best.headings) === 0)
    throw refuseFile(path, `line ${line} is no header of a results file`, HINT);
  const { delimiter, headings } = best;
  const problems = new ProblemList(path);
  const at = new Map<string, number>();
  for (const heading of [...HEADINGS, CHECK_COLUMN.heading]) {
    const places = [...headings.keys()].filter((index) => foldHeading(headings[index] ?? "") === foldHeading(heading));
    const [place] = places;
    if (place === undefined)
      problems.add({ line }, `found no column ${heading}; take the file as the program wrote it`);
    else if (places.length > 1)
      problems.add({ line }, `found ${places.length} columns ${heading}; take the file as the program wrote it`);
    else at.set(heading, place);
  }
  problems.throwIfAny(HINT);
  const ours = new Set(at.values());
  const extraAt = [...headings.keys()].filter((index) => !ours.has(index));
  return {
    delimiter,
    width: headings.length,
    at,
    extraAt,
    extraColumns: extraAt.map((index) => readOperatorHeading(headings[index] ?? "")),
  };
}

/** A mapping shares the names of some columns with a results file; what only a run can know it has none of. */
function isMapping(headings: readonly string[]): boolean {
  const folded = new Set(headings.map(foldHeading));
  const names = ({ heading, aliases }: MappingColumn) =>
    [heading, ...aliases].some((name) => folded.has(foldHeading(name)));
  const { account, upn } = MAPPING_COLUMNS;
  return countRecordedColumns(headings) < 2 && names(account) && names(upn);
}

function splitHeadings(text: string, delimiter: string): readonly string[] {
  return (splitRecord(text, delimiter).fields ?? []).map(unguardCell);
}

function countOurs(headings: readonly string[]): number {
  const folded = new Set(headings.map(foldHeading));
  return HEADINGS.filter((heading) => folded.has(foldHeading(heading))).length;
}
