/** Files that would fill a machine's memory: refused early, each in a process of its own that counts what it took. */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";

const MOST_RESIDENT_MIB = 300;
const MIB = 1024 * 1024;
const HEADER = "sAMAccountName,userPrincipalName,note\n";
const CHILD = join(import.meta.dirname, "children/read-bounded.ts");

const folder = mkdtempSync(join(tmpdir(), "mapping-memory-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes the beginning, then one piece again and again up to a size. */
function fill(path: string, beginning: string, piece: string, bytes: number): void {
  const descriptor = openSync(path, "w");
  const many = Buffer.from(piece.repeat(Math.ceil(MIB / piece.length)));
  writeSync(descriptor, beginning);
  for (let written = 0; written < bytes; written += many.length) writeSync(descriptor, many);
  closeSync(descriptor);
}

const cases: readonly [title: string, make: (path: string) => void, says: RegExp][] = [
  [
    "of a gigabyte",
    (path) => {
      writeFileSync(path, `${HEADER}ada,ada@contoso.example,`);
      truncateSync(path, 1024 * MIB);
    },
    /larger than 256 MiB/,
  ],
  [
    "with a field of 200 MiB",
    (path) => fill(path, `${HEADER}ada,ada@contoso.example,`, "x", 200 * MIB),
    /line 2 is longer than/,
  ],
  [
    "with a quoted field of 200 MiB on many lines",
    (path) => fill(path, `${HEADER}ada,ada@contoso.example,"`, `${"x".repeat(99)}\n`, 200 * MIB),
    /more than [\d,]+ lines/,
  ],
  [
    "with ten million columns",
    (path) => fill(path, "sAMAccountName,userPrincipalName", ",x", 20 * MIB),
    /line 1 is longer than/,
  ],
  [
    "with five million rows",
    (path) => fill(path, HEADER, "ada,ada@contoso.example,1\n", 5_000_000 * 26),
    /more than [\d,]+ lines/,
  ],
  ["that is packed by gzip", (path) => writeFileSync(path, gzipSync(Buffer.alloc(50 * MIB, "ada,"))), /gzip archive/],
  [
    "that is a ZIP archive",
    (path) => writeFileSync(path, Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.alloc(MIB)])),
    /zip archive/,
  ],
];
test.each(cases)(`A18: a mapping %s is refused within ${MOST_RESIDENT_MIB} MiB of memory`, (_title, make, says) => {
  const path = join(folder, "mapping.csv");
  make(path);
  const { said, residentMib } = JSON.parse(execFileSync(process.execPath, [CHILD, path], { encoding: "utf8" }));
  rmSync(path);
  expect(said).toMatch(/^BatchError /);
  expect(said).toMatch(says);
  expect(residentMib).toBeLessThan(MOST_RESIDENT_MIB);
});
