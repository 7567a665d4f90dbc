/** `rollback`: plans the way back of a run and applies that plan like any other. */
import { join } from "node:path";
import { BatchError } from "../../core/errors.ts";
import { DEFAULT_CANARY, planIdOf } from "../../core/plan.ts";
import { applyRun } from "../apply-run.ts";
import { defineCommand, type Report } from "../command.ts";
import { decide } from "../decide.ts";
import type { RollbackDocument } from "../documents/run-documents.ts";
import { createEarlyLog } from "../early-log.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { nextCommand } from "../next-command.ts";
import type { GlobalValues } from "../options.ts";
import type { Program } from "../program.ts";
import { type Recorded, readRecordedRun } from "../recorded-run.ts";
import { renderEffort, renderPlanHead, summarizePlan } from "../render/plan-summary.ts";
import { describeLeftAlone, findLeftAlone, isAnythingLeftAlone, renderLeftAlone } from "../render/rollback-summary.ts";
import type { Line } from "../render/screen.ts";
import { formatDuration } from "../render/table.ts";
import { requireNoOpenRollback } from "../rollbacks-of-run.ts";
import { chooseRows, type RowRanges, writeRowRanges } from "../row-ranges.ts";
import { listRunFolders, ROLLBACK_PREFIX, requireNewFolder } from "../run-folder-name.ts";
import { saveRun } from "../save-run.ts";
import { requireNotStopped, withReadingWorld, withRun } from "../sessions.ts";
import type { Settings } from "../settings.ts";
import { ROLLBACK } from "./descriptions.ts";

export const rollback = defineCommand({
  ...ROLLBACK,
  async run(values, program, [path = ""]): Promise<Report<RollbackDocument>> {
    const { screen, clock } = program;
    const settings = await program.readSettings(values.config);
    const recorded = await readRecordedRun(path, program);
    const rows = values.rows === undefined ? null : chooseRowsOf(recorded, values.rows);
    if (values.run !== undefined) requireNewFolder(values.run);
    const folders =
      values.run === undefined ? listRunFolders(`${ROLLBACK_PREFIX}${recorded.run.name}`, clock.now()) : [values.run];
    await requireNoOpenRollback(recorded.run.runId, recorded.beside, { program, values });
    await waitForQuarantine(recorded, settings, program);

    const log = createEarlyLog(clock);
    const { planRollback } = await program.pipeline();
    const { plan, cameAlong, tenantName } = await withReadingWorld(program, settings, log, (world) =>
      planRollback(recorded.run, rows, world),
    );
    requireNotStopped(program);
    if (cameAlong.length > 0) {
      screen.note(`Rows that hang together with the chosen ones come along: ${cameAlong.join(", ")}.`);
    }

    const facts = summarizePlan(plan, settings.limits, values.canary ?? DEFAULT_CANARY);
    const leftAlone = findLeftAlone(plan);
    const lost = isAnythingLeftAlone(leftAlone);
    const done = lost ? EXIT_CODES.incomplete : EXIT_CODES.done;
    const { reverses, tenantId } = plan.header;
    const { damaged: damagedLines, missing: missingLines } = recorded;
    const document = {
      reverses,
      tenantId,
      ...facts,
      leftAlone: describeLeftAlone(leftAlone),
      damagedLines,
      missingLines,
      cameAlong,
    };
    const head = [
      ...renderLeftAlone(leftAlone),
      ...renderPlanHead(plan, facts, tenantName),
      ...renderEffort(facts, settings.limits),
      "",
    ];
    if (facts.rowsToWrite === 0) {
      const nothing = lost
        ? "Nothing can be rolled back beyond what is named above."
        : "There is nothing to roll back: no user holds a value of this run that it did not hold before.";
      const lines = [...renderLeftAlone(leftAlone), nothing, "No run folder was made."];
      return { exitCode: done, lines, document: { run: null, ...document } };
    }

    const { delimiter } = recorded.run;
    const kept = { program, settings, tenantName, servers: [], delimiter, mapping: null, log };
    const save = () => saveRun(folders, plan, kept);
    if (values.planOnly) {
      const { run: saved, folder } = await save();
      return await withRun(saved, async ({ about: { runId } }): Promise<Report<RollbackDocument>> => {
        const applyLine = nextCommand(values, "apply", folder, "--confirm", String(facts.rowsToWrite));
        const lines: Line[] = [
          ...head,
          `Every row stands in ${join(folder, "plan.csv")}. Nothing was written to a directory.`,
          "To apply it:",
          { style: "strong", text: `  ${applyLine}` },
        ];
        return {
          exitCode: done,
          lines,
          document: { run: folder, runId, planId: planIdOf(plan), ...document, apply: applyLine },
        };
      });
    }

    screen.note(...head);
    const again = [
      ...(values.rows === undefined ? [] : ["--rows", writeRowRanges(values.rows)]),
      ...(values.run === undefined ? [] : ["--run", values.run]),
    ];
    const command = (words: readonly string[]) => nextCommand(values, "rollback", path, ...words, ...again);
    const decisions = await decide(plan, null, values, { program, command, tenantName });
    const { run: saved, folder } = await save();
    return await withRun(saved, async (run) => {
      const report = await applyRun(run, decisions, { program, settings, values, shownFolder: folder });
      return {
        exitCode: report.exitCode === EXIT_CODES.done ? done : report.exitCode,
        lines: [...report.lines, ...describeOwnFiles(recorded, values)],
        document: { ...report.document, ...document },
      };
    });
  },
});

/** The files of the run that was taken back are its own: only a look at its users tells it what became of them. */
function describeOwnFiles({ folder }: Recorded, values: Pick<GlobalValues, "config">): string[] {
  return folder === null ? [] : [`To have the files of ${folder} say so:  ${nextCommand(values, "verify", folder)}`];
}

/** @throws {BatchError} usage: a part of the choice names no row of the run. */
function chooseRowsOf({ run }: Recorded, ranges: RowRanges): ReadonlySet<number> {
  const known = run.lines.map(({ row }) => row);
  const { rows, empty } = chooseRows(ranges, known);
  if (empty.length === 0) return rows;
  const named = writeRowRanges(empty).replaceAll(",", ", ");
  throw new BatchError(
    "usage",
    `--rows names ${named}, but the run has no such row. Nothing was written.`,
    "Rows count as in the mapping file: the first column of results.csv.",
  );
}

/** A write whose answer was lost may still land; a different value must not be sent before it cannot any more. */
async function waitForQuarantine(
  { unclearWrite }: Recorded,
  settings: Settings,
  { clock, stopping, screen }: Program,
): Promise<void> {
  if (unclearWrite === null) return;
  const quarantineMs = settings.limits.quarantineSeconds * 1000;
  // A record that is dated later than now was written before the clock was set back: nothing waits longer than this.
  const leftMs = Math.min(quarantineMs, unclearWrite.lastMs + quarantineMs - clock.now().getTime());
  if (leftMs <= 0) return;
  screen.note(`${unclearWrite.why} Waiting ${formatDuration(leftMs / 1000)} before anything is planned.`);
  await clock.sleep(leftMs, stopping.drain);
}
