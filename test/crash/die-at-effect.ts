/**
 * The whole program on a machine that dies: with SIGKILL, just before or just after one of its effects, or some time
 * after it; or in which a bug shows there.
 *
 *   node die-at-effect.ts <moment> <words of the command line...>
 *
 * Every effect has two moments, before and after; they are numbered from 1. `21 before http PATCH` is the 21st of that
 * name. `21 and 850 us` is so many microseconds after the 21st moment, whatever is done then. `throw 21` has the effect
 * fail as no adapter says it can, `reject 21` leaves a rejection that nobody handles, and `crash 21` throws where nobody
 * catches. With moment 0 it lives. Counted is what the
 * composition root performs and, inside that, every call by which an adapter changes the disk: so a death in the
 * middle of a transaction, or between the write and the rename of a file, is among them. Statements inside a
 * transaction are not: only its end matters. The last line on stderr is `moments <count>`, or the moment of the death.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { type Machine, thisMachine } from "../../src/adapters/system/machine.ts";

const [deathAt = "0", ...words] = process.argv.slice(2);
const [, bug, ordinal, microseconds, named] =
  /^(?:(throw|reject|crash) )?(\d+)(?: and (\d+) us| (.+))?$/.exec(deathAt) ?? [];
const { writeSync } = fs;
let moments = 0;
let ofThatName = 0;

/** Kills the process from a thread of its own, so that it dies in the middle of whatever it does. */
const KILLER = `
const { workerData: { started, microseconds } } = require("node:worker_threads");
Atomics.wait(started, 0, 0);
Atomics.wait(started, 1, 0, microseconds / 1000);
process.kill(process.pid, "SIGKILL");
`;
const started = new Int32Array(new SharedArrayBuffer(8));
if (microseconds !== undefined)
  new Worker(KILLER, { eval: true, workerData: { started, microseconds: Number(microseconds) } }).unref();

function pass(moment: string): void {
  moments += 1;
  if (moment === named) ofThatName += 1;
  const isDeath =
    named === undefined ? moments === Number(ordinal) : moment === named && ofThatName === Number(ordinal);
  if (!isDeath) return;
  if (microseconds !== undefined) {
    writeSync(2, `\nreached ${moment}\n`);
    Atomics.store(started, 0, 1);
    Atomics.notify(started, 0);
    return;
  }
  if (bug !== undefined) {
    writeSync(2, `\nbug ${moment}\n`);
    const error = new Error("a bug that was planted");
    if (bug === "throw") throw error;
    if (bug === "reject") void Promise.reject(error);
    else
      setImmediate(() => {
        throw error;
      });
    return;
  }
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
