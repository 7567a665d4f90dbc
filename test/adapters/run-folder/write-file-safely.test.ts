import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FileCalls, writeFileSafely } from "../../../src/adapters/run-folder/write-file-safely.ts";
import { BatchError } from "../../../src/core/errors.ts";
import { codeThrownBy } from "../../conformance/run-store.ts";
import { openTestShelf } from "./folder-shelf.ts";
import { ABOUT, ATTEMPT, planOf } from "./sample-run.ts";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "hardmatch-write-"));
  fs.writeFileSync(join(folder, "results.csv"), "old");
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const read = (name = "results.csv") => fs.readFileSync(join(folder, name), "utf8");
const failWith = (code: string) => () => {
  throw Object.assign(new Error(`${code}: simulated`), { code });
};

test("a long text in many parts arrives whole", () => {
  const parts = Array.from({ length: 50_000 }, (_, index) => `${index};é😀\r\n`);
  writeFileSafely(folder, "results.csv", parts);
  expect(read()).toBe(parts.join(""));
  expect(fs.readdirSync(folder)).toEqual(["results.csv"]);
});

test("a system that writes a few bytes at a time loses none", () => {
  const calls: FileCalls = {
    ...fs,
    writeSync: ((descriptor: number, bytes: Uint8Array, offset: number, length: number) =>
      fs.writeSync(descriptor, bytes, offset, Math.min(length, 3))) as typeof fs.writeSync,
  };
  writeFileSafely(folder, "results.csv", ["abcdefgh", "😀ij"], calls);
  expect(read()).toBe("abcdefgh😀ij");
});

const failures: { title: string; calls: Partial<FileCalls> }[] = [
  { title: "a full disk", calls: { writeSync: failWith("ENOSPC") } },
  { title: "a system that writes nothing", calls: { writeSync: (() => 0) as typeof fs.writeSync } },
  { title: "a failed fsync", calls: { fsyncSync: failWith("EIO") } },
  { title: "a failed rename", calls: { renameSync: failWith("EIO") } },
];
for (const { title, calls } of failures) {
  test(`${title} leaves the old file as it was and nothing beside it`, () => {
    expect(codeThrownBy(() => writeFileSafely(folder, "results.csv", ["new"], { ...fs, ...calls }))).toBe("disk");
    expect([read(), fs.readdirSync(folder)]).toEqual(["old", ["results.csv"]]);
  });
}

test("a failed fsync is not tried again", () => {
  let tries = 0;
  const fsyncSync = () => {
    tries += 1;
    failWith("EIO")();
  };
  expect(codeThrownBy(() => writeFileSafely(folder, "results.csv", ["new"], { ...fs, fsyncSync }))).toBe("disk");
  expect(tries).toBe(1);
});

for (const code of ["EBUSY", "EPERM", "EACCES"]) {
  test(`a file that another program holds open (${code}) gets the new one beside it`, () => {
    const held = new Set(["results.csv", "results (2).csv"]);
    const renameSync = (from: fs.PathLike, to: fs.PathLike) => {
      if ([...held].some((name) => to === join(folder, name))) failWith(code)();
      fs.renameSync(from, to);
    };
    expect(writeFileSafely(folder, "results.csv", ["new"], { ...fs, renameSync })).toBe("results (3).csv");
    expect([read(), read("results (3).csv")]).toEqual(["old", "new"]);
    held.clear();
    expect(writeFileSafely(folder, "results.csv", ["newer"], { ...fs, renameSync })).toBe("results.csv");
    expect(read()).toBe("newer");
  });
}

test("a folder that refuses every name ends in an error", () => {
  expect(
    codeThrownBy(() => writeFileSafely(folder, "results.csv", ["new"], { ...fs, renameSync: failWith("EPERM") })),
  ).toBe("disk");
  expect([read(), fs.readdirSync(folder)]).toEqual(["old", ["results.csv"]]);
});

test("E04: an old file that everybody can read is replaced by one that nobody else can", () => {
  fs.chmodSync(join(folder, "results.csv"), 0o666);
  writeFileSafely(folder, "results.csv", ["new"]);
  expect((fs.statSync(join(folder, "results.csv")).mode & 0o777).toString(8)).toBe("600");
});

/** Mounts a file system of 512 KiB over a folder; false where that is not allowed. */
function mountSmallDisk(on: string): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", on], { stdio: "ignore" });
    return true;
  } catch (error) {
    if (error instanceof Error && "status" in error) return false;
    throw error;
  }
}

test("a disk that is really full truncates neither a projection nor the journal", async (context) => {
  const disk = join(folder, "disk");
  fs.mkdirSync(disk);
  if (!mountSmallDisk(disk)) context.skip("mounting a small disk needs root and the right to mount");
  try {
    const run = openTestShelf().create(join(disk, "run"), planOf(3), ABOUT);
    run.publish("results.csv", ["whole"]);
    run.publish("plan.csv", ["x".repeat(100_000)]);
    const kept = [await run.intend(ATTEMPT)];
    const megabyte = Array.from({ length: 16 }, () => "x".repeat(65_536));
    expect(codeThrownBy(() => run.publish("results.csv", megabyte))).toBe("disk");
    expect([run.readPublished("results.csv"), fs.readdirSync(run.folder).sort()]).toEqual([
      "whole",
      ["plan.csv", "results.csv", "run.lock", "run.lock-journal", "run.sqlite"],
    ]);
    let stopped: unknown = null;
    while (stopped === null) {
      try {
        kept.push(await run.intend({ ...ATTEMPT, operator: "x".repeat(20_000) }));
      } catch (error) {
        stopped = error;
      }
    }
    expect(stopped).toBeInstanceOf(BatchError);
    expect(String(stopped)).toContain("the disk is full");
    expect(kept.length).toBeGreaterThan(3);
    expect(run.readJournal()).toEqual(kept);
    // There is room again, but the run has stopped: no intent is made after one that failed.
    fs.rmSync(join(run.folder, "plan.csv"));
    await expect(run.intend(ATTEMPT)).rejects.toThrow("the disk is full");
    run.close();
    const before = fs.readdirSync(disk);
    expect(codeThrownBy(() => openTestShelf().create(join(disk, "other"), planOf(300), ABOUT))).toBe("disk");
    expect(fs.readdirSync(disk)).toEqual(before);
    const again = openTestShelf().open(join(disk, "run"), "write");
    expect([again.readPlan(), again.readJournal()]).toEqual([planOf(3), kept]);
    expect((await again.intend(ATTEMPT)).seq).toBe(kept.length + 1);
    again.close();
  } finally {
    execFileSync("umount", ["--lazy", disk]);
  }
});
