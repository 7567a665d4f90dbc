/** `status`: what stands where, from the run folder alone, without a network; works while an apply runs. */
import { basename, dirname, resolve } from "node:path";
import type { Quota } from "../../core/effort.ts";
import type { Outcome } from "../../core/outcome.ts";
import {
  countRowsToWrite,
  DEFAULT_CANARY,
  type Decisions,
  listBatchBlocks,
  type Plan,
  planIdOf,
} from "../../core/plan.ts";
import { listRowStates } from "../../core/row-states.ts";
import { describeOpening } from "../breaker-words.ts";
import { defineCommand, type Report } from "../command.ts";
import type { StatusDocument } from "../documents/run-documents.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { nextCommand } from "../next-command.ts";
import { applyLineOf, describeNextSteps } from "../next-steps.ts";
import type { GlobalValues } from "../options.ts";
import type { Run } from "../program.ts";
import { listHolderActions, renderHolderActions } from "../render/holder-actions.ts";
import { renderFindings, summarizePlan } from "../render/plan-summary.ts";
import { describeOutcomes, exitCodeOfRun, renderOutcomes } from "../render/run-summary.ts";
import type { Line } from "../render/screen.ts";
import { countOf, formatCount, renderPairs } from "../render/table.ts";
import { isRolledBack, listFinishedRollbacks, nameRollback, tellRollback } from "../rollbacks-of-run.ts";
import { isLeftOut, isResumable, listGivenUp, WENT_THROUGH } from "../run-states.ts";
import { publishFiles, withRun } from "../sessions.ts";
import { STATUS } from "./descriptions.ts";

type State = "not applied" | "in progress" | "done" | "ended" | "stopped" | "cut off";

export const status = defineCommand({
  ...STATUS,
  async run(values, program, [folder = ""]): Promise<Report<StatusDocument>> {
    const shelf = await program.openShelf();
    return await withRun(shelf.open(folder, "read"), async (run) => {
      const { listRunOutcomes } = await program.record();
      const plan = run.readPlan();
      const decisions = run.readDecisions();
      const openings = run.readOpenings();
      const end = run.readEnd();
      const outcomes = decisions === null ? null : listRunOutcomes(run);
      const done = outcomes !== null && exitCodeOfRun(plan, outcomes) === EXIT_CODES.done;
      const state = stateOf(run, decisions, end, done);
      const rollbacks =
        decisions === null
          ? []
          : await listFinishedRollbacks(run.about.runId, { beside: [dirname(resolve(folder))], own: folder }, program);
      const takenBackBy = rollbacks.map(nameRollback);
      const rolledBack = outcomes !== null && isRolledBack(outcomes, rollbacks);
      if (run.writable) await publishFiles(program, run);
      else
        program.screen.note(
          run.heldBy === null
            ? "The folder is read-only: its files are left as they are."
            : `${run.heldBy} works on this run: its files are left to that. A write that is under way is shown as undecided until its answer is recorded.`,
        );

      const { about } = run;
      const pairs: (readonly [string, string])[] = [
        ...(rolledBack
          ? ([
              ["state", `rolled back by ${rollbacks.map(tellRollback).join(" and ")}`],
              ["before that", `applied${end === null ? "" : `, ended at ${end.at}`}`],
            ] as const)
          : ([["state", describeState(state, run, end, outcomes ?? [])]] as const)),
        ["run", `${about.runId}, ${about.kind}, planned ${about.createdAt}`],
        [
          "tenant",
          `${about.tenantName === null ? "" : `${about.tenantName}, `}${about.tenantId} (${plan.header.cloud})`,
        ],
        ["rows", describeRows(plan)],
      ];
      if (decisions !== null) pairs.push(["decided", describeDecisions(decisions)]);
      for (const opening of openings) pairs.push(["breaker", describeOpening(opening)]);
      for (const rollback of rolledBack ? [] : rollbacks) pairs.push(["rolled back", `by ${tellRollback(rollback)}`]);
      const lines: Line[] = [
        { style: "strong", text: `Run ${basename(run.folder)}, plan ${planIdOf(plan)}` },
        ...renderPairs(pairs),
      ];
      if (outcomes !== null) {
        lines.push("", ...(rolledBack ? ["What the run had come to before it was rolled back:"] : []));
        lines.push(...renderOutcomes(outcomes, folder));
      }
      const next =
        outcomes === null || state === "in progress"
          ? describeFirstStep(state, plan, { values, folder, quota: about.quota })
          : describeNextSteps(plan, outcomes, {
              values,
              folder,
              decisions,
              rolledBack,
              openings,
              mappingPath: about.mapping?.path ?? null,
            });
      lines.push("", ...next);
      // retry.csv is made from the record, and only a look at the users brings a rollback into that.
      const known = new Set((outcomes ?? []).flatMap(({ row, setBackAt }) => (setBackAt === null ? [] : row)));
      if (!rolledBack && rollbacks.some(({ rowsDone }) => [...rowsDone].some((row) => !known.has(row))))
        lines.push(`To have retry.csv name the rows that were set back:  ${nextCommand(values, "verify", folder)}`);
      return {
        exitCode: EXIT_CODES.done,
        lines,
        document: {
          run: folder,
          runId: about.runId,
          planId: planIdOf(plan),
          kind: about.kind,
          tenantId: about.tenantId,
          createdAt: about.createdAt,
          state,
          heldBy: run.heldBy,
          rolledBackBy: takenBackBy,
          decisions,
          breaker: openings,
          end,
          rowsToWrite: countRowsToWrite(plan),
          blockedBatch: listBatchBlocks(plan).map(({ code, detail }) => ({ code, detail })),
          blockedRows: plan.rows.filter(({ action }) => action === "blocked").length,
          holderActions: listHolderActions(plan),
          ...(outcomes === null ? {} : describeOutcomes(outcomes)),
        },
      };
    });
  },
});

function describeRows(plan: Plan): string {
  const rows = countOf(plan.rows.length, "row");
  if (listBatchBlocks(plan).length > 0) return `${rows}; the whole batch is blocked`;
  return `${rows}, ${formatCount(countRowsToWrite(plan))} to write`;
}

type End = ReturnType<Run["readEnd"]>;

function stateOf(run: Run, decisions: Decisions | null, end: End, done: boolean): State {
  if (run.heldBy !== null) return "in progress";
  if (decisions === null) return "not applied";
  if (done) return "done";
  if (end === null) return "cut off";
  return end.reason === WENT_THROUGH ? "ended" : "stopped";
}

function describeState(state: State, run: Run, end: End, outcomes: readonly Outcome[]): string {
  const at = end === null ? "" : ` at ${end.at}`;
  switch (state) {
    case "in progress":
      return `in progress: ${run.heldBy ?? ""}`;
    case "not applied":
      return "planned, not applied: nothing was written";
    case "done":
      return `done${at}`;
    case "ended": {
      const rest = describeRest(outcomes);
      return `ended${at}${rest === "" ? "; every step is done, and what a rollback cannot bring back stays as it is" : `; ${rest}`}`;
    }
    case "stopped":
      return `stopped${at}${end === null ? "" : `: ${end.reason}`}`;
    case "cut off":
      return "cut off without an end: the process died. Everything that it sent is recorded";
  }
}

/** What a run that went through did not bring to its end: `1 row left alone, 2 rows failed`. */
function describeRest(outcomes: readonly Outcome[]): string {
  const rows = listRowStates(outcomes).filter((row) => !isLeftOut(row));
  const failed = rows.filter(({ status }) => status === "failed").length;
  const unsettled = rows.filter(isResumable).length;
  const alone = rows.filter(({ status, planned }) => status === "taken-over" && planned.settled !== null).length;
  const setBack = rows.filter(({ setBackAt }) => setBackAt !== null).length;
  const leftAlone = listGivenUp(rows).length - failed - setBack + alone;
  const counts: readonly (readonly [number, string])[] = [
    [leftAlone, "left alone"],
    [failed, "failed"],
    [setBack, "set back"],
    [unsettled, "not settled"],
  ];
  return counts
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${countOf(count, "row")} ${words}`)
    .join(", ");
}

function describeDecisions({ confirmed, confirmedHolders, canary, skipBlocked, operator }: Decisions): string {
  const holders = confirmedHolders === null ? "" : ` and ${countOf(confirmedHolders, "other object")}`;
  return `${countOf(confirmed, "row")}${holders} confirmed by ${operator}, canary ${canary}${skipBlocked ? ", blocked rows skipped" : ""}`;
}

function describeFirstStep(
  state: State,
  plan: Plan,
  { values, folder, quota }: { readonly values: GlobalValues; readonly folder: string; readonly quota: Quota },
): Line[] {
  if (state === "in progress") return [];
  const facts = summarizePlan(plan, quota, DEFAULT_CANARY);
  const lines = [...renderFindings(facts, folder), ...renderHolderActions(plan), ""];
  if (facts.blockedBatch) return [...lines, "The whole batch is blocked: mend what is named and plan again."];
  const line = applyLineOf(plan, values, folder);
  return [...lines, line === null ? "There is nothing to write." : `To apply it:  ${line}`];
}
