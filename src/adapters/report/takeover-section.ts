/** What sync will change in the cloud users once it takes them over: totals by property. Each user's stands in its row. */
import { countTakeover, type PropertyTotal } from "../../core/takeover-preview.ts";
import type { RunView } from "../../ports/projection.ts";
import { countOf, formatCount } from "./count-words.ts";
import { html, isolate, type Markup } from "./markup.ts";

/** @returns `null` where the plan previews nothing: a way back, or rows without two sides. */
export function renderTakeover({ plan }: RunView): Markup | null {
  const { takeover: table } = plan.header;
  const { previewed, users, properties } = countTakeover(plan.rows);
  if (table === null || previewed === 0) return null;
  const rules =
    table.file === null
      ? "the default rules of sync"
      : html`the rules of <strong>${isolate(table.file)}</strong>, as ${isolate(table.source)}`;
  return html`<section id="takeover" aria-labelledby="takeover-title">
<h2 id="takeover-title">What the takeover will change</h2>
<p>Setting an immutable ID changes nothing that a person sees. The sync after it does: AD owns the user from then on, and what AD has otherwise or lacks replaces what the cloud has. Compared by ${rules} (checked ${table.checked}), as both sides were when the plan was made; nobody has asked the sync engine.</p>
${properties.length === 0 ? html`<p>Nothing: both sides agree in every user that was compared, ${formatCount(previewed)} in all.</p>` : renderTotals(properties, users, previewed)}</section>
`;
}

function renderTotals(properties: readonly PropertyTotal[], users: number, previewed: number): Markup {
  return html`<p>Of ${countOf(previewed, "user")} that were compared, <strong>${formatCount(users)} will change</strong>. A row's number in the table below opens its values, those that go and those that come.</p>
<div class="scroll" role="region" tabindex="0" aria-labelledby="takeover-title"><table class="takeover">
<caption class="unseen">Users by property that changes</caption>
<thead><tr><th scope="col">Property</th><th scope="col" class="number">Users</th><th scope="col" class="number">Changed</th><th scope="col" class="number">Cleared</th><th scope="col" class="number">Added</th><th scope="col" class="show">Rows</th></tr></thead>
<tbody>${properties.map(renderTotal)}</tbody>
</table></div>
`;
}

function renderTotal({ property, changed, cleared, added }: PropertyTotal): Markup {
  const number = (count: number) => (count === 0 ? html`<span class="quiet">0</span>` : formatCount(count));
  return html`<tr><th scope="row">${property}</th><td class="number">${formatCount(changed + cleared + added)}</td><td class="number">${number(changed)}</td><td class="number">${cleared === 0 ? number(0) : html`<strong>${formatCount(cleared)}</strong>`}</td><td class="number">${number(added)}</td><td class="show"><a href="#rows" data-search="${property}:">show</a></td></tr>
`;
}
