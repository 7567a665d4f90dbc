/**
 * Makes mappings of a file's records: first the header, then row by row, many at once because splitting a
 * thousand records in one go is five times as fast.
 */
import type { ColumnChoice } from "../../core/columns.ts";
import type { Mapping } from "../../core/mapping.ts";
import { createPacker } from "../../core/packing.ts";
import type { SourceKey } from "../../core/source-key.ts";
import type { TextEncoding } from "../../core/text-encodings.ts";
import { findBreakage } from "./broken-line.ts";
import { type FoundHeader, HeaderFinder } from "./find-header.ts";
import type { LineGroup } from "./group-lines.ts";
import { isBlankRow, readMappingRow } from "./mapping-row.ts";
import type { ProblemList } from "./problem-list.ts";
import { splitRecords } from "./split-fields.ts";

/** How the file is read. */
export type RecordDialect = {
  readonly encoding: TextEncoding;
  /** First line that is not UTF-8, where nothing says what the file is. */
  readonly encodingAssumedAt: number | null;
  readonly columns: ColumnChoice;
  readonly sourceKey: SourceKey;
};

export type RecordLimits = {
  readonly rows: number;
  readonly fieldLetters: number;
  /** About how many there are: many mappings are kept as bytes. */
  readonly expectedRows: number;
  /** The error of a file with more rows. */
  readonly refuseRows: () => Error;
};

export type ReadRecords = FoundHeader & { readonly mappings: readonly Mapping[]; readonly blankLines: number };

const RECORDS_AT_ONCE = 1000;
/** Split, a line takes many times its room. */
const LETTERS_AT_ONCE = 256 * 1024;

export class MappingRecords {
  readonly #dialect: RecordDialect;
  readonly #problems: ProblemList;
  readonly #limits: RecordLimits;
  readonly #finder: HeaderFinder;
  readonly #mappings: Mapping[] = [];
  readonly #pack: (mapping: Mapping) => Mapping;
  #waiting: LineGroup[] = [];
  #waitingLetters = 0;
  #found: FoundHeader | "none yet" | "refused" = "none yet";
  #lastLine = 0;
  #rows = 0;
  #blankLines = 0;

  constructor(dialect: RecordDialect, problems: ProblemList, limits: RecordLimits) {
    this.#dialect = dialect;
    this.#problems = problems;
    this.#limits = limits;
    this.#pack = createPacker<Mapping>(limits.expectedRows);
    this.#finder = new HeaderFinder(dialect.columns, problems);
  }

  /** Call at the end. false for a file in which no header was found, or none but it. */
  get hasRows(): boolean {
    return this.#found === "refused" || (this.#found !== "none yet" && this.#rows > 0);
  }

  take(group: LineGroup): void {
    this.#lastLine = group.lastLine;
    if (/^ *$/.test(group.text) && group.badByte === null) this.#blankLines += 1;
    else if (this.#refuseBrokenLine(group)) this.#found = this.#found === "none yet" ? "refused" : this.#found;
    else if (this.#found === "none yet") this.#takeAboveRows(group);
    else if (this.#found !== "refused") {
      this.#waiting.push(group);
      this.#waitingLetters += group.text.length;
    }
    if (this.#waiting.length >= RECORDS_AT_ONCE || this.#waitingLetters >= LETTERS_AT_ONCE) this.#readWaiting();
  }

  /** Call when every record was taken. @returns `null` where a problem was added instead of a header. */
  finish(): ReadRecords | null {
    this.#readWaiting();
    if (this.#found === "none yet") this.#finder.end();
    if (typeof this.#found === "string") return null;
    if (this.#rows === 0 && this.#problems.count === 0) {
      const line = Math.max(this.#lastLine, this.#found.header.line);
      this.#problems.add({ line }, "found a header and no row; write a row for every person");
    }
    return { ...this.#found, mappings: this.#mappings, blankLines: this.#blankLines };
  }

  #takeAboveRows({ line, text }: LineGroup): void {
    const step = this.#finder.take(line, text);
    if (step === "blank") this.#blankLines += 1;
    else if (step !== "more") this.#found = step;
  }

  get #delimiter(): string {
    return typeof this.#found === "string" ? this.#finder.delimiter : this.#found.header.delimiter;
  }

  /** Names what keeps a line from being split into fields at all. */
  #refuseBrokenLine(group: LineGroup): boolean {
    const breakage = findBreakage(group, this.#delimiter, this.#dialect.encoding);
    if (breakage === null) return false;
    const { field, problem } = breakage;
    if (field === null) this.#problems.add({ line: group.line }, problem);
    else this.#addAt(group.line, field, problem);
    return true;
  }

  #addAt(line: number, field: number, problem: string): void {
    const heading = typeof this.#found === "string" ? undefined : this.#found.header.headings[field - 1];
    this.#problems.add({ line, field, ...(heading === undefined ? {} : { heading }) }, problem);
  }

  #readWaiting(): void {
    const found = this.#found;
    if (typeof found === "string" || this.#waiting.length === 0) return;
    const groups = this.#waiting;
    this.#waiting = [];
    this.#waitingLetters = 0;
    const splits = splitRecords(
      groups.map(({ text }) => text),
      found.header.delimiter,
    );
    for (const [index, { line }] of groups.entries()) {
      const split = splits[index];
      if (split === undefined) throw new Error(`line ${line} was not split`);
      if (split.fields === null) {
        const mend = "put the whole field in quotes and write each quote inside it twice";
        this.#addAt(line, split.field, `${split.problem}; ${mend}`);
      } else if (isBlankRow(split.fields)) this.#blankLines += 1;
      else this.#takeRow(line, split.fields, found);
    }
  }

  #takeRow(row: number, fields: readonly string[], { header }: FoundHeader): void {
    this.#rows += 1;
    if (this.#rows > this.#limits.rows) throw this.#limits.refuseRows();
    const mapping = readMappingRow(row, fields, {
      header,
      sourceKey: this.#dialect.sourceKey,
      encodingAssumedAt: this.#dialect.encodingAssumedAt,
      fieldLetters: this.#limits.fieldLetters,
      problems: this.#problems,
    });
    if (mapping !== null) this.#mappings.push(this.#pack(mapping));
  }
}
