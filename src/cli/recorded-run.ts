/** Where a rollback gets its record from: a run folder, or a results.csv alone. */
import { statSync } from "node:fs";
import { basename, dirname, parse, resolve } from "node:path";
import { BatchError } from "../core/errors.ts";
import { listUnclearWrites } from "../core/journal.ts";
import type { DamagedLine, MissingLines, ResultLine } from "../core/result-line.ts";
import { listTrustedLines } from "../core/trusted-lines.ts";
import { lastUnclearWriteMs, listUnclearLines } from "../core/unclear-lines.ts";
import { type RecordedRun, resultLineFromOutcome } from "../core/written-objects.ts";
import type { Program } from "./program.ts";
import { withRun } from "./sessions.ts";

export type Recorded = {
  /** The run's own folder, as the operator named it; `null` for a results file. */
  readonly folder: string | null;
  readonly run: RecordedRun;
  readonly damaged: readonly DamagedLine[];
  readonly missing: readonly MissingLines[];
  /**
   * The last write that may still land: when it was sent, milliseconds since the Unix epoch, and what the record
   * says of it; `null` for none.
   */
  readonly unclearWrite: { readonly lastMs: number; readonly why: string } | null;
  /** Folders that the record lies in or beside: rollbacks of it are looked for there. */
  readonly beside: readonly string[];
};

/** @throws {BatchError} usage: nothing is there. input: no results file. refused: an apply is under way. */
export async function readRecordedRun(path: string, program: Program): Promise<Recorded> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined)
    throw new BatchError("usage", `There is no ${path}.`, "Give a run folder or its results.csv.");
  return found.isDirectory() ? await readFromFolder(path, program) : await readFromFile(path, program);
}

async function readFromFolder(path: string, program: Program): Promise<Recorded> {
  const shelf = await program.openShelf();
  return await withRun(shelf.open(path, "read"), async (run) => {
    if (run.heldBy !== null) {
      throw new BatchError(
        "refused",
        `${run.heldBy} works on this run, so it cannot be rolled back now. Nothing was written.`,
        "Stop that command with Ctrl-C or wait until it has ended.",
      );
    }
    const { listRunOutcomes } = await program.record();
    const { header } = run.readPlan();
    const unclear = listUnclearWrites(run.readJournal(), program.clock.now().getTime());
    const lastMs = unclear.reduce<number | null>((latest, { sentByMs }) => Math.max(latest ?? 0, sentByMs), null);
    return {
      folder: path,
      run: {
        runId: run.about.runId,
        planId: run.about.planHash.slice(0, 12),
        tenantId: header.tenantId,
        delimiter: run.about.delimiter,
        extraColumns: header.mapping.extraColumns,
        lines: listRunOutcomes(run).map((outcome, index) => resultLineFromOutcome(outcome, index + 2)),
        name: header.mapping.name,
        unread: [],
      },
      damaged: [],
      missing: [],
      unclearWrite: lastMs === null ? null : { lastMs, why: describeLostAnswer(lastMs) },
      beside: [dirname(resolve(path))],
    };
  });
}

async function readFromFile(path: string, program: Program): Promise<Recorded> {
  const { damaged, missing, lines, ...file } = await program.readResults(path);
  const { lines: whole, unread } = listTrustedLines({ lines, damaged, missing });
  const nowMs = program.clock.now().getTime();
  const lastMs = lastUnclearWriteMs(whole, nowMs);
  const unclear = listUnclearLines(whole, nowMs).map(({ line }) => line);
  const folder = dirname(resolve(path));
  return {
    folder: null,
    run: { ...file, lines: whole, name: parse(path).name, unread },
    damaged,
    missing,
    unclearWrite: lastMs === null ? null : { lastMs, why: describeUnclearLines(unclear, basename(path), lastMs) },
    beside: [folder, dirname(folder)],
  };
}

function describeLostAnswer(atMs: number): string {
  return `The answer to a write of this run was lost at ${new Date(atMs).toISOString()}, and it may still land.`;
}

/** Rows that a sentence names before it says only how many there are. */
const MOST_ROWS_NAMED = 5;

/** The canary's row is written three times and has lost nothing, but a results file does not say so. */
function describeUnclearLines(lines: readonly ResultLine[], fileName: string, lastMs: number): string {
  if (lines.some(({ status }) => status === "undecided")) return describeLostAnswer(lastMs);
  const [only, ...others] = lines;
  const rows = [...new Set(lines.map(({ row }) => row))];
  const named = rows.length > MOST_ROWS_NAMED ? `${rows.length} rows` : `rows ${rows.join(", ")}`;
  const what =
    only !== undefined && others.length === 0
      ? `the ${only.attempts === 1 ? "attempt" : `${only.attempts} attempts`} of row ${only.row} ended`
      : `the attempts of ${named} ended`;
  return `${fileName} does not say how ${what}, so one of them may still land. From the run folder there would be no wait unless an answer was lost.`;
}
