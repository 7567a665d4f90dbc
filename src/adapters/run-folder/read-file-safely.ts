/**
 * Reads a published file of the run folder back.
 *
 * The folder may have been touched by others since: a link leads elsewhere, a pipe never ends. Both are
 * refused rather than followed.
 */
import { constants as bufferLimits } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BatchError } from "../../core/errors.ts";
import { describeFileTrouble, systemCodeOf } from "./disk-trouble.ts";
import { requirePlainName } from "./write-file-safely.ts";

/** The longest text that fits in one string, in bytes; about 512 MiB. */
const MOST_BYTES = bufferLimits.MAX_STRING_LENGTH;

/**
 * @returns The text with its byte order mark, if it has one; `null` when there is no such file.
 * @throws {BatchError} refused: it is a link, no file, or longer than about 512 MiB. disk: it cannot be read.
 */
export function readFileSafely(folder: string, fileName: string): string | null {
  requirePlainName(fileName);
  let descriptor: number;
  try {
    const careful = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    descriptor = openSync(join(folder, fileName), constants.O_RDONLY | careful);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ENOENT") return null;
    if (code === "ELOOP") throw refuseFile(fileName, "a symbolic link");
    throw describeFileTrouble(error, `${fileName} cannot be read`);
  }
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) throw refuseFile(fileName, "not a file");
    if (found.size > MOST_BYTES) throw refuseFile(fileName, "too long to be ours");
    return readFileSync(descriptor, "utf8");
  } catch (error) {
    throw describeFileTrouble(error, `${fileName} cannot be read`);
  } finally {
    closeSync(descriptor);
  }
}

function refuseFile(fileName: string, what: string): BatchError {
  return new BatchError(
    "refused",
    `${fileName} in the run folder is ${what}.`,
    "Find out who put it there and remove it; `status` writes the file anew.",
  );
}
