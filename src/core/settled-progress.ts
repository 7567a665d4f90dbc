/**
 * The progress of changes that are done, in few bytes: of a run of a hundred thousand rows the journal's picture is most
 * of what stands in memory, and nearly all of it is never looked at again before the end.
 */
import type { ChangeProgress, KeepProgress } from "./change-progress.ts";
import { DONE_STATUSES } from "./outcome.ts";
import { createPacker } from "./packing.ts";

/** @param changes How many changes the run has: the progress of few is left as it is. */
export function createProgressPacker(changes: number, fewest?: number): KeepProgress {
  const pack = createPacker<ChangeProgress>(changes, fewest);
  return (progress) => (isAtRest(progress) ? pack(progress) : progress);
}

/** An attempt that waits for a clear answer is found by being the same object, which a packed one is not. */
function isAtRest({ status, unclear }: ChangeProgress): boolean {
  return DONE_STATUSES.has(status) && unclear.length === 0;
}
