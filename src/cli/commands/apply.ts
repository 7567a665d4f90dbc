/** `apply`: writes exactly the saved plan; running it again goes on where it stopped. */

import { BatchError } from "../../core/errors.ts";
import { applyRun } from "../apply-run.ts";
import { acknowledgeBreaker } from "../breaker-words.ts";
import { defineCommand, type Report } from "../command.ts";
import { decide } from "../decide.ts";
import type { ApplyDocument } from "../documents/run-documents.ts";
import { warnOfNetwork } from "../network-warning.ts";
import { nextCommand } from "../next-command.ts";
import { openForWriting } from "../open-for-writing.ts";
import type { Program, Run } from "../program.ts";
import { requireNotRolledBack } from "../rollbacks-of-run.ts";
import { withRun } from "../sessions.ts";
import { APPLY } from "./descriptions.ts";

export const apply = defineCommand({
  ...APPLY,
  async run(values, program, [folder = ""]): Promise<Report<ApplyDocument>> {
    const settings = await program.readSettings(values.config);
    const shelf = await program.openShelf();
    return await withRun(openForWriting(shelf, folder, values), async (run) => {
      await requireNotRolledBack(run, folder, program);
      await requireUntouchedPlanFile(run, program, nextCommand(values, "status", folder));
      await noteChangedMapping(run, program);
      await warnOfNetwork(program, folder);
      const said = values.acknowledge === undefined ? [] : ["--acknowledge", values.acknowledge];
      const command = (words: readonly string[]) => nextCommand(values, "apply", folder, ...words, ...said);
      const openings = run.readOpenings();
      const acknowledged = acknowledgeBreaker(run, openings, { program, values, folder });
      const decisions = await decide(run.readPlan(), run.readDecisions(), values, {
        program,
        command,
        tenantName: run.about.tenantName,
      });
      // The operator has agreed to the rows by now: the word is on disk before anything is read or sent.
      if (acknowledged !== openings) run.storeOpenings(acknowledged);
      return await applyRun(run, decisions, { program, settings, values, shownFolder: folder });
    });
  },
});

/**
 * A plan has its own rows. Whoever has corrected the mapping since may believe that the correction counts, and would
 * be wrong about people.
 */
async function noteChangedMapping({ about: { mapping } }: Run, { screen, hashMapping }: Program): Promise<void> {
  if (mapping === null) return;
  const found = await hashMapping(mapping.path);
  if (found === null || found === mapping.sha256) return;
  screen.complain({
    style: "careful",
    text: `${mapping.path} was changed after the plan was made. That has no effect: the plan stands with the rows it was made of. To use the mapping as it is now, plan again.`,
  });
}

/**
 * plan.csv is for reading. Whoever edits it may believe that the edit counts, and would be wrong about people.
 *
 * @param status The command line that writes it anew.
 * @throws {BatchError} refused: it is not as the program wrote it.
 */
async function requireUntouchedPlanFile(run: Run, program: Program, status: string): Promise<void> {
  const { viewRun } = await program.record();
  const view = viewRun(run);
  for (const projection of await program.projections()) {
    // The report tells of what happened too, so it is another one after the first apply.
    if (projection.fileName !== "plan.csv") continue;
    const present = run.readPublished(projection.fileName);
    if (present === null || present === [...projection.render(view)].join("")) continue;
    throw new BatchError(
      "refused",
      `${projection.fileName} was changed after the plan was made, and such a change has no effect: the plan itself is in run.sqlite. Nothing was written.`,
      `To change the plan, edit the mapping and plan again. To apply it as it is, have the file written anew first: ${status}`,
    );
  }
}
