import { expect, test } from "vitest";
import { renderCutover } from "../../../src/adapters/report/cutover-section.ts";
import type { Outcome } from "../../../src/core/outcome.ts";
import { outcomeOf, runView } from "../csv/run-view.ts";

const AT = "2026-11-22T02:31:05Z";
const note = (trouble: NonNullable<Outcome["syncNote"]>["trouble"], text: string | null = null) => ({
  syncNote: { trouble, text, at: AT },
});

const render = (...outcomes: Outcome[]) => renderCutover(runView(outcomes))?.markup ?? null;

test("before verify has looked at sync the page says nothing of a cutover", () => {
  expect(render(outcomeOf({ status: "verified" }))).toBeNull();
});

test("a cutover without trouble is told in a quiet section", () => {
  const markup = render(outcomeOf({ status: "taken-over", sync: "matched", ...note(null) }));
  expect(markup).toContain('<section class="cutover" ');
  expect(markup).toContain("Cutover: sync has matched 1 of 1 user");
});

test("a row that went wrong stands there with its meaning and the next step, its names escaped", () => {
  const markup = render(
    outcomeOf({ status: "verified", sync: "duplicate", ...note("duplicate-made", "made <b>x</b>") }),
  );
  expect(markup).toContain('<section class="cutover alarm" ');
  expect(markup).toContain("<h3>duplicate-made: 1 row</h3>");
  expect(markup).toContain("<strong>Next:</strong> Take the AD account out of the sync scope");
  expect(markup).toContain("made &lt;b&gt;x&lt;/b&gt;");
});
