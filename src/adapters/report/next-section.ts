/** How long it takes at least, how long the way back stays open, and the commands that come next. */
import { type ChangeKind, movesAnchor, sideOf } from "../../core/change.ts";
import { describeEffort, describeRollbackWindow, estimateEffort } from "../../core/effort.ts";
import { DONE_STATUSES } from "../../core/outcome.ts";
import { countHolderActions, countRowsToWrite, DEFAULT_CANARY, type Plan } from "../../core/plan.ts";
import { optionWords } from "../../core/plan-options.ts";
import { listRowStates } from "../../core/row-states.ts";
import type { RunView } from "../../ports/projection.ts";
import { countOf } from "./count-words.ts";
import { html, type Markup } from "./markup.ts";
import { isBatchBlocked } from "./plan-words.ts";

/** Writes, the least time for them, and the rollback window. */
export function renderEffort({ plan, about: { quota }, canary }: RunView): Markup {
  const effort = estimateEffort(plan, quota, canary ?? DEFAULT_CANARY);
  const wayBack = describeRollbackWindow(listWritingKinds(plan));
  return html`<section aria-labelledby="effort-title">
<h2 id="effort-title">Time and the way back</h2>
<p>${describeEffort(effort, quota)}</p>
${wayBack === "" ? null : html`<p>${wayBack}${plan.header.kind === "rollback" ? " This plan is such a rollback: the same limit holds for it." : ""}</p>`}
</section>
`;
}

/** Of the rows' own writes: what is done to an object in their way has no way back that sync could close. */
function listWritingKinds({ changes }: Plan): ChangeKind[] {
  return changes.map(({ kind }) => kind).filter(movesAnchor);
}

type NextStep = { readonly says: string; readonly command: string | null };

/** What to do next, with the command lines. */
export function renderNext(view: RunView): Markup {
  const steps = view.outcomes === null ? nextOfPlan(view) : nextOfRun(view);
  return html`<section aria-labelledby="next-title">
<h2 id="next-title">What to do next</h2>
<ol class="next">${steps.map(
    ({ says, command }) => html`<li>${says}${command === null ? null : html`<pre><code>${command}</code></pre>`}</li>
`,
  )}</ol>
<p class="quiet">&lt;run folder&gt; is the folder in which this report was made; hardmatch prints these lines with its path.</p>
</section>
`;
}

const RUN_FOLDER = '"<run folder>"';

function applyCommand(view: RunView, ...more: readonly string[]): string {
  const holders = countHolderActions(view.plan);
  const confirmHolders = holders === 0 ? [] : [`--confirm-holders ${holders}`];
  return ["hardmatch apply", RUN_FOLDER, `--confirm ${countRowsToWrite(view.plan)}`, ...confirmHolders, ...more].join(
    " ",
  );
}

/** A name from outside never becomes part of a line that people paste into a shell. */
const planAgain = (file: string, { header }: Plan): string =>
  ["hardmatch plan", `"${file}"`, ...optionWords(header.options)].join(" ");

const countBlocked = ({ rows }: Plan): number => rows.filter(({ action }) => action === "blocked").length;

function nextOfPlan(view: RunView): NextStep[] {
  const { plan } = view;
  const toWrite = countRowsToWrite(plan);
  const blocked = countBlocked(plan);
  if (isBatchBlocked(plan))
    return [
      {
        says: "Mend what the findings about the whole batch name, then plan again.",
        command: planAgain("<mapping file>", plan),
      },
    ];
  const steps: NextStep[] = [];
  if (blocked > 0)
    steps.push({
      says: `Mend the ${countOf(blocked, "blocked row")}, then plan again.`,
      command: planAgain("<mapping file>", plan),
    });
  if (toWrite === 0) {
    return blocked > 0
      ? steps
      : [{ says: "There is nothing to apply. See whether it still holds:", command: `hardmatch verify ${RUN_FOLDER}` }];
  }
  const rows = countOf(toWrite, "row");
  steps.push(
    blocked > 0
      ? {
          says: `Or apply the other ${rows} and leave the blocked ones untouched.`,
          command: applyCommand(view, "--skip-blocked"),
        }
      : {
          says: `Apply exactly this plan. The number confirms the ${rows} that it writes.`,
          command: applyCommand(view),
        },
    {
      says: "Read both sides again afterwards, and once more after the next sync.",
      command: `hardmatch verify ${RUN_FOLDER}`,
    },
    {
      says: `If it must be undone, ${beforeWhat(view)}:`,
      command: `hardmatch rollback ${RUN_FOLDER}`,
    },
  );
  return steps;
}

/** Until when the way back is open, in a few words. */
function beforeWhat({ plan }: RunView): string {
  const sides = listWritingKinds(plan).map(sideOf);
  if (!sides.includes("ad")) return "before sync takes the users over";
  const inCloud = sides.includes("cloud");
  return inCloud ? "before sync takes users over or imports accounts" : "before sync imports the accounts";
}

function nextOfRun(view: RunView): NextStep[] {
  const outcomes = listRowStates(view.outcomes ?? []);
  const count = (...statuses: readonly string[]) => outcomes.filter(({ status }) => statuses.includes(status)).length;
  const steps: NextStep[] = [];
  const unfinished = count("parked", "undecided", "pending", "accepted");
  if (unfinished > 0) {
    steps.push({
      says: `Go on with the ${countOf(unfinished, "open row")}${count("parked") > 0 ? ", parked users first" : ""}, with the same options as at the first apply.`,
      command: applyCommand(view, ...(countBlocked(view.plan) > 0 ? ["--skip-blocked"] : [])),
    });
  }
  const retry = outcomes.filter(({ status }) => !DONE_STATUSES.has(status)).length - unfinished;
  if (retry > 0) {
    const look = `Look at the ${countOf(retry, "row")} that failed, drifted or ${retry === 1 ? "is" : "are"} blocked`;
    // A rollback has no rows to plan again: a mapping would write the very IDs that it took away.
    steps.push(
      view.plan.header.kind === "rollback"
        ? {
            says: `${look}. When this run is over, another rollback of the first run takes up what is left.`,
            command: 'hardmatch rollback "<folder of the run that is reversed>"',
          }
        : {
            says: `${look}, mend them, and plan the rows of retry.csv.`,
            command: planAgain("<run folder>/retry.csv", view.plan),
          },
    );
  }
  steps.push({
    says: "Read both sides again, and once more after the next sync.",
    command: `hardmatch verify ${RUN_FOLDER}`,
  });
  if (outcomes.some(({ writtenAt }) => writtenAt !== null)) {
    steps.push({
      says: `If it must be undone, ${beforeWhat(view)}:`,
      command: `hardmatch rollback ${RUN_FOLDER}`,
    });
  }
  return steps;
}
