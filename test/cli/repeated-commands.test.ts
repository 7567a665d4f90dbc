/** Commands that are given twice, and run folders that are not as this program has left them. */
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type MetaKey, putMeta } from "../../src/adapters/run-folder/run-database.ts";
import { idOf } from "../support/facts.ts";
import { type SmallCompany, startSmallCompany } from "../support/small-company.ts";

const NAMES = ["ada", "ben", "dee", "eve"] as const;
const BEFORE = [null, null, idOf("eve"), idOf("dee")];
const APPLY = ["apply", "runs/a", "--confirm", "4"] as const;

let company: SmallCompany;
beforeEach(async () => {
  company = await startSmallCompany();
  await run("plan", company.writeMapping(NAMES), "--replace", "--run", "runs/a");
});
afterEach(async () => {
  await company.close();
});

const run = (...words: string[]) => company.run(words);
const writes = () => company.tenant.ledger.entries.length;
const edit = (act: (database: DatabaseSync) => void) => {
  const database = new DatabaseSync(company.path("runs/a/run.sqlite"));
  act(database);
  database.close();
};
const putMetaOf = (key: MetaKey, value: string) => edit((database) => putMeta(database, key, value));

const COMMANDS = [[...APPLY], ["status", "runs/a"], ["verify", "runs/a"], ["rollback", "runs/a", "--confirm", "4"]];

describe("D22: a run folder", () => {
  test.each(COMMANDS)("of a newer schema is refused by %s, with the version that can use it", async (...words) => {
    putMetaOf("schemaVersion", "2");
    putMetaOf("programVersion", "9.1.0");
    const { code, stderr } = await run(...words);
    expect([code, stderr]).toEqual([7, expect.stringContaining("Use version 9.1.0 or newer of the program")]);
    expect(writes()).toBe(0);
  });

  test.each(["0.0.1", "9.1.0"])("of the same schema made by version %s is read and applied", async (version) => {
    putMetaOf("programVersion", version);
    expect((await run("status", "runs/a")).code).toBe(0);
    expect((await run(...APPLY)).code).toBe(0);
    expect(company.held(...NAMES)).toEqual(NAMES.map(idOf));
  });
});

describe("D23: a plan of which one byte was changed in run.sqlite", () => {
  test.each(COMMANDS)("is refused by %s", async (...words) => {
    edit((database) => database.exec("UPDATE change SET body = replace(body, 'ada@contoso', 'adb@contoso')"));
    const { code, stderr } = await run(...words);
    expect([code, stderr]).toEqual([7, expect.stringMatching(/plan/)]);
    expect(writes()).toBe(0);
  });
});

test("D24: an apply that is repeated, and the resume of a finished run, read and write nothing", async () => {
  expect((await run(...APPLY)).code).toBe(0);
  const written = writes();
  for (let repeat = 1; repeat <= 2; repeat += 1) {
    const { code, stderr } = await run(...APPLY);
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining("All 4 rows were written before, and are looked at again."),
    ]);
  }
  expect(writes()).toBe(written);
});

test("D24: a rollback that is repeated finds nothing to do; the rollback of a rollback restores what the run wrote", async () => {
  await run(...APPLY);
  expect((await run("rollback", "runs/a", "--confirm", "4", "--run", "runs/back")).code).toBe(0);
  expect(company.held(...NAMES)).toEqual(BEFORE);
  const written = writes();
  const again = await run("rollback", "runs/a");
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining("There is nothing to roll back")]);
  expect((await run("apply", "runs/back", "--confirm", "4")).code).toBe(0);
  expect(writes()).toBe(written);

  expect((await run("rollback", "runs/back", "--confirm", "4", "--run", "runs/forth")).code).toBe(0);
  expect(company.held(...NAMES)).toEqual(NAMES.map(idOf));
  const all = writes();
  const forthAgain = await run("rollback", "runs/back");
  expect([forthAgain.code, forthAgain.stdout]).toEqual([0, expect.stringContaining("There is nothing to roll back")]);
  expect(writes()).toBe(all);
});
