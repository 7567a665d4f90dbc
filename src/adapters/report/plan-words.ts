/** What a run is or did, in one sentence, and the numbers that a change board confirms. */
import { OBJECT_NOUNS, SIDES, type Side } from "../../core/change.ts";
import { countOutcomes } from "../../core/outcome.ts";
import { countRowsToWrite, listBatchBlocks, type Plan, planIdOf } from "../../core/plan.ts";
import { countDoneRows, countWarnedRows, listRowStates } from "../../core/row-states.ts";
import type { RunView } from "../../ports/projection.ts";
import { countOf, formatCount, listWords } from "./count-words.ts";
import { describeHolderCounts, listHolderSteps } from "./holder-steps.ts";
import { countStates } from "./state-tones.ts";

/** A finding that stands on no row blocks everything. */
export function isBatchBlocked({ findings }: Pick<Plan, "findings">): boolean {
  return listBatchBlocks({ findings }).length > 0;
}

/** What happened, or what would, in one sentence. */
export function describeRun(view: RunView): string {
  return view.outcomes === null ? describePlan(view) : describeOutcome(view);
}

function describePlan(view: RunView): string {
  const { plan } = view;
  const { header, rows } = plan;
  const toWrite = countRowsToWrite(plan);
  const what = `Plan ${planIdOf(plan)}`;
  const left = describeLeftAlone(plan);
  if (isBatchBlocked(plan)) return `${what} cannot be applied: a finding about the whole batch blocks it.`;
  if (toWrite === 0)
    return `${what} would write nothing: of ${countOf(rows.length, "row")} ${left || "none is to be written"}.`;
  const alone = `${describeHolders(view)}${left === "" ? "" : `; ${left}`}`;
  if (header.reverses !== null) {
    const whom = listWords(listWritten(plan).map(({ objects }) => objects));
    return `${what} is the way back from run ${header.reverses.runId}: it would give ${whom} back the value that was there before${alone}.`;
  }
  const domains =
    header.directories.length === 0 ? "" : ` in ${listWords(header.directories.map(({ domain }) => domain))}`;
  const values: Readonly<Record<Side, (rows: number) => string>> = {
    cloud: (rows) =>
      `${rows === 1 ? "the immutable ID of its AD account" : "the immutable IDs of their AD accounts"}${domains}`,
    ad: (rows) =>
      `${rows === 1 ? "the immutable ID of its cloud user" : "the immutable IDs of their cloud users"} in tenant ${header.tenantId}`,
  };
  const writes = listWritten(plan).map(({ side, objects, rows }) => `${objects} ${values[side](rows)}`);
  return `${what} would write to ${writes.join(", and to ")}, so that the next sync ties them together${alone}.`;
}

/** Which rows the plan writes on each side: `29 cloud users of tenant …`, `1 AD account in CORP`. */
function listWritten({ header, rows, changes }: Plan) {
  const written = new Set(changes.map(({ row }) => row));
  return SIDES.flatMap((side) => {
    const here = rows.filter((planned) => written.has(planned.row) && planned.side === side);
    if (here.length === 0) return [];
    const domains = [...new Set(here.flatMap(({ domain }) => domain ?? []))];
    const place =
      side === "cloud"
        ? `of tenant ${header.tenantId}`
        : `in ${domains.length === 0 ? "a configured domain" : listWords(domains)}`;
    return {
      side,
      rows: here.length,
      objects: `${countOf(here.length, `${SYSTEMS[side]} ${OBJECT_NOUNS[side]}`)} ${place}`,
    };
  });
}

const SYSTEMS: Readonly<Record<Side, string>> = { cloud: "cloud", ad: "AD" };

/** `; holder actions: 6 steps on 5 objects, 4 of them irreversible`. */
function describeHolders(view: RunView): string {
  const steps = listHolderSteps(view);
  return steps.length === 0 ? "" : `; holder actions: ${describeHolderCounts(steps)}`;
}

/** `3 rows need nothing and 2 are blocked`; empty when every row is written. */
function describeLeftAlone({ rows }: Plan): string {
  const count = (state: string) => rows.filter(({ settled, action }) => (settled ?? action) === state).length;
  const parts: string[] = [];
  const add = (number: number, one: string, many: string) => {
    if (number === 0) return;
    const noun = parts.length > 0 ? "" : number === 1 ? "row " : "rows ";
    parts.push(`${formatCount(number)} ${noun}${number === 1 ? one : many}`);
  };
  add(count("already") + count("none"), "needs nothing", "need nothing");
  add(count("blocked"), "is blocked", "are blocked");
  add(count("drift"), "was changed by somebody else since", "were changed by somebody else since");
  add(count("taken-over"), "is taken over by sync", "are taken over by sync");
  return listWords(parts);
}

function describeOutcome({ plan, outcomes }: RunView): string {
  const rows = listRowStates(outcomes ?? []);
  const counts = countOutcomes(rows);
  const done = countDoneRows(rows);
  const open = counts.pending + counts.accepted + counts.undecided + counts.parked;
  const failed = counts.failed + counts.drift;
  const rest: string[] = [];
  if (open > 0) rest.push(`${formatCount(open)} open`);
  if (failed > 0) rest.push(`${formatCount(failed)} failed or drifted`);
  const setBack = rows.filter(({ setBackAt }) => setBackAt !== null).length;
  if (setBack > 0) rest.push(`${formatCount(setBack)} set back`);
  if (counts.blocked > 0) rest.push(`${formatCount(counts.blocked)} blocked`);
  const written = rows.filter(({ achieved }) => achieved !== null).length;
  const sides = listWritten(plan).map(({ side }) => side);
  const accounts = sides.includes("cloud") ? "users and AD accounts" : "AD accounts of users";
  const where = `${sides.includes("ad") ? `${accounts} in ` : ""}tenant ${plan.header.tenantId}`;
  const applied =
    plan.header.reverses === null
      ? `Plan ${planIdOf(plan)} was applied to ${where}`
      : `Plan ${planIdOf(plan)}, the way back from run ${plan.header.reverses.runId}, was applied to ${where}`;
  const what = setBack > 0 && setBack >= written ? `${applied} and has been rolled back since` : applied;
  return `${what}: of ${countOf(rows.length, "row")} ${formatCount(done)} ${done === 1 ? "is" : "are"} done${rest.length === 0 ? "" : `; ${listWords(rest)}`}.`;
}

/** Rows, states and findings as the tiles on top show them. */
export function listTotals(view: RunView): { readonly label: string; readonly count: number; readonly tone: string }[] {
  const { plan, outcomes } = view;
  const states = countStates(view).map(({ name, count, tone }) => ({ label: name, count, tone }));
  const rows = { label: "rows", count: plan.rows.length, tone: "idle" };
  if (outcomes !== null) return [rows, ...states];
  const warned = countWarnedRows(plan);
  return [
    rows,
    { label: "rows to write", count: isBatchBlocked(plan) ? 0 : countRowsToWrite(plan), tone: "go" },
    ...states,
    { label: "rows with a warning", count: warned, tone: warned > 0 ? "careful" : "idle" },
  ];
}
