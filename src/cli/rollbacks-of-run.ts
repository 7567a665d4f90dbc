/**
 * Finds the rollbacks of a run: two of them must be kept apart, for the second would plan from a state that the first
 * is changing, and whoever looks at a run wants to know that it was taken back.
 */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { BatchError, describeError } from "../core/errors.ts";
import { isDone, type Outcome } from "../core/outcome.ts";
import { countRowsToWrite } from "../core/plan.ts";
import { listRowStates } from "../core/row-states.ts";
import { countOf } from "../core/words.ts";
import { nextCommand } from "./next-command.ts";
import type { GlobalValues } from "./options.ts";
import type { Program, Run, Shelf } from "./program.ts";
import { RUNS_FOLDER } from "./run-folder-name.ts";
import { isResumable } from "./run-states.ts";

/** The file that makes a folder a run. */
const RUN_FILE = "run.sqlite";

/** A rollback that was begun. */
type BegunRollback = {
  /** As short as it can be said from where the program runs. */
  readonly folder: string;
  readonly runId: string;
  /** The run that it takes back. */
  readonly reverses: string;
  readonly heldBy: string | null;
  /** Whether an apply of it would still go on. */
  readonly open: boolean;
  readonly rowsToWrite: number;
  /** Rows whose old value was written back, among all that it has looked at. */
  readonly rowsDone: ReadonlySet<number>;
  readonly rowsCovered: ReadonlySet<number>;
  /** When the last command that worked on it ended, ISO text; `null` where it was cut off. */
  readonly endedAt: string | null;
  readonly skipBlocked: boolean;
};

/**
 * Looks in `runs/` and in these folders, whatever the run's own folder is called.
 *
 * @throws {BatchError} refused: a rollback of this run was begun and is not finished.
 */
export async function requireNoOpenRollback(
  runId: string,
  beside: readonly string[],
  { program, values }: { readonly program: Program; readonly values: Pick<GlobalValues, "config"> },
): Promise<void> {
  const { begun, unread } = await listBegunRollbacks(beside, null, program);
  for (const note of unread) program.screen.note(note);
  const open = begun.find((rollback) => rollback.reverses === runId && (rollback.open || rollback.heldBy !== null));
  if (open === undefined) return;
  const { folder, heldBy, rowsToWrite, skipBlocked } = open;
  const words = ["apply", folder, "--confirm", String(rowsToWrite), ...(skipBlocked ? ["--skip-blocked"] : [])];
  throw new BatchError(
    "refused",
    `A rollback of this run was begun and is not finished: ${folder}. Nothing was written.`,
    heldBy === null ? `Finish it: ${nextCommand(values, ...words)}` : `${heldBy} works on it: wait until it has ended.`,
  );
}

/** A rollback that is over and was not itself taken back. */
export type FinishedRollback = Pick<BegunRollback, "folder" | "rowsDone" | "rowsCovered" | "endedAt">;

/**
 * The finished rollbacks of a run that were not taken back themselves.
 *
 * @param own Folder of the run itself, which is open already.
 */
export async function listFinishedRollbacks(
  runId: string,
  { beside, own }: { readonly beside: readonly string[]; readonly own: string },
  program: Program,
): Promise<FinishedRollback[]> {
  const { begun } = await listBegunRollbacks(beside, own, program);
  const finished = begun.filter(({ open, heldBy, rowsDone }) => !open && heldBy === null && rowsDone.size > 0);
  const takenBack = new Set(finished.map(({ reverses }) => reverses));
  return finished.filter((rollback) => rollback.reverses === runId && !takenBack.has(rollback.runId));
}

/** `runs/back at 2026-11-22 02:14:05 UTC (4 rows)`: for people, who ask when. */
export function tellRollback({ folder, rowsDone, endedAt }: FinishedRollback): string {
  const at = endedAt === null ? "" : ` at ${endedAt.slice(0, 19).replace("T", " ")} UTC`;
  return `${folder}${at} (${countOf(rowsDone.size, "row")})`;
}

/** `runs/back (4 rows)`: for programs. */
export function nameRollback({ folder, rowsDone }: FinishedRollback): string {
  return `${folder} (${countOf(rowsDone.size, "row")})`;
}

/**
 * Whether these rollbacks have dealt with every row that the run has written. A rollback of chosen rows alone leaves
 * the others to the run.
 */
export function isRolledBack(outcomes: readonly Outcome[], rollbacks: readonly FinishedRollback[]): boolean {
  const written = outcomes.filter(({ achieved }) => achieved !== null);
  return written.length > 0 && written.every(({ row }) => rollbacks.some(({ rowsCovered }) => rowsCovered.has(row)));
}

/** Rows that were set back, each with the folder of the rollback that did it. */
export function rowsRolledBack(rollbacks: readonly FinishedRollback[]): Map<number, string> {
  return new Map(rollbacks.flatMap(({ folder, rowsDone }) => [...rowsDone].map((row) => [row, folder] as const)));
}

/**
 * A run that was taken back stays taken back: going on with it would write some of its rows and not the others.
 *
 * @param folder The run's folder, as the operator named it.
 * @throws {BatchError} refused
 */
export async function requireNotRolledBack(run: Run, folder: string, program: Program): Promise<void> {
  if (run.readDecisions() === null) return;
  const places = { beside: [dirname(resolve(folder))], own: folder };
  const rollbacks = await listFinishedRollbacks(run.about.runId, places, program);
  if (rollbacks.length === 0) return;
  const { listRunOutcomes } = await program.record();
  if (!isRolledBack(listRunOutcomes(run), rollbacks)) return;
  throw new BatchError(
    "refused",
    `This run was rolled back by ${rollbacks.map(tellRollback).join(" and ")}. Nothing was read or written.`,
    "To write these rows, plan again from the mapping file and apply the new plan.",
  );
}

async function listBegunRollbacks(
  beside: readonly string[],
  own: string | null,
  program: Program,
): Promise<{ readonly begun: BegunRollback[]; readonly unread: string[] }> {
  const shelf = await program.openShelf();
  const { listRunOutcomes } = await program.record();
  const begun: BegunRollback[] = [];
  const unread: string[] = [];
  const places = [RUNS_FOLDER, ...beside].map((place) => resolve(place));
  for (const path of new Set(places.flatMap(listRunFoldersIn))) {
    if (own !== null && path === resolve(own)) continue;
    const run = openOrTell(shelf, path, unread);
    if (run === null) continue;
    try {
      if (run.about.kind !== "rollback") continue;
      const plan = run.readPlan();
      const decisions = run.readDecisions();
      if (plan.header.reverses === null || decisions === null) continue;
      const rows = listRowStates(listRunOutcomes(run));
      const short = relative(".", path);
      begun.push({
        folder: short === "" || short.startsWith("..") ? path : short,
        runId: run.about.runId,
        reverses: plan.header.reverses.runId,
        heldBy: run.heldBy,
        open: rows.some(isResumable),
        rowsToWrite: countRowsToWrite(plan),
        rowsDone: new Set(rows.filter((row) => row.planned.settled === null && isDone(row)).map(({ row }) => row)),
        rowsCovered: new Set(plan.rows.map(({ row }) => row)),
        endedAt: run.readEnd()?.at ?? null,
        skipBlocked: decisions.skipBlocked,
      });
    } finally {
      run.close();
    }
  }
  return { begun, unread };
}

function listRunFoldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, RUN_FILE)))
      .map((entry) => join(folder, entry.name));
  } catch (error) {
    // Without such a folder there are no rollbacks in it; any other trouble is worth knowing.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw new BatchError(
      "disk",
      `${folder} cannot be looked into: ${describeError(error)}.`,
      "Make it readable for you.",
      { cause: error },
    );
  }
}

/** A folder that merely looks like a run must not keep anybody from rolling back. */
function openOrTell(shelf: Shelf, folder: string, unread: string[]): Run | null {
  try {
    return shelf.open(folder, "read");
  } catch (error) {
    if (!(error instanceof BatchError)) throw error;
    unread.push(`${folder} was not looked into: ${error.message}`);
    return null;
  }
}
