/** Every defect of a mapping has a fixture that is named for it, and exactly one way of being told. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
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

/** Fixtures that show a case of the catalogue of faults; all others stand for themselves. */
const FAULTS: Readonly<Record<string, readonly string[]>> = {
  "A01: a mark, a line ending or its absence changes nothing": [
    "bom.csv",
    "crlf.csv",
    "cr.csv",
    "no-final-newline.csv",
  ],
  "A02: UTF-16 is decoded by its mark": ["utf-16-le.csv", "utf-16-be.csv", "utf-16-be-crlf.csv"],
  "A03: bytes that are no UTF-8 are trusted in no name": ["windows-1252.csv", "windows-1252-in-own-columns.csv"],
  "A04: names that differ in one uncertain byte are both refused": ["windows-1252-one-byte-apart.csv"],
  "A05: a control character is shown escaped": ["control-characters.csv"],
  "A06: an invisible character is named by its code point": ["invisible-characters.csv", "zero-width-in-heading.csv"],
  "A07: half of a surrogate pair is refused": ["lone-surrogates.csv"],
  "A09: letters of other alphabets are refused in a UPN": ["homoglyphs.csv"],
  "A13: a heading is found wherever it stands, and never twice": [
    "missing-column.csv",
    "two-aliases.csv",
    "reordered.csv",
    "duplicate-column.csv",
    "canonical-heading-twice.csv",
    "prototype-headings.csv",
  ],
  "A14: a delimiter is found in the header, or in a line above it": [
    "pipes.csv",
    "semicolons.csv",
    "tabs.csv",
    "sep-line.csv",
    "sep-line-tab.csv",
    "powershell-type-line.csv",
  ],
  "A15: a row of another length or with stray quotes shifts no column": [
    "too-few-fields.csv",
    "too-many-fields.csv",
    "blank-lines.csv",
    "row-begins-with-number-sign.csv",
    "stray-quote.csv",
    "quoted-fields.csv",
  ],
  "A16: a quote that is never closed is named by its line": ["unclosed-quote.csv"],
  "A17: a line break inside a field is refused": ["line-break-in-field.csv"],
  "A19: what Excel has made of a name is refused": [
    "scientific-notation.csv",
    "smart-quotes.csv",
    "error-values.csv",
    "question-mark.csv",
  ],
  "A25: a file without a row is refused": ["empty.csv", "header-only.csv", "only-blank-lines.csv"],
  "A26: a value that looks like a path is a value": ["path-like-values.csv"],
};

function testFixture(file: string): void {
  const [accepted, details, noText] = [ACCEPTED[file], PROBLEMS[file], NO_TEXT[file]];
  if (accepted !== undefined) test(`${file} is read`, () => expectAccepted(file, accepted));
  if (details !== undefined) test(`${file} is refused, every problem of it named`, () => expectProblems(file, details));
  if (noText !== undefined) test(`${file} is refused for what it is`, () => expectNoText(file, noText));
}

async function expectNoText(file: string, [problem, hint]: readonly [problem: string, hint: string]): Promise<void> {
  const path = join(FIXTURES, file);
  const { code, message, hint: found } = await refusalOf(path);
  expect([code, message, found]).toEqual(["input", `${path}: ${problem}. Nothing was written.`, hint]);
}

for (const [fault, files] of Object.entries(FAULTS)) {
  describe(fault, () => files.forEach(testFixture));
}

const shown = new Set(Object.values(FAULTS).flat());
for (const file of [ACCEPTED, PROBLEMS, NO_TEXT].flatMap(Object.keys)) {
  if (!shown.has(file)) testFixture(file);
}

for (const { file, hints, expect: expected } of HINTED) {
  test(`${file} with ${JSON.stringify(hints)} is ${"mappings" in expected ? "read" : "refused"}`, () =>
    "mappings" in expected ? expectAccepted(file, expected, hints) : expectProblems(file, expected, hints));
}

test("every fixture has an expectation", () => {
  const expected = [ACCEPTED, PROBLEMS, NO_TEXT].flatMap((table) => Object.keys(table));
  expect(expected.toSorted()).toEqual(readdirSync(FIXTURES).toSorted());
  expect([...shown, ...HINTED.map(({ file }) => file)].filter((file) => !expected.includes(file))).toEqual([]);
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
    writeTo: null,
  });
});

test("a file without a header or a row is told what a mapping is, one with wrong lines to mend those", async () => {
  const hintOf = async (name: string) => (await refusalOf(join(FIXTURES, name))).hint;
  for (const name of ["empty.csv", "header-only.csv", "only-blank-lines.csv"])
    expect(await hintOf(name)).toMatch(/^A mapping is a CSV file: .*sAMAccountName and userPrincipalName/);
  expect(await hintOf("missing-column.csv")).toBe("Mend the lines that are named and plan again.");
});
