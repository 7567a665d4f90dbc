/** `demo`: the whole job on a simulated Active Directory and tenant, on this machine, without an account. */
import { defineCommand } from "../command.ts";
import { EXIT_CODES, type ExitCode } from "../exit-codes.ts";

const KNOWN: ReadonlySet<number> = new Set(Object.values(EXIT_CODES));

export const demo = defineCommand({
  name: "demo",
  summary: "Run the whole job, plan to rollback, on a simulated AD and tenant",
  about:
    "Starts both on free loopback ports, loads a small company and runs the ordinary commands against it. No account and no network are needed.",
  operand: null,
  options: ["serve", "keep"],
  async run({ serve, keep, json }, program) {
    const write = (text: string) => (json ? program.screen.noteRaw(text) : program.screen.printRaw(text));
    const code = await program.runDemo({ serve, keep: keep ?? null, write });
    const exitCode = program.stopping.exitCode ?? (isExitCode(code) ? code : EXIT_CODES.bug);
    return { exitCode, lines: [], document: { exitCode } };
  },
});

function isExitCode(code: number): code is ExitCode {
  return KNOWN.has(code);
}
