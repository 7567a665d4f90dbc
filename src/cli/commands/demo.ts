/** `demo`: the whole job on a simulated Active Directory and tenant, on this machine, without an account. */
import { defineCommand, type Report } from "../command.ts";
import type { DemoDocument } from "../documents/offline-documents.ts";
import { EXIT_CODES, type ExitCode } from "../exit-codes.ts";

const KNOWN: ReadonlySet<number> = new Set(Object.values(EXIT_CODES));

export const demo = defineCommand({
  name: "demo",
  group: "other",
  summary: "Run the whole job, plan to rollback, on a simulated AD and tenant",
  about:
    "Starts both on free loopback ports, loads a small company and runs the ordinary commands against it. No account and no network are needed.",
  examples: [
    ["hardmatch demo", "the whole job, on this machine"],
    ["hardmatch demo --serve --keep demo", "leave the simulation running, to try commands on"],
  ],
  operand: null,
  options: ["serve", "keep"],
  async run({ serve, keep, json }, program): Promise<Report<DemoDocument>> {
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

function isExitCode(code: number): code is ExitCode {
  return KNOWN.has(code);
}
