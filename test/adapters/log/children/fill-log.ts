/** Logs more than fits where the size of files is limited, and says what the log said at its end. */
import { openRunLog } from "../../../../src/adapters/log/run-log.ts";

const [path = ""] = process.argv.slice(2);
const log = await openRunLog(path, "info");
for (let row = 1; row <= 100; row += 1) log.info("write accepted", { row, requestId: "f1b1a3c2" });
process.stdout.write(`went on: ${log.close()}\n`);
