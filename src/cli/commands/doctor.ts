/** `doctor`: looks at everything that a night depends on, one line each; writes to no directory. */
import {
  countStates,
  type DiagnosisLine,
  endSentence,
  failure,
  judgeLines,
  lineOf,
  ok,
} from "../../core/diagnosis/diagnosis-line.ts";
import { type Fact, notChecked } from "../../core/diagnosis/fact.ts";
import { describeMachine } from "../../core/diagnosis/machine-lines.ts";
import { BatchError } from "../../core/errors.ts";
import { defineCommand, type Report } from "../command.ts";
import type { DoctorDocument } from "../documents/doctor-document.ts";
import { examineDirectories, examineTenant } from "../examine.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import type { Program } from "../program.ts";
import { renderDiagnosis, summarizeDiagnosis } from "../render/diagnosis.ts";
import { RUNS_FOLDER } from "../run-folder-name.ts";
import type { Settings } from "../settings.ts";
import { listTrustedVariables } from "../trusted-environment.ts";
import { DOCTOR } from "./descriptions.ts";

const EXIT_OF_VERDICT = {
  done: EXIT_CODES.done,
  usage: EXIT_CODES.usage,
  directory: EXIT_CODES.directory,
  tenant: EXIT_CODES.tenant,
} as const;

export const doctor = defineCommand({
  ...DOCTOR,
  async run({ config }, program): Promise<Report<DoctorDocument>> {
    const { settings, lines: ofConfiguration } = await readConfiguration(program, config);
    const sides = settings === null ? LEFT_OUT : await lookAtSides(program, settings);
    const lines = [...(await lookAtMachine(program, sides.clockSkewMs)), ...ofConfiguration, ...sides.lines];
    const document: DoctorDocument = {
      exitCode: EXIT_OF_VERDICT[judgeLines(lines)],
      counts: countStates(lines),
      lines,
    };
    return {
      exitCode: document.exitCode,
      lines: [...renderDiagnosis(lines), summarizeDiagnosis(lines)],
      document,
    };
  },
});

type Sides = { readonly clockSkewMs: Fact<number | null>; readonly lines: DiagnosisLine[] };

const NO_SETTINGS = notChecked("there is no configuration to go by");
/** What is said of both sides where nobody knows which they are. */
const LEFT_OUT: Sides = {
  clockSkewMs: NO_SETTINGS,
  lines: [
    lineOf({ part: "directory", subject: null, check: "dns" }, NO_SETTINGS, ok),
    lineOf({ part: "tenant", subject: null, check: "graph" }, NO_SETTINGS, ok),
  ],
};

async function lookAtSides(program: Program, settings: Settings): Promise<Sides> {
  const directories = await examineDirectories(program, settings);
  const tenant = await examineTenant(program, settings);
  const graph = tenant.facts?.graph;
  return {
    clockSkewMs:
      graph?.state === "found"
        ? { state: "found", found: graph.found.clockSkewMs }
        : notChecked("the tenant's clock cannot be seen"),
    lines: [...directories, tenant].flatMap(({ lines }) => lines),
  };
}

/** Secrets are left for when they are wanted: a missing one must not hide what can be seen without it. */
async function readConfiguration(program: Program, file: string | undefined) {
  const place = { part: "configuration", subject: null, check: "configuration" } as const;
  try {
    const settings = await program.readSettings(file, { secrets: "later" });
    const sides = `tenant ${settings.tenant.id}, directories ${settings.directories.map(nameDirectory).join(", ")}`;
    return { settings, lines: [{ ...place, ...ok(`${settings.file}: ${sides}.`) }] };
  } catch (error) {
    if (!(error instanceof BatchError) || error.code !== "config") throw error;
    const { message, details, hint } = error;
    const problems = details.length === 0 ? [message] : details;
    return { settings: null, lines: problems.map((text) => ({ ...place, ...failure(endSentence(text), hint) })) };
  }
}

function nameDirectory(directory: Settings["directories"][number]): string {
  return directory.domain ?? (directory.kind === "live" ? directory.urls.join(" ") : directory.path);
}

async function lookAtMachine(program: Program, clockSkewMs: Fact<number | null>): Promise<DiagnosisLine[]> {
  const { tryFolder } = await program.openFolderProbe();
  return describeMachine({
    nodeVersion: process.versions.node,
    trustedVariables: listTrustedVariables(program.environment),
    clockSkewMs,
    runFolder: await tryFolder(RUNS_FOLDER),
  });
}
