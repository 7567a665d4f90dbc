/**
 * Splits an export into records with csv-parse, strictly, and knows the line on which each begins.
 *
 * csv-parse counts a CRLF inside quotes as two lines, so it gets every line end as LF.
 *
 * Source: csv-parse 7, tried 2026-11.
 */
import { pipeline, Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import type { ExportFile } from "./export-file.ts";
import { refuseExport } from "./export-problems.ts";
import { LineCutter } from "./lines.ts";

/** One record. */
export type CsvRecord = {
  /** Where it begins in the file, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
};

const HINT = "The file was cut or changed: copy it again or export again.";
/** Longer than any entry: beyond it a quote was never closed. */
const MOST_RECORD_BYTES = 16 * 1024 * 1024;

/**
 * Every record but empty lines, from the first line of the file on.
 *
 * @throws {BatchError} input: a quote that is misplaced or never closed; or the last line has no end, so that nobody can
 *   tell whether its last value is whole.
 */
export async function* readRecords(file: ExportFile, delimiter: string): AsyncGenerator<CsvRecord> {
  // noted by the parser itself: when it fails, the records that wait to be read are lost
  const lastLines: number[] = [];
  let parsedLines = 0;
  const parser = pipeline(
    Readable.from(readLines(file)),
    parse({
      ...{ delimiter, recordDelimiter: "\n", relaxColumnCount: true, skipEmptyLines: true },
      maxRecordSize: MOST_RECORD_BYTES,
      onRecord: (cells, { lines }) => {
        lastLines.push(lines);
        parsedLines = lines;
        return cells;
      },
    }),
    () => undefined, // an error of either ends the loop below
  );
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      const lineBreaks = cells.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);
      yield { line: (lastLines.shift() ?? 0) - lineBreaks, cells };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const problem = `after line ${parsedLines} comes a quote that is misplaced or never closed`;
    throw refuseExport(file.path, problem, HINT, error);
  }
}

/** The text with LF behind every line. */
async function* readLines(file: ExportFile): AsyncGenerator<string> {
  const cutter = new LineCutter(file.path);
  let lines = 0;
  for await (const piece of file.readPieces()) {
    const complete = cutter.push(piece);
    lines += complete.length;
    if (complete.length > 0) yield `${complete.join("\n")}\n`;
  }
  const { lines: last, rest } = cutter.end();
  for (const line of last) yield `${line}\n`;
  if (rest === "") return;
  throw refuseExport(file.path, `line ${lines + 1} has no end, and no export ends so`, HINT);
}
