/**
 * Reads the mapping file: which AD account belongs to which cloud user.
 *
 * It is made in Excel and in scripts, and a mistake in it reaches thousands of people. So it is read
 * whole or not at all, every problem of it is named in one go, and nothing in it is guessed or mended
 * silently but spaces around a name. Rows that repeat one another are the pre-check's to find.
 */
import { parse as parsePath } from "node:path";
import type { Mapping, MappingFile } from "../../core/mapping.ts";
import { DEFAULT_SOURCE_KEY, type SourceKey } from "../../core/source-key.ts";
import { fieldAtEnd, fieldOfOpenQuote, type LineGroup, LineGrouper } from "./group-lines.ts";
import { type MappingHeader, readMappingHeader } from "./mapping-header.ts";
import { isBlankRow, readMappingRow } from "./mapping-row.ts";
import { ProblemList, refuseFile } from "./problem-list.ts";
import { readLines } from "./read-lines.ts";
import { splitRecords } from "./split-fields.ts";

export type MappingLimits = { readonly fileBytes: number; readonly lineBytes: number; readonly rows: number };

export const DEFAULT_MAPPING_LIMITS: MappingLimits = {
  fileBytes: 256 * 1024 * 1024,
  lineBytes: 1024 * 1024,
  rows: 2_000_000,
};

const DELIMITER = ",";
const RECORDS_AT_ONCE = 1000;
/** No note in a cell is longer; beyond it, a quote counts as never closed. */
const MOST_LINES_IN_QUOTES = 1000;

/**
 * Reads a mapping as UTF-8 with commas; every other encoding and delimiter is refused by name.
 *
 * @param path The file as the operator named it.
 * @param options `sourceKey`: what stands in the account column, and limits other than the usual ones.
 * @throws {BatchError} input: the file cannot be read, is none of ours, exceeds a limit, or has problems;
 *   then `details` names every one with file, line, field, what was found and what to do.
 */
export async function readMappingFile(
  path: string,
  { sourceKey = DEFAULT_SOURCE_KEY, ...limits }: Partial<MappingLimits> & { readonly sourceKey?: SourceKey } = {},
): Promise<MappingFile> {
  const bounds = { ...DEFAULT_MAPPING_LIMITS, ...limits };
  const problems = new ProblemList(path);
  const reading = new MappingReading(path, bounds.rows, sourceKey, problems);
  const grouper = new LineGrouper(MOST_LINES_IN_QUOTES);
  const sha256 = await readLines(path, bounds, (line) => {
    for (const group of grouper.push(line)) reading.take(group);
  });
  for (const group of grouper.end()) reading.take(group);
  const { header, mappings, blankLines } = reading.finish();
  problems.throwIfAny("Mend the lines that are named and plan again.");
  return {
    name: parsePath(path).name,
    sha256,
    delimiter: DELIMITER,
    extraColumns: header?.extraColumns ?? [],
    mappings,
    blankLines,
  };
}

/** Collects records until there are enough to parse at once. */
class MappingReading {
  readonly #path: string;
  readonly #mostRows: number;
  readonly #sourceKey: SourceKey;
  readonly #problems: ProblemList;
  readonly #mappings: Mapping[] = [];
  #waiting: LineGroup[] = [];
  #header: MappingHeader | "none yet" | "refused" = "none yet";
  #lastLine = 0;
  #rows = 0;
  #blankLines = 0;

  constructor(path: string, mostRows: number, sourceKey: SourceKey, problems: ProblemList) {
    this.#path = path;
    this.#mostRows = mostRows;
    this.#sourceKey = sourceKey;
    this.#problems = problems;
  }

  take(group: LineGroup): void {
    this.#lastLine = group.lastLine;
    if (/^ *$/.test(group.text)) this.#blankLines += 1;
    else if (this.#refuseBrokenLine(group)) this.#header = this.#header === "none yet" ? "refused" : this.#header;
    else if (this.#header === "none yet") this.#takeHeader(group);
    else if (this.#header !== "refused") this.#waiting.push(group);
    if (this.#waiting.length >= RECORDS_AT_ONCE) this.#readWaiting();
  }

  /** Call when every line was taken. */
  finish(): {
    readonly header: MappingHeader | null;
    readonly mappings: readonly Mapping[];
    readonly blankLines: number;
  } {
    this.#readWaiting();
    const header = typeof this.#header === "string" ? null : this.#header;
    if (this.#header === "none yet") {
      this.#problems.add({ line: 1 }, "found an empty file; write a header and a row for every person");
    } else if (header !== null && this.#rows === 0 && this.#problems.count === 0) {
      this.#problems.add(
        { line: Math.max(this.#lastLine, header.line) },
        "found a header and no row; write a row for every person",
      );
    }
    return { header, mappings: this.#mappings, blankLines: this.#blankLines };
  }

  #takeHeader({ line, text }: LineGroup): void {
    const bare = text.replaceAll(DELIMITER, "");
    if (/^ *$/.test(bare)) this.#blankLines += 1;
    else this.#header = readMappingHeader(line, text, DELIMITER, this.#problems) ?? "refused";
  }

  /** Names what keeps a line from being split into fields at all. */
  #refuseBrokenLine({ line, lastLine, text, unclosed, badByte }: LineGroup): boolean {
    if (badByte !== null) {
      const field = fieldAtEnd(badByte.before, DELIMITER);
      const byte = `0x${badByte.byte.toString(16).toUpperCase().padStart(2, "0")}`;
      this.#problems.add(
        { line, field, ...this.#headingAt(field) },
        `found the byte ${byte}, which is not UTF-8; save the file as UTF-8 (in Excel: "CSV UTF-8")`,
      );
      return true;
    }
    if (!unclosed && line === lastLine) return false;
    const field = fieldOfOpenQuote(unclosed ? text : (text.split(/[\r\n]/, 1)[0] ?? ""), DELIMITER);
    this.#problems.add(
      { line, field, ...this.#headingAt(field) },
      unclosed
        ? "found a quote that is never closed; close it, or take it out"
        : `found a line break inside a field, which ends in line ${lastLine}; write the field on one line`,
    );
    return true;
  }

  #headingAt(field: number): { readonly heading?: string } {
    const heading = typeof this.#header === "string" ? undefined : this.#header.headings[field - 1];
    return heading === undefined ? {} : { heading };
  }

  #readWaiting(): void {
    const header = this.#header;
    if (typeof header === "string" || this.#waiting.length === 0) return;
    const groups = this.#waiting;
    this.#waiting = [];
    const splits = splitRecords(
      groups.map(({ text }) => text),
      DELIMITER,
    );
    for (const [index, { line }] of groups.entries()) {
      const split = splits[index];
      if (split === undefined) throw new Error(`line ${line} was not split`);
      if (split.fields === null) {
        const mend = "put the whole field in quotes and write each quote inside it twice";
        this.#problems.add({ line, field: split.field, ...this.#headingAt(split.field) }, `${split.problem}; ${mend}`);
      } else if (isBlankRow(split.fields)) this.#blankLines += 1;
      else this.#takeRow(line, split.fields, header);
    }
  }

  #takeRow(row: number, fields: readonly string[], header: MappingHeader): void {
    this.#rows += 1;
    if (this.#rows > this.#mostRows) {
      throw refuseFile(
        this.#path,
        `more than ${this.#mostRows.toLocaleString("en")} rows`,
        "Split it into several files.",
      );
    }
    const shared = { header, sourceKey: this.#sourceKey, problems: this.#problems };
    const mapping = readMappingRow(row, fields, shared);
    if (mapping !== null) this.#mappings.push(mapping);
  }
}
