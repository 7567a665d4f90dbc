/** `verify`: reads both sides again and says of every row what holds; writes to no directory. */
import { basename, dirname, resolve } from "node:path";
import { takeoverStateOf } from "../../core/cutover.ts";
import { BatchError } from "../../core/errors.ts";
import { type Plan, planIdOf } from "../../core/plan.ts";
import { VERDICTS, type Verdict, type VerifiedRow } from "../../core/verdict.ts";
import { defineCommand, type Report } from "../command.ts";
import type { VerifyDocument } from "../documents/run-documents.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { nextCommand } from "../next-command.ts";
import { applyLineOf, planAnew } from "../next-steps.ts";
import { findPresentFile, whereAllRowsStand } from "../present-files.ts";
import { describeCutover, renderCutover } from "../render/cutover-summary.ts";
import { renderRowCounts } from "../render/run-summary.ts";
import type { Line } from "../render/screen.ts";
import { countOf, cutList, formatCount, renderPairs } from "../render/table.ts";
import {
  type FinishedRollback,
  isRolledBack,
  listFinishedRollbacks,
  nameRollback,
  rowsRolledBack,
  tellRollback,
} from "../rollbacks-of-run.ts";
import { publishFiles, withLog, withReadingWorld, withRun } from "../sessions.ts";
import { VERIFY } from "./descriptions.ts";

const WORDS: Readonly<Record<Verdict, string>> = {
  holds: "the user holds the planned value, AD has the same anchor",
  "taken-over": "it does, and sync has matched it",
  "rolled-back": "the user holds its old value again",
  drifted: "the user holds something else",
  gone: "there is no such user any more, or only in the recycle bin",
  "anchor-changed": "the AD account has another source anchor now, or is gone",
  duplicate: "another user holds the same value, or sync has made another one from the AD account",
  "sync-error": "the user holds the value, and sync cannot take it over, or not whole",
  "not-done": "the run has not written it",
};
/** A rollback reads the tenant alone. */
const WORDS_OF_ROLLBACK: Partial<Record<Verdict, string>> = {
  holds: "the user holds its old value again",
  "taken-over": "it does, and sync has taken the user over",
  "rolled-back": "the user holds again what it held before this rollback",
};
const HOLDING: ReadonlySet<Verdict> = new Set(["holds", "taken-over"]);
const MOST_ROWS_SHOWN = 50;

export const verify = defineCommand({
  ...VERIFY,
  async run(values, program, [folder = ""]): Promise<Report<VerifyDocument>> {
    const settings = await program.readSettings(values.config);
    const shelf = await program.openShelf();
    return await withRun(shelf.open(folder, "read"), async (run) => {
      const plan = run.readPlan();
      const applied = run.readDecisions() !== null;
      const waitMs = values.waitForSync;
      if (waitMs !== undefined) requireCutover(plan, applied, applyLineOf(plan, values, folder));
      // Before the first apply there is nothing that could have been taken back.
      const rollbacks = !applied
        ? []
        : await listFinishedRollbacks(run.about.runId, { beside: [dirname(resolve(folder))], own: folder }, program);
      const takenBackBy = rollbacks.map(nameRollback);
      const { listRunOutcomes } = await program.record();
      const rolledBack = applied && isRolledBack(listRunOutcomes(run), rollbacks);
      const anew = planAnew(plan, values, run.about.mapping?.path ?? null);
      if (waitMs !== undefined && rolledBack && anew !== null)
        throw refuseWaiting(rollbacks, anew, nextCommand(values, "verify", folder));
      const endBefore = run.readEnd();
      const { verifyRun, followTakeover } = await program.pipeline();
      const setBackBy = rowsRolledBack(rollbacks);
      const begunMs = program.clock.monotonicMs();
      if (waitMs !== undefined) program.stopping.announce("looking no more; what was seen is kept.");
      const looked = await withLog(program, run, (log) =>
        withReadingWorld(
          program,
          settings,
          log,
          async (world) =>
            waitMs === undefined
              ? { rows: await verifyRun(run, world, setBackBy), followed: null }
              : followTakeover(run, world, setBackBy, waitMs).then((followed) => ({ rows: followed.rows, followed })),
          run.about.servers,
        ),
      );
      const { rows: verdicts, followed } = looked;
      const waitedSeconds = (program.clock.monotonicMs() - begunMs) / 1000;
      if (run.writable) {
        // What verify saw follows the run's end in the journal; the run has not been taken up again by that.
        if (endBefore !== null) run.recordEnd(endBefore.reason, endBefore.at);
        await publishFiles(program, run);
      } else {
        const why = run.heldBy === null ? "The run folder is read-only" : `${run.heldBy} works on this run`;
        program.screen.note(`${why}: what was seen is not kept in its files.`);
      }

      const words = plan.header.kind === "rollback" ? { ...WORDS, ...WORDS_OF_ROLLBACK } : WORDS;
      const results = applied ? findPresentFile(folder, "results.csv") : null;
      const counts = Map.groupBy(verdicts, ({ verdict }) => verdict);
      const broken = verdicts.filter(({ verdict }) => !HOLDING.has(verdict) && verdict !== "rolled-back");
      // Before the first apply it is no news that nothing was written.
      const told = applied ? broken : broken.filter(({ verdict }) => verdict !== "not-done");
      const applyLine = applied ? null : applyLineOf(plan, values, folder);
      const setBack = verdicts.filter(({ verdict }) => verdict === "rolled-back");
      const allHold = broken.length + setBack.length === 0;
      const isDone = followed === null ? allHold : verdicts.every((row) => takeoverStateOf(row) === "matched");
      const present = VERDICTS.filter((verdict) => counts.has(verdict));
      const lines: Line[] = [
        {
          style: isDone ? "good" : broken.length === 0 ? "careful" : "bad",
          text: `Run ${basename(folder)}, plan ${planIdOf(plan)}: ${applyLine === null ? "" : "never applied; "}${describeWhole(verdicts, told, setBack)}${followed === null || isDone ? "" : describeOpenTakeover(verdicts)}`,
        },
        ...rollbacks.map((rollback): Line => ({ style: "strong", text: `  rolled back by ${tellRollback(rollback)}` })),
        ...renderPairs(
          present.map((verdict) => [
            verdict,
            `${formatCount(counts.get(verdict)?.length ?? 0).padStart(7)}  ${words[verdict]}`,
          ]),
        ),
        ...(applied ? ["", describeRecord(rolledBack), ...renderRowCounts(listRunOutcomes(run))] : []),
      ];
      if (followed !== null) lines.unshift(...renderCutover(followed, waitedSeconds, whereAllRowsStand(results)), "");
      if (told.length > 0 && followed === null) {
        lines.push("", { style: "bad", text: "Rows that do not hold" });
        lines.push(...cutList(told, MOST_ROWS_SHOWN, "the JSON output (--json)", describeRow));
      }
      if (setBack.length > 0 && rollbacks.length === 0) {
        lines.push("", { style: "careful", text: "Rows that were set back, by no rollback that is known here" });
        lines.push(...cutList(setBack, MOST_ROWS_SHOWN, "the JSON output (--json)", describeRow));
      }
      if (followed !== null && setBackBy.size > 0)
        lines.push(
          "",
          `${countOf(setBackBy.size, "row")} that a rollback has set back ${setBackBy.size === 1 ? "was" : "were"} not waited for.`,
        );
      if (verdicts.some(({ trouble }) => trouble === "no-cycle")) {
        const follow = nextCommand(values, "verify", folder, "--wait-for-sync", "90m");
        lines.push("", `To start a sync cycle:  ${nextCommand(values, "sync")}`, `To follow it:           ${follow}`);
      }
      if (applyLine !== null) lines.push("", `To apply it:  ${applyLine}`);
      else if (rolledBack && anew !== null) lines.push("", `To write its rows again, plan anew:  ${anew}`);
      else if (!allHold) {
        lines.push(
          "",
          ...(results === null ? [] : [`Every step stands in ${results}.`]),
          `How the run stands: ${nextCommand(values, "status", folder)}`,
        );
      }
      const stoppedBy = followed?.end === "stopped" ? program.stopping.exitCode : null;
      return {
        exitCode: stoppedBy ?? (isDone ? EXIT_CODES.done : EXIT_CODES.incomplete),
        lines,
        document: {
          run: folder,
          runId: run.about.runId,
          planId: planIdOf(plan),
          tenantId: plan.header.tenantId,
          rolledBackBy: takenBackBy,
          rows: verdicts.length,
          counts: countVerdicts(verdicts),
          notHolding: broken.map(nameRow),
          rolledBack: setBack.map(nameRow),
          cutover: followed === null ? null : describeCutover(followed, waitedSeconds),
        },
      };
    });
  },
});

function countVerdicts(rows: readonly VerifiedRow[]): Record<Verdict, number> {
  const numberOf = (wanted: Verdict) => rows.filter(({ verdict }) => verdict === wanted).length;
  return Object.fromEntries(VERDICTS.map((verdict) => [verdict, numberOf(verdict)])) as Record<Verdict, number>;
}

/** @throws {BatchError} usage: there is nothing that sync could take over. */
function requireCutover({ header, changes }: Plan, applied: boolean, applyLine: string | null): void {
  if (header.kind === "rollback") {
    throw new BatchError(
      "usage",
      "This run is a rollback: its users are to stay out of sync, so there is no takeover to wait for.",
      "Leave --wait-for-sync out.",
    );
  }
  if (applied || changes.length === 0) return;
  throw new BatchError(
    "usage",
    "This plan has not been applied yet, so there is no takeover to wait for.",
    applyLine === null ? "Leave --wait-for-sync out." : `Apply it first: ${applyLine}`,
  );
}

function refuseWaiting(rollbacks: readonly FinishedRollback[], anew: string, once: string): BatchError {
  return new BatchError(
    "usage",
    `This run was rolled back by ${rollbacks.map(tellRollback).join(" and ")}: its users are to stay out of sync, so there is no takeover to wait for.`,
    `To write its rows again, plan anew: ${anew}\nTo compare once: ${once}`,
  );
}

function describeRecord(rolledBack: boolean): string {
  return rolledBack
    ? "What the run had come to before it was rolled back, as report.html shows it:"
    : "The run stands, as report.html shows it:";
}

/** For programs. */
function nameRow({ planned, verdict, detail, value }: VerifiedRow) {
  const { row, account, userPrincipalName } = planned;
  return { row, account, userPrincipalName, verdict, detail, value };
}

/** Users that were set back are counted apart: they hold nothing foreign. */
function describeWhole(
  verdicts: readonly VerifiedRow[],
  broken: readonly VerifiedRow[],
  setBack: readonly VerifiedRow[],
): string {
  if (verdicts.length === 0) return "no row to look at";
  const written = verdicts.length - verdicts.filter(({ verdict }) => verdict === "not-done").length;
  if (broken.length + setBack.length === 0)
    return written === verdicts.length
      ? `all ${formatCount(verdicts.length)} hold`
      : `${countOf(verdicts.length - written, "row is", "rows are")} not written yet, ${formatCount(written)} hold`;
  const parts = [
    ...(setBack.length === 0 ? [] : [`${formatCount(setBack.length)} of ${formatCount(verdicts.length)} rolled back`]),
    ...(broken.length === 0 ? [] : [`${formatCount(broken.length)} of ${formatCount(verdicts.length)} do not hold`]),
  ];
  return parts.join(", ");
}

/** A value that holds is only half of the matter where a takeover was waited for. */
function describeOpenTakeover(verdicts: readonly VerifiedRow[]): string {
  const open = verdicts.filter((row) => takeoverStateOf(row) !== "matched").length;
  return `; sync has not taken over ${countOf(open, "row")}`;
}

function describeRow({ planned, verdict, detail }: VerifiedRow): string {
  return `  row ${planned.row}  ${planned.account} -> ${planned.userPrincipalName}: ${verdict}${detail === "" ? "" : `, ${detail}`}`;
}
