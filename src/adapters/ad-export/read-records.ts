/**
 * Splits an export into records with csv-parse, strictly, and knows the line on which each begins.
 *
 * csv-parse's own line numbers count a CRLF inside quotes twice, so the lines of each record's raw text are counted.
 *
 * Source: csv-parse 7, tried 2026-11.
 */
import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import type { ExportFile } from "./export-file.ts";
import { refuseExport } from "./export-problems.ts";

/** One record. */
export type CsvRecord = {
  /** Where it begins in the file, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
};

const HINT = "The file was cut or changed: copy it again or export again.";
const LINE_END = /\r\n|\n|\r/g;

/**
 * Every record but empty lines, from the first line of the file on.
 *
 * @throws {BatchError} input: a quote that is misplaced or never closed; or the last line has no end, so that nobody can
 *   tell whether its last value is whole.
 */
export async function* readRecords(file: ExportFile, delimiter: string): AsyncGenerator<CsvRecord> {
  const watched = new EndWatcher();
  const parser = Readable.from(watched.pass(file.readPieces())).pipe(
    parse({ delimiter, relaxColumnCount: true, raw: true, maxRecordSize: 16 * 1024 * 1024 }),
  );
  let line = 1;
  try {
    for await (const { record, raw } of parser as AsyncIterable<{ record: string[]; raw: string }>) {
      if (record.length > 1 || record[0] !== "") yield { line, cells: record };
      line += 1 + (raw.replace(/^\n|[\r\n]+$/g, "").match(LINE_END)?.length ?? 0);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw refuseExport(
      file.path,
      `the record that begins in line ${line} has a quote that is misplaced or never closed`,
      HINT,
      error,
    );
  }
  if (!watched.endsWithLineEnd)
    throw refuseExport(file.path, `line ${line - 1} has no end, and no export ends so`, HINT);
}

/** Remembers how the text ended that passed through. */
class EndWatcher {
  endsWithLineEnd = true;

  async *pass(pieces: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const piece of pieces) {
      if (piece === "") continue;
      this.endsWithLineEnd = /[\r\n]$/.test(piece);
      yield piece;
    }
  }
}
