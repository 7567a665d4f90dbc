/** On top and in red: what is done to objects that stand in the way, and what nothing brings back. */
import type { RunView } from "../../ports/projection.ts";
import { countOf, formatCount, formatDate, listWords } from "./count-words.ts";
import { describeHolderCounts, type HolderStep, listHolderSteps } from "./holder-steps.ts";
import { html, isolate, type Markup } from "./markup.ts";

/** @returns `null` when the plan has no such step. */
export function renderHolderSteps(view: RunView): Markup | null {
  const steps = listHolderSteps(view);
  if (steps.length === 0) return null;
  const irreversible = steps.filter((step) => step.irreversible).length;
  const title = `Holder actions: ${describeHolderCounts(steps)}`;
  const applied = view.outcomes !== null;
  return html`<section class="alarm" id="holders" aria-labelledby="holders-title">
<h2 id="holders-title"><span aria-hidden="true">⚠ </span>${title}</h2>
<p>${irreversible > 0 ? "What is marked IRREVERSIBLE cannot be undone: rollback puts back the row's own value, never the object. " : ""}Each step was chosen by the mapping or the command line and allowed by name. Kinds: ${listWords(
    [...new Set(steps.map(({ change, does }) => `${change.kind} (${does})`))],
  )}.</p>
<div class="scroll" role="region" tabindex="0" aria-labelledby="holders-title"><table class="holders">
<caption class="unseen">Holder actions, irreversible ones first</caption>
<thead><tr><th scope="col" class="number">Row</th><th scope="col">Step</th><th scope="col">Undo</th><th scope="col">Object</th><th scope="col">Created</th><th scope="col">Last sync</th><th scope="col" class="number">Licences</th><th scope="col">So that</th>${applied ? html`<th scope="col">What happened</th>` : null}</tr></thead>
<tbody>${steps.map((step) => renderStep(step, applied))}</tbody>
</table></div>
</section>
`;
}

function renderStep({ change, planned, irreversible, undo, outcome }: HolderStep, applied: boolean): Markup {
  const target = planned === undefined ? "" : `${planned.account} → ${planned.userPrincipalName}`;
  const { holder } = change;
  const happened = outcome === null ? "" : [outcome.status, outcome.message].filter((text) => text !== null).join(": ");
  return html`<tr><th scope="row" class="number" data-label="Row">${change.row}</th><td data-label="Step"><strong>${change.kind}</strong> <span class="quiet">${change.side}, step ${change.step}</span></td><td data-label="Undo">${irreversible ? html`<strong class="mark">${undo}</strong>` : undo}</td><td data-label="Object">${isolate(change.name)}${holder?.displayName == null ? null : html`<br>${isolate(holder.displayName)}`}<br><span class="quiet">${change.objectId}</span></td><td data-label="Created">${formatDate(holder?.createdAt ?? "unknown")}</td><td data-label="Last sync">${formatDate(holder?.lastSyncAt ?? "never")}</td><td class="number" data-label="Licences">${holder === null ? "" : formatCount(holder.licenceCount)}</td><td data-label="So that">${isolate(target)} can be matched</td>${applied ? html`<td data-label="What happened">${isolate(happened)}</td>` : null}</tr>
`;
}

/** Lines of a rollback's losses that stand on top; the findings have them all. */
const MOST_LOSSES = 200;

/** What a way back cannot bring back; `null` when there is nothing of that kind. */
export function renderLosses({ plan }: RunView): Markup | null {
  const losses = plan.findings.filter(({ code }) => code.startsWith("rollback-"));
  if (losses.length === 0) return null;
  const rows = new Map(plan.rows.map((planned) => [planned.row, planned]));
  const more = losses.length - MOST_LOSSES;
  const lost = new Set(losses.flatMap((loss) => loss.rows)).size;
  const title =
    lost === 0
      ? "Rows that could not be read are not brought back"
      : `${countOf(lost, "row")} not brought back, or not wholly`;
  return html`<section class="alarm" id="losses" aria-labelledby="losses-title">
<h2 id="losses-title"><span aria-hidden="true">⚠ </span>${title}</h2>
<ul>${losses.slice(0, MOST_LOSSES).map(({ code, rows: at, detail }) => {
    const people = at
      .flatMap((row) => rows.get(row) ?? [])
      .map(({ row, account, userPrincipalName }) => `row ${row} ${account} → ${userPrincipalName}`);
    return html`<li><code>${code}</code> ${people.length === 0 ? null : html`${isolate(people.join("; "))}: `}${isolate(detail)}</li>
`;
  })}</ul>${more > 0 ? html`<p>and ${formatCount(more)} more among the findings below.</p>` : null}
</section>
`;
}
