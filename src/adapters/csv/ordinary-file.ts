/**
 * Opens a file of the operator's, and nothing that only looks like one.
 *
 * A pipe may never end, a device may never fill a disk's worth of lines, and merely opening some devices has
 * effects: so what is no ordinary file is refused before a byte is read.
 */
import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { describeError } from "../../core/errors.ts";
import { refuseFile } from "./problem-list.ts";

/** Bytes that can be read more than once: a file, or in tests an array. */
export type ByteSource = {
  /** The first bytes; fewer than `most` only where there are no more. */
  head(most: number): Promise<Uint8Array>;
  /** All bytes from the beginning. A piece may be overwritten when the next one is asked for. */
  pieces(): AsyncIterable<Uint8Array>;
};

export type OrdinaryFile = ByteSource & { close(): Promise<void> };

const PIECE_BYTES = 256 * 1024;

/**
 * @param path The file as the operator named it; a symbolic link to a file is followed.
 * @throws {BatchError} input: missing, unreadable, no ordinary file, or larger than `mostBytes`, also where it
 *   grows while it is read.
 */
export async function openOrdinaryFile(path: string, mostBytes: number): Promise<OrdinaryFile> {
  const file = await openChecked(path);
  const read = async (into: Buffer, position: number): Promise<Buffer> => {
    try {
      return into.subarray(0, (await file.read(into, 0, into.length, position)).bytesRead);
    } catch (error) {
      const hint = "Copy it to a local disk and try again.";
      throw refuseFile(path, `cannot be read: ${describeError(error)}`, hint, error);
    }
  };
  try {
    if ((await file.stat()).size > mostBytes) throw tooLarge(path, mostBytes);
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    head: (most) => read(Buffer.alloc(most), 0),
    async *pieces() {
      const piece = Buffer.alloc(PIECE_BYTES);
      for (let position = 0; ; ) {
        const bytes = await read(piece, position);
        if (bytes.length === 0) return;
        position += bytes.length;
        if (position > mostBytes) throw tooLarge(path, mostBytes);
        yield bytes;
      }
    },
    close: () => file.close(),
  };
}

/** Hands on the bytes of a source and takes their SHA-256 on the way. */
export async function* hashPieces(source: ByteSource, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const piece of source.pieces()) {
    hash.update(piece);
    yield piece;
  }
}

/** A running SHA-256. */
export function startHash(): Hash {
  return createHash("sha256");
}

async function openChecked(path: string): Promise<FileHandle> {
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

function tooLarge(path: string, mostBytes: number): Error {
  return refuseFile(path, `larger than ${Math.floor(mostBytes / 1024 / 1024)} MiB`, "Split it into several files.");
}
