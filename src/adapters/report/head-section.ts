/** Top of the page: what this is in one sentence, what it belongs to, totals and the chart of states. */
import type { Outcome } from "../../core/outcome.ts";
import { type PlanHeader, planIdOf } from "../../core/plan.ts";
import { describeStepCount } from "../../core/row-states.ts";
import { DEFAULT_SOURCE_KEY } from "../../core/source-key.ts";
import type { RunView } from "../../ports/projection.ts";
import { countOf, formatCount, formatTime } from "./count-words.ts";
import { html, isolate, type Markup, type Part } from "./markup.ts";
import { describeRun, listTotals } from "./plan-words.ts";
import { countStates } from "./state-tones.ts";

/** Heading, sentence and what the run belongs to. */
export function renderHead(view: RunView): Markup {
  const { header } = view.plan;
  const what = header.kind === "rollback" ? "Way back" : "Hard match";
  return html`<header>
<p class="kicker">hardmatch ${view.outcomes === null ? "dry run: nothing has been written" : "report of a run"}</p>
<h1>${what}: plan <span class="id">${planIdOf(view.plan)}</span></h1>
<p class="lead" id="sentence">${describeRun(view)}</p>
</header>
`;
}

/** Plan, tenant, mapping, domains, times, program: what the reader checks before anything else. */
export function renderFacts({ plan, about }: RunView): Markup {
  const { header } = plan;
  const { mapping, options, reverses, directories } = header;
  const facts: [string, Part][] = [
    ["Plan", html`<span class="id">${planIdOf(plan)}</span> <span class="quiet">SHA-256 ${plan.hash}</span>`],
    [
      "Tenant",
      html`${about.tenantName === null ? null : html`${isolate(about.tenantName)}, `}<span class="id">${header.tenantId}</span> (${header.cloud})`,
    ],
    ["Run", html`<span class="id">${about.runId}</span>`],
  ];
  if (reverses !== null)
    facts.push([
      "Reverses",
      html`run <span class="id">${reverses.runId}</span>, plan <span class="id">${reverses.planId}</span>`,
    ]);
  const limit = options.limit === null ? "" : `, the first ${formatCount(options.limit)} only`;
  facts.push([
    reverses === null ? "Mapping" : "Made from",
    html`${isolate(mapping.name)}, ${countOf(plan.rows.length, "row")}${limit}${describeFile(about.mapping)}`,
  ]);
  if (directories.length > 0)
    facts.push([
      "AD domains",
      html`<ul class="plain">${directories.map(
        ({ domain, domainId }) => html`<li>${isolate(domain)} <span class="quiet">${domainId}</span></li>`,
      )}</ul>`,
    ]);
  if (reverses === null) facts.push(["Options", describeOptions(options)]);
  facts.push(["Plan made", formatTime(about.createdAt)], ["Program", `hardmatch ${about.programVersion}`]);
  if (about.servers.length > 0) facts.push(["Servers", about.servers.join(", ")]);
  return html`<section aria-labelledby="facts-title">
<h2 id="facts-title">What this belongs to</h2>
<dl class="facts">${facts.map(
    ([label, text]) => html`<div><dt>${label}</dt><dd>${text}</dd></div>
`,
  )}</dl>
</section>
`;
}

/** The file as it was read: its hash is of the bytes, which say nothing without their encoding. */
function describeFile(mapping: RunView["about"]["mapping"]): Markup | null {
  if (mapping === null) return null;
  const encoding = mapping.encoding === "utf-8" ? "" : ` read as ${mapping.encoding},`;
  return html`<span class="quiet">${encoding} SHA-256 ${mapping.sha256}</span>`;
}

function describeOptions({
  anchor,
  sourceKey,
  replace,
  onConflict,
  allow,
  acceptedIdentityMismatch,
  writeTo,
}: PlanHeader["options"]): string {
  const parts = [`anchor ${anchor}`, `other IDs ${replace ? "may be replaced" : "are not replaced"}`];
  if (writeTo === "ad") parts.unshift("IDs are written into AD");
  if (sourceKey !== DEFAULT_SOURCE_KEY) parts.unshift(`accounts named by ${sourceKey}`);
  if (onConflict.length > 0) parts.push(`on conflict ${onConflict.join("+")}`);
  parts.push(allow.length > 0 ? `holder actions allowed: ${allow.join(", ")}` : "no holder action is allowed");
  if (acceptedIdentityMismatch !== null)
    parts.push(`${countOf(acceptedIdentityMismatch, "row")} accepted whose identities disagree`);
  return parts.join("; ");
}

/** The numbers, and the states of the rows as one bar with a table that says the same. */
export function renderTotals(view: RunView): Markup {
  const states = countStates(view);
  const heading = view.outcomes === null ? "State" : "Status";
  const title = `Rows by ${heading.toLowerCase()}`;
  const total = states.reduce((sum, { count }) => sum + count, 0);
  const share = (count: number) => `${((count / Math.max(1, total)) * 100).toFixed(1)} %`;
  const summary = states.map(({ name, count }) => `${name} ${formatCount(count)} (${share(count)})`).join(", ");
  return html`<section aria-labelledby="totals-title">
<h2 id="totals-title">Totals</h2>
<ul class="tiles">${listTotals(view).map(
    ({ label, count, tone }) =>
      html`<li class="tile ${tone}"><strong>${formatCount(count)}</strong> <span>${label}</span></li>
`,
  )}</ul>
<figure>
<svg class="chart" role="img" aria-labelledby="chart-title chart-text" viewBox="0 0 1000 40" preserveAspectRatio="none">
<title id="chart-title">${title}</title>
<desc id="chart-text">${countOf(total, "row")}: ${summary}.</desc>
<defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse"><path class="hatch" d="M-2 2 2-2M0 8 8 0M6 10 10 6"/></pattern></defs>
${renderBars(states, total)}</svg>
<table class="states"><caption>${title}</caption>
<thead><tr><th scope="col">${heading}</th><th scope="col" class="number">Rows</th><th scope="col" class="number">Share</th><th scope="col">What it means</th></tr></thead>
<tbody>${states.map(
    ({ name, says, tone, count }) =>
      html`<tr><th scope="row"><svg class="key" viewBox="0 0 16 16" aria-hidden="true"><rect width="16" height="16" class="s-${name}"/>${isHatched(tone) ? html`<rect width="16" height="16" fill="url(#hatch)"/>` : null}</svg>${name}</th><td class="number">${formatCount(count)}</td><td class="number">${share(count)}</td><td>${says}</td></tr>
`,
  )}</tbody></table>
</figure>
${view.outcomes === null ? null : renderStepCount(view.outcomes)}</section>
`;
}

/** Why results.csv has more lines than there are rows; `null` where it has not. */
function renderStepCount(outcomes: readonly Outcome[]): Markup | null {
  const text = describeStepCount(outcomes);
  return text === null
    ? null
    : html`<p class="steps">${text}</p>
`;
}

/** Hatching tells what needs somebody from what does not, also without colours. */
const isHatched = (tone: string): boolean => tone === "bad" || tone === "careful";

const CHART_WIDTH = 1000;
/** Narrower than this a part could not be seen. */
const LEAST_WIDTH = 4;

function renderBars(states: ReturnType<typeof countStates>, total: number): Markup[] {
  const spare = CHART_WIDTH - states.length * LEAST_WIDTH;
  let left = 0;
  return states.map(({ name, count, tone }) => {
    const width = LEAST_WIDTH + (count / Math.max(1, total)) * spare;
    const box = `x="${left.toFixed(2)}" y="0" width="${Math.max(1, width - 2).toFixed(2)}" height="40"`;
    left += width;
    const place = { markup: box };
    return html`<rect ${place} class="s-${name}"/>${isHatched(tone) ? html`<rect ${place} fill="url(#hatch)"/>` : null}
`;
  });
}
