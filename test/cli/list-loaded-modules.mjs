/** Preloaded into the program under test: prints at its end which packages and built-in databases it has loaded. */

import { writeSync } from "node:fs";
import { registerHooks } from "node:module";

const loaded = new Set();
registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith(".") && !specifier.startsWith("file:")) loaded.add(specifier);
    return next(specifier, context);
  },
});
process.once("exit", () => writeSync(1, `loaded: ${[...loaded].sort().join(" ")}\n`));
