/** Where a rollback gets its record from: a run folder, or a results.csv alone. */
import { statSync } from "node:fs";
import { dirname, parse, resolve } from "node:path";
import { BatchError } from "../core/errors.ts";
import { listUnclearWrites } from "../core/journal.ts";
import type { DamagedLine } from "../core/result-line.ts";
import { lastUnclearWriteMs, type RecordedRun, resultLineFromOutcome } from "../core/rollback.ts";
import type { Program } from "./program.ts";
import { withRun } from "./sessions.ts";

export type Recorded = {
  readonly run: RecordedRun;
  readonly damaged: readonly DamagedLine[];
  /** When the last write was sent that may still land, milliseconds since the Unix epoch; `null` for none. */
  readonly unclearWriteMs: number | null;
  /** Folder that the record lies beside: rollbacks of it are looked for there. */
  readonly beside: string;
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
    return {
      run: {
        runId: run.about.runId,
        planId: run.about.planHash.slice(0, 12),
        tenantId: header.tenantId,
        delimiter: header.mapping.delimiter,
        extraColumns: header.mapping.extraColumns,
        lines: listRunOutcomes(run).map((outcome, index) => resultLineFromOutcome(outcome, index + 2)),
        name: header.mapping.name,
      },
      damaged: [],
      unclearWriteMs: unclear.reduce<number | null>((latest, { sentByMs }) => Math.max(latest ?? 0, sentByMs), null),
      beside: dirname(resolve(path)),
    };
  });
}

async function readFromFile(path: string, program: Program): Promise<Recorded> {
  const { damaged, lines, ...file } = await program.readResults(path);
  const damagedRows = new Set(damaged.map(({ row }) => row));
  // A row of which one step is unknown cannot be taken back step by step.
  const whole = lines.filter(({ row }) => !damagedRows.has(row));
  return {
    run: { ...file, lines: whole, name: parse(path).name },
    damaged,
    unclearWriteMs: lastUnclearWriteMs(whole, program.clock.now().getTime()),
    beside: dirname(dirname(resolve(path))),
  };
}
