import { expect, test } from "vitest";
import { renderTested } from "../../../src/cli/render/diagnosis.ts";
import { type DiagnosisLine, failure } from "../../../src/core/diagnosis/diagnosis-line.ts";

const place = { part: "configuration", subject: null, check: "configuration" } as const;
const line = (says: string, mend: string): DiagnosisLine => ({ ...place, ...failure(says, mend) });
const textOf = (lines: readonly DiagnosisLine[]) =>
  renderTested(lines).map((each) => (typeof each === "string" ? each : each.text).trim().replaceAll(/ {2,}/g, " "));

test("what mends several lines in a row stands once, below the last of them", () => {
  expect(textOf([line("One.", "Mend."), line("Two.", "Mend."), line("Three.", "Another.")])).toEqual([
    "failure configuration One.",
    "failure configuration Two.",
    "mend: Mend.",
    "failure configuration Three.",
    "mend: Another.",
  ]);
});
