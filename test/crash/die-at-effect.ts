/**
 * The whole program on a machine that dies: with SIGKILL, just before or just after one of its effects.
 *
 *   node die-at-effect.ts <moment> <words of the command line...>
 *
 * Every effect has two moments, before and after; they are numbered from 1. `21 before http PATCH` is the 21st of that
 * name. With moment 0 it lives. Counted is what the
 * composition root performs and, inside that, every call by which an adapter changes the disk: so a death in the
 * middle of a transaction, or between the write and the rename of a file, is among them. Statements inside a
 * transaction are not: only its end matters. The last line on stderr is `moments <count>`, or the moment of the death.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { DatabaseSync } from "node:sqlite";
import { type Machine, thisMachine } from "../../src/adapters/system/machine.ts";

const [deathAt = "0", ...words] = process.argv.slice(2);
const [, ordinal, named] = /^(\d+)(?: (.+))?$/.exec(deathAt) ?? [];
const { writeSync } = fs;
let moments = 0;
let ofThatName = 0;

function pass(moment: string): void {
  moments += 1;
  if (moment === named) ofThatName += 1;
  const isDeath =
    named === undefined ? moments === Number(ordinal) : moment === named && ofThatName === Number(ordinal);
  if (!isDeath) return;
  writeSync(2, `\ndied ${moment}\n`);
  process.kill(process.pid, "SIGKILL");
  // The signal is on its way; nothing more may happen until it is there.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function perform<Result>(effect: string, act: () => Result): Result {
  pass(`before ${effect}`);
  const result = act();
  if (!(result instanceof Promise)) {
    pass(`after ${effect}`);
    return result;
  }
  // Whoever waits for the effect goes on only after this.
  const settled = result.finally(() => pass(`after ${effect}`));
  return settled as Result;
}

/** Has the named calls performed; `counts` says by their first word whether they change anything. */
function count<Owner extends object>(
  owner: Owner,
  names: readonly (keyof Owner & string)[],
  counts: (words: readonly unknown[]) => boolean = () => true,
): void {
  for (const name of names) {
    const original: unknown = Reflect.get(owner, name);
    if (typeof original !== "function") throw new Error(`${name} is no function`);
    Reflect.set(owner, name, function counted(this: unknown, ...given: unknown[]): unknown {
      const act = (): unknown => Reflect.apply(original, this, given);
      return counts(given) ? perform(name, act) : act();
    });
  }
}

const machine: Machine = { ...thisMachine, perform };
const { runOn } = await import("../../src/main.ts");
count(fs, ["mkdirSync", "writeSync", "fsyncSync", "renameSync", "rmSync", "chmodSync"]);
count(fs, ["openSync"], ([, flags]) => typeof flags === "number" && (flags & fs.constants.O_CREAT) !== 0);
count(DatabaseSync.prototype, ["exec"], ([sql]) => /^(BEGIN|COMMIT|ROLLBACK)/.test(String(sql)));
count(DatabaseSync.prototype, ["close"]);
syncBuiltinESMExports();
process.exitCode = await runOn(machine, words);
writeSync(2, `\nmoments ${moments}\n`);
