/** Every defect of a mapping has a fixture that is named for it, and exactly one way of being told. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type MappingHints, readMappingFile } from "../../../src/adapters/csv/read-mapping.ts";
import { ACCEPTED, type Accepted, HINTED, NO_TEXT, PROBLEMS } from "./mapping-fixtures.ts";
import { refusalOf } from "./mapping-refusal.ts";

const FIXTURES = join(import.meta.dirname, "../../../fixtures/mappings");

async function expectAccepted(file: string, accepted: Accepted, hints: MappingHints = {}): Promise<void> {
  const path = join(FIXTURES, file);
  const { encoding = "utf-8", ...expected } = accepted;
  const { record, ...found } = await readMappingFile(path, hints);
  const plain = {
    ...{ delimiter: ",", extraColumns: [], blankLines: 0 },
    ...{ linesAbove: [], passedOver: [], encodingAssumedAt: null },
  };
  expect(found).toEqual({ name: file.slice(0, -4), ...plain, ...expected });
  const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
  expect(record).toMatchObject({ encoding, sha256 });
}

async function expectProblems(file: string, details: readonly string[], hints: MappingHints = {}): Promise<void> {
  const refusal = await refusalOf(join(FIXTURES, file), hints);
  expect(refusal.code).toBe("input");
  expect(refusal.details).toEqual(details.map((detail) => (detail.startsWith(":") ? `${file}${detail}` : detail)));
}

for (const [file, accepted] of Object.entries(ACCEPTED)) {
  test(`${file} is read`, () => expectAccepted(file, accepted));
}

for (const [file, details] of Object.entries(PROBLEMS)) {
  test(`${file} is refused, every problem of it named`, () => expectProblems(file, details));
}

for (const [file, [problem, hint]] of Object.entries(NO_TEXT)) {
  test(`${file} is refused for what it is`, async () => {
    const path = join(FIXTURES, file);
    const { code, message, hint: found } = await refusalOf(path);
    expect([code, message, found]).toEqual(["input", `${path}: ${problem}. Nothing was written.`, hint]);
  });
}

for (const { file, hints, expect: expected } of HINTED) {
  test(`${file} with ${JSON.stringify(hints)} is ${"mappings" in expected ? "read" : "refused"}`, () =>
    "mappings" in expected ? expectAccepted(file, expected, hints) : expectProblems(file, expected, hints));
}

test("every fixture has an expectation", () => {
  const expected = [ACCEPTED, PROBLEMS, NO_TEXT].flatMap((table) => Object.keys(table));
  expect(expected.toSorted()).toEqual(readdirSync(FIXTURES).toSorted());
  expect(HINTED.map(({ file }) => file).filter((file) => !expected.includes(file))).toEqual([]);
});

test("a mark that contradicts --encoding refuses the file", async () => {
  for (const [file, encoding, mark] of [
    ["bom.csv", "windows-1252", "utf-8"],
    ["utf-16-le.csv", "utf-8", "utf-16le"],
    ["utf-16-be.csv", "utf-16le", "utf-16be"],
  ] as const) {
    const { message, hint } = await refusalOf(join(FIXTURES, file), { encoding });
    expect(message).toContain(`its first bytes are the mark of ${mark}, but --encoding says ${encoding}`);
    expect(hint).toBe("Leave out --encoding: the mark says what the file is.");
  }
});

test("a refusal counts its problems and says what to do", async () => {
  const refusal = await refusalOf(join(FIXTURES, "many-problems.csv"));
  expect(refusal.message).toMatch(/many-problems\.csv cannot be used: 120 problems\. Nothing was written\.$/);
  expect(refusal.hint).toBe("Mend the lines that are named and plan again.");
});

test("the headings that were taken for ours are kept for the record", async () => {
  const columns = { account: { heading: "Logon name" }, upn: { position: 2 } };
  const { record } = await readMappingFile(join(FIXTURES, "foreign-headings.csv"), { columns });
  expect(record.columns).toEqual({
    account: "Logon name",
    upn: "Mail, primary",
    domain: null,
    onConflict: null,
  });
});
