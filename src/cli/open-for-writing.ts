/** Opens a run that is to be applied. A folder that cannot be written is a refusal, not a run that ended half-way. */
import { BatchError } from "../core/errors.ts";
import type { Run, Shelf } from "./program.ts";

/** @throws {BatchError} refused: another process holds the run, or its folder is read-only. As {@link Shelf.open}. */
export function openForWriting(shelf: Shelf, folder: string): Run {
  try {
    return shelf.open(folder, "write");
  } catch (error) {
    if (!(error instanceof BatchError) || error.code !== "disk" || !isReadOnly(shelf, folder)) throw error;
    throw new BatchError("refused", `${error.message} Nothing was written.`, error.hint, { cause: error });
  }
}

function isReadOnly(shelf: Shelf, folder: string): boolean {
  const run = shelf.open(folder, "read");
  try {
    return !run.writable && run.heldBy === null;
  } finally {
    run.close();
  }
}
