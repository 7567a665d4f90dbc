/** What the pre-check found, by code: how bad, where, what it means, what happens if ignored, how to mend it. */
import { EXPLANATIONS, sayFinding } from "../../core/checks/checks.ts";
import { FINDING_CODES, type Finding, type FindingCode, SEVERITIES, type Severity } from "../../core/findings.ts";
import { MENDING } from "../../core/mending/mending.ts";
import type { PlannedRow } from "../../core/plan.ts";
import type { RunView } from "../../ports/projection.ts";
import { countOf, formatCount, listRanges } from "./count-words.ts";
import { html, isolate, type Markup, renderLines } from "./markup.ts";

/** Details of one code that stand in the page itself; the table of rows has them all. */
const MOST_DETAILS = 500;

const SEVERITY_WORDS: Readonly<Record<Severity, { readonly label: string; readonly mark: string }>> = {
  block: { label: "Blocks", mark: "■" },
  warn: { label: "Warning", mark: "▲" },
  info: { label: "Worth knowing", mark: "●" },
};

type Group = {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly wholeBatch: boolean;
  readonly findings: readonly Finding[];
  readonly rows: readonly number[];
};

/** Findings about the whole batch first, then the worst; within that in the order of the codes. */
export function groupFindings(findings: readonly Finding[]): Group[] {
  const severityRank = new Map(SEVERITIES.map((severity, index) => [severity, index]));
  const codeRank = new Map(FINDING_CODES.map((code, index) => [code, index]));
  const groups = Map.groupBy(findings, ({ code, severity, rows }) => `${code} ${severity} ${rows.length === 0}`);
  return [...groups.values()]
    .flatMap((group): Group[] => {
      const [first] = group;
      if (first === undefined) return [];
      const rows = [...new Set(group.flatMap((finding) => finding.rows))].toSorted((left, right) => left - right);
      return [{ code: first.code, severity: first.severity, wholeBatch: rows.length === 0, findings: group, rows }];
    })
    .toSorted(
      (left, right) =>
        Number(right.wholeBatch) - Number(left.wholeBatch) ||
        (severityRank.get(left.severity) ?? 0) - (severityRank.get(right.severity) ?? 0) ||
        (codeRank.get(left.code) ?? 0) - (codeRank.get(right.code) ?? 0),
    );
}

/** Yields the section piece by piece: a batch may have tens of thousands of findings. */
export function* renderFindings({ plan }: RunView): Generator<Markup> {
  const groups = groupFindings(plan.findings);
  yield html`<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">What the pre-check found</h2>
`;
  if (groups.length === 0)
    yield html`<p>Nothing: every check that was made is silent on every row.</p>
`;
  else yield renderOverview(groups);
  const rows = new Map(plan.rows.map((planned) => [planned.row, planned]));
  for (const group of groups) yield renderGroup(group, rows);
  yield html`</section>
`;
}

const nameOf = ({ code, severity, wholeBatch }: Group): string =>
  `finding-${code}-${severity}${wholeBatch ? "-batch" : ""}`;

const whereOf = ({ wholeBatch, rows }: Group): string => (wholeBatch ? "the whole batch" : countOf(rows.length, "row"));

function renderOverview(groups: readonly Group[]): Markup {
  return html`<div class="scroll" role="region" tabindex="0" aria-labelledby="findings-title"><table class="overview"><caption class="unseen">Findings by code</caption>
<thead><tr><th scope="col">Severity</th><th scope="col">Code</th><th scope="col">Where</th><th scope="col">What is the case</th></tr></thead>
<tbody>${groups.map(
    (group) =>
      html`<tr><td>${renderSeverity(group.severity)}</td><th scope="row"><a href="#${nameOf(group)}">${group.code}</a></th><td>${whereOf(group)}</td><td>${renderLines(sayFinding(group.code, group.severity))}</td></tr>
`,
  )}</tbody></table></div>
`;
}

function renderSeverity(severity: Severity): Markup {
  const { label, mark } = SEVERITY_WORDS[severity];
  return html`<span class="severity ${severity}"><span aria-hidden="true">${mark}</span> ${label}</span>`;
}

function renderGroup(group: Group, rows: ReadonlyMap<number, PlannedRow>): Markup {
  const { code, severity, wholeBatch, findings } = group;
  const { why, mend, source, checked } = EXPLANATIONS[code];
  const shown = findings.slice(0, MOST_DETAILS);
  const more = findings.length - shown.length;
  const list = html`<ul>${shown.map((finding) => renderDetail(finding, rows))}</ul>${
    more > 0
      ? html`<p>and ${formatCount(more)} more: each stands with its row in the table below, under the filter ${code}.</p>`
      : null
  }`;
  return html`<article class="finding ${severity}" id="${nameOf(group)}">
<h3><code>${code}</code> ${renderSeverity(severity)} <span class="where">${whereOf(group)}</span></h3>
<p class="says">${renderLines(sayFinding(code, severity))}</p>
<dl>
${
  wholeBatch
    ? null
    : html`<div><dt>Rows</dt><dd>${listRanges(group.rows)} <a class="show" href="#rows" data-code="${code}">Show in the table</a></dd></div>
`
}<div><dt>If ignored</dt><dd>${renderLines(why)}</dd></div>
<div><dt>To mend it</dt><dd>${renderLines(mend)}</dd></div>
<div><dt>Source</dt><dd>${renderLines(source)} <span class="quiet">(checked ${checked})</span></dd></div>
</dl>
${renderMending(code)}${wholeBatch ? list : html`<details${{ markup: severity === "block" && findings.length <= 20 ? " open" : "" }}><summary>${countOf(findings.length, "detail")}</summary>${list}</details>`}
</article>
`;
}

/** The ways to mend it by hand, folded up; nothing where there is nothing to be done. Lists and no `pre`: a long line wraps, on paper too. */
function renderMending(code: FindingCode): Markup | null {
  const { portal, powershell, graph } = MENDING[code];
  const ways = [
    portal === null ? null : { name: "Admin tools", lines: html`${portal}` },
    powershell.length === 0 ? null : { name: "PowerShell", lines: renderCode(powershell) },
    graph.length === 0 ? null : { name: "Graph", lines: renderCode(graph) },
  ].filter((way) => way !== null);
  if (ways.length === 0) return null;
  return html`<details><summary>How to mend it by hand: ${ways.map(({ name }) => name).join(", ")}</summary>
<dl>${ways.map(
    ({ name, lines }) => html`<div><dt>${name}</dt><dd>${lines}</dd></div>
`,
  )}</dl>
</details>
`;
}

const renderCode = (lines: readonly string[]): Markup =>
  html`<ul>${lines.map(
    (line) => html`<li><code>${line}</code></li>
`,
  )}</ul>`;

/** Rows that one finding names one by one; more are told as ranges. */
const MOST_NAMED = 10;

function renderDetail({ rows, detail }: Finding, planned: ReadonlyMap<number, PlannedRow>): Markup {
  if (rows.length === 0)
    return html`<li>${isolate(detail)}</li>
`;
  if (rows.length > MOST_NAMED)
    return html`<li>rows ${listRanges(rows)}: ${isolate(detail)}</li>
`;
  const names = rows.map((row, index) => {
    const known = planned.get(row);
    const person = known === undefined ? null : html` ${isolate(`${known.account} → ${known.userPrincipalName}`)}`;
    return html`${index === 0 ? "" : "; "}row ${row}${person}`;
  });
  return html`<li>${names}: ${isolate(detail)}</li>
`;
}
