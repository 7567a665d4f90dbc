/**
 * Dies with SIGKILL inside a transaction that has already written pages into run.sqlite: what is left is a database
 * between two states, and the rollback journal that leads back.
 *
 * The page cache is made so small that SQLite must write before the end; a transaction of the program does that only when
 * it is large.
 */
import { openDatabase } from "../../../../src/adapters/run-folder/run-database.ts";
import { storeEvents } from "../../../../src/adapters/run-folder/stored-journal.ts";
import { ABOUT, ATTEMPT } from "../sample-run.ts";

const [file = "", firstSeq = "1"] = process.argv.slice(2);
const database = openDatabase(file, "write");
database.exec("PRAGMA cache_size=4; BEGIN IMMEDIATE");
for (let line = 0; line < 200; line += 1) {
  const seq = Number(firstSeq) + line;
  storeEvents(database, ABOUT.runId, [{ ...ATTEMPT, kind: "intent", runId: ABOUT.runId, seq }]);
}
process.kill(process.pid, "SIGKILL");
