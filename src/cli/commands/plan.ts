/** `plan`: reads both sides, checks the whole batch, saves the plan; writes to no directory. */
import { join } from "node:path";
import { isIrreversible } from "../../core/change.ts";
import { isHolderStep, planIdOf } from "../../core/plan.ts";
import { defineCommand } from "../command.ts";
import { confirmWords, DEFAULT_CANARY } from "../decide.ts";
import { createEarlyLog } from "../early-log.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { nextCommand } from "../next-command.ts";
import { renderMappingNotes } from "../render/mapping-notes.ts";
import {
  renderEffort,
  renderFindings,
  renderHolderActions,
  renderPlanHead,
  renderTenantWarnings,
  summarizePlan,
} from "../render/plan-summary.ts";
import type { Line } from "../render/screen.ts";
import { listRunFolders, requireNewFolder } from "../run-folder-name.ts";
import { saveRun } from "../save-run.ts";
import { requireNotStopped, withReadingWorld } from "../sessions.ts";

export const plan = defineCommand({
  name: "plan",
  summary: "Dry run: read both sides, check the whole batch, save the plan",
  about:
    "Reads the mapping, Active Directory and the tenant, checks every row against every other, and saves the plan with plan.csv in a new run folder. Writes to no directory.",
  operand: { name: "mapping.csv", help: "Which AD account belongs to which cloud user", presence: "required" },
  options: [
    "run",
    "anchor",
    "replace",
    "on-conflict",
    "allow",
    "accept-identity-mismatch",
    "limit",
    "encoding",
    "columns",
  ],
  async run(values, program, [mappingPath = ""]) {
    const { clock } = program;
    const settings = await program.readSettings(values.config);
    const mapping = await program.readMapping(mappingPath, values);
    if (values.run !== undefined) requireNewFolder(values.run);
    const folders = values.run === undefined ? listRunFolders(mapping.name, clock.now()) : [values.run];

    const { name, delimiter, extraColumns, record } = mapping;
    const mappings = values.limit === undefined ? mapping.mappings : mapping.mappings.slice(0, values.limit);
    const request = {
      mapping: { name, extraColumns },
      mappings,
      options: {
        anchor: values.anchor ?? settings.anchor,
        replace: values.replace,
        onConflict: values.onConflict === undefined ? [] : [values.onConflict],
        allow: [...new Set(values.allow ?? [])].sort(),
        acceptedIdentityMismatch: values.acceptIdentityMismatch ?? null,
        limit: values.limit ?? null,
      },
    };
    const log = createEarlyLog(clock);
    const { planBatch } = await program.pipeline();
    const { plan, ground } = await withReadingWorld(program, settings, log, (world) => planBatch(request, world));
    requireNotStopped(program);

    const servers = ground.directories.map(({ domain, server }) => `${domain}: ${server}`);
    const { run, folder } = await saveRun(folders, plan, {
      program,
      settings,
      servers,
      delimiter,
      mapping: record,
      log,
    });
    const { runId } = run.about;
    run.close();

    const facts = summarizePlan(plan, settings.limits, DEFAULT_CANARY);
    const blocked = facts.blockedRows.length > 0 || facts.blockedBatch;
    const words = ["apply", folder, ...confirmWords(plan), ...(blocked ? ["--skip-blocked"] : [])];
    const applyLine = facts.rowsToWrite === 0 || facts.blockedBatch ? null : nextCommand(values, ...words);
    const lines: Line[] = [...renderPlanHead(plan, facts, ground.tenant.displayName)];
    lines.push(...renderMappingNotes(mapping));
    lines.push(...renderFindings(facts, folder));
    lines.push(...renderHolderActions(plan));
    lines.push(
      ...renderTenantWarnings(ground.tenant, facts.shortestSeconds, clock.now()),
      ...renderEffort(facts, settings.limits),
      "",
    );
    lines.push(
      `Every row stands in ${join(folder, "plan.csv")}; ${join(folder, "report.html")} is for the change board. Nothing was written to a directory.`,
    );
    lines.push(...describeNext(applyLine, blocked, facts.blockedBatch));
    return {
      exitCode: blocked ? EXIT_CODES.blocked : EXIT_CODES.done,
      lines,
      document: {
        run: folder,
        runId,
        planId: planIdOf(plan),
        planHash: plan.hash,
        tenantId: plan.header.tenantId,
        tenantName: ground.tenant.displayName,
        cloud: plan.header.cloud,
        mapping: name,
        rows: plan.rows.length,
        limit: plan.header.options.limit,
        encoding: record.encoding,
        encodingAssumed: mapping.encodingAssumedAt !== null,
        linesAbove: mapping.linesAbove,
        blankLines: mapping.blankLines,
        holderActions: plan.changes.filter(isHolderStep).map(({ row, step, kind, objectId, name }) => ({
          row,
          step,
          kind,
          objectId,
          name,
          irreversible: isIrreversible(kind),
        })),
        ...facts,
        apply: applyLine,
      },
    };
  },
});

function describeNext(applyLine: string | null, blocked: boolean, blockedBatch: boolean): Line[] {
  if (blockedBatch) return ["The whole batch is blocked: mend what is named and plan again."];
  if (applyLine === null)
    return [blocked ? "No row can be written: mend what is named and plan again." : "There is nothing to write."];
  if (!blocked) return ["To apply it:", { style: "strong", text: `  ${applyLine}` }];
  return ["Mend the blocked rows and plan again, or leave them out:", { style: "strong", text: `  ${applyLine}` }];
}
