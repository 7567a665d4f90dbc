/**
 * Makes a run, changes it and publishes a file, and kills itself with SIGKILL just before the n-th call
 * that reaches the disk. Statements inside a transaction are not counted: only its end matters. Every line of output is a promise: what it names had returned.
 * With n = 0 it lives, and says at its end how many such calls there were.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { DatabaseSync } from "node:sqlite";

const [folder = "", deathAt = "0"] = process.argv.slice(2);
const { writeSync } = fs;
let effects = 0;

function countEffect(): void {
  effects += 1;
  if (effects === Number(deathAt)) process.kill(process.pid, "SIGKILL");
}

function killBefore<Owner extends object>(owner: Owner, names: readonly (keyof Owner & string)[]): void {
  for (const name of names) {
    const original: unknown = Reflect.get(owner, name);
    if (typeof original !== "function") throw new Error(`${name} is no function`);
    Reflect.set(owner, name, function counted(this: unknown, ...words: unknown[]): unknown {
      countEffect();
      return Reflect.apply(original, this, words);
    });
  }
}

const { openTestShelf } = await import("../folder-shelf.ts");
const { ABOUT, ATTEMPT, DECISIONS, OBSERVATION, planOf } = await import("../sample-run.ts");
killBefore(fs, ["mkdirSync", "openSync", "writeSync", "fsyncSync", "closeSync", "renameSync", "rmSync"]);
killBefore(DatabaseSync.prototype, ["exec", "close"]);
syncBuiltinESMExports();

const say = (line: string) => writeSync(1, `${line}\n`);
const run = openTestShelf(process.pid).create(folder, planOf(2), ABOUT);
say("created");
run.storeDecisions(DECISIONS);
say("decided");
await run.intend(ATTEMPT);
say("intended");
run.publish("results.csv", ["old\r\n"]);
say("published old");
run.observe(OBSERVATION);
run.publish("results.csv", ["new\r\n"]);
say("published new");
run.recordEnd("done", "2026-11-02T20:30:00.000Z");
say("ended");
run.close();
say(`effects ${effects}`);
