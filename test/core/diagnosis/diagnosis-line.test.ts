/** What lines come to: the worst of them decides, and what was not looked at counts for nothing. */
import { expect, test } from "vitest";
import {
  countStates,
  type DiagnosisLine,
  type DiagnosisPart,
  judgeLines,
  type LineState,
  lineOf,
  ok,
} from "../../../src/core/diagnosis/diagnosis-line.ts";
import { notChecked } from "../../../src/core/diagnosis/fact.ts";

const line = (part: DiagnosisPart, state: LineState): DiagnosisLine => ({
  ...{ part, state, subject: null, check: "node", says: "It is so." },
  mend: null,
});

test.each<[title: string, lines: readonly DiagnosisLine[], verdict: string]>([
  ["no line at all", [], "done"],
  ["warnings and what was left out", [line("tenant", "warning"), line("directory", "not-checked")], "done"],
  ["a tenant that fails", [line("tenant", "failure"), line("machine", "ok")], "tenant"],
  ["a directory before a tenant", [line("tenant", "failure"), line("directory", "failure")], "directory"],
  ["the configuration before both", [line("directory", "failure"), line("configuration", "failure")], "usage"],
  ["this machine, as the configuration", [line("tenant", "failure"), line("machine", "failure")], "usage"],
])("%s is judged by the first part that fails", (_title, lines, verdict) => {
  expect(judgeLines(lines)).toBe(verdict);
});

test("lines are counted by state", () => {
  const lines = [line("tenant", "ok"), line("tenant", "ok"), line("machine", "failure"), line("machine", "warning")];
  expect(countStates(lines)).toEqual({ ok: 2, warning: 1, failure: 1, "not-checked": 0 });
});

const PLACE = { part: "directory", subject: "CORP", check: "bind" } as const;
const judge = () => ok("Fine.");

test("a fact that was found is judged, one that was not looked at says why, and one that failed says what mends it", () => {
  expect(lineOf(PLACE, { state: "found", found: 1 }, judge)).toEqual({ ...PLACE, ...ok("Fine.") });
  expect(lineOf(PLACE, notChecked("nobody listens"), judge)).toMatchObject({
    state: "not-checked",
    says: "Not checked: nobody listens.",
  });
  const failed = { state: "failed", code: "directory", message: "It is closed", mend: "Open it." } as const;
  expect(lineOf(PLACE, failed, judge)).toEqual({ ...PLACE, state: "failure", says: "It is closed.", mend: "Open it." });
});

test.each(["config", "input"] as const)("a failure of the %s counts as one of the configuration", (code) => {
  const failed = { state: "failed", code, message: "No secret.", mend: "Provide it." } as const;
  expect(lineOf(PLACE, failed, judge).part).toBe("configuration");
});
