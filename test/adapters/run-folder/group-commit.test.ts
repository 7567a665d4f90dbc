/** Lines that share a commit: which, when, and what becomes of them when the disk fails. */
import { expect, test } from "vitest";
import { GroupCommit } from "../../../src/adapters/run-folder/group-commit.ts";
import { ManualClock } from "../../support/memory-run.ts";

function openGroup(clock?: ManualClock) {
  const commits: string[][] = [];
  const disk = { fails: false, tookMs: 0 };
  const group = new GroupCommit<string>((lines) => {
    if (disk.fails) throw new Error("the disk is full");
    clock?.hold(disk.tookMs);
    commits.push([...lines]);
  }, clock);
  return { group, commits, disk };
}

test("lines that are promised in one turn of the event loop share a commit, with what was learned before", async () => {
  const { group, commits } = openGroup();
  group.add("learned");
  const promises = ["ada", "ben", "cyd"].map((line) => {
    group.add(line);
    return group.settle();
  });
  expect(commits).toEqual([]);
  await Promise.all(promises);
  expect(commits).toEqual([["learned", "ada", "ben", "cyd"]]);
});

test("a promise that comes after a commit gets one of its own", async () => {
  const { group, commits } = openGroup();
  for (const line of ["ada", "ben"]) {
    group.add(line);
    await group.settle();
  }
  expect(commits).toEqual([["ada"], ["ben"]]);
});

test("a commit waits as long as the last one took, and takes along what comes meanwhile", async () => {
  const clock = new ManualClock();
  const { group, commits, disk } = openGroup(clock);
  disk.tookMs = 20;
  group.add("ada");
  await group.settle();
  clock.onMove.push(() => group.add("ben, while the disk rested"));
  group.add("cyd");
  await group.settle();
  expect(clock.slept).toEqual([20]);
  expect(commits.at(-1)).toEqual(["cyd", "ben, while the disk rested"]);
});

test("a thousand lines that nobody waits for are committed at once", () => {
  const { group, commits } = openGroup();
  for (let line = 1; line <= 2500; line += 1) group.add(String(line));
  expect(commits.map(({ length }) => length)).toEqual([1000, 1000]);
  group.flush();
  expect(commits.at(-1)).toHaveLength(500);
});

test("a commit that fails rejects everybody who waits for it, and keeps the lines", async () => {
  const { group, commits, disk } = openGroup();
  disk.fails = true;
  const promises = ["ada", "ben"].map((line) => {
    group.add(line);
    return group.settle();
  });
  const ends = await Promise.allSettled(promises);
  expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  disk.fails = false;
  group.flush();
  expect(commits).toEqual([["ada", "ben"]]);
});
