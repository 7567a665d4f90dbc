/** Opens a run that is to be applied. A folder that cannot be written is a refusal, not a run that ended half-way. */
import { BatchError } from "../core/errors.ts";
import { nextCommand } from "./next-command.ts";
import type { GlobalValues } from "./options.ts";
import type { Run, Shelf } from "./program.ts";

/** @throws {BatchError} refused: another process holds the run, or its folder is read-only. As {@link Shelf.open}. */
export function openForWriting(shelf: Shelf, folder: string, values: Pick<GlobalValues, "config">): Run {
  try {
    return shelf.open(folder, "write");
  } catch (error) {
    if (!(error instanceof BatchError)) throw error;
    const { message, cause } = error;
    if (error.code === "refused" && isHeld(shelf, folder)) {
      const hint = `Wait until it has ended. To see how far it is: ${nextCommand(values, "status", folder)}`;
      throw new BatchError("refused", message, hint, { cause });
    }
    if (error.code !== "disk" || !isReadOnly(shelf, folder)) throw error;
    throw new BatchError("refused", `${message} Nothing was written.`, error.hint, { cause: error });
  }
}

function isHeld(shelf: Shelf, folder: string): boolean {
  try {
    return readOf(shelf, folder).heldBy !== null;
  } catch (error) {
    // It is refused for another reason, and that was told already.
    if (error instanceof BatchError) return false;
    throw error;
  }
}

function isReadOnly(shelf: Shelf, folder: string): boolean {
  const { writable, heldBy } = readOf(shelf, folder);
  return !writable && heldBy === null;
}

/** How a run shows itself to a reader. */
function readOf(shelf: Shelf, folder: string): Pick<Run, "writable" | "heldBy"> {
  const run = shelf.open(folder, "read");
  try {
    const { writable, heldBy } = run;
    return { writable, heldBy };
  } finally {
    run.close();
  }
}
