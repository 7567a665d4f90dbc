/** Makes a run under the given umask, publishes a file into it and says `made`. */
import { openTestShelf } from "../folder-shelf.ts";
import { ABOUT, planOf } from "../sample-run.ts";

const [folder = "", umask = ""] = process.argv.slice(2);
process.umask(Number.parseInt(umask, 8));
const run = openTestShelf(process.pid).create(folder, planOf(2), ABOUT);
run.publish("plan.csv", ["row\r\n"]);
run.close();
process.stdout.write("made\n");
