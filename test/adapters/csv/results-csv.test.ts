import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { readMappingFile } from "../../../src/adapters/csv/read-mapping.ts";
import { readResultsFile } from "../../../src/adapters/csv/read-results.ts";
import { resultsCsv } from "../../../src/adapters/csv/results-csv.ts";
import { BatchError } from "../../../src/core/errors.ts";
import type { Outcome } from "../../../src/core/outcome.ts";
import { describeMissingLines, type MissingLines, type ResultsFile } from "../../../src/core/result-line.ts";
import { changeOf, outcomeOf, plannedRow, runView, TENANT_ID, USER_ID } from "./run-view.ts";

const folder = mkdtempSync(join(tmpdir(), "results-csv-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function textOf(outcomes: readonly Outcome[], mapping: Parameters<typeof runView>[1] = {}): string {
  return [...resultsCsv.render(runView(outcomes, mapping))].join("");
}

async function readText(text: string | Uint8Array): Promise<ResultsFile> {
  const path = join(folder, "results.csv");
  writeFileSync(path, text);
  return await readResultsFile(path);
}

async function refusalOf(text: string): Promise<BatchError> {
  const reading = await readText(text).catch((error: unknown) => error);
  if (reading instanceof BatchError) return reading;
  throw new Error(`it was not refused: ${JSON.stringify(reading)}`, { cause: reading });
}

const ada = outcomeOf();
const ben = outcomeOf({
  row: 3,
  planned: plannedRow({ row: 3, account: "ben" }),
  change: changeOf({ row: 3, kind: "replace", before: "", name: "ben@contoso.example" }),
});
const cyd = outcomeOf({
  row: 4,
  planned: plannedRow({ row: 4, account: "cyd" }),
  change: changeOf({ row: 4, kind: "clear", before: "-old", after: null }),
  status: "undecided",
  httpStatus: null,
  requestId: null,
  writtenAt: null,
  verifiedAt: null,
  message: "cut,\r\noff",
});
const dee = outcomeOf({
  row: 5,
  planned: plannedRow({
    row: 5,
    action: "blocked",
    userId: null,
    objectGuid: null,
    immutableId: null,
    domain: null,
    findings: ["source-not-found", "target-not-found"],
  }),
  change: null,
  status: "blocked",
  attempts: 0,
});

test("results.csv has the columns of the contract, and a check that stays the same", () => {
  const noted = outcomeOf({ planned: plannedRow({ extra: ["go", "=1"] }) });
  const [header, line] = textOf([noted], { extraColumns: ["status", "wave"] }).split("\r\n");
  expect(header).toBe(
    "\uFEFFrow,step,sAMAccountName,domain,side,action,objectId,userPrincipalName,previousImmutableId,previousWas,immutableId,otherSideValue,objectGUID,status,sync,findings,httpStatus,errorCode,message,attempts,requestId,writtenAt,verifiedAt,runId,planId,tenantId,check,mapping.status,wave",
  );
  expect(line).toBe(
    "2,1,ada,CORP,cloud,set,aaaaaaaa-0000-4000-8000-000000000001,ada@contoso.example,,unset,'+7u7uwAAAECAAAAAAAAAAQ==,,bbbbbbbb-0000-4000-8000-000000000001,verified,,,204,,,1,req-1,2026-11-03T10:00:00.000Z,2026-11-03T10:00:02.000Z,run-1,0123456789ab,11111111-2222-4333-8444-555555555555,v1-56b532a23b1b7a1139b2n1of1,go,'=1",
  );
});

test("results.csv is read back as it was meant, null apart from an empty text", async () => {
  const file = await readText(textOf([ada, ben, cyd, dee]));
  expect(file).toMatchObject({
    delimiter: ",",
    extraColumns: [],
    runId: "run-1",
    planId: "0123456789ab",
    tenantId: TENANT_ID,
    damaged: [],
  });
  expect(file.lines).toMatchObject([
    {
      line: 2,
      row: 2,
      step: 1,
      account: "ada",
      side: "cloud",
      action: "set",
      objectId: USER_ID,
      previous: null,
      immutableId: "+7u7uwAAAECAAAAAAAAAAQ==",
      httpStatus: 204,
      status: "verified",
      sync: null,
      message: null,
    },
    { line: 3, row: 3, action: "replace", previous: "", userPrincipalName: "ben@contoso.example" },
    {
      line: 4,
      row: 4,
      action: "clear",
      previous: "-old",
      immutableId: null,
      status: "undecided",
      message: "cut,\r\noff",
      writtenAt: null,
    },
    {
      line: 6,
      row: 5,
      action: "blocked",
      objectId: null,
      objectGuid: null,
      domain: null,
      immutableId: null,
      attempts: 0,
      findings: ["source-not-found", "target-not-found"],
    },
  ]);
});

test("the delimiter is found in the header, also after a spreadsheet has saved the file with its own", async () => {
  const noted = outcomeOf({ planned: plannedRow({ extra: ["x;y|z"] }) });
  for (const delimiter of [",", ";", "\t", "|"]) {
    const file = await readText(textOf([noted], { delimiter, extraColumns: ["a,b;c"] }));
    expect([file.delimiter, file.lines[0]?.extra, file.extraColumns]).toEqual([delimiter, ["x;y|z"], ["a,b;c"]]);
  }
});

test("columns may stand in another order: they are found by heading", async () => {
  const moved = textOf([ada])
    .split("\r\n")
    .map((line) => line.replace("\uFEFF", "").split(",").toReversed().join(","))
    .join("\r\n");
  expect((await readText(moved)).lines).toMatchObject([{ row: 2, account: "ada", previous: null }]);
});

const DAMAGES: readonly {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly row: number | null;
  readonly problem: string;
}[] = [
  {
    name: "an ID that lost its first letter",
    from: "'+7u7uw",
    to: "7u7uw",
    row: 2,
    problem: "its check does not fit: it was changed after it was written",
  },
  {
    name: "a time that was rewritten",
    from: "2026-11-03T10:00:00.000Z",
    to: "03.11.2026 10:00",
    row: 2,
    problem: "its check does not fit: it was changed after it was written",
  },
  {
    name: "a value moved into the next cell",
    from: ",,unset,",
    to: ",unset,,",
    row: 2,
    problem: "its check does not fit: it was changed after it was written",
  },
  {
    name: "unset made set",
    from: ",unset,",
    to: ",set,",
    row: 2,
    problem: "its check does not fit: it was changed after it was written",
  },
  {
    name: "a row number that is none",
    from: "\n2,1,",
    to: "\nx,1,",
    row: null,
    problem: "its check does not fit: it was changed after it was written",
  },
  { name: "a missing field", from: ",CORP,", to: ",", row: 2, problem: "it has 26 fields where the header has 27" },
  {
    name: "a stray quote",
    from: ",CORP,",
    to: ',CO"R"P,',
    row: null,
    problem: "found a quote inside a field that does not begin with one",
  },
];

const gap = (first: number, last: number, around: { afterRow?: number; beforeRow?: number } = {}) => ({
  first,
  last,
  total: 5,
  afterRow: null,
  beforeRow: null,
  ...around,
});
const eve = outcomeOf({
  row: 6,
  planned: plannedRow({ row: 6, account: "eve" }),
  change: changeOf({ row: 6, name: "eve@contoso.example" }),
});

for (const { name, spoil, missing, damaged = 0 } of [
  { name: "that is whole misses none", spoil: (lines) => lines, missing: [] },
  {
    name: "that was cut at a line end misses the rest",
    spoil: (lines) => lines.slice(0, 3),
    missing: [gap(4, 5, { afterRow: 4 })],
  },
  {
    name: "whose first lines were deleted misses those",
    spoil: (lines) => lines.slice(2),
    missing: [gap(1, 2, { beforeRow: 4 })],
  },
  {
    name: "of which lines in the middle were deleted misses those, each gap apart",
    spoil: ([first = "", , third = "", , fifth = ""]) => [first, third, fifth],
    missing: [gap(2, 2, { afterRow: 2, beforeRow: 4 }), gap(4, 4, { afterRow: 4, beforeRow: 6 })],
  },
  { name: "that was sorted anew misses none", spoil: (lines) => lines.toReversed(), missing: [] },
  {
    name: "that was sorted anew and cut misses what is not there",
    spoil: (lines) => lines.toReversed().slice(0, 3),
    missing: [gap(1, 2, { beforeRow: 4 })],
  },
  {
    name: "with a damaged line misses none: it is there",
    spoil: (lines) => lines.map((line, index) => (index === 1 ? line.replace("ben", "bob") : line)),
    missing: [],
    damaged: 1,
  },
  {
    name: "with two lines that lost a field each misses none",
    spoil: (lines) => lines.map((line, index) => (index === 0 || index === 1 ? line.replace(",CORP,", ",") : line)),
    missing: [],
    damaged: 2,
  },
  {
    name: "with strange lines at its end misses none",
    spoil: (lines) => [...lines, "x", "y"],
    missing: [],
    damaged: 2,
  },
  {
    name: "with a damaged copy of a line goes by the whole one",
    spoil: (lines) => [...lines.slice(0, 2), lines[1]?.replace(/^3,/, "9,") ?? "", ...lines.slice(3)],
    missing: [gap(3, 3, { afterRow: 3, beforeRow: 5 })],
    damaged: 1,
  },
  {
    name: "with a damaged line and a deleted one misses the deleted one",
    spoil: ([first = "", second = "", , , fifth = ""]) => [first, second.replace("ben", "bob"), fifth],
    missing: [gap(3, 4, { afterRow: 3, beforeRow: 6 })],
    damaged: 1,
  },
  {
    name: "whose line claims to be another one is damaged, and the other is not covered by it",
    spoil: ([first = "", second = "", , fourth = "", fifth = ""]) => [
      first,
      second.replace(/n2of5/, "n3of5"),
      fourth,
      fifth,
    ],
    missing: [gap(2, 2, { afterRow: 2, beforeRow: 3 })],
    damaged: 1,
  },
] satisfies readonly {
  readonly name: string;
  readonly spoil: (lines: readonly string[]) => readonly string[];
  readonly missing: readonly MissingLines[];
  readonly damaged?: number;
}[]) {
  test(`a results file ${name}`, async () => {
    const [header = "", ...records] = textOf([ada, ben, { ...cyd, message: null }, dee, eve]).split("\r\n");
    const file = await readText([header, ...spoil(records.filter((text) => text !== "")), ""].join("\r\n"));
    expect(file.missing).toEqual(missing);
    expect(file.damaged).toHaveLength(damaged);
  });
}

test("missing lines are counted, with the rows around them", () => {
  expect(
    [gap(2, 2), gap(4, 5, { afterRow: 4 }), gap(2, 3, { afterRow: 2, beforeRow: 9 })].map(describeMissingLines),
  ).toEqual([
    "line 2 of 5 is missing: what stood there is not known",
    "lines 4 to 5 of 5 are missing, after a line of row 4: what stood there is not known",
    "lines 2 to 3 of 5 are missing, after a line of row 2 and before a line of row 9: what stood there is not known",
  ]);
});

for (const { name, from, to, row, problem } of DAMAGES) {
  test(`a line with ${name} is named and not used; the others are`, async () => {
    const text = textOf([ada, ben]);
    const damaged = text.replace(from, to);
    expect(damaged).not.toBe(text);
    const file = await readText(damaged);
    expect(file.damaged).toEqual([{ line: 2, row, problem }]);
    expect(file.lines.map(({ line }) => line)).toEqual([3]);
  });
}

test("a file that was cut off, or saved as Windows-1252, loses only the lines that suffered", async () => {
  const text = textOf([
    ada,
    ben,
    outcomeOf({
      row: 6,
      planned: plannedRow({ row: 6, account: "zo\u00EB" }),
      change: changeOf({ row: 6 }),
      message: "quoted, here",
    }),
  ]);
  const cut = await readText(text.slice(0, text.indexOf("quoted") + 3));
  expect([cut.lines.length, cut.damaged]).toEqual([
    2,
    [{ line: 4, row: null, problem: "a quote in it is never closed" }],
  ]);
  const latin = await readText(Buffer.from(text.slice(1), "latin1"));
  expect([latin.lines.length, latin.damaged]).toEqual([
    2,
    [{ line: 4, row: null, problem: "it is not valid UTF-8: a program saved it in another encoding" }],
  ]);
});

test("a lone surrogate, which UTF-8 cannot hold, is damage and never another value", async () => {
  const file = await readText(textOf([ben, outcomeOf({ change: changeOf({ kind: "replace", before: "a\uD800b" }) })]));
  expect(file.lines.map(({ row }) => row)).toEqual([3]);
  expect(file.damaged).toEqual([
    { line: 3, row: 2, problem: "its check does not fit: it was changed after it was written" },
  ]);
});

test("lines of two runs, plans or tenants are refused, and so is a step that stands twice", async () => {
  const view = runView([ben]);
  const others = [
    { heading: "runId", own: "run-2", first: "run-1", view: { ...view, about: { ...view.about, runId: "run-2" } } },
    {
      heading: "planId",
      own: "ffffffffffff",
      first: "0123456789ab",
      view: { ...view, plan: { ...view.plan, hash: "f".repeat(64) } },
    },
    {
      heading: "tenantId",
      own: USER_ID,
      first: TENANT_ID,
      view: { ...view, plan: { ...view.plan, header: { ...view.plan.header, tenantId: USER_ID } } },
    },
  ];
  for (const { heading, own, first, view: other } of others) {
    const line = [...resultsCsv.render(other)].join("").split("\r\n")[1];
    const { code, details } = await refusalOf(`${textOf([ada])}${line}\r\n`);
    expect([code, details]).toEqual([
      "input",
      [`results.csv:3 ${heading}: found "${own}", but "${first}" in line 2; keep the lines of one run`],
    ]);
  }
  expect((await refusalOf(textOf([ada, ada]))).details).toEqual([
    "results.csv:3: found step 1 of row 2 a second time, first in line 2; keep one",
  ]);
});

test("what is no results file is refused", async () => {
  const path = join(folder, "results.csv");
  expect((await refusalOf("")).message).toBe(`${path}: the file is empty. Nothing was written.`);
  expect((await refusalOf(textOf([]))).message).toBe(
    `${path}: there is no line after the header. Nothing was written.`,
  );
  expect((await refusalOf("a,b\r\n1,2\r\n")).message).toBe(
    `${path}: line 1 is no header of a results file. Nothing was written.`,
  );
  expect((await refusalOf(textOf([ada]).replace("previousWas,", "").replace("tenantId", "tenant"))).details).toEqual([
    "results.csv:1: found no column previousWas; take the file as the program wrote it",
    "results.csv:1: found no column tenantId; take the file as the program wrote it",
  ]);
  const nothing = await refusalOf(textOf([ada]).replace(",verified,,", ",failed,,"));
  expect([nothing.code, nothing.details]).toEqual([
    "input",
    ["results.csv:2: its check does not fit: it was changed after it was written"],
  ]);
});

test("a mapping in the place of a results file is called one, in one line", async () => {
  for (const header of ["sAMAccountName,userPrincipalName,wave", "Username;UPN;step"]) {
    const refused = await refusalOf(`${header}\r\nada,ada@contoso.example,1\r\n`);
    expect([refused.message, refused.hint, refused.details]).toEqual([
      expect.stringMatching(/: this is a mapping or a plan, and rollback takes what a run has recorded\./),
      expect.stringMatching(/run folder .* or the results\.csv in it/),
      [],
    ]);
  }
});

test("a results file in the place of a mapping is called one, in one line", async () => {
  const path = join(folder, "results.csv");
  writeFileSync(path, textOf([ada, ben]));
  await expect(readMappingFile(path)).rejects.toMatchObject({
    code: "input",
    message: `${path}: this is the results file of a run, and no mapping. Nothing was written.`,
    hint: expect.stringMatching(/retry\.csv beside this file/),
    details: [],
  });
});

test("a word of a newer program is refused, though its check holds", async () => {
  const merge = outcomeOf({ change: null, planned: plannedRow({ action: "merge" as "none" }) });
  expect((await readText(textOf([merge, ben]))).damaged).toEqual([
    { line: 2, row: 2, problem: 'action holds "merge", which this version does not know' },
  ]);
});

/** Any text that UTF-8 can hold, line breaks, quotes, formulas and control characters too. */
const anyText = fc.oneof(
  fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
  fc
    .array(fc.constantFrom("'", "=", "+", "@", "\t", "\r", "\n", '"', ",", ";", "\uFEFF", "\0", " ", "a"), {
      maxLength: 6,
    })
    .map((parts) => parts.join("")),
);

test("results.csv gives any text back exactly", async () => {
  const values = fc.record({
    before: fc.option(anyText),
    after: anyText,
    account: anyText,
    name: anyText,
    message: anyText,
    extra: anyText,
    heading: anyText,
    delimiter: fc.constantFrom(",", ";", "\t", "|"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(values, { minLength: 1, maxLength: 5 }), async (rows) => {
      const outcomes = rows.map(({ before, after, account, name, message, extra }, index) =>
        outcomeOf({
          row: index + 2,
          message,
          planned: plannedRow({ row: index + 2, account, extra: [extra] }),
          change: changeOf({ row: index + 2, kind: "replace", before, after, name }),
        }),
      );
      const file = await readText(textOf(outcomes, { delimiter: rows[0]?.delimiter ?? ",", extraColumns: ["note"] }));
      expect(file.damaged).toEqual([]);
      expect(
        file.lines.map(({ previous, immutableId, account, userPrincipalName, message, extra }) => [
          previous,
          immutableId,
          account,
          userPrincipalName,
          message,
          extra,
        ]),
      ).toEqual(
        rows.map(({ before, after, account, name, message, extra }) => [
          before,
          after,
          account,
          name,
          message === "" ? null : message,
          [extra],
        ]),
      );
    }),
    { numRuns: 300 },
  );
});

test("no bytes crash the reader of results", async () => {
  const text = Buffer.from(textOf([ada, ben, cyd]));
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length - 1), fc.uint8Array({ maxLength: 5 }), fc.nat(5), async (at, bytes, cut) => {
      const reading = await readText(Buffer.concat([text.subarray(0, at), bytes, text.subarray(at + cut)])).catch(
        (error: unknown) => error,
      );
      if (reading instanceof Error) expect(reading).toBeInstanceOf(BatchError);
      else expect(reading).toHaveProperty("lines");
    }),
    { numRuns: 500 },
  );
});
