import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeLock } from "../../../src/adapters/run-folder/run-lock.ts";
import { codeRejectedBy, codeThrownBy } from "../../conformance/run-store.ts";
import { type FolderTestShelf, makeFolderShelf, startChild } from "./folder-shelf.ts";
import { ABOUT, ATTEMPT, DECISIONS, OBSERVATION, planOf } from "./sample-run.ts";

let made: FolderTestShelf;
let folder: string;
beforeEach(() => {
  made = makeFolderShelf();
  folder = made.folderOf("run");
});
afterEach(() => made.remove());

/** What a second process is told that wants to write. */
async function askSecondProcess(): Promise<string> {
  const child = startChild("hold-run.ts", folder);
  child.process.stdin?.end();
  const { output, errors } = await child.ended;
  return output + errors;
}

test("a second process is refused and told who holds the run, whatever the holder has read and published", async () => {
  const run = made.shelf.create(folder, planOf(3), ABOUT);
  run.readPlan();
  run.storeDecisions(DECISIONS);
  await run.intend(ATTEMPT);
  run.observe(OBSERVATION);
  run.readJournal();
  for (const name of ["plan.csv", "report.html", "results.csv", "retry.csv", "results.csv"]) {
    run.publish(name, ["text"]);
    run.readPublished(name);
  }
  made.shelf.open(folder, "read").close();
  run.recordEnd("done", "2026-11-02T20:30:00.000Z");
  expect(await askSecondProcess()).toContain(
    "refused: process 4711 of ada on host adm01 since 2026-11-02T20:15:00.000Z works on this run",
  );
  run.close();
  expect(await askSecondProcess()).toBe("held\n");
});

test("D16: a suspended holder keeps the run, and the kernel frees it when the holder is killed", async () => {
  made.shelf.create(folder, planOf(3), ABOUT).close();
  const holder = startChild("hold-run.ts", folder);
  expect(await holder.firstLine).toBe("held");
  expect(() => made.shelf.open(folder, "write")).toThrow(`process ${holder.process.pid} of ben on host adm02`);
  holder.process.kill("SIGSTOP");
  expect(() => made.shelf.open(folder, "write")).toThrow(`process ${holder.process.pid} of ben`);
  const reader = made.shelf.open(folder, "read");
  expect([reader.writable, reader.heldBy]).toEqual([false, expect.stringContaining("ben on host adm02")]);
  reader.close();
  holder.process.kill("SIGKILL");
  expect((await holder.ended).signal).toBe("SIGKILL");
  const run = made.shelf.open(folder, "write");
  expect(run.writable).toBe(true);
  run.close();
});

for (const count of [2, 10, 50]) {
  test(`D17: of ${count} processes that start at once exactly one gets the run, and the others are told which`, {
    timeout: 120_000,
  }, async () => {
    made.shelf.create(folder, planOf(1), ABOUT).close();
    const children = Array.from({ length: count }, () => startChild("hold-run.ts", folder));
    const answers = await Promise.all(children.map(({ firstLine }) => firstLine));
    for (const { process: child } of children) child.stdin?.end();
    await Promise.all(children.map(({ ended }) => ended));
    const pids = children.map(({ process: { pid } }) => pid);
    const winner = pids[answers.indexOf("held")];
    expect(answers.filter((answer) => answer === "held")).toHaveLength(1);
    const told = `refused: process ${winner} of ben on host adm02 since 2026-11-02T20:15:00.000Z works on this run. Nothing was changed now.`;
    expect(answers.filter((answer) => answer !== "held")).toEqual(Array.from({ length: count - 1 }, () => told));
  });
}

const leftovers: { title: string; text: string | null }[] = [
  { title: "no lock file", text: null },
  { title: "an empty lock file", text: "" },
];
for (const { title, text } of leftovers) {
  test(`D18: ${title} is taken over`, () => {
    made.shelf.create(folder, planOf(1), ABOUT).close();
    rmSync(join(folder, "run.lock"));
    if (text !== null) writeFileSync(join(folder, "run.lock"), text);
    made.shelf.open(folder, "write").close();
  });
}

test("D18: a lock file full of something else is refused with what to do, and left alone", () => {
  made.shelf.create(folder, planOf(1), ABOUT).close();
  writeFileSync(join(folder, "run.lock"), "garbage".repeat(1000));
  expect(() => made.shelf.open(folder, "write")).toThrow("is not a lock file");
  expect(readFileSync(join(folder, "run.lock"), "utf8")).toBe("garbage".repeat(1000));
});

test.skipIf(process.platform === "win32")("a pipe in the place of the lock file is refused at once", () => {
  made.shelf.create(folder, planOf(1), ABOUT).close();
  rmSync(join(folder, "run.lock"));
  execFileSync("mkfifo", [join(folder, "run.lock")]);
  expect(codeThrownBy(() => made.shelf.open(folder, "write"))).toBe("refused");
});

test("a holder whose lock file was swapped changes nothing more", async () => {
  const run = made.shelf.create(folder, planOf(1), ABOUT);
  renameSync(join(folder, "run.lock"), join(folder, "old.lock"));
  const second = made.shelf.open(folder, "write");
  expect(await codeRejectedBy(run.intend(ATTEMPT))).toBe("disk");
  await second.intend(ATTEMPT);
  run.close();
  second.close();
});

test("a lock is busy inside its own process too, and free again after its release", () => {
  const path = join(made.base, "a.lock");
  const first = takeLock(path);
  expect(takeLock(path)).toBe("busy");
  expect(takeLock(path)).toBe("busy");
  if (typeof first === "string") throw new Error(first);
  first.release();
  const second = takeLock(path);
  if (typeof second === "string") throw new Error(second);
  second.release();
  second.release();
  expect([existsSync(path), statSync(path).size]).toEqual([true, 0]);
});

test("a run is read whole while another process adds lines to it", async () => {
  made.shelf.create(folder, planOf(3), ABOUT).close();
  const writer = startChild("add-lines.ts", folder);
  expect(await writer.firstLine).toBe("held");
  const reader = made.shelf.open(folder, "read");
  const lengths: number[] = [];
  await new Promise<void>((resolve, reject) => {
    writer.process.stdout?.on("data", () => {
      try {
        if (lengths.length < 15) lengths.push(reader.readJournal().length);
        else resolve();
      } catch (error) {
        reject(error);
      }
    });
  }).finally(() => {
    reader.close();
    writer.process.stdin?.end();
  });
  expect((await writer.ended).errors).toBe("");
  expect(lengths).toHaveLength(15);
  expect(lengths.at(-1)).toBeGreaterThan(lengths[0] ?? 0);
});
