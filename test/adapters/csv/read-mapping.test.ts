/** Every defect of a mapping has a fixture that is named for it, and exactly one way of being told. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { guardCell } from "../../../src/adapters/csv/cells.ts";
import { type MappingLimits, readMappingFile } from "../../../src/adapters/csv/read-mapping.ts";
import { BatchError } from "../../../src/core/errors.ts";
import type { Mapping } from "../../../src/core/mapping.ts";

const FIXTURES = join(import.meta.dirname, "../../../fixtures/mappings");
const folder = mkdtempSync(join(tmpdir(), "read-mapping-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ada: Mapping = { row: 2, account: "ada", domain: null, upn: "ada@contoso.example", onConflict: [], extra: [] };
const ben: Mapping = { ...ada, row: 3, account: "ben", upn: "ben@contoso.example" };
const cyd: Mapping = { ...ada, row: 4, account: "cyd", upn: "cyd@contoso.example" };

type Accepted = {
  readonly mappings: readonly Mapping[];
  readonly extraColumns?: readonly string[];
  readonly blankLines?: number;
};

const ACCEPTED: Readonly<Record<string, Accepted>> = {
  "plain.csv": { mappings: [ada, ben, cyd] },
  "bom.csv": { mappings: [ada, ben, cyd] },
  "crlf.csv": { mappings: [ada, ben, cyd] },
  "cr.csv": { mappings: [ada, ben, cyd] },
  "no-final-newline.csv": { mappings: [ada, ben, cyd] },
  "aliases.csv": { mappings: [{ ...ada, account: "Ada", domain: "corp", onConflict: ["clear-holder"] }] },
  "canonical-beats-alias.csv": {
    mappings: [{ ...ada, domain: "CORP", extra: ["hr", "old"] }],
    extraColumns: ["source", "netbios"],
  },
  "reordered.csv": { mappings: [{ ...ada, domain: "CORP" }] },
  "domain-prefix.csv": {
    mappings: [
      { ...ada, domain: "CORP" },
      { ...ben, domain: "corp" },
      { ...cyd, domain: "CORP" },
    ],
  },
  "extra-columns.csv": {
    mappings: [
      { ...ada, extra: ["1", " Research, Development ", 'says "hi"?'] },
      { ...ben, extra: ["2", "", "a\u200Bb"] },
    ],
    extraColumns: ["wave", "department", "note"],
  },
  "columns-named-like-ours.csv": {
    mappings: [{ ...ada, extra: ["go", "7", "mine"] }],
    extraColumns: ["action", "row", "mapping.wave"],
  },
  "prototype-headings.csv": { mappings: [{ ...ada, extra: ["x", "y"] }], extraColumns: ["__proto__", "constructor"] },
  "blank-lines.csv": {
    mappings: [
      { ...ada, row: 4, extra: ["1"] },
      { ...ben, row: 8, extra: ["2"] },
    ],
    extraColumns: ["wave"],
    blankLines: 6,
  },
  "quoted-fields.csv": { mappings: [ada] },
  "outer-spaces.csv": { mappings: [ada] },
  "object-id.csv": { mappings: [{ ...ada, upn: "28D6E2D5-6368-4D5A-B671-D52B30172680" }] },
  "on-conflict.csv": {
    mappings: [
      { ...ada, onConflict: ["clear-holder"] },
      { ...ben, onConflict: ["restore-target", "purge-deleted-holder"] },
      cyd,
    ],
  },
  "row-begins-with-number-sign.csv": { mappings: [{ ...ada, account: "#ada" }] },
  "non-ascii-account.csv": { mappings: [{ ...ada, account: "jos\u00E9", upn: "jose@contoso.example" }] },
  "apostrophes.csv": {
    mappings: [
      { ...ada, account: "o'neil", upn: "o'neil@contoso.example", extra: ["=1+1"] },
      { ...ben, account: "-dash", upn: "'quoted@contoso.example", extra: ["'plain"] },
    ],
    extraColumns: ["note"],
  },
  "path-like-values.csv": {
    mappings: [
      { ...ada, account: "..", extra: ["../../x"] },
      { ...ben, extra: ["C:\\x"] },
    ],
    extraColumns: ["folder"],
  },
};

/** Every detail, without the file's name in front. */
const PROBLEMS: Readonly<Record<string, readonly string[]>> = {
  "account-cannot-be.csv": [
    ':2:1 sAMAccountName: found "ada@contoso.example"; write the sAMAccountName, or plan with --source-key userPrincipalName or mail if the column holds UPNs or addresses',
    ':3:1 sAMAccountName: found "b*n"; no sAMAccountName can hold *: write the name that AD has',
    ':4:1 sAMAccountName: found "c,d"; no sAMAccountName can hold ,: write the name that AD has',
    ':5:1 sAMAccountName: found "CORP\\x\\dee"; no sAMAccountName can hold \\: write the name that AD has',
    ':6:1 sAMAccountName: found "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…"; no sAMAccountName is longer than 256 characters: write the name that AD has',
  ],
  "contradicting-domain.csv": [
    ':2:3 domain: found "SALES", but "CORP" in front of the account; write the same domain in both, or in one alone',
  ],
  "control-characters.csv": [
    ':2:1 sAMAccountName: found the control character U+0000 in "a<U+0000>da"; write the field without it',
    ':3:3 note: found the control character U+0009 in "a<U+0009>b"; write the field without it',
    ':4:3 note: found the control character U+0085 in "a<U+0085>b"; write the field without it',
    ':5:1 sAMAccountName: found the control character U+007F in "d<U+007F>ee"; write the field without it',
  ],
  "domain-cannot-be.csv": [
    ':2:3 domain: found "corp.contoso.example"; longer than 15 characters: write the domain\'s NetBIOS name, such as CORP',
    ':3:3 domain: found "CO RP"; write the domain\'s NetBIOS name, such as CORP',
  ],
  "duplicate-column.csv": [
    ':1:2: found 2 columns for sAMAccountName: "sAMAccountName" (field 1) and "samaccountname" (field 2); keep one, and call it sAMAccountName',
  ],
  "duplicate-own-column.csv": [':1:4: found the heading "wave" a second time, first in field 3; rename one'],
  "empty-required-field.csv": [
    ":2:1 sAMAccountName: found nothing; write the AD account, or delete the row",
    ":3:2 userPrincipalName: found nothing; write the cloud user, or delete the row",
    ':4:1 sAMAccountName: found "CORP\\"; write the account\'s sAMAccountName',
  ],
  "empty.csv": [":1: found an empty file; write a header and a row for every person"],
  "formula-in-account.csv": [
    ':2:1 sAMAccountName: found "=1+1"; no sAMAccountName can hold =: write the name that AD has',
    ':3:2 userPrincipalName: found "=HYPERLINK(http://x)"; write the whole UPN, such as ada@contoso.example, or the user\'s object id',
  ],
  "header-only.csv": [":1: found a header and no row; write a row for every person"],
  "invisible-characters.csv": [
    ':2:1 sAMAccountName: found U+200B ZERO WIDTH SPACE in "ada<U+200B>"; take it out, or write the name anew',
    ':3:1 sAMAccountName: found U+00AD SOFT HYPHEN in "b<U+00AD>en"; take it out, or write the name anew',
    ':4:1 sAMAccountName: found U+202E RIGHT-TO-LEFT OVERRIDE in "<U+202E>cyd"; take it out, or write the name anew',
    ':5:1 sAMAccountName: found U+00A0 NO-BREAK SPACE in "dee<U+00A0>dee"; take it out, or write the name anew',
    ':6:2 userPrincipalName: found U+FEFF ZERO WIDTH NO-BREAK SPACE in "eve@contoso.example<U+FEFF>"; take it out, or write the name anew',
    ':7:1 sAMAccountName: found U+3164 HANGUL FILLER in "fay<U+3164>"; take it out, or write the name anew',
  ],
  "line-break-in-field.csv": [
    ":2:3 note: found a line break inside a field, which ends in line 4; write the field on one line",
    ':5:2 userPrincipalName: found "ben"; write the whole UPN, such as ada@contoso.example, or the user\'s object id',
  ],
  "missing-column.csv": [
    ":1: found no column userPrincipalName; add it (upn, target, targetupn, clouduser, entraupn are accepted too)",
  ],
  "no-header.csv": [
    ':1: found no heading that names the accounts or the cloud users, but "ada", "ada@contoso.example"; the first line must be the header, with sAMAccountName and userPrincipalName',
  ],
  "only-blank-lines.csv": [":1: found an empty file; write a header and a row for every person"],
  "pipes.csv": [
    ':1: found fields separated by pipes; separate them by commas (in PowerShell: Export-Csv -Delimiter ",")',
  ],
  "powershell-type-line.csv": [
    ':1: found "#TYPE System.Management.Automation.PSCustomObject", which PowerShell 5 writes; export with -NoTypeInformation, or take the line out',
  ],
  "question-mark.csv": [
    ':2:1 sAMAccountName: found "jos?"; an export has put ? where a letter was: export again as UTF-8',
    ':3:2 userPrincipalName: found "zo?@contoso.example"; an export has put ? where a letter was: export again as UTF-8',
    ':4:1 sAMAccountName: found "fay�"; an export has put U+FFFD where a letter was: export again as UTF-8',
  ],
  "semicolons.csv": [
    ':1: found fields separated by semicolons; separate them by commas (in PowerShell: Export-Csv -Delimiter ",")',
  ],
  "sep-line.csv": [':1: found "sep=;", a line that only Excel reads; take it out and separate the fields by commas'],
  "stray-quote.csv": [
    ":2:3 note: found a quote inside a field that does not begin with one; put the whole field in quotes and write each quote inside it twice",
    ":3:3 note: found text after the closing quote; put the whole field in quotes and write each quote inside it twice",
  ],
  "tabs.csv": [
    ':1: found fields separated by tabs; separate them by commas (in PowerShell: Export-Csv -Delimiter ",")',
  ],
  "too-few-fields.csv": [
    ":2:3 domain: found 2 fields where the header has 3; write every field of the row, empty ones too",
  ],
  "too-many-fields.csv": [
    ":2:4: found 4 fields where the header has 3; write a field that holds a comma in quotes, and delete what is too much",
  ],
  "two-aliases.csv": [
    ':1:3: found 2 columns for userPrincipalName: "upn" (field 2) and "target" (field 3); keep one, and call it userPrincipalName',
  ],
  "unclosed-quote.csv": [
    ':2:2 userPrincipalName: found "ada"; write the whole UPN, such as ada@contoso.example, or the user\'s object id',
    ":3:1 sAMAccountName: found a quote that is never closed; close it, or take it out",
    ':5:2 userPrincipalName: found "dee"; write the whole UPN, such as ada@contoso.example, or the user\'s object id',
  ],
  "unknown-decision.csv": [
    ':2:3 onConflict: found "remove"; write one of clear-holder, delete-holder, purge-deleted-holder, restore-target, clear-object-identifier, or several joined by +',
    ':3:3 onConflict: found "clear-holder+"; write one of clear-holder, delete-holder, purge-deleted-holder, restore-target, clear-object-identifier, or several joined by +',
  ],
  "unnamed-column.csv": [":1:3: found a column without a heading; name it, or delete the column"],
  "upn-cannot-be.csv": [
    ':2:2 userPrincipalName: found "ada"; write the whole UPN, such as ada@contoso.example, or the user\'s object id',
    ':3:2 userPrincipalName: found "ben@"; write the whole UPN, such as ada@contoso.example, or the user\'s object id',
    ':4:2 userPrincipalName: found "cyd@@contoso.example"; write the whole UPN, such as ada@contoso.example, or the user\'s object id',
    ':5:2 userPrincipalName: found "dee dee@contoso.example"; no UPN can hold a space: write the UPN as the Entra portal shows it',
    ':6:2 userPrincipalName: found "éve@contoso.example"; no UPN can hold U+00E9 é: write the UPN as the Entra portal shows it',
    ':7:2 userPrincipalName: found "fаy@contoso.example"; no UPN can hold U+0430 а: write the UPN as the Entra portal shows it',
    ':8:2 userPrincipalName: found "gus@contoso_x.example"; no UPN can hold _ in its domain: write the UPN as the Entra portal shows it',
    ':9:2 userPrincipalName: found "hal&@contoso.example"; no UPN can hold &: write the UPN as the Entra portal shows it',
    ':10:2 userPrincipalName: found "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii…"; no UPN is longer than 113 characters: write the UPN as the Entra portal shows it',
  ],
  "windows-1252.csv": [
    ':2:1 sAMAccountName: found the byte 0xE9, which is not UTF-8; save the file as UTF-8 (in Excel: "CSV UTF-8")',
    ':4:1 sAMAccountName: found the byte 0xEB, which is not UTF-8; save the file as UTF-8 (in Excel: "CSV UTF-8")',
  ],
  "zero-width-in-heading.csv": [
    ':1:1: found U+200B ZERO WIDTH SPACE in the heading "sAMAccount<U+200B>Name"; take it out',
  ],
  "many-problems.csv": [
    ...Array.from(
      { length: 100 },
      (_row, index) =>
        `:${index + 2}:2 userPrincipalName: found "nobody"; write the whole UPN, such as ada@contoso.example, or the user's object id`,
    ),
    "and 20 more",
  ],
};

const SAVE_AS_UTF8 =
  'Save it again as UTF-8: in Excel as "CSV UTF-8 (comma delimited)", in PowerShell with -Encoding utf8.';

/** What the message says after the path, and the hint. */
const NO_TEXT: Readonly<Record<string, readonly [problem: string, hint: string]>> = {
  "utf-16-le.csv": ["this is UTF-16 text (little-endian), not UTF-8", SAVE_AS_UTF8],
  "utf-16-be.csv": ["this is UTF-16 text (big-endian), not UTF-8", SAVE_AS_UTF8],
  "utf-16-without-mark.csv": ["this is UTF-16 text (little-endian, without a mark), not UTF-8", SAVE_AS_UTF8],
  "gzip.csv": ["this is a gzip archive, not a CSV file", "Unpack it with gunzip first."],
  "zip.csv": [
    "this is a zip archive or an Excel workbook (.xlsx), not a CSV file",
    'If it is an archive, unpack it; if it is a workbook: open it in Excel and save it as "CSV UTF-8 (comma delimited)".',
  ],
};

/** The error of a file that must not be read. */
async function refusalOf(path: string, limits: Partial<MappingLimits> = {}): Promise<BatchError> {
  const reading = await readMappingFile(path, limits).catch((error: unknown) => error);
  if (reading instanceof BatchError) return reading;
  throw new Error(`${path} was not refused: ${JSON.stringify(reading)}`, { cause: reading });
}

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

for (const [file, { mappings, extraColumns = [], blankLines = 0 }] of Object.entries(ACCEPTED)) {
  test(`${file} is read`, async () => {
    const path = join(FIXTURES, file);
    expect(await readMappingFile(path)).toEqual({
      name: file.slice(0, -4),
      sha256: createHash("sha256").update(readFileSync(path)).digest("hex"),
      delimiter: ",",
      extraColumns,
      mappings,
      blankLines,
    });
  });
}

for (const [file, details] of Object.entries(PROBLEMS)) {
  test(`${file} is refused, every problem of it named`, async () => {
    const refusal = await refusalOf(join(FIXTURES, file));
    expect(refusal.code).toBe("input");
    expect(refusal.details).toEqual(details.map((detail) => (detail.startsWith(":") ? `${file}${detail}` : detail)));
  });
}

for (const [file, [problem, hint]] of Object.entries(NO_TEXT)) {
  test(`${file} is refused for what it is`, async () => {
    const path = join(FIXTURES, file);
    const { code, message, hint: found } = await refusalOf(path);
    expect([code, message, found]).toEqual(["input", `${path}: ${problem}. Nothing was written.`, hint]);
  });
}

test("every fixture has an expectation", () => {
  const expected = [ACCEPTED, PROBLEMS, NO_TEXT].flatMap((table) => Object.keys(table));
  expect(expected.toSorted()).toEqual(readdirSync(FIXTURES).toSorted());
});

test("a refusal counts its problems and says what to do", async () => {
  const refusal = await refusalOf(join(FIXTURES, "many-problems.csv"));
  expect(refusal.message).toMatch(/many-problems\.csv cannot be used: 120 problems\. Nothing was written\.$/);
  expect(refusal.hint).toBe("Mend the lines that are named and plan again.");
});

test.skipIf(process.platform === "win32")("what is no ordinary file is refused at once", async () => {
  const pipe = join(folder, "pipe.csv");
  execFileSync("mkfifo", [pipe]);
  const circle = join(folder, "circle.csv");
  symlinkSync(circle, circle);
  mkdirSync(join(folder, "folder.csv"));
  const cases = [
    [pipe, "this is not an ordinary file"],
    [join(folder, "folder.csv"), "this is not an ordinary file"],
    ["/dev/zero", "this is not an ordinary file"],
    [circle, "its symbolic links lead in a circle"],
    [join(folder, "missing.csv"), "there is no such file"],
    [join(FIXTURES, "plain.csv", "x.csv"), "there is no such file"],
  ] as const;
  for (const [path, problem] of cases) {
    const { code, message } = await refusalOf(path);
    expect([code, message]).toEqual(["input", `${path}: ${problem}. Nothing was written.`]);
  }
});

test.skipIf(process.getuid?.() === 0)("a file that this user may not read is refused", async () => {
  const path = fileOf("secret.csv", "sam,upn\n");
  chmodSync(path, 0);
  expect((await refusalOf(path)).message).toBe(`${path}: this user may not read it. Nothing was written.`);
});

test.skipIf(process.platform === "win32")("a symbolic link to a mapping is followed", async () => {
  const link = join(folder, "link.csv");
  symlinkSync(join(FIXTURES, "plain.csv"), link);
  expect((await readMappingFile(link)).mappings).toEqual([ada, ben, cyd]);
});

test("limits are obeyed, and the last allowed size is read", async () => {
  const plain = join(FIXTURES, "plain.csv");
  const bytes = readFileSync(plain).length;
  expect((await readMappingFile(plain, { fileBytes: bytes, rows: 3 })).mappings).toHaveLength(3);
  expect((await refusalOf(plain, { fileBytes: bytes - 1 })).message).toBe(
    `${plain}: larger than 0 MiB. Nothing was written.`,
  );
  expect((await refusalOf(plain, { rows: 2 })).message).toBe(`${plain}: more than 2 rows. Nothing was written.`);
  const wide = fileOf("wide.csv", `sam,upn\n${"a".repeat(400_000)}`);
  expect((await refusalOf(wide, { lineBytes: 300_000 })).message).toBe(
    `${wide}: line 2 is longer than 300,000 bytes. Nothing was written.`,
  );
  const columns = fileOf(
    "columns.csv",
    `sam,upn,${Array.from({ length: 999 }, (_name, index) => `c${index}`).join()}\n`,
  );
  expect((await refusalOf(columns)).details).toEqual(["columns.csv:1: found 1001 columns; keep 1000 at most"]);
});

test("a quote that is never closed does not hide the problems after it", async () => {
  const rows = Array.from({ length: 2500 }, (_row, index) => `user${index},user${index}@contoso.example`);
  const path = fileOf(
    "swallow.csv",
    ["sam,upn", '"ada,ada@contoso.example', ...rows, "ben,ben", 'cyd,"cyd@contoso.example'].join("\n"),
  );
  expect((await refusalOf(path)).details).toEqual([
    "swallow.csv:2:1 sam: found a quote that is never closed; close it, or take it out",
    `swallow.csv:2503:2 upn: found "ben"; write the whole UPN, such as ada@contoso.example, or the user's object id`,
    "swallow.csv:2504:2 upn: found a quote that is never closed; close it, or take it out",
  ]);
});

test("line numbers hold where a line ending falls between two chunks", async () => {
  const filler = (letters: number) => `ada,ada@contoso.example,${"x".repeat(letters)}`;
  for (let cut = 262_110; cut < 262_150; cut += 1) {
    const first = `sam,upn,note\r\n${filler(cut - 40)}\r\n`;
    const path = fileOf("chunks.csv", `${first}ben,ben@contoso.example,é\r\n`);
    const { mappings, blankLines } = await readMappingFile(path);
    expect([mappings.map(({ row }) => row), mappings[1]?.extra, blankLines]).toEqual([[2, 3], ["é"], 0]);
  }
});

test("a name in a message cannot repaint the terminal", async () => {
  const path = fileOf("a\u001b[2Jb.csv", "sam,upn\nada,a\u001b[31mda\n");
  const { message, details } = await refusalOf(path);
  expect([message, ...details].join()).not.toMatch(/\p{Cc}/u);
  expect(details).toEqual([
    'a<U+001B>[2Jb.csv:2:2 upn: found the control character U+001B in "a<U+001B>[31mda"; write the field without it',
  ]);
});

test("no bytes crash the reader", async () => {
  const pieces = fc.constantFrom(
    "sam",
    "upn",
    "sAMAccountName,userPrincipalName\n",
    "ada,ada@contoso.example\n",
    ",",
    '"',
    "\r",
    "\n",
    "\0",
    "\uFEFF",
    "'",
    "é",
    ";",
    "=",
    "CORP\\",
    "+",
    "?",
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(pieces, { maxLength: 40 }).map((parts) => Buffer.from(parts.join(""))),
    fc
      .tuple(fc.array(pieces, { maxLength: 40 }), fc.uint8Array({ maxLength: 8 }))
      .map(([parts, tail]) =>
        Buffer.concat([Buffer.from(`sam,upn\nada,ada@contoso.example\n${parts.join("")}`), tail]),
      ),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (content) => {
      const path = fileOf("random.csv", content);
      const reading = await readMappingFile(path).catch((error: unknown) => error);
      if (reading instanceof BatchError) expect(reading.code).toBe("input");
      else expect(reading).toHaveProperty("mappings");
    }),
    { numRuns: 1000 },
  );
});

/** Rows first, then a file that says them in some way that is allowed. */
const ownText = fc.string({ unit: "grapheme", maxLength: 12 }).filter((text) => !/\p{Cc}/u.test(text));
const generatedRow = fc.record({
  account: fc.stringMatching(/^[a-z0-9._'-]{1,20}$/),
  domain: fc.option(fc.stringMatching(/^[A-Z][A-Z0-9-]{0,14}$/)),
  name: fc.stringMatching(/^[a-zA-Z0-9'.\-_!#^~]{1,20}$/),
  note: ownText,
});
const dialect = fc.record({
  mark: fc.constantFrom("", "\uFEFF"),
  ending: fc.constantFrom("\r\n", "\n", "\r"),
  blankLines: fc.nat(2),
  quoteAll: fc.boolean(),
  prefix: fc.boolean(),
});

test("rows written in any allowed way are read as what they were", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(generatedRow, { minLength: 1, maxLength: 8 }), dialect, async (rows, way) => {
      const write = (cells: readonly string[]): string =>
        cells
          .map(guardCell)
          .map((cell) => (way.quoteAll || /["',]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
          .join(",");
      const lines = rows.map(({ account, domain, name, note }) =>
        write([
          way.prefix && domain !== null ? `${domain}\\${account}` : account,
          `${name}@contoso.example`,
          way.prefix ? "" : (domain ?? ""),
          note,
        ]),
      );
      const header = write(["sAMAccountName", "userPrincipalName", "domain", "note"]);
      const between = way.ending.repeat(1 + way.blankLines);
      const path = fileOf("generated.csv", way.mark + [header, ...lines].join(between));
      const { mappings, blankLines } = await readMappingFile(path);
      expect(blankLines).toBe(rows.length * way.blankLines);
      expect(mappings).toEqual(
        rows.map(({ account, domain, name, note }, index) => ({
          row: 1 + (index + 1) * (1 + way.blankLines),
          account,
          domain,
          upn: `${name}@contoso.example`,
          onConflict: [],
          extra: [note],
        })),
      );
    }),
    { numRuns: 400 },
  );
});
