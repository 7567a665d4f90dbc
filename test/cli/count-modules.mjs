/** Preloaded into the program under test: prints at its end which of its own files it has loaded. */
import { writeSync } from "node:fs";
import { registerHooks } from "node:module";

const root = new URL("../../src/", import.meta.url).href;
const files = [];
registerHooks({
  load(url, context, next) {
    if (url.startsWith(root)) files.push(url.slice(root.length));
    return next(url, context);
  },
});
process.once("exit", () => writeSync(1, `\nfiles: ${files.join(" ")}\n`));
