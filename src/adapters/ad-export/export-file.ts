/**
 * The file of an export as text: opened safely, its encoding found out, decoded strictly.
 *
 * ldifde and csvde write UTF-16 with `-u`, PowerShell writes what it is told, and everything else may be a code page of
 * Windows. A letter that cannot be decoded must not become U+FFFD, which would make one name of two; so the whole file is
 * looked at once before it is decoded.
 */
import { constants, type Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import type { FileSource } from "../../core/directory-source.ts";
import { BatchError, describeError } from "../../core/errors.ts";
import { refuseExport } from "./export-problems.ts";

/** What the bytes were read as. */
export type ExportEncoding = FileSource["encoding"];

/** An open export. */
export type ExportFile = {
  readonly path: string;
  readonly encoding: ExportEncoding;
  readonly stats: Stats;
  /** The text from its beginning, piece by piece, without a byte order mark. */
  readPieces(): AsyncGenerator<string>;
  close(): Promise<void>;
};

const MOST_BYTES = 1024 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
const HINT = "Name the file that ldifde, csvde, ldapsearch or Export-Csv has written.";

const OPEN_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
  ELOOP: "its symbolic links lead in a circle",
};

/** What the file is now: it is read again where this has changed. @throws {BatchError} input: there is no such file. */
export async function statExport(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    throw explainOpening(path, error);
  }
}

/** @throws {BatchError} input: no ordinary file, empty, too large, or neither text in UTF-8 or UTF-16 nor in a code page. */
export async function openExport(path: string, signal: AbortSignal): Promise<ExportFile> {
  // Asked by name first: merely opening some devices has effects, and a pipe would never end.
  if (!(await statExport(path)).isFile()) throw refuseExport(path, "this is not an ordinary file", HINT);
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw explainOpening(path, error);
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw refuseExport(path, "this is not an ordinary file", HINT);
    if (stats.size === 0) throw refuseExport(path, "the file is empty", "Export again.");
    if (stats.size > MOST_BYTES) {
      throw refuseExport(
        path,
        `larger than ${MOST_BYTES / 1024 / 1024} MiB`,
        "Leave photos and certificates out of the export, or export one OU at a time.",
      );
    }
    const { label, encoding } = await findEncoding(path, handle, signal);
    return {
      ...{ path, encoding, stats },
      readPieces: () => decode(path, handle, label, signal),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function explainOpening(path: string, error: unknown): BatchError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return refuseExport(path, OPEN_ERRORS[code] ?? `cannot be read: ${describeError(error)}`, HINT, error);
}

type Decoding = { readonly label: string; readonly encoding: ExportEncoding };

async function findEncoding(path: string, handle: FileHandle, signal: AbortSignal): Promise<Decoding> {
  const head = Buffer.alloc(4);
  const { bytesRead } = await handle.read(head, 0, head.length, 0);
  if (bytesRead >= 2 && head.readUInt16BE(0) === 0xfffe) return { label: "utf-16le", encoding: "UTF-16" };
  if (bytesRead >= 2 && head.readUInt16BE(0) === 0xfeff) return { label: "utf-16be", encoding: "UTF-16" };
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let valid = true;
  for await (const bytes of readChunks(handle, signal)) {
    if (bytes.includes(0)) {
      throw refuseExport(
        path,
        "there are NUL bytes in it: it is no text, or UTF-16 without a mark at its beginning",
        "Export again, and do not convert the file.",
      );
    }
    valid &&= isDecodable(decoder, bytes, true);
  }
  valid &&= isDecodable(decoder, new Uint8Array(), false);
  return valid ? { label: "utf-8", encoding: "UTF-8" } : { label: "windows-1252", encoding: "Windows-1252" };
}

function isDecodable(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array, stream: boolean): boolean {
  try {
    decoder.decode(bytes, { stream });
    return true;
  } catch {
    return false; // the answer itself: these bytes are not in this encoding
  }
}

async function* decode(path: string, handle: FileHandle, label: string, signal: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoder(label, { fatal: true });
  const next = (bytes: Uint8Array, stream: boolean) => {
    try {
      return decoder.decode(bytes, { stream });
    } catch (error) {
      throw refuseExport(
        path,
        "it is not valid UTF-16",
        "The file is damaged or cut: copy it again or export again.",
        error,
      );
    }
  };
  for await (const bytes of readChunks(handle, signal)) yield next(bytes, true);
  yield next(new Uint8Array(), false);
}

/** The caller's signal ended the work. A BatchError that was given as the reason is kept. */
export function stoppedBySignal(signal: AbortSignal): BatchError {
  if (signal.reason instanceof BatchError) return signal.reason;
  const sentence = "Reading an export of Active Directory was stopped.";
  return new BatchError("interrupted", sentence, "Run the command again.", { cause: signal.reason });
}

async function* readChunks(handle: FileHandle, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let position = 0;
  for (;;) {
    if (signal.aborted) throw stoppedBySignal(signal);
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}
