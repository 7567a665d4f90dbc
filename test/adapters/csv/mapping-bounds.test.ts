/** What the reader of mappings takes at all: ordinary files, and of them no more than a machine can hold. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readMapping, readMappingFile } from "../../../src/adapters/csv/read-mapping.ts";
import { ada, ben, cyd } from "./mapping-fixtures.ts";
import { refusalOf } from "./mapping-refusal.ts";

const FIXTURES = join(import.meta.dirname, "../../../fixtures/mappings");
const folder = mkdtempSync(join(tmpdir(), "mapping-bounds-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test.skipIf(process.platform === "win32")("A24: what is no ordinary file is refused at once", async () => {
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

test.skipIf(process.getuid?.() === 0)("A24: a file that this user may not read is refused", async () => {
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
  expect((await readMappingFile(plain, {}, { fileBytes: bytes, rows: 3 })).mappings).toHaveLength(3);
  expect((await refusalOf(plain, {}, { fileBytes: bytes - 1 })).message).toBe(
    `${plain}: larger than 0 MiB. Nothing was written.`,
  );
  expect((await refusalOf(plain, {}, { rows: 2 })).message).toBe(`${plain}: more than 2 rows. Nothing was written.`);
  const wide = fileOf("wide.csv", `sam,upn\n${"a".repeat(400_000)}`);
  expect((await refusalOf(wide, {}, { lineBytes: 300_000 })).message).toBe(
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
    const { mappings, blankLines } = await readMappingFile(path, {}, { fieldLetters: 300_000 });
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

/** Bytes as they come from a slow share: a few at a time, and other ones each time where that is wanted. */
function sourceOf(step: number, ...readings: readonly Buffer[]) {
  let reading = 0;
  return {
    head: async (most: number) => (readings[0] ?? Buffer.alloc(0)).subarray(0, most),
    async *pieces() {
      const bytes = readings[Math.min(reading, readings.length - 1)] ?? Buffer.alloc(0);
      reading += 1;
      for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
    },
  };
}

test("a mapping is the same however its bytes are cut on the way", async () => {
  for (const file of ["utf-16-le-with-accents.csv", "utf-16-be-crlf.csv", "cr.csv", "crlf.csv", "blank-lines.csv"]) {
    const whole = await readMappingFile(join(FIXTURES, file));
    for (const step of [1, 2, 3, 5, 64])
      expect(await readMapping(file, sourceOf(step, readFileSync(join(FIXTURES, file))))).toEqual(whole);
  }
});

test("a file that is changed while it is read is refused", async () => {
  const before = Buffer.from("sam,upn\nada,ada@contoso.example\n");
  const after = Buffer.from("sam,upn\nada,ben@contoso.example\n");
  const reading = readMapping("moving.csv", sourceOf(64, before, after));
  await expect(reading).rejects.toThrow("moving.csv: it was changed while it was being read. Nothing was written.");
});

test("a file that is too large is refused before it is read", async () => {
  const path = fileOf("sparse.csv", "");
  truncateSync(path, 256 * 1024 * 1024 + 1);
  expect((await refusalOf(path)).message).toBe(`${path}: larger than 256 MiB. Nothing was written.`);
});

test("too many rows are refused before one is kept, and blank lines are none", async () => {
  const row = "ada,ada@contoso.example\n";
  const many = fileOf("many.csv", `sam,upn\nada\n${row.repeat(40)}`);
  expect((await refusalOf(many, {}, { rows: 10 })).message).toBe(
    `${many}: more than 30 lines that are not blank. Nothing was written.`,
  );
  const blank = fileOf("blank.csv", `sam,upn\n${`,\n\n"", \n`.repeat(200)}${row.repeat(10)}`);
  expect((await readMappingFile(blank, {}, { rows: 200 })).mappings).toHaveLength(10);
  expect((await refusalOf(blank, {}, { rows: 10 })).message).toBe(`${blank}: more than 60 lines. Nothing was written.`);
});

test("a line of nothing but delimiters is refused before it is split", async () => {
  const path = fileOf("delimiters.csv", `sam,upn\nada,ada@contoso.example\n${",".repeat(50_000)}x\n`);
  expect((await refusalOf(path)).details).toEqual([
    "delimiters.csv:3: found a line with 50,000 delimiters or more; this is hardly a mapping",
  ]);
});

test("a mapping takes no more memory for a row the more rows it has", () => {
  const weigh = (rows: number): number => {
    const row = (index: number) => `user.${index},CORP,user.${index}@contoso.example,${index % 20}`;
    const lines = Array.from({ length: rows }, (_line, index) => row(index + 1_000_000));
    const path = fileOf(`weigh-${rows}.csv`, `sam,domain,upn,wave\n${lines.join("\n")}`);
    const script = join(import.meta.dirname, "children/weigh-mapping.ts");
    return Number(execFileSync(process.execPath, ["--expose-gc", script, path], { encoding: "utf8" })) / rows;
  };
  const [few, many] = [weigh(20_000), weigh(200_000)];
  console.log(`bytes held for a row of a mapping: ${few.toFixed(0)} of 20,000, ${many.toFixed(0)} of 200,000`);
  expect(many).toBeLessThan(few * 1.1);
});

test("a quote that is never closed holds back no more text than fits into memory", async () => {
  const long = `ben,ben@contoso.example,${"x".repeat(30_000)}`;
  const path = fileOf(
    "held.csv",
    ["sam,upn,note", '"ada,ada@contoso.example,', ...Array(400).fill(long), "cyd,cyd,"].join("\n"),
  );
  expect((await refusalOf(path)).details).toEqual([
    "held.csv:2:1 sam: found a quote that is never closed; close it, or take it out",
    `held.csv:403:2 upn: found "cyd"; write the whole UPN, such as ada@contoso.example, or the user's object id`,
  ]);
});
