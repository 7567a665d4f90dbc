/** `explain`: what a finding or an exit code means, offline. */
import type { Explanation } from "../../core/checks/check.ts";
import { EXPLANATIONS } from "../../core/checks/checks.ts";
import { BatchError } from "../../core/errors.ts";
import { FINDING_CODES, type FindingCode } from "../../core/findings.ts";
import { HOLDER_ACTION_WORDS, HOW_ACTIONS_ARE_CHOSEN } from "../../core/holder-action-words.ts";
import { HOLDER_ACTIONS, type HolderAction } from "../../core/mapping.ts";
import { MENDING, type Mending } from "../../core/mending/mending.ts";
import { SYNC_TROUBLE_WORDS, SYNC_TROUBLES, type SyncTrouble } from "../../core/sync-trouble.ts";
import { defineCommand, type Report } from "../command.ts";
import type { ExplainDocument } from "../documents/offline-documents.ts";
import { EXIT_CODES, EXIT_MEANINGS, type ExitName } from "../exit-codes.ts";
import { findNearest } from "../nearest.ts";
import type { Line } from "../render/screen.ts";
import { renderPairs, renderTable } from "../render/table.ts";
import { EXPLAIN } from "./descriptions.ts";

const SEVERITY_WORDS: Readonly<Record<Explanation["severity"], string>> = {
  block: "block: the row is not written",
  warn: "warn: the row is written, but look at it",
  info: "info: worth knowing",
};
/** What a rollback says of a row that it does not write, though it holds up no other one. */
const LEFT_ALONE: ReadonlySet<FindingCode> = new Set(["rollback-drift", "rollback-taken-over", "rollback-unconfirmed"]);
const LEFT_ALONE_WORDS = "warn: the row is left alone, the others are written";
const EXIT_NAMES = Object.keys(EXIT_CODES) as ExitName[];

export const explain = defineCommand({
  ...EXPLAIN,
  async run(_values, _program, [code]): Promise<Report<ExplainDocument>> {
    if (code === undefined) return listAll();
    const wanted = code.trim().toLowerCase();
    const finding = FINDING_CODES.find((known) => known === wanted);
    if (finding !== undefined) return explainFinding(finding);
    const action = HOLDER_ACTIONS.find((known) => known === wanted);
    if (action !== undefined) return explainAction(action);
    const trouble = SYNC_TROUBLES.find((known) => known === wanted);
    if (trouble !== undefined) return explainTrouble(trouble);
    const exit = EXIT_NAMES.find((name) => String(EXIT_CODES[name]) === wanted);
    if (exit !== undefined) return explainExit(exit);
    const nearest = findNearest(wanted, [...FINDING_CODES, ...HOLDER_ACTIONS, ...SYNC_TROUBLES]);
    throw new BatchError(
      "usage",
      `There is no finding, no holder action and no exit code ${JSON.stringify(code)}.`,
      nearest === null
        ? "Run `hardmatch explain` for all of them."
        : `Did you mean ${nearest}? Run \`hardmatch explain\` for all of them.`,
    );
  },
});

function listAll(): Report<ExplainDocument> {
  const findings = FINDING_CODES.map((code) => ({
    code,
    severity: EXPLANATIONS[code].severity,
    says: EXPLANATIONS[code].says,
  }));
  const actions = HOLDER_ACTIONS.map((action) => ({ action, does: HOLDER_ACTION_WORDS[action].does }));
  const troubles = SYNC_TROUBLES.map((trouble) => ({ trouble, ...SYNC_TROUBLE_WORDS[trouble] }));
  const exitCodes = EXIT_NAMES.map((name) => ({ exitCode: EXIT_CODES[name], means: EXIT_MEANINGS[name] }));
  return {
    exitCode: EXIT_CODES.done,
    lines: [
      { style: "strong", text: "Findings" },
      ...renderTable({
        headings: ["code", "severity", "what is the case"],
        rows: findings.map(({ code, severity, says }) => [code, severity, says]),
      }),
      "",
      { style: "strong", text: "Holder actions" },
      ...renderTable({ headings: ["action", "what it does"], rows: actions.map(({ action, does }) => [action, does]) }),
      "",
      { style: "strong", text: "Rows of a cutover that sync has not matched" },
      ...renderTable({
        headings: ["said", "what it means"],
        rows: troubles.map(({ trouble, means }) => [trouble, means]),
      }),
      "",
      { style: "strong", text: "Exit codes" },
      ...renderTable({
        headings: ["code", "meaning"],
        rows: exitCodes.map(({ exitCode, means }) => [exitCode, means]),
      }),
      "",
      "One in full: hardmatch explain <code>",
    ],
    document: { findings, actions, troubles, exitCodes },
  };
}

function explainFinding(code: FindingCode): Report<ExplainDocument> {
  const { severity, says, asWarning, why, mend, source, checked } = EXPLANATIONS[code];
  const mending = MENDING[code];
  return {
    exitCode: EXIT_CODES.done,
    lines: [
      { style: "strong", text: code },
      ...renderPairs([
        ["severity", LEFT_ALONE.has(code) ? LEFT_ALONE_WORDS : SEVERITY_WORDS[severity]],
        ["what", says],
        ...(asWarning === undefined ? [] : [["as a warning", asWarning] as const]),
        ["why", why],
        ["mend", mend],
        ["source", `${source} (checked ${checked})`],
      ]),
      ...renderMending(mending),
    ],
    document: { code, severity, says, asWarning: asWarning ?? null, why, mend, source, checked, mending },
  };
}

function explainAction(action: HolderAction): Report<ExplainDocument> {
  const { does, resolves, barred, undo } = HOLDER_ACTION_WORDS[action];
  return {
    exitCode: EXIT_CODES.done,
    lines: [
      { style: "strong", text: action },
      ...renderPairs([
        ["does", does],
        ["resolves", resolves],
        ["never on", barred],
        ["undo", undo],
        ["chosen", HOW_ACTIONS_ARE_CHOSEN],
      ]),
    ],
    document: { action, does, resolves, barred, undo, chosen: HOW_ACTIONS_ARE_CHOSEN },
  };
}

/** How to mend it by hand. Lines are not wrapped, so that they can be copied. */
function renderMending({ portal, powershell, graph }: Mending): Line[] {
  const ways: readonly (readonly [string, readonly string[]])[] = [
    ["Admin tools", portal === null ? [] : [portal]],
    ["PowerShell", powershell],
    ["Graph", graph],
  ];
  return ways.flatMap(([name, texts]): Line[] =>
    texts.length === 0 ? [] : ["", { style: "strong", text: `By hand: ${name}` }, ...texts.map((text) => `  ${text}`)],
  );
}

function explainTrouble(trouble: SyncTrouble): Report<ExplainDocument> {
  const { means, next } = SYNC_TROUBLE_WORDS[trouble];
  return {
    exitCode: EXIT_CODES.done,
    lines: [
      { style: "strong", text: trouble },
      ...renderPairs([
        ["means", means],
        ["next", next],
      ]),
    ],
    document: { trouble, means, next },
  };
}

function explainExit(name: ExitName): Report<ExplainDocument> {
  const means = EXIT_MEANINGS[name];
  return {
    exitCode: EXIT_CODES.done,
    lines: [{ style: "strong", text: `Exit code ${EXIT_CODES[name]}` }, `  ${means}`],
    document: { exitCode: EXIT_CODES[name], means },
  };
}
