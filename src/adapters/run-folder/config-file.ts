/** Writes a file that the operator asked for, whole or not at all, and over nothing that was not to be replaced. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { BatchError } from "../../core/errors.ts";
import { describeFileTrouble } from "./disk-trouble.ts";
import { requirePlainName, writeFileSafely } from "./write-file-safely.ts";

const MEND = "Name another file with --config <file>.";

/** @throws {BatchError} usage: the folder is not there, or the name is none that can be written safely. */
export function requireWritableName(path: string): void {
  if (!existsSync(dirname(path)))
    throw new BatchError(
      "usage",
      `There is no folder ${dirname(path)}.`,
      "Make it, or name another file with --config.",
    );
  try {
    requirePlainName(basename(path));
  } catch (error) {
    throw new BatchError("usage", `${basename(path)} is no name that is written here.`, MEND, { cause: error });
  }
}

/** The text that is there; `null` where there is no such file. @throws {BatchError} disk: it cannot be read. */
export function readPresentText(path: string): string | null {
  try {
    return existsSync(path) ? readFileSync(path, "utf8") : null;
  } catch (error) {
    throw describeFileTrouble(error, `${path} cannot be read`, MEND);
  }
}

/**
 * @param present What stood there when the operator was asked; `null` for nothing.
 * @returns Where it stands: beside the file where another program holds that open.
 * @throws {BatchError} refused: something else stands there by now. disk: it was not written.
 */
export function saveText(path: string, text: string, present: string | null): string {
  if (readPresentText(path) !== present)
    throw new BatchError(
      "refused",
      `${path} was changed meanwhile, and is left as it is.`,
      "Look at it, then run the same command again.",
    );
  const folder = dirname(path);
  return join(folder, writeFileSafely(folder, basename(path), [text]));
}
