/**
 * `report.html`: one page for a change board, made from the plan and what became of it. It needs nothing beside
 * itself: it opens from a mail attachment, offline, and prints.
 *
 * The page forbids itself every request and every script but its own by a Content-Security-Policy with the
 * hashes of its two inline blocks: should a name from a directory ever get past the escaping, it still could
 * not run, nor tell anybody anything.
 *
 * Source: Content Security Policy Level 3, 2.3.1 hash-source (checked 2026-11)
 */
import { createHash } from "node:crypto";
import { planIdOf } from "../../core/plan.ts";
import type { Projection, RunView } from "../../ports/projection.ts";
import { renderCutover } from "./cutover-section.ts";
import { renderFindings } from "./findings-section.ts";
import { renderFacts, renderHead, renderTotals } from "./head-section.ts";
import { renderHolderSteps, renderLosses } from "./holder-section.ts";
import { html, type Markup, trustMarkup } from "./markup.ts";
import { renderEffort, renderNext } from "./next-section.ts";
import { renderOutcomes, renderParked } from "./outcome-section.ts";
import { REPORT_SCRIPT } from "./report-script.ts";
import { REPORT_STYLE } from "./report-style.ts";
import { makeRowTable } from "./row-table.ts";
import { renderRows } from "./rows-section.ts";
import { renderTakeover } from "./takeover-section.ts";

export const reportHtml: Projection = { fileName: "report.html", from: "plan", render: renderPage };

function* renderPage(view: RunView): Generator<string> {
  const table = makeRowTable(view);
  yield renderOpening(view).markup;
  yield renderHead(view).markup;
  yield renderParked(view)?.markup ?? "";
  yield renderCutover(view)?.markup ?? "";
  yield renderHolderSteps(view)?.markup ?? "";
  yield renderLosses(view)?.markup ?? "";
  yield renderTotals(view).markup;
  yield renderOutcomes(view)?.markup ?? "";
  yield renderFacts(view).markup;
  yield renderNext(view).markup;
  yield renderEffort(view).markup;
  for (const piece of renderFindings(view)) yield piece.markup;
  yield renderTakeover(view)?.markup ?? "";
  yield renderRows(view, table).markup;
  yield '</main>\n<script type="application/json" id="report-rows">';
  yield* table.pieces;
  yield "</script>\n";
  yield `<script>${REPORT_SCRIPT}</script>\n</body>\n</html>\n`;
}

function renderOpening(view: RunView): Markup {
  const title = `hardmatch ${view.plan.header.kind === "rollback" ? "rollback " : ""}plan ${planIdOf(view.plan)}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trustMarkup(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trustMarkup(REPORT_STYLE)}</style>
</head>
<body>
<main>
`;
}

/** Hash source of an inline block: base64 of the SHA-256 of its exact text. */
function hashSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
}

/** Single quotes stand in it as they are: the attribute is in double quotes. */
const POLICY = [
  "default-src 'none'",
  `script-src ${hashSource(REPORT_SCRIPT)}`,
  `style-src ${hashSource(REPORT_STYLE)}`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
