/** The part of mutation testing that is quick enough for every run; the whole is `npm run reliability:mutants`. */
import { execFile } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { LEFT_OUT, MUTATED } from "./mutated-files.ts";
import { oneLine } from "./run-stryker.ts";
import { SURVIVING } from "./surviving-mutants.ts";

const ROOT = join(import.meta.dirname, "../..");
const MINUTES = 60_000;

/** Of planner, journal, rollback and classifier one file each, with the tests beside it. */
const FILES = ["core/order", "core/journal", "core/rollback-losses", "adapters/graph/graph-reply"];

test("E18: mutants of planner, journal, rollback and classifier are noticed by the tests beside them", {
  timeout: 10 * MINUTES,
}, async () => {
  const words = ["test/mutants/hunt-mutants.ts", ...FILES.map((name) => `src/${name}.ts`)];
  const environment = Object.entries(process.env).filter(([name]) => !/^(?:VITEST|NODE_ENV$|NODE_OPTIONS$)/.test(name));
  const { stdout } = await promisify(execFile)(process.execPath, words, {
    cwd: ROOT,
    maxBuffer: 16 * 1024 * 1024,
    env: {
      ...Object.fromEntries(environment),
      MUTANT_TESTS: FILES.map((name) => `test/${name}.test.ts`).join(" "),
    },
  }).catch((error: { readonly stdout: string; readonly stderr: string }) => {
    throw new Error(`${error.stdout}\n${error.stderr}`);
  });
  const score = /mutation score \S+ %.*/.exec(stdout)?.[0] ?? "";
  console.log(`E18: ${score}`);
  expect(score).toMatch(/, 0 unexplained$/);
});

test("every survivor that is explained is still there to be explained, once and with a reason", () => {
  const mutants = SURVIVING.flatMap(({ mutants }) => mutants);
  const gone = mutants.filter(({ file, code }) => !oneLine(readFileSync(join(ROOT, file), "utf8")).includes(code));
  expect(gone).toEqual([]);
  expect(new Set(mutants.map((mutant) => JSON.stringify(mutant))).size).toBe(mutants.length);
  expect(SURVIVING.filter(({ reason, mutants: of }) => reason === "" || of.length === 0)).toEqual([]);
});

test("every glob of the mutated files finds some, and every file of the core is mutated or left out by name", () => {
  const found = new Set<string>();
  for (const glob of Object.values(MUTATED).flatMap(({ files }) => files)) {
    const files = globSync(glob, { cwd: ROOT });
    expect(files.length, glob).toBeGreaterThan(0);
    for (const file of files) {
      expect(existsSync(join(ROOT, file)), file).toBe(true);
      found.add(file);
    }
  }
  const missing = globSync("src/core/**/*.ts", { cwd: ROOT }).filter(
    (file) => !found.has(file) && !LEFT_OUT.test(file),
  );
  expect(missing).toEqual([]);
});
