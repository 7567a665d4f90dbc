/**
 * The tests that mutants are shown to: the quick ones, which start no process of the program and no domain controller.
 * Each mutant runs those that reach it, so a slow one counts a hundred times.
 */
import { defineConfig } from "vitest/config";
import { NearestFirst } from "./nearest-first.ts";

const QUICK = [
  "test/core/**/*.test.ts",
  // What replaces a module needs files of its own: see isolate below.
  "test/stages/**/!(packed-plan).test.ts",
  "test/pipeline.test.ts",
  "test/holder-actions.test.ts",
  "test/adapters/graph/{write-answer,graph-reply,transport-failure,retry-after}.test.ts",
  "test/reliability/writer-model.test.ts",
];

export default defineConfig({
  test: {
    // MUTANT_TESTS names fewer, for a first look or where the tests beside a file are to notice everything.
    include: process.env.MUTANT_TESTS?.split(" ") ?? QUICK,
    env: { HARDMATCH_MODEL_RUNS: "60", HARDMATCH_COMPANIES: "2" },
    // The first run, without a mutant, measures which test reaches what and is slow; of a mutant Stryker ends what hangs.
    testTimeout: 60_000,
    setupFiles: ["./test/mutants/stop-early.ts"],
    sequence: { sequencer: NearestFirst },
    // Files that are loaded once are enough: a mutant is switched on and off in memory.
    isolate: false,
  },
});
