/**
 * Reads the mapping file: which AD account belongs to which cloud user.
 *
 * It is made in Excel and in scripts, and a mistake in it reaches thousands of people. So it is read
 * whole or not at all, every problem of it is named in one go, and nothing in it is guessed or mended
 * silently but spaces around a name. Rows that repeat one another are the pre-check's to find.
 */
import { parse as parsePath } from "node:path";
import type { ColumnChoice } from "../../core/columns.ts";
import type { MappingFile } from "../../core/mapping.ts";
import { DEFAULT_SOURCE_KEY, type SourceKey } from "../../core/source-key.ts";
import type { TextEncoding } from "../../core/text-encodings.ts";
import { ASSUMED_ENCODING, chooseEncoding, HEAD_BYTES } from "./choose-encoding.ts";
import { cutLines, decodeLine } from "./cut-lines.ts";
import { MOST_LINES_ABOVE } from "./find-header.ts";
import { LineGrouper } from "./group-lines.ts";
import { createLineDecoder, unitsOf } from "./line-decoder.ts";
import { MappingRecords } from "./mapping-records.ts";
import { type ByteSource, hashPieces, openOrdinaryFile, startHash } from "./ordinary-file.ts";
import { ProblemList, refuseFile } from "./problem-list.ts";
import { isResultsHeader } from "./recorded-columns.ts";
import { surveyBytes } from "./survey-bytes.ts";

export type MappingLimits = {
  readonly fileBytes: number;
  readonly lineBytes: number;
  /** Characters of two bytes. */
  readonly fieldLetters: number;
  readonly rows: number;
};

/** A cell of Excel holds no more letters than a field may have (Microsoft Support, Excel limits, checked 2026-11). */
export const DEFAULT_MAPPING_LIMITS: MappingLimits = {
  fileBytes: 256 * 1024 * 1024,
  lineBytes: 1024 * 1024,
  fieldLetters: 32_767,
  rows: 2_000_000,
};

/** A file with more blank lines than this is none that a program has written. */
const LINES_PER_ROW = 4;

const RESULTS = [
  "this is the results file of a run, and no mapping",
  "Plan from the mapping file of that run; its rows that are not done stand in the retry.csv beside this file.",
] as const;
const WHAT_A_MAPPING_IS =
  "A mapping is a CSV file: one line with the headings sAMAccountName and userPrincipalName, and below it a line for every person.";

/** What the operator says about a file that does not say it itself. */
export type MappingHints = {
  /** What stands in the account column; the account name where nothing is said. */
  readonly sourceKey?: SourceKey;
  readonly encoding?: TextEncoding | undefined;
  readonly columns?: ColumnChoice | undefined;
};

/**
 * Reads a mapping in any encoding, and with any delimiter, that the file itself shows.
 *
 * @param path The file as the operator named it.
 * @throws {BatchError} input: the file cannot be read, is none of ours, exceeds a limit, or has problems;
 *   then `details` names every one with file, line, field, what was found and what to do.
 */
export async function readMappingFile(
  path: string,
  hints: MappingHints = {},
  limits: Partial<MappingLimits> = {},
): Promise<MappingFile> {
  const bounds = { ...DEFAULT_MAPPING_LIMITS, ...limits };
  const file = await openOrdinaryFile(path, bounds.fileBytes);
  try {
    return await readMapping(path, file, hints, bounds);
  } finally {
    await file.close();
  }
}

/** @see readMappingFile. Takes the bytes from anywhere. */
export async function readMapping(
  path: string,
  source: ByteSource,
  { sourceKey = DEFAULT_SOURCE_KEY, encoding: declared, columns = {} }: MappingHints = {},
  limits: MappingLimits = DEFAULT_MAPPING_LIMITS,
): Promise<MappingFile> {
  const shown = chooseEncoding(path, await source.head(HEAD_BYTES), declared ?? null);
  const survey = await surveyBytes(path, source, unitsOf(shown ?? "utf-8"), {
    lineBytes: limits.lineBytes,
    lines: limits.rows * LINES_PER_ROW + MOST_LINES_ABOVE,
    filledLines: limits.rows + MOST_LINES_ABOVE,
  });
  const encodingAssumedAt = shown === null ? survey.notUtf8At : null;
  const encoding = shown ?? (encodingAssumedAt === null ? "utf-8" : ASSUMED_ENCODING);

  const problems = new ProblemList(path);
  const records = new MappingRecords({ encoding, encodingAssumedAt, columns, sourceKey }, problems, {
    ...limits,
    expectedRows: survey.filledLines,
    refuseRows: () =>
      refuseFile(path, `more than ${limits.rows.toLocaleString("en")} rows`, "Split it into several files."),
  });
  const grouper = new LineGrouper();
  const decoder = createLineDecoder(encoding);
  const hash = startHash();
  await cutLines(path, hashPieces(source, hash), unitsOf(encoding), limits.lineBytes, (line) => {
    for (const group of grouper.push(decodeLine(line, decoder))) records.take(group);
  });
  for (const group of grouper.end()) records.take(group);
  if (hash.digest("hex") !== survey.sha256)
    throw refuseFile(path, "it was changed while it was being read", "Wait until it is saved, then plan again.");

  const found = records.finish();
  if (found !== null && isResultsHeader(found.header.headings)) throw refuseFile(path, ...RESULTS);
  problems.throwIfAny(records.hasRows ? "Mend the lines that are named and plan again." : WHAT_A_MAPPING_IS);
  if (found === null) throw new Error(`${path} has neither a header nor a problem`);
  const { header, linesAbove, mappings, blankLines } = found;
  const headingAt = (index: number | null) => (index === null ? null : (header.headings[index] ?? null));
  const { account, upn, domain, onConflict, writeTo } = header.at;
  return {
    name: parsePath(path).name,
    delimiter: header.delimiter,
    extraColumns: header.extraColumns,
    mappings,
    blankLines,
    linesAbove,
    passedOver: header.passedOver,
    encodingAssumedAt,
    record: {
      sha256: survey.sha256,
      encoding,
      columns: {
        account: header.headings[account] ?? "",
        upn: header.headings[upn] ?? "",
        domain: headingAt(domain),
        onConflict: headingAt(onConflict),
        writeTo: headingAt(writeTo),
      },
    },
  };
}
