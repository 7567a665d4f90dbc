/** Puts together what the operator decides about an apply, and holds it against what was decided at the first one. */
import { isIrreversible } from "../core/change.ts";
import { BatchError } from "../core/errors.ts";
import {
  approve,
  countHolderActions,
  countRowsToWrite,
  DEFAULT_CANARY,
  type Decisions,
  listBatchBlocks,
  type Plan,
} from "../core/plan.ts";
import { confirmCount } from "./confirm-count.ts";
import type { Program } from "./program.ts";
import { countOf } from "./render/table.ts";

/** What the operator said on the command line; `undefined` and `false` where nothing was said. */
export type Choices = {
  readonly confirm: number | undefined;
  readonly canary: number | undefined;
  readonly skipBlocked: boolean;
  readonly syncPaused: boolean;
  /** Number of holder actions; a rollback has none and leaves it out. */
  readonly confirmHolders?: number | undefined;
};

type Surroundings = {
  readonly tenantName: string | null;
  readonly program: Pick<Program, "operator" | "screen" | "stopping">;
  /** The command line with these words added. */
  readonly command: (words: readonly string[]) => string;
};

/**
 * Asks for the number of rows where it was not given. What was decided at the first apply holds for every resume
 * where nothing else is said.
 *
 * @throws {BatchError} refused: other decisions than stored. blocked, refused or usage after that, in that order.
 *   Nothing was read or written.
 */
export async function decide(
  plan: Plan,
  stored: Decisions | null,
  choices: Choices,
  { program, command, tenantName }: Surroundings,
): Promise<Decisions> {
  const { confirm, canary } = choices;
  const actions = countHolderActions(plan);
  const rowsToWrite = countRowsToWrite(plan);
  const count = confirmWords(plan);
  if (stored !== null) {
    requireSameDecisions(stored, choices, command([...count, ...(stored.skipBlocked ? ["--skip-blocked"] : [])]));
  }
  const skipBlocked = choices.skipBlocked || (stored?.skipBlocked ?? false);
  const decisions: Decisions = {
    confirmed: rowsToWrite,
    skipBlocked,
    confirmedHolders: actions === 0 ? null : (choices.confirmHolders ?? stored?.confirmedHolders ?? null),
    canary: canary ?? stored?.canary ?? DEFAULT_CANARY,
    syncPaused: choices.syncPaused || (stored?.syncPaused ?? false),
    operator: program.operator,
  };
  const rest = [
    ...(canary === undefined ? [] : ["--canary", String(canary)]),
    ...(choices.syncPaused ? ["--sync-paused"] : []),
  ];
  requireHolderCount(decisions, actions, command([...count, ...(skipBlocked ? ["--skip-blocked"] : []), ...rest]));
  // Nobody should have to count the rows of a plan that cannot be applied anyway.
  requireApproval(plan, decisions, command([...count, "--skip-blocked", ...rest]));
  const confirmed = await confirmCount(rowsToWrite, confirm, {
    screen: program.screen,
    signal: program.stopping.drain,
    what: describeStakes(plan, tenantName),
    command: command([...count, ...(skipBlocked ? ["--skip-blocked"] : []), ...rest]),
  });
  return { ...decisions, confirmed };
}

/** @throws {BatchError} usage: the plan acts on other objects and their number was not given. */
function requireHolderCount({ confirmedHolders }: Decisions, actions: number, command: string): void {
  if (actions === 0 || confirmedHolders !== null) return;
  throw new BatchError(
    "usage",
    `This plan acts on ${countOf(actions, "other object")} (delete, purge, clear, restore), and that number has to be confirmed. Nothing was written.`,
    `Look at the holder actions in report.html; if all of them are meant, run: ${command}`,
  );
}

/** What the typed number stands for: which tenant, and what nothing brings back. */
function describeStakes({ header: { tenantId }, changes }: Plan, tenantName: string | null): string {
  const irreversible = changes.filter(({ kind }) => isIrreversible(kind)).length;
  const marked = irreversible === 0 ? "" : `, with ${countOf(irreversible, "IRREVERSIBLE step")}`;
  return `in the tenant ${tenantName === null ? tenantId : `${tenantName} (${tenantId})`}${marked}`;
}

/** What a command line has to confirm of this plan. */
export function confirmWords(plan: Plan): string[] {
  const actions = countHolderActions(plan);
  const holders = actions === 0 ? [] : ["--confirm-holders", String(actions)];
  return ["--confirm", String(countRowsToWrite(plan)), ...holders];
}

function requireSameDecisions(stored: Decisions, { canary, skipBlocked, syncPaused }: Choices, goOn: string): void {
  const differences = [
    ...(canary === undefined || canary === stored.canary
      ? []
      : [`canary: ${stored.canary} at the first apply, now ${canary}`]),
    ...(syncPaused && !stored.syncPaused ? ["--sync-paused: not given at the first apply, given now"] : []),
    ...(skipBlocked && !stored.skipBlocked ? ["--skip-blocked: not given at the first apply, given now"] : []),
  ];
  if (differences.length === 0) return;
  throw new BatchError(
    "refused",
    `This run was started with other decisions: ${differences.join("; ")}. Nothing was written.`,
    `Go on with those of the first apply: ${goOn}`,
  );
}

function requireApproval(plan: Plan, decisions: Decisions, leaveOut: string): void {
  try {
    approve(plan, decisions);
  } catch (error) {
    const wholeBatch = listBatchBlocks(plan).length > 0;
    const skippable = !decisions.skipBlocked && !wholeBatch && decisions.confirmed > 0;
    if (!(error instanceof BatchError) || error.code !== "blocked" || !skippable) throw error;
    const { message, details, cause } = error;
    const hint = `Mend the rows that plan.csv names and plan again, or leave them out: ${leaveOut}`;
    throw new BatchError("blocked", message, hint, { details, cause });
  }
}
