/** The cutover: whom sync has taken over, and each row where it went wrong, with what that means and what to do. */
import { type OpenTakeover, readCutover } from "../../core/cutover-record.ts";
import { SYNC_TROUBLE_WORDS, SYNC_TROUBLES, type SyncTrouble } from "../../core/sync-trouble.ts";
import type { RunView } from "../../ports/projection.ts";
import { countOf, formatCount, formatTime } from "./count-words.ts";
import { html, isolate, type Markup } from "./markup.ts";

/** Rows of one kind that stand in the page itself; the table has them all. */
const MOST_ROWS = 200;

/** @returns `null` before verify has looked at sync, and for a rollback, which sync shall not take over. */
export function renderCutover({ plan, outcomes }: RunView): Markup | null {
  const cutover = outcomes === null || plan.header.kind === "rollback" ? null : readCutover(outcomes);
  if (cutover === null) return null;
  const { rows, matched, wrong, waiting, firstSeenAt, lastSeenAt } = cutover;
  const groups = Map.groupBy([...wrong, ...waiting], ({ trouble }) => trouble);
  const seen =
    firstSeenAt === lastSeenAt ? formatTime(lastSeenAt) : `${formatTime(firstSeenAt)} to ${formatTime(lastSeenAt)}`;
  return html`<section class="cutover${wrong.length > 0 ? " alarm" : ""}" aria-labelledby="cutover-title">
<h2 id="cutover-title">Cutover: sync has matched ${formatCount(matched)} of ${countOf(rows, "user")}</h2>
<p>${countOf(wrong.length, "row")} went wrong, ${formatCount(waiting.length)} ${waiting.length === 1 ? "is" : "are"} waiting for sync. Seen ${seen}; hardmatch verify looks again.</p>
${SYNC_TROUBLES.map((trouble) => renderGroup(trouble, groups.get(trouble) ?? []))}</section>
`;
}

function renderGroup(trouble: SyncTrouble, those: readonly OpenTakeover[]): Markup | null {
  if (those.length === 0) return null;
  const { means, next } = SYNC_TROUBLE_WORDS[trouble];
  const more = those.length - MOST_ROWS;
  return html`<h3>${trouble}: ${countOf(those.length, "row")}</h3>
<p>${means}<br><strong>Next:</strong> ${next}</p>
<ul>${those.slice(0, MOST_ROWS).map(renderRow)}</ul>${more > 0 ? html`<p>and ${formatCount(more)} more: in the table below and in results.csv.</p>` : null}
`;
}

function renderRow({ outcome: { row, planned, status }, text }: OpenTakeover): Markup {
  const taken = status === "taken-over" ? " (sync owns the user)" : "";
  return html`<li>row ${row} ${isolate(`${planned.account} → ${planned.userPrincipalName}`)}${taken}${text === null ? null : html`: ${isolate(text)}`}</li>
`;
}
