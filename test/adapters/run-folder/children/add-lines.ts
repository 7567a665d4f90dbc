/** Opens a run for writing, says `held`, and adds lines to its journal, saying so, until its standard input ends. */

import { openRunShelf } from "../../../../src/adapters/run-folder/run-shelf.ts";
import { ATTEMPT, OBSERVATION } from "../sample-run.ts";

const [folder = ""] = process.argv.slice(2);
const shelf = openRunShelf({
  now: () => new Date("2026-11-02T20:15:00.000Z"),
  programVersion: "0.1.0",
  user: "ben",
  host: "adm02",
  pid: process.pid,
});
const run = shelf.open(folder, "write");
let ended = false;
process.stdin.on("end", () => {
  ended = true;
});
process.stdin.resume();
process.stdout.write("held\n");
while (!ended) {
  const { seq } = await run.intend(ATTEMPT);
  run.observe({ ...OBSERVATION, attempt: seq });
  process.stdout.write("added\n");
  // an apply waits for its tenant here; without any pause a reader may find the file locked for as long as it waits
  await new Promise((resolve) => setTimeout(resolve, 10));
}
run.close();
