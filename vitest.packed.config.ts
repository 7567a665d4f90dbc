/** The ordinary tests over again, with every user, account and row packed: what is right of few records is right of many. */
import { defineConfig, mergeConfig } from "vitest/config";
import ordinary from "./vitest.config.ts";

export default mergeConfig(ordinary, defineConfig({ test: { setupFiles: ["test/packed/pack-everything.ts"] } }));
