/** Opens a run of any size as a resume does, and prints what it found and the most memory that it took, in MiB. */
import { foldJournal } from "../../../../src/core/change-progress.ts";
import { listOutcomes } from "../../../../src/core/outcome.ts";
import { openTestShelf } from "../folder-shelf.ts";

const [folder = ""] = process.argv.slice(2);
const run = openTestShelf(process.pid).open(folder, "write");
const journal = run.readJournal();
let verified = 0;
for (const { status } of listOutcomes(run.readPlan(), foldJournal(journal))) if (status === "verified") verified += 1;
run.close();
console.log(JSON.stringify({ lines: journal.length, verified, residentMib: process.resourceUsage().maxRSS / 1024 }));
