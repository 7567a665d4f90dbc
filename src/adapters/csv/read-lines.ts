/**
 * Reads a text file as physical lines, strictly decoded, within bounds.
 *
 * The bytes are cut into lines before they are decoded: so a line that is not valid UTF-8 is found by
 * number, and no letter silently becomes U+FFFD, which would make one name of two. What is no ordinary
 * file is refused before a byte is read: reading from a pipe may never end.
 */
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { describeError } from "../../core/errors.ts";
import { refuseFile } from "./problem-list.ts";
import { findRefusedContent } from "./refused-content.ts";

/** One physical line. */
export type TextLine = {
  /** From 1, every line counted. */
  readonly line: number;
  /** Without its ending and without the file's byte order mark. */
  readonly text: string;
  readonly ending: "\r\n" | "\n" | "\r" | "";
  /** The first place that is not valid UTF-8: the text before it, and the byte. `null` in a sound line. */
  readonly badByte: { readonly before: string; readonly byte: number } | null;
};

export type TextLimits = {
  readonly fileBytes: number;
  /** A longer line is not one that this program or a spreadsheet has written. */
  readonly lineBytes: number;
};

const CHUNK_BYTES = 256 * 1024;
const LF = 0x0a;
const CR = 0x0d;

/**
 * Hands every line of the file to `take`, in order.
 *
 * @param path The file as the operator named it; a symbolic link to a file is followed.
 * @returns SHA-256 of the file's bytes, hex.
 * @throws {BatchError} input: missing, unreadable, no ordinary file, larger than a limit, or of a kind
 *   that is refused (UTF-16, an archive, a workbook); or whatever `take` throws.
 */
export async function readLines(path: string, limits: TextLimits, take: (line: TextLine) => void): Promise<string> {
  const file = await openOrdinaryFile(path);
  try {
    const { size } = await file.stat();
    if (size > limits.fileBytes) throw tooLarge(path, limits);
    return await takeLines(path, file, limits, take);
  } finally {
    await file.close();
  }
}

async function openOrdinaryFile(path: string): Promise<FileHandle> {
  const hint = "Name a CSV file that this user may read.";
  let file: FileHandle | null = null;
  try {
    // Asked by name first: merely opening some devices has effects.
    if (!(await stat(path)).isFile()) throw refuseFile(path, "this is not an ordinary file", hint);
    // Asked again of what was opened: the name may by now mean something else. O_NONBLOCK keeps the
    // opening of a pipe from waiting for a writer; Windows does not know it.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    if (!(await file.stat()).isFile()) throw refuseFile(path, "this is not an ordinary file", hint);
    return file;
  } catch (error) {
    await file?.close();
    if (!(error instanceof Error && "code" in error) || error.code === "input") throw error;
    throw refuseFile(path, OPEN_ERRORS[String(error.code)] ?? `cannot be read: ${describeError(error)}`, hint, error);
  }
}

const OPEN_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
  ELOOP: "its symbolic links lead in a circle",
};

async function takeLines(
  path: string,
  file: FileHandle,
  limits: TextLimits,
  take: (line: TextLine) => void,
): Promise<string> {
  const hash = createHash("sha256");
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let rest: Buffer = Buffer.alloc(0);
  let totalBytes = 0;
  let line = 0;
  for (;;) {
    const { bytesRead } = await readChunk(path, file, chunk);
    const atEnd = bytesRead === 0;
    const read = chunk.subarray(0, bytesRead);
    if (totalBytes === 0) refuseContent(path, read);
    totalBytes += bytesRead;
    if (totalBytes > limits.fileBytes) throw tooLarge(path, limits);
    hash.update(read);
    const bytes = Buffer.concat([rest, read]);
    let start = 0;
    for (let end = rest.length > 0 ? rest.length - 1 : 0; end < bytes.length; end += 1) {
      const byte = bytes[end];
      if (byte !== LF && byte !== CR) continue;
      // Whether a CR at the end of a chunk stands alone is seen only with the next one.
      if (byte === CR && end + 1 === bytes.length && !atEnd) break;
      const ending = byte === LF ? "\n" : bytes[end + 1] === LF ? "\r\n" : "\r";
      line += 1;
      take({ line, ...decodeLine(bytes.subarray(start, end), line), ending });
      end += ending.length - 1;
      start = end + 1;
    }
    rest = Buffer.from(bytes.subarray(start));
    if (rest.length > limits.lineBytes) {
      throw refuseFile(
        path,
        `line ${line + 1} is longer than ${limits.lineBytes.toLocaleString("en")} bytes`,
        "This is hardly a mapping: look at that line.",
      );
    }
    if (!atEnd) continue;
    if (rest.length > 0) take({ line: line + 1, ...decodeLine(rest, line + 1), ending: "" });
    return hash.digest("hex");
  }
}

async function readChunk(path: string, file: FileHandle, chunk: Buffer): Promise<{ readonly bytesRead: number }> {
  try {
    return await file.read(chunk, 0, chunk.length, null);
  } catch (error) {
    throw refuseFile(path, `cannot be read: ${describeError(error)}`, "Copy it to a local disk and try again.", error);
  }
}

function refuseContent(path: string, head: Uint8Array): void {
  const refused = findRefusedContent(head);
  if (refused !== null) throw refuseFile(path, refused.problem, refused.hint);
}

function tooLarge(path: string, { fileBytes }: TextLimits): Error {
  return refuseFile(path, `larger than ${Math.floor(fileBytes / 1024 / 1024)} MiB`, "Split it into several files.");
}

function decodeLine(bytes: Buffer, line: number): Pick<TextLine, "text" | "badByte"> {
  const withoutMark = (text: string) => (line === 1 && text.startsWith("\uFEFF") ? text.slice(1) : text);
  const text = withoutMark(bytes.toString("utf8"));
  if (isUtf8(bytes)) return { text, badByte: null };
  const valid = countValidBytes(bytes);
  return { text, badByte: { before: withoutMark(bytes.toString("utf8", 0, valid)), byte: bytes[valid] ?? 0 } };
}

/** Length of the longest beginning that is whole letters of valid UTF-8. */
function countValidBytes(bytes: Buffer): number {
  let valid = 0;
  while (valid < bytes.length) {
    const first = bytes[valid] ?? 0;
    const letterBytes = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (letterBytes > 1 && !isUtf8(bytes.subarray(valid, valid + letterBytes))) break;
    valid += letterBytes;
  }
  return valid;
}
