/** How long it takes at least, how long the way back stays open, and the commands that come next. */
import { DONE_STATUSES } from "../../core/outcome.ts";
import { countHolderActions, countRowsToWrite, type Plan } from "../../core/plan.ts";
import { DEFAULT_SOURCE_KEY, type SourceKey } from "../../core/source-key.ts";
import type { RunView } from "../../ports/projection.ts";
import { countOf, formatCount, formatDuration } from "./count-words.ts";
import { html, type Markup } from "./markup.ts";
import { estimateEffort, isBatchBlocked, type QuotaLimits } from "./plan-words.ts";

const ROLLBACK_WINDOW =
  "Rollback works only until sync takes a user over: about 30 minutes with Connect Sync, 2 minutes with Cloud Sync.";

/** Writes, the least time for them, and the rollback window. */
export function renderEffort({ plan, outcomes }: RunView, limits: QuotaLimits): Markup {
  const { writes, shortestSeconds } = estimateEffort(plan, limits);
  const burst = `${formatCount(limits.writes)} writes per ${formatDuration(limits.windowSeconds)}`;
  const time =
    shortestSeconds === 0
      ? `no wait for the quota (${burst})`
      : `at least ${formatDuration(shortestSeconds)} under the quota (${burst})`;
  const verb = outcomes === null ? "takes" : "takes in all";
  return html`<section aria-labelledby="effort-title">
<h2 id="effort-title">Time and the way back</h2>
<p>${writes === 0 ? "There is nothing to write." : `Writing ${verb} ${countOf(writes, "write")}, canary included: ${time}.`}</p>
<p>${ROLLBACK_WINDOW}${plan.header.kind === "rollback" ? " This plan is such a rollback: the same limit holds for it." : ""}</p>
</section>
`;
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
const PLAN_AGAIN = 'hardmatch plan "<mapping file>"';

const countBlocked = ({ rows }: Plan): number => rows.filter(({ action }) => action === "blocked").length;

function nextOfPlan(view: RunView): NextStep[] {
  const { plan } = view;
  const toWrite = countRowsToWrite(plan);
  const blocked = countBlocked(plan);
  if (isBatchBlocked(plan))
    return [{ says: "Mend what the findings about the whole batch name, then plan again.", command: PLAN_AGAIN }];
  const steps: NextStep[] = [];
  if (blocked > 0)
    steps.push({ says: `Mend the ${countOf(blocked, "blocked row")}, then plan again.`, command: PLAN_AGAIN });
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
      says: "If it must be undone, before sync takes the users over:",
      command: `hardmatch rollback ${RUN_FOLDER}`,
    },
  );
  return steps;
}

function nextOfRun(view: RunView): NextStep[] {
  const outcomes = view.outcomes ?? [];
  const count = (...statuses: readonly string[]) => outcomes.filter(({ status }) => statuses.includes(status)).length;
  const steps: NextStep[] = [];
  const unfinished = count("parked", "undecided", "pending", "accepted");
  if (unfinished > 0) {
    steps.push({
      says: `Go on with the ${countOf(unfinished, "open step")}${count("parked") > 0 ? ", parked users first" : ""}, with the same options as at the first apply.`,
      command: applyCommand(view, ...(countBlocked(view.plan) > 0 ? ["--skip-blocked"] : [])),
    });
  }
  const retry = outcomes.filter(({ status }) => !DONE_STATUSES.has(status)).length - unfinished;
  if (retry > 0) {
    const look = `Look at the ${countOf(retry, "step")} that failed, drifted or ${retry === 1 ? "is" : "are"} blocked`;
    // A rollback has no rows to plan again: a mapping would write the very IDs that it took away.
    steps.push(
      view.plan.header.kind === "rollback"
        ? {
            says: `${look}. When this run is over, another rollback of the first run takes up what is left.`,
            command: 'hardmatch rollback "<folder of the run that is reversed>"',
          }
        : {
            says: `${look}, mend them, and plan the rows of retry.csv.`,
            command: `hardmatch plan "<run folder>/retry.csv"${sourceKeyOption(view.plan.header.options.sourceKey)}`,
          },
    );
  }
  steps.push({
    says: "Read both sides again, and once more after the next sync.",
    command: `hardmatch verify ${RUN_FOLDER}`,
  });
  if (outcomes.some(({ writtenAt }) => writtenAt !== null)) {
    steps.push({
      says: "If it must be undone, before sync takes the users over:",
      command: `hardmatch rollback ${RUN_FOLDER}`,
    });
  }
  return steps;
}

/** The rows of retry.csv name their accounts as the mapping did. */
function sourceKeyOption(sourceKey: SourceKey): string {
  return sourceKey === DEFAULT_SOURCE_KEY ? "" : ` --source-key ${sourceKey}`;
}
