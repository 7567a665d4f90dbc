/**
 * Plants each seeded bug in a copy of the program and runs the part of the suite that must notice it.
 *
 * Prints a table of bug, part and verdict; ends with 1 if a bug was not caught. Words on the command line choose the
 * bugs whose names hold one of them.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { SEEDED_BUGS, type SeededBug } from "./seeded-bugs.ts";

const COPIED = [
  "src",
  "test",
  "fixtures",
  "mappings",
  "takeover",
  "schemas",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
];
/** A bug may make the program wait for ever: that is noticed too. */
const LONGEST_MS = 300_000;

type Verdict = "caught" | "NOT CAUGHT" | "nothing ran";

const words = process.argv.slice(2);
const chosen = SEEDED_BUGS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
const folder = mkdtempSync(join(tmpdir(), "hardmatch-bugs-"));
try {
  for (const name of COPIED) cpSync(name, join(folder, name), { recursive: true });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  const verdicts = chosen.map((bug) => {
    const verdict = hunt(bug);
    console.log(`${verdict.padEnd(11)} | ${bug.name} | ${bug.caughtBy}`);
    return verdict;
  });
  const caught = verdicts.filter((verdict) => verdict === "caught").length;
  console.log(`seeded bugs: ${chosen.length} tried, ${caught} caught`);
  process.exitCode = caught === chosen.length ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

function hunt({ file, edits, caughtBy }: SeededBug): Verdict {
  const path = join(folder, file);
  const whole = readFileSync(path, "utf8");
  const planted = edits.reduce((text, { find, replace }) => text.replace(find, () => replace), whole);
  writeFileSync(path, planted);
  try {
    const vitest = [join("node_modules", "vitest", "vitest.mjs"), "run", caughtBy, "--bail", "1"];
    const { status, stdout, stderr, signal } = spawnSync(process.execPath, vitest, {
      cwd: folder,
      encoding: "utf8",
      // A mistake may show at one moment only, which the quick run of CI can step over.
      env: { ...process.env, HARDMATCH_PLAN_STRIDE: "1" },
      timeout: LONGEST_MS,
    });
    if (signal !== null) return "caught";
    if (status === 0) return "NOT CAUGHT";
    // A bug that does not even load proves nothing about the tests.
    return /[1-9]\d* failed, \d+ skipped/.test(stdout) && stderr.includes("AssertionError") ? "caught" : "nothing ran";
  } finally {
    writeFileSync(path, whole);
  }
}
