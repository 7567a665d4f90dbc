/** The table of rows: its frame, which the script fills, and what the page says where no script runs. */
import type { RunView } from "../../ports/projection.ts";
import { countOf, formatCount } from "./count-words.ts";
import { html, type Markup } from "./markup.ts";
import type { RowTable } from "./row-table.ts";

/** The section without its rows. */
export function renderRows({ outcomes }: RunView, table: RowTable): Markup {
  const csv = outcomes === null ? "plan.csv" : "results.csv";
  const noun = table.noun;
  return html`<section id="rows" tabindex="-1" aria-labelledby="rows-title">
<h2 id="rows-title">${noun === "row" ? "All rows" : "All steps"}</h2>
${describeCut(table, csv)}<noscript><p>The table needs JavaScript, which is off here. All ${countOf(table.total, noun)} stand in <strong>${csv}</strong> beside this report.</p></noscript>
<div id="rows-app" hidden>
<form class="controls" role="search" aria-label="Rows">
<p><label for="search">Search in all columns</label><input id="search" type="search" autocomplete="off" spellcheck="false"></p>
<p><label for="code">Finding</label><select id="code"><option value="">any</option></select></p>
<p><button type="reset">Show all</button></p>
</form>
<p class="shown"><span id="shown" role="status" aria-live="polite"></span> <span class="pages"><button type="button" id="back">Earlier</button> <button type="button" id="on">Later</button></span></p>
<div class="scroll tall" role="region" tabindex="0" aria-labelledby="rows-title">
<table id="table"><caption>${noun === "row" ? "Rows of the plan" : "Steps of the run"}<span>: a heading sorts, a row's number opens its details. ${csv} has the same lines.</span></caption><thead></thead><tbody></tbody></table>
</div>
</div>
</section>
`;
}

/** What is not in the table, where it would have been too long. */
function describeCut({ total, fine, embedded, leftOut, noun }: RowTable, csv: string): Markup | null {
  if (embedded === total) return null;
  const rest =
    leftOut === 0
      ? ""
      : ` Of those that somebody should look at only the first ${formatCount(embedded)} are here; ${formatCount(leftOut)} more are in ${csv}.`;
  return html`<p class="note" id="cut">This run has ${countOf(total, noun)}. ${formatCount(fine)} of them are fine and are left out of this table; ${formatCount(embedded + leftOut)} should be looked at.${rest} All of them stand in <strong>${csv}</strong>.</p>
`;
}
