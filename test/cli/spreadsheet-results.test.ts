/**
 * A results.csv that somebody has opened in a spreadsheet and saved, or lost: what a rollback uses of it, what it names
 * as damaged, and how the file comes back.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CLOUD_ID, idOf } from "../support/facts.ts";
import { describeEntry, describePerson, type SmallCompany, startCompany } from "../support/small-company.ts";

/** Zoë has a letter that other encodings spell otherwise; 00123 is an account that a spreadsheet takes for a number. */
const NAMES = ["ada", "ben", "00123"] as const;
const ODD_ID = "+1/AAAAAAAAAAAAAAAAAAA==";

let company: SmallCompany;
let text: string;
beforeAll(async () => {
  const users = [...NAMES.map(describePerson), describePerson("zoe")];
  const odd = users.find(({ id }) => id === CLOUD_ID("ben"));
  if (odd !== undefined) odd.onPremisesImmutableId = ODD_ID;
  const entries = [...NAMES.map(describeEntry), describeEntry("zoe")];
  company = await startCompany({ entries, users });
  const rows = [...NAMES, "zoe"].map((name) => `${name},${name}@contoso.example,${name === "zoe" ? "Zoë" : "1"}\n`);
  company.write("mappings/people.csv", `sAMAccountName,userPrincipalName,note\n${rows.join("")}`);
  await company.run(["plan", "mappings/people.csv", "--replace", "--run", "runs/a"]);
  const applied = await company.run(["apply", "runs/a", "--confirm", "4"]);
  expect(applied.code, applied.stderr).toBe(0);
  text = readFileSync(company.path("runs/a/results.csv"), "utf8");
});
afterAll(() => company.close());

/** Saves the file as a spreadsheet does: each cell through a function, then quotes only where they are needed. */
function save(
  change: (cell: string, heading: string, row: string | undefined) => string,
  { delimiter = ",", mark = "\uFEFF" } = {},
): string {
  const [headings = [], ...records]: string[][] = parse(text, { bom: true });
  const quote = (cell: string) =>
    [delimiter, '"', "\n"].some((sign) => cell.includes(sign)) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const lines = [
    headings,
    ...records.map((cells) => cells.map((cell, at) => change(cell, headings[at] ?? "", cells[0]))),
  ];
  return `${mark}${lines.map((cells) => `${cells.map(quote).join(delimiter)}\r\n`).join("")}`;
}

const same = (cell: string) => cell;
const saved: readonly {
  readonly name: string;
  readonly content: () => string | Buffer;
  /** Rows whose lines do not count any more. */
  readonly damaged: readonly number[];
}[] = [
  { name: "as it was", content: () => save(same), damaged: [] },
  { name: "with semicolons and without a mark", content: () => save(same, { delimiter: ";", mark: "" }), damaged: [] },
  { name: "with every field in quotes", content: () => text.replace(/[^,\r\n\uFEFF]+/g, '"$&"'), damaged: [] },
  {
    name: "as Windows-1252, which spells a letter of the note otherwise",
    content: () => Buffer.from(save(same, { mark: "" }), "latin1"),
    damaged: [5],
  },
  // The sign of the guard is gone and the value is not: what a rollback reads is the same.
  {
    name: "with the apostrophe before + gone",
    content: () => save((cell) => cell.replace(/^'(?=\+)/, "")),
    damaged: [],
  },
  {
    name: "with + values made errors",
    content: () => save((cell) => (/^'\+/.test(cell) ? "#NAME?" : cell)),
    damaged: [3],
  },
  {
    name: "with leading zeros gone",
    content: () => save((cell, heading) => (heading === "sAMAccountName" ? cell.replace(/^0+/, "") : cell)),
    damaged: [4],
  },
  {
    name: "with two times in the local way",
    content: () =>
      save((cell, heading, row = "") =>
        heading === "writtenAt" && ["2", "5"].includes(row) ? "03/11/2026 10:00" : cell,
      ),
    damaged: [2, 5],
  },
];

describe("D25: rollback from a results.csv that a spreadsheet has saved", () => {
  test.each(saved)(
    "$name plans the rows of whole lines and names the damaged ones",
    async ({ name, content, damaged }) => {
      writeFileSync(company.path("mailed.csv"), content());
      const folder = `runs/${name.replaceAll(/\W+/g, "-")}`;
      const { code, stdout, stderr } = await company.run(["rollback", "mailed.csv", "--plan-only", "--run", folder]);
      expect(code, stderr).toBe(damaged.length > 0 ? 6 : 0);
      for (const row of damaged) expect(stdout).toMatch(new RegExp(`^ {2}line ${row}(, row ${row})?: `, "m"));
      expect(stdout.match(/^ {2}line \d+/gm) ?? []).toHaveLength(damaged.length);
      const [, ...lines] = readFileSync(company.path(folder, "plan.csv"), "utf8").trimEnd().split("\r\n");
      const planned = [2, 3, 4, 5].filter((row) =>
        lines.some((line) => line.startsWith(`${row},`) || line.startsWith(`${row};`)),
      );
      expect(planned).toEqual([2, 3, 4, 5].filter((row) => !damaged.includes(row)));
    },
  );

  test("a file of which every line is damaged is refused, and each line is named", async () => {
    writeFileSync(
      company.path("mailed.csv"),
      save((cell, heading) => (heading === "writtenAt" ? "03/11/2026" : cell)),
    );
    const { code, stderr } = await company.run(["rollback", "mailed.csv"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("cannot be used: 4 problems. Nothing was written.")]);
    for (const line of [2, 3, 4, 5]) expect(stderr).toContain(`mailed.csv:${line}: its check does not fit`);
  });
});

describe("D26: a results.csv that is", () => {
  const file = () => company.path("runs/a/results.csv");
  test.each([
    ["missing", () => rmSync(file()), ["status", "runs/a"]],
    ["empty", () => writeFileSync(file(), ""), ["status", "runs/a"]],
    ["cut", () => writeFileSync(file(), text.slice(0, 500)), ["status", "runs/a"]],
    ["missing", () => rmSync(file()), ["apply", "runs/a", "--confirm", "4"]],
  ])("%s is made again to the last byte", async (_title, lose, words) => {
    lose();
    const { code, stderr } = await company.run(words);
    expect(code, stderr).toBe(0);
    expect(existsSync(file())).toBe(true);
    expect(readFileSync(file(), "utf8")).toBe(text);
  });
});

test("D25: what is whole is set back to exactly what the users held, and what is damaged stays as it was written", async () => {
  writeFileSync(
    company.path("mailed.csv"),
    save((cell) => cell.replace(/^00123$/, "123"), { delimiter: ";" }),
  );
  const { code, stderr } = await company.run(["rollback", "mailed.csv", "--run", "runs/back", "--confirm", "3"]);
  expect(code, stderr).toBe(6);
  expect(company.held(...NAMES, "zoe")).toEqual([null, ODD_ID, idOf("00123"), null]);
});
