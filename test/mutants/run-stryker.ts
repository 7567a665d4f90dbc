/**
 * Changes the program in small ways, one at a time, and looks whether a test notices.
 *
 * Stryker makes the mutants and runs for each those tests that reach it. The tests are those of `vitest-config.ts`.
 */
import { globSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Stryker } from "@stryker-mutator/core";

const ROOT = join(import.meta.dirname, "../..");

/** One mutant that no test has noticed, named by its lines of code, because numbers of lines go stale. */
export type Survivor = {
  readonly file: string;
  readonly code: string;
  readonly becomes: string;
};

export type FileScore = { readonly file: string; killed: number; timedOut: number; survived: number };

export type Hunt = { readonly scores: readonly FileScore[]; readonly survivors: readonly Survivor[] };

/**
 * @param files Globs from the root.
 * @param concurrency Processes that run tests at the same time.
 * @param tests Globs of the tests that mutants are shown to; those of `vitest-config.ts` if left out.
 * @param reuse A file from which results are taken, and into which all are put. A result counts again while the mutant
 *   stands and the tests that reach it have the same names: a test that has changed beneath its name is overlooked.
 * @throws {Error} The tests fail without any mutant, or Stryker cannot run.
 */
export async function runStryker(
  files: readonly string[],
  {
    concurrency,
    reporters,
    tests,
    reuse,
  }: {
    readonly concurrency: number;
    readonly reporters: readonly string[];
    readonly tests: readonly string[] | undefined;
    readonly reuse: string | undefined;
  },
): Promise<Hunt> {
  // The configuration is read in another process.
  if (tests === undefined) delete process.env.MUTANT_TESTS;
  else process.env.MUTANT_TESTS = tests.join(" ");
  const results = await new Stryker({
    mutate: [...files],
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    vitest: { configFile: "test/mutants/vitest-config.ts", related: false },
    coverageAnalysis: "perTest",
    // What is computed when a file is loaded would need all tests anew for each mutant: tables of words and of codes,
    // which the compiler and tests of their own hold complete.
    ignoreStatic: true,
    mutator: { excludedMutations: ["StringLiteral"] }, // words; a code that is mistyped does not compile
    concurrency,
    ...(reuse !== undefined && { incremental: true, incrementalFile: reuse }),
    reporters: [...reporters],
    tempDirName: ".tmp/mutants",
    // Stryker would read tsconfig.json with the compiler's JavaScript API, which TypeScript 7 does not have.
    tsconfigFile: "not-rewritten.json",
    disableTypeChecks: false,
    // Not needed in the copy; and Biome refuses a folder in which it finds a second configuration.
    ignorePatterns: ["dist", "docs", "biome.json"],
    cleanTempDir: "always",
    allowConsoleColors: false,
  }).runMutationTest();

  // What is reused may know of files that were of the group once.
  const wanted = new Set(files.flatMap((glob) => globSync(glob, { cwd: ROOT })));
  const scores = new Map<string, FileScore>();
  const survivors: Survivor[] = [];
  for (const { fileName, location, replacement, status } of results) {
    if (status === "Ignored") continue;
    const file = relative(ROOT, fileName);
    if (!wanted.has(file)) continue;
    const score = scores.get(file) ?? { file, killed: 0, timedOut: 0, survived: 0 };
    scores.set(file, score);
    if (status === "Killed") score.killed += 1;
    else if (status === "Timeout") score.timedOut += 1;
    else {
      score.survived += 1;
      survivors.push({ file, ...describeMutant(file, location, replacement) });
    }
  }
  return { scores: [...scores.values()].toSorted((one, other) => (one.file < other.file ? -1 : 1)), survivors };
}

type Place = { readonly line: number; readonly column: number };

/** @param location Lines and columns from 1, the end not included. */
function describeMutant(
  file: string,
  { start, end }: { readonly start: Place; readonly end: Place },
  replacement: string,
): Pick<Survivor, "code" | "becomes"> {
  const lines = readFileSync(join(ROOT, file), "utf8").split("\n");
  const head = (lines[start.line - 1] ?? "").slice(0, start.column - 1);
  const tail = (lines[end.line - 1] ?? "").slice(end.column - 1);
  return {
    code: oneLine(lines.slice(start.line - 1, end.line).join("\n")),
    becomes: oneLine(`${head}${replacement}${tail}`),
  };
}

/** Without line breaks and double spaces. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** Per cent of the mutants that a test noticed; a test that no longer ends has noticed. 100 where there is none. */
export function scoreOf(scores: readonly FileScore[]): number {
  const noticed = scores.reduce((sum, { killed, timedOut }) => sum + killed + timedOut, 0);
  const all = noticed + scores.reduce((sum, { survived }) => sum + survived, 0);
  return all === 0 ? 100 : (100 * noticed) / all;
}
