/**
 * Writes a file whole or not at all.
 *
 * A projection is rewritten while people look at the old one. writeSync may write part of a buffer and
 * return normally, and a rename after that would put a truncated file in the place of a good one: so every
 * count is checked, the bytes are made durable under another name, and only then take the name.
 *
 * Source: write(2), rename(2), fsync(2), checked 2026-11.
 */
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { join, parse } from "node:path";
import { describeFileTrouble, systemCodeOf } from "./disk-trouble.ts";
import { createPrivateFile, identifyFile, syncFolder, undoAfter } from "./own-files.ts";

/** The system calls that can fail half-way; handed in by tests that make them fail. */
export type FileCalls = Pick<typeof fs, "writeSync" | "fsyncSync" | "renameSync">;

const CHUNK_CHARACTERS = 256 * 1024;
const MOST_NAMES = 9;
/** What a rename says when another program holds the target: Windows the first two, POSIX the last. */
const HELD_OPEN: ReadonlySet<string> = new Set(["EPERM", "EACCES", "EBUSY"]);
const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9 ._()-]*[A-Za-z0-9)]$/;

/**
 * Writes a file of mode 0600 and has it, and its name, on disk on return.
 *
 * @param fileName Plain name without a folder.
 * @param texts The content, part by part; each part is whole characters.
 * @returns The name it has: `results (2).csv` and so on where another program holds `results.csv` open.
 * @throws {BatchError} disk: it was not written, and the file that was there before is untouched.
 *   refused: a link or folder has that name. Whatever `texts` throws; the old file is untouched then too.
 */
export function writeFileSafely(
  folder: string,
  fileName: string,
  texts: Iterable<string>,
  calls: FileCalls = fs,
): string {
  requirePlainName(fileName);
  identifyFile(join(folder, fileName));
  const temporary = join(folder, `.${fileName}.${randomBytes(8).toString("hex")}.tmp`);
  let name: string;
  try {
    const descriptor = createPrivateFile(temporary);
    try {
      fillFile(descriptor, texts, calls);
      name = takeName(folder, fileName, temporary, calls);
    } catch (error) {
      throw undoAfter(error, () => fs.rmSync(temporary, { force: true }));
    }
    syncFolder(folder);
  } catch (error) {
    throw describeFileTrouble(error, `${fileName} was not written, the one before it is untouched`);
  }
  return name;
}

/** @throws {Error} The name has a folder in it, or is one that a file system gives a meaning: a bug. */
export function requirePlainName(fileName: string): void {
  if (!PLAIN_NAME.test(fileName)) throw new Error(`not a plain file name: ${JSON.stringify(fileName)}`);
}

/** Writes all texts, makes them durable and closes the file, also when that fails. */
function fillFile(descriptor: number, texts: Iterable<string>, calls: FileCalls): void {
  try {
    let waiting: string[] = [];
    let characters = 0;
    for (const text of texts) {
      waiting.push(text);
      characters += text.length;
      if (characters < CHUNK_CHARACTERS) continue;
      writeAll(descriptor, Buffer.from(waiting.join(""), "utf8"), calls);
      waiting = [];
      characters = 0;
    }
    writeAll(descriptor, Buffer.from(waiting.join(""), "utf8"), calls);
    calls.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function writeAll(descriptor: number, bytes: Buffer, calls: FileCalls): void {
  for (let written = 0; written < bytes.length; ) {
    const count = calls.writeSync(descriptor, bytes, written, bytes.length - written);
    if (count <= 0) throw Object.assign(new Error("the system wrote nothing and gave no reason"), { code: "EIO" });
    written += count;
  }
}

function takeName(folder: string, fileName: string, temporary: string, calls: FileCalls): string {
  const { name, ext } = parse(fileName);
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? fileName : `${name} (${number})${ext}`;
    identifyFile(join(folder, candidate));
    try {
      calls.renameSync(temporary, join(folder, candidate));
      return candidate;
    } catch (error) {
      if (number === MOST_NAMES || !HELD_OPEN.has(systemCodeOf(error) ?? "")) throw error;
    }
  }
}
