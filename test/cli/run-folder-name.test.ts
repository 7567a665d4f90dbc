import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listRunFolders, makeInFreeFolder } from "../../src/cli/run-folder-name.ts";
import { BatchError } from "../../src/core/errors.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hardmatch-names-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Makes a folder and refuses one that exists, as a shelf does. */
const make = (folder: string) => {
  if (mkdirSync(folder, { recursive: true }) === undefined) throw new BatchError("usage", "exists already", "");
  return folder;
};

test("a folder is named for the mapping and the second, and then numbered", () => {
  const [first, second, third] = listRunFolders("people of wave 1", new Date("2026-11-22T01:45:00.900Z"));
  expect([first, second, third]).toEqual(
    ["", "-2", "-3"].map((end) => join("runs", `people-of-wave-1-20261122T014500Z${end}`)),
  );
});

test("the first free folder is taken, also where another one appears at the last moment", () => {
  const folders = ["a", "b", "c"].map((name) => join(root, name));
  make(folders[0] ?? "");
  const race = (folder: string) => {
    if (folder === folders[1]) make(folder);
    return make(folder);
  };
  expect(makeInFreeFolder(folders, race).folder).toBe(folders[2]);
});

test("the only folder, where it exists, is refused, and another error is not taken for that", () => {
  const folder = make(join(root, "a"));
  expect(() => makeInFreeFolder([folder], make)).toThrow("exists already");
  const full = new BatchError("disk", "the disk is full", "");
  const fail = () => {
    throw full;
  };
  expect(() => makeInFreeFolder([folder, join(root, "b")], fail)).toThrow(full);
});
