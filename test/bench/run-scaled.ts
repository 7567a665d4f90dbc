/** Runs a shipped command on a machine whose clock is faster: `run-scaled.ts <TimeScale as JSON> <words>`. */
import { clockOfProgram } from "./scaled-time.ts";

const [scale = "", ...words] = process.argv.slice(2);
const dist = new URL("../../dist/", import.meta.url);
const { runOn }: typeof import("../../src/main.ts") = await import(new URL("main.js", dist).href);
const { thisMachine }: typeof import("../../src/adapters/system/machine.ts") = await import(
  new URL("adapters/system/machine.js", dist).href
);
const clock = clockOfProgram(JSON.parse(scale), thisMachine.clock);
process.exitCode = await runOn({ ...thisMachine, clock }, words);
