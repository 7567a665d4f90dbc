/** `demo`: the whole job on a simulated Active Directory and tenant, on this machine, without an account. */
import { readdirSync, statSync } from "node:fs";
import { BatchError } from "../../core/errors.ts";
import { defineCommand, type Report } from "../command.ts";
import type { DemoDocument } from "../documents/offline-documents.ts";
import { EXIT_CODES, type ExitCode } from "../exit-codes.ts";
import { DEMO } from "./descriptions.ts";

const KNOWN: ReadonlySet<number> = new Set(Object.values(EXIT_CODES));

export const demo = defineCommand({
  ...DEMO,
  async run({ serve, keep, json }, program): Promise<Report<DemoDocument>> {
    if (keep !== undefined) requireEmptyFolder(keep);
    const write = (text: string) => (json ? program.screen.noteRaw(text) : program.screen.printRaw(text));
    if (serve) {
      const fate =
        keep === undefined
          ? "the folder below and the runs in it are removed; --keep <dir> would keep them"
          : `the files stay in ${keep}`;
      write(`When the simulation ends, ${fate}.\n`);
      program.stopping.announce(`ending the simulation: ${fate}.`);
    }
    const code = await program.runDemo({ serve, keep: keep ?? null, write });
    const exitCode = program.stopping.exitCode ?? (isExitCode(code) ? code : EXIT_CODES.bug);
    return { exitCode, lines: [], document: { exitCode } };
  },
});

/** @throws {BatchError} usage: something is there that the demonstration would mix with its own. */
function requireEmptyFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined || (found.isDirectory() && readdirSync(folder).length === 0)) return;
  throw new BatchError(
    "usage",
    `${folder} ${found.isDirectory() ? "is not empty" : "is not a folder"}. Nothing was started.`,
    "Name a folder after --keep that is empty or does not exist yet.",
  );
}

function isExitCode(code: number): code is ExitCode {
  return KNOWN.has(code);
}
