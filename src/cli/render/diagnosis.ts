/** Shows a diagnosis: one line for each thing that was looked at, under the part that it belongs to, with the mend below it. */
import {
  countStates,
  DIAGNOSIS_PARTS,
  type DiagnosisLine,
  type DiagnosisPart,
  type LineState,
} from "../../core/diagnosis/diagnosis-line.ts";
import type { Line, LineStyle } from "./screen.ts";
import { countOf } from "./table.ts";

const STATE_STYLES: Readonly<Record<LineState, LineStyle | null>> = {
  ok: null,
  warning: "careful",
  failure: "bad",
  "not-checked": null,
};
const STATE_WORDS: Readonly<Record<LineState, string>> = {
  ok: "ok",
  warning: "warning",
  failure: "failure",
  "not-checked": "-",
};
const PART_WORDS: Readonly<Record<DiagnosisPart, string>> = {
  machine: "This machine",
  configuration: "Configuration",
  directory: "Active Directory",
  tenant: "Tenant",
};
const STATE_WIDTH = Math.max(...Object.values(STATE_WORDS).map((word) => word.length));
const CHECK_WIDTH = "directory-roles".length;

/** Every line, in the order in which it was looked at, grouped by part. */
export function renderDiagnosis(lines: readonly DiagnosisLine[]): Line[] {
  return DIAGNOSIS_PARTS.flatMap((part): Line[] => {
    const own = lines.filter((line) => line.part === part);
    if (own.length === 0) return [];
    return [{ style: "strong", text: PART_WORDS[part] }, ...own.flatMap(renderDiagnosisLine), ""];
  });
}

/** What came of testing a few answers: without headings, which would say nothing new. */
export function renderTested(lines: readonly DiagnosisLine[]): Line[] {
  return lines.flatMap(renderDiagnosisLine);
}

/** What mends several lines in a row stands once, below the last of them. */
function renderDiagnosisLine(
  { state, check, subject, says, mend }: DiagnosisLine,
  index: number,
  lines: readonly DiagnosisLine[],
): Line[] {
  const style = STATE_STYLES[state];
  const about = subject === null ? "" : `${subject}: `;
  const text = `  ${STATE_WORDS[state].padEnd(STATE_WIDTH)}  ${check.padEnd(CHECK_WIDTH)}  ${about}${says}`;
  const whole: Line = style === null ? text : { style, text };
  return mend === null || lines[index + 1]?.mend === mend
    ? [whole]
    : [whole, `${" ".repeat(STATE_WIDTH + CHECK_WIDTH + 6)}mend: ${mend}`];
}

/** `2 failures, 1 warning, 3 not checked, 12 ok`. */
export function summarizeDiagnosis(lines: readonly DiagnosisLine[]): Line {
  const { ok, warning, failure, "not-checked": left } = countStates(lines);
  const parts = [
    ...(failure > 0 ? [countOf(failure, "failure")] : []),
    ...(warning > 0 ? [countOf(warning, "warning")] : []),
    ...(left > 0 ? [`${left} not checked`] : []),
    `${ok} ok`,
  ];
  return { style: failure > 0 ? "bad" : warning > 0 ? "careful" : "good", text: `${parts.join(", ")}.` };
}
