/** `status`: what stands where, from the run folder alone, without a network; works while an apply runs. */
import { basename, join } from "node:path";
import { countRowsToWrite, type Decisions, type Plan, planIdOf } from "../../core/plan.ts";
import { defineCommand } from "../command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { nextCommand } from "../next-command.ts";
import type { GlobalValues } from "../options.ts";
import type { Run } from "../program.ts";
import { describeOutcomes, exitCodeOfRun, renderOutcomes } from "../render/run-summary.ts";
import type { Line } from "../render/screen.ts";
import { countOf, renderPairs } from "../render/table.ts";
import { publishFiles, withRun } from "../sessions.ts";

type State = "not applied" | "in progress" | "done" | "stopped" | "cut off";

export const status = defineCommand({
  name: "status",
  summary: "Show how a run stands, offline, from its folder alone",
  about:
    "Reads the run folder and nothing else. Makes results.csv whole where a run died. A run in progress or a read-only folder is shown as it stands.",
  operand: { name: "run", help: "Run folder", presence: "required" },
  options: [],
  async run(values, program, [folder = ""]) {
    const shelf = await program.openShelf();
    return await withRun(shelf.open(folder, "read"), async (run) => {
      const { listRunOutcomes } = await program.record();
      const plan = run.readPlan();
      const decisions = run.readDecisions();
      const end = run.readEnd();
      const outcomes = decisions === null ? null : listRunOutcomes(run);
      const done = outcomes !== null && exitCodeOfRun(plan, outcomes) === EXIT_CODES.done;
      const state = stateOf(run, decisions, end !== null, done);
      if (run.writable) await publishFiles(program, run);
      else
        program.screen.note(
          run.heldBy === null
            ? "The folder is read-only: its files are left as they are."
            : `${run.heldBy} works on this run: its files are left to that.`,
        );

      const { about } = run;
      const pairs: [string, string][] = [
        ["state", describeState(state, run, end)],
        ["run", `${about.runId}, ${about.kind}, planned ${about.createdAt}`],
        ["tenant", `${about.tenantId} (${plan.header.cloud})`],
        ["rows", `${countOf(plan.rows.length, "row")}, ${countRowsToWrite(plan)} to write`],
      ];
      if (decisions !== null) pairs.push(["decided", describeDecisions(decisions)]);
      const lines: Line[] = [
        { style: "strong", text: `Run ${basename(run.folder)}, plan ${planIdOf(plan)}` },
        ...renderPairs(pairs),
      ];
      if (outcomes !== null) lines.push("", ...renderOutcomes(outcomes, join(folder, "results.csv")));
      lines.push("", ...describeNext(state, plan, values, folder));
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
          decisions,
          end,
          rowsToWrite: countRowsToWrite(plan),
          ...(outcomes === null ? {} : describeOutcomes(outcomes)),
        },
      };
    });
  },
});

function stateOf(run: Run, decisions: Decisions | null, hasEnded: boolean, done: boolean): State {
  if (run.heldBy !== null) return "in progress";
  if (decisions === null) return "not applied";
  if (done) return "done";
  return hasEnded ? "stopped" : "cut off";
}

function describeState(state: State, run: Run, end: ReturnType<Run["readEnd"]>): string {
  switch (state) {
    case "in progress":
      return `in progress: ${run.heldBy ?? ""}`;
    case "not applied":
      return "planned, not applied: nothing was written";
    case "done":
      return `done${end === null ? "" : ` at ${end.at}`}`;
    case "stopped":
      return end === null ? "stopped" : `stopped at ${end.at}: ${end.reason}`;
    case "cut off":
      return "cut off without an end: the process died. Everything that it sent is recorded";
  }
}

function describeDecisions({ confirmed, canary, skipBlocked, operator }: Decisions): string {
  return `${countOf(confirmed, "row")} confirmed by ${operator}, canary ${canary}${skipBlocked ? ", blocked rows skipped" : ""}`;
}

function describeNext(state: State, plan: Plan, values: GlobalValues, folder: string): Line[] {
  const rowsToWrite = countRowsToWrite(plan);
  const skip = plan.rows.some(({ action }) => action === "blocked") ? ["--skip-blocked"] : [];
  switch (state) {
    case "in progress":
      return [];
    case "done":
      return [`To check it again:  ${nextCommand(values, "verify", folder)}`];
    case "not applied":
      if (rowsToWrite === 0) return ["There is nothing to write."];
      return [`To apply it:  ${nextCommand(values, "apply", folder, "--confirm", String(rowsToWrite), ...skip)}`];
    case "stopped":
    case "cut off":
      return [
        `To go on:    ${nextCommand(values, "apply", folder, "--confirm", String(rowsToWrite))}`,
        `To undo it:  ${nextCommand(values, "rollback", folder)}`,
      ];
  }
}
