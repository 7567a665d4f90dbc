import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digest } from "../../../src/adapters/run-folder/digest.ts";
import { BatchError } from "../../../src/core/errors.ts";
import { codeThrownBy } from "../../conformance/run-store.ts";
import { type FolderTestShelf, makeFolderShelf } from "./folder-shelf.ts";
import { ABOUT, ATTEMPT, DECISIONS, OBSERVATION, planOf } from "./sample-run.ts";

let made: FolderTestShelf;
let folder: string;
let file: string;
beforeEach(async () => {
  made = makeFolderShelf();
  folder = made.folderOf("run");
  file = join(folder, "run.sqlite");
  const run = made.shelf.create(folder, planOf(3), ABOUT);
  run.storeDecisions(DECISIONS);
  await run.intend({ ...ATTEMPT, before: "the-old-value" });
  run.observe(OBSERVATION);
  await run.intend(ATTEMPT);
  run.close();
});
afterEach(() => made.remove());

/** Everything a run says, or the message of its refusal. */
function readAll(): unknown {
  try {
    const run = made.shelf.open(folder, "read");
    try {
      return [run.about, run.readPlan(), run.readDecisions(), run.readJournal()];
    } finally {
      run.close();
    }
  } catch (error) {
    if (error instanceof BatchError) return error.message;
    throw error;
  }
}

function editDatabase(sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

test("D06: one flipped byte in a stored old value is found and its line is named", () => {
  const bytes = readFileSync(file);
  const place = bytes.indexOf("the-old-value");
  expect(place).toBeGreaterThan(0);
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  const check = new DatabaseSync(file);
  expect(check.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
  check.close();
  expect(readAll()).toContain("attempt 1 in the journal is not what was saved");
});

const edits: { title: string; sql: string; says: string }[] = [
  {
    title: "an edited row",
    sql: "UPDATE row SET body = replace(body, 'ada2@', 'adx2@') WHERE row = 2",
    says: "its hash is",
  },
  {
    title: "an edited change",
    sql: 'UPDATE change SET body = replace(body, \'"after":null\', \'"after":"x"\')',
    says: "its hash is",
  },
  { title: "a removed row", sql: "DELETE FROM row WHERE row = 3", says: "its hash is" },
  { title: "a removed finding", sql: "DELETE FROM finding", says: "its hash is" },
  { title: "changes in another order", sql: "UPDATE change SET position = 10 - position", says: "its hash is" },
  {
    title: "an edited tenant",
    sql: "UPDATE meta SET value = replace(value, 'global', 'china') WHERE key = 'header'",
    says: '"header"',
  },
  {
    title: "another plan hash",
    sql: "UPDATE meta SET value = replace(value, 'a', 'b') WHERE key = 'planHash'",
    says: '"planHash"',
  },
  {
    title: "edited decisions",
    sql: "UPDATE meta SET value = replace(value, '3', '4') WHERE key = 'decisions'",
    says: '"decisions"',
  },
  { title: "another run id", sql: "UPDATE meta SET value = 'other' WHERE key = 'runId'", says: '"runId"' },
  {
    title: "a removed journal line",
    sql: "DELETE FROM observation WHERE seq = 2",
    says: "Line 2 of the journal is missing",
  },
  {
    title: "a removed last journal line",
    sql: "DELETE FROM attempt WHERE seq = 3",
    says: "ends at line 2, but 3 were saved",
  },
  {
    title: "a renumbered journal line",
    sql: "UPDATE attempt SET seq = 4 WHERE seq = 3",
    says: "Line 3 of the journal is missing",
  },
  { title: "a huge journal number", sql: "UPDATE attempt SET seq = 9223372036854775807 WHERE seq = 3", says: "Line 3" },
  {
    title: "two journal lines exchanged",
    sql: "UPDATE attempt SET seq = 4 - seq + 100; UPDATE attempt SET seq = seq - 100",
    says: "attempt 1 in the journal is not",
  },
  { title: "a missing table", sql: "DROP TABLE finding", says: "finding" },
];
for (const { title, sql, says } of edits) {
  test(`D07: ${title} is refused by name`, () => {
    expect(readAll()).toBeInstanceOf(Array);
    editDatabase(sql);
    expect(readAll()).toContain(says);
  });
}

test("D07: a journal line brought from another run is refused", async () => {
  const other = made.folderOf("other");
  const run = made.shelf.create(other, planOf(3), { ...ABOUT, runId: "2026-11-03-0900-1111" });
  await run.intend(ATTEMPT);
  run.observe(OBSERVATION);
  run.close();
  editDatabase(`ATTACH '${join(other, "run.sqlite")}' AS other;
    DELETE FROM observation; INSERT INTO observation SELECT * FROM other.observation`);
  expect(readAll()).toContain("observation 2 in the journal is not what was saved");
});

test("D07: rows of another run's plan are refused by the hash", () => {
  const other = made.folderOf("other");
  made.shelf.create(other, planOf(3, "Ben"), ABOUT).close();
  editDatabase(
    `ATTACH '${join(other, "run.sqlite")}' AS other; DELETE FROM row; INSERT INTO row SELECT * FROM other.row`,
  );
  expect(readAll()).toContain("its hash is");
});

test("D07: run.sqlite of another run tells that it is that run", () => {
  const other = made.folderOf("other");
  made.shelf.create(other, planOf(4), { ...ABOUT, runId: "2026-11-03-0900-1111" }).close();
  copyFileSync(join(other, "run.sqlite"), file);
  const run = made.shelf.open(folder, "read");
  expect([run.about.runId, run.about.planHash]).toEqual(["2026-11-03-0900-1111", planOf(4).hash]);
  run.close();
});

const forgeries: { title: string; find: string; put: string }[] = [
  {
    title: "a URL for an object id",
    find: '"objectId":"28d6e2d5-6368-4d5a-b671-000000001002"',
    put: '"objectId":"https://example.invalid/"',
  },
  { title: "one more property", find: '"name":"ada2@contoso.example"', put: '"name":"ada2@contoso.example","zz":1' },
  { title: "a prototype key", find: '{"after"', put: '{"__proto__":{},"after"' },
  { title: "a key that stands in it twice", find: '"side":"cloud"', put: '"side":"ad","side":"cloud"' },
  { title: "a wrong type", find: '"group":0', put: '"group":"0"' },
  { title: "a row that is not in the plan", find: '"row":2', put: '"row":99' },
  { title: "a step that is already there", find: '"row":2', put: '"row":3' },
  { title: "text that is not JSON", find: '"side":"cloud"', put: '"side":cloud' },
];
for (const { title, find, put } of forgeries) {
  test(`E09: a forged plan with ${title} is refused although its hash is right`, () => {
    const database = new DatabaseSync(file);
    const select = "SELECT body FROM change WHERE row = 2";
    const before = String(database.prepare(select).get()?.body);
    expect(before).toContain(find);
    database.prepare("UPDATE change SET body = ? WHERE row = 2").run(before.replace(find, put));
    const bodies = (table: string) =>
      database
        .prepare(`SELECT body FROM ${table} ORDER BY position`)
        .all()
        .map(({ body }) => `${table} ${String(body)}\n`);
    const header = String(database.prepare("SELECT value FROM meta WHERE key = 'header'").get()?.value);
    const hash = digest([`plan ${header}\n`, ...bodies("row"), ...bodies("change"), ...bodies("finding")]);
    const check = digest([JSON.stringify(["meta", "planHash", hash])]).slice(0, 32);
    database.prepare(`UPDATE meta SET value = ?, "check" = ? WHERE key = 'planHash'`).run(hash, check);
    database.close();
    const run = made.shelf.open(folder, "read");
    expect(run.about.planHash).toBe(hash);
    expect(codeThrownBy(() => run.readPlan())).toBe("refused");
    expect(() => run.readPlan()).not.toThrow("its hash is");
    run.close();
  });
}

test("pages that do not add up are refused although every row can be read", () => {
  const bytes = readFileSync(file);
  bytes.writeUInt32BE(1, 36); // number of free pages in SQLite's header
  writeFileSync(file, bytes);
  expect(readAll()).toContain("run.sqlite is damaged");
});
