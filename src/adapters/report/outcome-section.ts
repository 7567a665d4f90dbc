/** What happened: when, what sync did, and every row that somebody must look at, with its message. */
import {
  type Outcome,
  type OutcomeStatus,
  STATUS_WORDS,
  SYNC_STATES,
  sayWhoAnswered,
  shownUserOf,
} from "../../core/outcome.ts";
import { listRowStates } from "../../core/row-states.ts";
import type { RunView } from "../../ports/projection.ts";
import { countOf, formatCount, formatTime } from "./count-words.ts";
import { html, isolate, type Markup } from "./markup.ts";

/** The most urgent first. */
const URGENT: readonly OutcomeStatus[] = ["parked", "undecided", "failed", "drift", "accepted", "blocked"];
/** Rows of one status that stand in the page itself; the table has them all. */
const MOST_ROWS = 200;

/** Users who are nobody until somebody acts: before everything else. `null` when there are none. */
export function renderParked({ outcomes }: RunView): Markup | null {
  const parked = outcomes?.filter(({ status }) => status === "parked") ?? [];
  if (parked.length === 0) return null;
  return html`<section class="alarm" aria-labelledby="parked-title">
<h2 id="parked-title"><span aria-hidden="true">⚠ </span>${countOf(parked.length, "user is", "users are")} parked: without an immutable ID in the middle of a swap</h2>
<p>Apply this run again first of all.</p>
</section>
`;
}

/** @returns `null` before the first apply. */
export function renderOutcomes({ outcomes }: RunView): Markup | null {
  if (outcomes === null) return null;
  const written = timesOf(outcomes, ({ writtenAt }) => writtenAt);
  const verified = timesOf(outcomes, ({ verifiedAt }) => verifiedAt);
  const attempts = outcomes.reduce((sum, outcome) => sum + outcome.attempts, 0);
  const rows = listRowStates(outcomes);
  const facts: [string, string][] = [
    ["Writes sent", formatCount(attempts)],
    ["Written", written === null ? "nothing yet" : written],
    ["Last seen by a read", verified === null ? "never yet" : verified],
    ["Sync", describeSync(outcomes)],
  ];
  return html`<section aria-labelledby="outcome-title">
<h2 id="outcome-title">What happened</h2>
<dl class="facts">${facts.map(
    ([label, text]) => html`<div><dt>${label}</dt><dd>${text}</dd></div>
`,
  )}</dl>
${URGENT.map((status) => renderStatus(status, rows))}</section>
`;
}

function timesOf(outcomes: readonly Outcome[], pick: (outcome: Outcome) => string | null): string | null {
  const times = outcomes.flatMap((outcome) => pick(outcome) ?? []).toSorted();
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return null;
  return first === last ? formatTime(first) : `${formatTime(first)} to ${formatTime(last)}`;
}

const SYNC_WORDS = {
  matched: "matched",
  none: "not yet seen",
  duplicate: "made a duplicate",
  error: "reports an error",
} as const;

function describeSync(outcomes: readonly Outcome[]): string {
  const counts = new Map(SYNC_STATES.map((state) => [state, outcomes.filter(({ sync }) => sync === state).length]));
  const seen = SYNC_STATES.filter((state) => (counts.get(state) ?? 0) > 0);
  if (seen.length === 0) return "not looked at yet: hardmatch verify does";
  return seen.map((state) => `${SYNC_WORDS[state]} ${formatCount(counts.get(state) ?? 0)}`).join(", ");
}

function renderStatus(status: OutcomeStatus, rows: readonly Outcome[]): Markup | null {
  const those = rows.filter((outcome) => outcome.status === status);
  if (those.length === 0) return null;
  const more = those.length - MOST_ROWS;
  return html`<details class="status"${{ markup: status === "blocked" || status === "accepted" ? "" : " open" }}><summary>${status}: ${STATUS_WORDS[status]} (${formatCount(those.length)})</summary>
<ul>${those.slice(0, MOST_ROWS).map(renderStep)}</ul>${more > 0 ? html`<p>and ${formatCount(more)} more: in the table below and in results.csv.</p>` : null}
</details>
`;
}

function renderStep({ row, step, planned, change, message, errorCode, httpStatus, requestId }: Outcome): Markup {
  const why = message ?? planned.findings.join(" ");
  const answer = [
    httpStatus === null ? "" : `HTTP ${httpStatus}`,
    errorCode ?? "",
    requestId === null ? "" : sayWhoAnswered(change, requestId),
  ];
  const told = answer.filter((text) => text !== "").join(", ");
  return html`<li>row ${row}, step ${step} ${isolate(`${planned.account} → ${shownUserOf({ change, planned })}`)}${why === "" ? null : html`: ${isolate(why)}`}${told === "" ? null : html` <span class="quiet">(${told})</span>`}</li>
`;
}
