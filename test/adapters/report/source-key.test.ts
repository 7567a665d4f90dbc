import { expect, test } from "vitest";
import { reportHtml } from "../../../src/adapters/report/report-html.ts";
import type { SourceKey } from "../../../src/core/source-key.ts";
import { outcomeOf, pageText, plannedRow, viewOf } from "./report-views.ts";

function pageWith(sourceKey: SourceKey): string {
  const planned = plannedRow({ row: 2, account: "ada" });
  const view = viewOf({ rows: [planned], outcomes: [outcomeOf(planned, "failed")] });
  const { header } = view.plan;
  const options = { ...header.options, sourceKey };
  return pageText(reportHtml.render({ ...view, plan: { ...view.plan, header: { ...header, options } } }));
}

test("the report says what names the accounts, where it is not the account name, and plans retry.csv by the same", () => {
  expect(pageWith("mail")).toContain("accounts named by mail; anchor auto");
  expect(pageWith("mail")).toContain("retry.csv&quot; --source-key mail");
  expect(pageWith("sAMAccountName")).not.toMatch(/accounts named by|source-key/);
});
