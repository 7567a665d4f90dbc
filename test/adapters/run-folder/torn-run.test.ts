/** Power that fails in the middle of a commit, and disks that lose or change bytes: a committed state or a refusal. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "../../../src/adapters/run-folder/run-database.ts";
import {
  cutDatabase,
  cutNeededJournal,
  cutUnsyncedJournal,
  type DamagedRun,
  flipBits,
  loseJournal,
  makeDamagedRun,
  mixPages,
} from "./damage-run.ts";
import { type FolderTestShelf, makeFolderShelf } from "./folder-shelf.ts";

const SEED = 20261122;

let made: FolderTestShelf;
let run: DamagedRun;
beforeEach(async () => {
  made = makeFolderShelf();
  run = await makeDamagedRun(made);
});
afterEach(() => made.remove());

test("D04: what a process killed in a transaction has left opens at the state before it", () => {
  run.judge("as it was left", run.torn, run.journal);
  expect(run.verdicts).toEqual({ tried: 1, whole: 1, refused: 0, wrong: [] });
});

test("D04: power that fails before the rollback journal is on disk leaves the committed state, wherever the journal ends", () => {
  cutUnsyncedJournal(run, 467);
  const { tried } = run.verdicts;
  expect(run.verdicts).toEqual({ tried, whole: tried, refused: 0, wrong: [] });
  expect(tried).toBeGreaterThan(20);
});

test("D04: power that fails while pages are written leaves the committed state, whichever pages are old or torn", () => {
  mixPages(run, 60, SEED);
  expect(run.verdicts).toEqual({ tried: 60, whole: 60, refused: 0, wrong: [] });
});

test("D04: a database that is open for writing waits for the disk at every commit", () => {
  const database = openDatabase(run.file, "write");
  expect(database.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 3 });
  expect(database.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "delete" });
  database.close();
});

test("D05: a rollback journal that is cut although it is needed never gives a wrong row", () => {
  cutNeededJournal(run, 467);
  loseJournal(run);
  expect(run.verdicts.wrong).toEqual([]);
  expect(run.verdicts.refused).toBeGreaterThan(0);
});

test("D05: run.sqlite cut off anywhere is refused", () => {
  cutDatabase(run, 997);
  const { tried } = run.verdicts;
  expect(run.verdicts).toEqual({ tried, whole: 0, refused: tried, wrong: [] });
});

test("D06: a bit flipped anywhere is refused or has no effect", () => {
  flipBits(run, 331);
  expect(run.verdicts.wrong).toEqual([]);
  expect(run.verdicts.refused).toBeGreaterThan(30);
});
