import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { describeNextSteps } from "../../src/cli/next-steps.ts";
import { outcomeOf, runView } from "../adapters/csv/run-view.ts";

test("describeNextSteps plans what is left over with the options of the first plan, the source key among them", () => {
  const folder = mkdtempSync(join(tmpdir(), "hardmatch-next-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "retry.csv"), "");
  const outcomes = [outcomeOf({ status: "failed" })];
  const { plan } = runView(outcomes);
  const stepsWith = (options: Partial<typeof plan.header.options>) => {
    const header = { ...plan.header, options: { ...plan.header.options, ...options } };
    return describeNextSteps({ ...plan, header }, outcomes, {
      values: { config: undefined },
      folder,
      decisions: null,
      rolledBack: false,
      openings: [],
    });
  };
  expect(stepsWith({})[0]).toMatch(/retry\.csv$/);
  expect(stepsWith({ replace: true, anchor: "objectGUID", sourceKey: "mail" })[0]).toMatch(
    /retry\.csv --replace --anchor objectGUID --source-key mail$/,
  );
});
