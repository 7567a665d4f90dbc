import { expect, test } from "vitest";
import { describeOutcomes, renderOutcomes } from "../../../src/cli/render/run-summary.ts";
import { changeOf, outcomeOf, plannedRow } from "../../adapters/report/report-views.ts";

test("a step in AD is told of by its cloud user and by the domain controller that answered", () => {
  const planned = plannedRow({ row: 2, account: "ada", side: "ad", action: "set-consistency-guid" });
  const change = changeOf(planned, { kind: planned.action, side: "ad", name: "CORP\\ada" });
  const failed = outcomeOf(planned, "failed", { change, message: "may not", requestId: "dc1.corp.contoso.example" });
  const lines = renderOutcomes([failed], "runs/none").map((line) => (typeof line === "string" ? line : line.text));
  expect(lines).toContain(
    `  row 2  ada -> ${planned.userPrincipalName}: may not (domain controller dc1.corp.contoso.example)`,
  );
  expect(describeOutcomes([failed]).open[0]).toMatchObject({ userPrincipalName: planned.userPrincipalName });
});
