/** `plan`: reads both sides, checks the whole batch, saves the plan; writes to no directory. */
import { join, resolve } from "node:path";
import { describeSource } from "../../core/directory-source.ts";
import { DEFAULT_CANARY, planIdOf } from "../../core/plan.ts";
import { listServerRecords } from "../../core/server-record.ts";
import { countTakeover } from "../../core/takeover-preview.ts";
import { defineCommand, type Report } from "../command.ts";
import { confirmWords } from "../decide.ts";
import type { PlanDocument } from "../documents/plan-document.ts";
import { createEarlyLog } from "../early-log.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { nextCommand } from "../next-command.ts";
import { listHolderActions, renderHolderActions } from "../render/holder-actions.ts";
import { renderMappingNotes } from "../render/mapping-notes.ts";
import { renderEffort, renderFindings, renderPlanHead, summarizePlan } from "../render/plan-summary.ts";
import type { Line } from "../render/screen.ts";
import { renderTakeover } from "../render/takeover-summary.ts";
import { renderTenantWarnings } from "../render/tenant-warnings.ts";
import { listRunFolders, requireNewFolder } from "../run-folder-name.ts";
import { saveRun } from "../save-run.ts";
import { requireNotStopped, withReadingWorld } from "../sessions.ts";
import { PLAN } from "./descriptions.ts";

export const plan = defineCommand({
  ...PLAN,
  async run(values, program, [mappingPath = ""]): Promise<Report<PlanDocument>> {
    const { clock } = program;
    const settings = await program.readSettings(values.config);
    const sourceKey = values.sourceKey ?? settings.sourceKey;
    const { encoding, columns } = values;
    const mapping = await program.readMapping(mappingPath, { sourceKey, encoding, columns });
    if (values.run !== undefined) requireNewFolder(values.run);
    const folders = values.run === undefined ? listRunFolders(mapping.name, clock.now()) : [values.run];

    const { name, delimiter, extraColumns, record } = mapping;
    const mappings = values.limit === undefined ? mapping.mappings : mapping.mappings.slice(0, values.limit);
    const request = {
      mapping: { name, extraColumns },
      mappings,
      options: {
        anchor: values.anchor ?? settings.anchor,
        sourceKey,
        replace: values.replace,
        writeTo: values.writeTo ?? "cloud",
        onConflict: values.onConflict === undefined ? [] : [values.onConflict],
        allow: [...new Set(values.allow ?? [])].sort(),
        acceptedIdentityMismatch: values.acceptIdentityMismatch ?? null,
        limit: values.limit ?? null,
      },
    };
    const log = createEarlyLog(clock);
    const { planBatch } = await program.pipeline();
    // Most of what saving needs is loaded while the two sides are waited for; what fails there fails again below.
    void Promise.allSettled([program.openShelf(), program.projections()]);
    const { plan, ground } = await withReadingWorld(program, settings, log, (world) => planBatch(request, world));
    requireNotStopped(program);

    const described = ground.directories.map((directory) => ({
      ...directory,
      server: describeSource(directory, clock.now()),
    }));
    const servers = listServerRecords(described, ground.forests);
    const files = described.flatMap(({ domain, server, source }) =>
      source.kind === "file" ? `${domain}: ${server}` : [],
    );
    const { run, folder } = await saveRun(folders, plan, {
      program,
      settings,
      tenantName: ground.tenant.displayName,
      servers,
      delimiter,
      mapping: { ...record, path: resolve(mappingPath) },
      log,
    });
    const { runId } = run.about;
    run.close();

    const facts = summarizePlan(plan, settings.limits, DEFAULT_CANARY);
    const blocked = facts.blockedRows.length > 0 || facts.blockedBatch;
    const words = ["apply", folder, ...confirmWords(plan), ...(blocked ? ["--skip-blocked"] : [])];
    const applyLine = facts.rowsToWrite === 0 || facts.blockedBatch ? null : nextCommand(values, ...words);
    const lines: Line[] = [...renderPlanHead(plan, facts, ground.tenant.displayName, files)];
    lines.push(...renderMappingNotes(mapping));
    lines.push(...renderFindings(facts, folder));
    lines.push(...renderHolderActions(plan));
    const takeover = countTakeover(plan.rows);
    lines.push(...renderTakeover(takeover));
    lines.push(
      ...renderTenantWarnings(ground.tenant, facts.shortestSeconds, clock.now()),
      ...renderEffort(facts, settings.limits),
      "",
    );
    lines.push(
      `Every row stands in ${join(folder, "plan.csv")}, with reasons in ${join(folder, "report.html")}, which is for the change board. Nothing was written to a directory.`,
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
        directories: ground.directories,
        mapping: name,
        rows: plan.rows.length,
        sourceKey,
        limit: plan.header.options.limit,
        encoding: record.encoding,
        encodingAssumed: mapping.encodingAssumedAt !== null,
        linesAbove: mapping.linesAbove,
        passedOver: mapping.passedOver,
        blankLines: mapping.blankLines,
        holderActions: listHolderActions(plan),
        takeover: { table: plan.header.takeover, ...takeover },
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
