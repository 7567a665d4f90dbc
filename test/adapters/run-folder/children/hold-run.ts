/** Opens a run for writing, says `held` or why not, and holds it until its standard input ends. */

import { openRunShelf } from "../../../../src/adapters/run-folder/run-shelf.ts";
import { BatchError } from "../../../../src/core/errors.ts";

const [folder = ""] = process.argv.slice(2);
const shelf = openRunShelf({
  now: () => new Date("2026-11-02T20:15:00.000Z"),
  programVersion: "0.1.0",
  user: "ben",
  host: "adm02",
  pid: process.pid,
});
try {
  const run = shelf.open(folder, "write");
  process.stdin.on("end", () => run.close()).resume();
  process.stdout.write("held\n");
} catch (error) {
  if (!(error instanceof BatchError)) throw error;
  process.stdout.write(`${error.code}: ${error.message}\n`);
}
