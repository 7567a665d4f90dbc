import { expect, test } from "vitest";
import { renderTakeover } from "../../../src/adapters/report/takeover-section.ts";
import type { TakeoverChange } from "../../../src/core/takeover-preview.ts";
import { plannedRow, viewOf } from "./report-views.ts";

const cleared: TakeoverChange = { property: "jobTitle", kind: "cleared", before: ["Engineer"], after: [] };
const added: TakeoverChange = { property: "city", kind: "added", before: [], after: ["Lyon"] };
const textOf = (view: Parameters<typeof renderTakeover>[0]) =>
  renderTakeover(view)
    ?.markup.replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

test("the section counts users by property, each with a link to its rows", () => {
  const rows = [
    plannedRow({ row: 2, takeover: [cleared] }),
    plannedRow({ row: 3, takeover: [cleared, added] }),
    plannedRow({ row: 4, takeover: [] }),
    plannedRow({ row: 5 }),
  ];
  const view = viewOf({ rows });
  expect(textOf(view)).toContain("Of 3 users that were compared, 2 will change");
  expect(textOf(view)).toContain("jobTitle 2 0 2 0 show city 1 0 0 1 show");
  expect(textOf(view)).toContain("Compared by the default rules of sync (checked 2026-11)");
  expect(renderTakeover(view)?.markup).toContain('data-search="jobTitle:"');
});

test("the section says so where both sides agree", () => {
  expect(textOf(viewOf({ rows: [plannedRow({ row: 2, takeover: [] })] }))).toContain(
    "Nothing: both sides agree in every user that was compared, 1 in all.",
  );
});

test("there is no section where nothing was compared, nor in a way back", () => {
  expect(renderTakeover(viewOf({ rows: [plannedRow({ row: 2 })] }))).toBeNull();
  expect(renderTakeover(viewOf({ rows: [plannedRow({ row: 2, takeover: [cleared] })], kind: "rollback" }))).toBeNull();
});
