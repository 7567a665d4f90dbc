import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digest } from "../../../src/adapters/run-folder/digest.ts";
import { openDatabase } from "../../../src/adapters/run-folder/run-database.ts";
import { BatchError } from "../../../src/core/errors.ts";
import { codeRejectedBy, codeThrownBy, testRunStore } from "../../conformance/run-store.ts";
import { type FolderTestShelf, makeFolderShelf, startChild } from "./folder-shelf.ts";
import { ABOUT, ATTEMPT, OBSERVATION, planOf } from "./sample-run.ts";

testRunStore("the run folder", makeFolderShelf);

let made: FolderTestShelf;
let folder: string;
beforeEach(() => {
  made = makeFolderShelf();
  folder = made.folderOf("run");
});
afterEach(() => made.remove());

const createRun = () => made.shelf.create(folder, planOf(3), ABOUT);
const open = (access: "write" | "read" = "write") => made.shelf.open(folder, access);

/** Changes the database of a closed run by hand. */
function editDatabase(sql: string): void {
  const database = new DatabaseSync(join(folder, "run.sqlite"));
  database.exec(sql);
  database.close();
}

test("the connection that writes has synchronous EXTRA and a rollback journal", () => {
  createRun().close();
  const database = openDatabase(join(folder, "run.sqlite"), "write");
  expect(database.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 3 });
  expect(database.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "delete" });
  expect(database.prepare("PRAGMA trusted_schema").get()).toEqual({ trusted_schema: 0 });
  database.close();
});

for (const umask of ["000", "022", "277"]) {
  test(`E04: the folder has mode 0700 and every file 0600 under umask ${umask}`, async () => {
    const child = startChild("make-run.ts", folder, umask);
    const { output, errors } = await child.ended;
    expect(output + errors).toBe("made\n");
    const modeOf = (path: string) => (lstatSync(path).mode & 0o777).toString(8);
    expect(modeOf(folder)).toBe("700");
    const modes = Object.fromEntries(readdirSync(folder).map((name) => [name, modeOf(join(folder, name))]));
    expect(modes).toEqual({ "plan.csv": "600", "run.lock": "600", "run.sqlite": "600" });
  });
}

test("making a run leaves nothing behind but the run, its folders above included", () => {
  const deep = made.folderOf(join("above", "run"));
  made.shelf.create(deep, planOf(1), ABOUT).close();
  expect(readdirSync(deep).sort()).toEqual(["run.lock", "run.sqlite"]);
});

test("making a run that fails leaves nothing behind, not even the folders above", () => {
  const deep = made.folderOf(join("above", "run"));
  const forged = { ...planOf(1), hash: "0".repeat(64) };
  expect(() => made.shelf.create(deep, forged, ABOUT)).toThrow("hash");
  expect(readdirSync(made.base)).toEqual([]);
});

const plants: { name: string; plant: (path: string) => void }[] = [
  { name: "a symbolic link", plant: (path) => symlinkSync(join(made.base, "other"), path) },
  { name: "a second name of another file", plant: (path) => linkSync(join(made.base, "other"), path) },
  { name: "a folder", plant: (path) => mkdirSync(path) },
  { name: "a pipe", plant: (path) => execFileSync("mkfifo", [path]) },
];
for (const { name, plant } of plants) {
  for (const file of ["run.sqlite", "run.lock", "results.csv"]) {
    test(`E05: ${name} planted as ${file} is refused and what it leads to is untouched`, () => {
      createRun().close();
      writeFileSync(join(made.base, "other"), "the operator's own");
      rmSync(join(folder, file), { force: true });
      plant(join(folder, file));
      const act = file === "results.csv" ? () => publishInto() : () => open();
      expect(codeThrownBy(act)).toBe("refused");
      expect(readFileSync(join(made.base, "other"), "utf8")).toBe("the operator's own");
    });
  }
}

function publishInto(): void {
  const run = open();
  try {
    run.publish("results.csv", ["ours"]);
  } finally {
    run.close();
  }
}

test("a published file that has become a link is not read", () => {
  const run = createRun();
  writeFileSync(join(made.base, "other"), "the operator's own");
  symlinkSync(join(made.base, "other"), join(folder, "results.csv"));
  expect(codeThrownBy(() => run.readPublished("results.csv"))).toBe("refused");
  run.close();
});

test("names that lead out of the folder or are the store's own cannot be published", () => {
  const run = createRun();
  for (const name of [
    "../results.csv",
    "a/b.csv",
    "a\\b.csv",
    "",
    ".",
    "..",
    "run.sqlite",
    "RUN.lock",
    "x.csv ",
    "a:b",
  ]) {
    expect(() => run.publish(name, ["x"]), name).toThrow(/name/);
  }
  run.close();
});

test("a run of a newer program is refused and named, for reading too", () => {
  createRun().close();
  editDatabase(
    "UPDATE meta SET value = '2' WHERE key = 'schemaVersion'; UPDATE meta SET value = '9.1.0' WHERE key = 'programVersion'",
  );
  for (const access of ["write", "read"] as const) {
    expect(codeThrownBy(() => open(access))).toBe("refused");
    expect(() => open(access)).toThrow("9.1.0");
  }
});

for (const [version, told, hint] of [
  [
    1,
    "an earlier version of the program, which stores plans in another way (plan version 1; known here: 2)",
    "Plan again",
  ],
  [3, "a newer version of the program, which stores plans in another way (plan version 3; known here: 2)", "Use that"],
] as const) {
  test(`a run with a plan of version ${version} is refused whatever else stands in it, and says what to do`, () => {
    createRun().close();
    const header = JSON.stringify({ kind: "apply", version });
    const check = digest([JSON.stringify(["meta", "header", header])]).slice(0, 32);
    editDatabase(`UPDATE meta SET value = '${header}', "check" = '${check}' WHERE key = 'header'`);
    for (const access of ["write", "read"] as const) {
      expect(codeThrownBy(() => open(access))).toBe("refused");
      expect(() => open(access)).toThrow(told);
      expect(hintThrownBy(() => open(access))).toContain(hint);
    }
  });
}

test("a database of another program is refused", () => {
  createRun().close();
  editDatabase("PRAGMA application_id=1");
  expect(() => open()).toThrow("not made by this program");
});

test("a folder without run.sqlite is no run, and stays as it is", () => {
  mkdirSync(folder);
  expect(codeThrownBy(() => open())).toBe("usage");
  expect(readdirSync(folder)).toEqual([]);
});

test("a file in the place of a run is said to be one", () => {
  writeFileSync(folder, "sAMAccountName,userPrincipalName\n");
  expect(hintThrownBy(() => made.shelf.open(folder, "read"))).toContain("a mapping is for `plan`");
});

test.each([
  ["of a plan that was cut off may be deleted", ["run.lock", "run.sqlite.0a1b.tmp"], true],
  ["that holds anything else is never to be deleted", ["run.lock", "mapping.csv"], false],
])("a folder %s", (_title, names, mayBeDeleted) => {
  mkdirSync(folder);
  for (const name of names) writeFileSync(join(folder, name), "");
  const hint = hintThrownBy(() => made.shelf.open(folder, "read"));
  expect(hint.includes("delete the folder")).toBe(mayBeDeleted);
});

function hintThrownBy(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof BatchError) return error.hint;
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("E06: a folder that is swapped or moved while it is open gets no more changes", async () => {
  const run = createRun();
  await run.intend(ATTEMPT);
  renameSync(folder, `${folder}-moved`);
  expect(await codeRejectedBy(run.intend(ATTEMPT))).toBe("disk");
  made.shelf.create(folder, planOf(3), ABOUT).close();
  expect(codeThrownBy(() => run.observe(OBSERVATION))).toBe("disk");
  expect(codeThrownBy(() => run.publish("results.csv", []))).toBe("disk");
  run.close();
  const other = open();
  expect(other.readJournal()).toEqual([]);
  other.close();
  renameSync(`${folder}-moved`, `${folder}-back`);
  const back = made.shelf.open(`${folder}-back`, "write");
  expect(back.readJournal()).toHaveLength(1);
  back.close();
});

test("E06: a link to the run folder that is turned elsewhere does not move the run", () => {
  createRun().close();
  const link = made.folderOf("link");
  symlinkSync(folder, link);
  const run = made.shelf.open(link, "write");
  rmSync(link);
  mkdirSync(link);
  run.publish("results.csv", ["ours"]);
  expect([readdirSync(link), existsSync(join(folder, "results.csv"))]).toEqual([[], true]);
  run.close();
});

/** Makes a folder read-only, for root too; gives the way back, or null where that is not allowed. */
function makeReadOnly(path: string): (() => void) | null {
  if (process.getuid?.() !== 0) {
    chmodSync(path, 0o500);
    return () => chmodSync(path, 0o700);
  }
  try {
    execFileSync("mount", ["--bind", path, path], { stdio: "ignore" });
    execFileSync("mount", ["-o", "remount,ro,bind", path], { stdio: "ignore" });
    return () => execFileSync("umount", ["--lazy", path]);
  } catch (error) {
    if (error instanceof Error && "status" in error) return null;
    throw error;
  }
}

for (const { title, without } of [
  { title: "a read-only folder", without: [] },
  { title: "a read-only folder without a lock file", without: ["run.lock"] },
]) {
  test.skipIf(process.platform === "win32")(`${title} can be read and not written`, async (context) => {
    createRun().close();
    for (const name of without) rmSync(join(folder, name));
    const undo = makeReadOnly(folder);
    if (undo === null) return context.skip("root needs the right to mount to make a folder read-only");
    try {
      const run = open("read");
      expect([run.writable, run.heldBy]).toEqual([false, null]);
      expect(run.readPlan()).toEqual(planOf(3));
      expect(await codeRejectedBy(run.intend(ATTEMPT))).toBe("refused");
      run.close();
      expect(codeThrownBy(() => open("write"))).toBe("disk");
    } finally {
      undo();
    }
  });
}

test("a link planted as SQLite's journal is not followed", () => {
  createRun().close();
  writeFileSync(join(made.base, "other"), "the operator's own");
  symlinkSync(join(made.base, "other"), join(folder, "run.sqlite-journal"));
  expect(codeThrownBy(() => open("write"))).not.toBe("nothing");
  expect(readFileSync(join(made.base, "other"), "utf8")).toBe("the operator's own");
});

test("a run that was ended says so until it is taken up again", async () => {
  const run = createRun();
  expect(run.readEnd()).toBeNull();
  await run.intend(ATTEMPT);
  run.recordEnd("done", "2026-11-02T20:30:00.000Z");
  run.close();
  const again = open();
  expect(again.readEnd()).toEqual({ reason: "done", at: "2026-11-02T20:30:00.000Z" });
  await again.intend(ATTEMPT);
  expect(again.readEnd()).toBeNull();
  again.close();
});
