/** Tells the operator when AD is read through another domain controller than the one that was written to. */

import { describeOtherServers, type WrittenThrough } from "../core/other-servers.ts";
import type { WrittenObject } from "../core/written-objects.ts";
import type { Progress } from "../ports/progress.ts";
import type { RunStore } from "../ports/run-store.ts";
import type { IdentifiedSources } from "./identify-directories.ts";
import { listRunOutcomes } from "./record-run.ts";

/** @param sources `null` where AD was not asked. */
export function noteOtherServers(
  written: Iterable<WrittenThrough>,
  sources: IdentifiedSources | null,
  progress: Progress,
): void {
  const present = sources?.directories.map(({ identity }) => identity) ?? [];
  for (const line of describeOtherServers(written, present)) progress.note(line);
}

/** The same for what the record of a run has written so far. */
export function noteServersOfRun(store: RunStore, sources: IdentifiedSources | null, progress: Progress): void {
  if (sources === null || !store.readPlan().changes.some(({ side }) => side === "ad")) return;
  const written = listRunOutcomes(store).flatMap(({ planned: { domain }, change, writtenAt, requestId: server }) =>
    change?.side === "ad" && writtenAt !== null ? [{ domain, server }] : [],
  );
  noteOtherServers(written, sources, progress);
}

/** Accounts of a run that is to be taken back, and who has said yes to the write. */
export function recordedThrough(objects: readonly Pick<WrittenObject, "side" | "line">[]): WrittenThrough[] {
  return objects.flatMap(({ side, line: { domain, requestId: server } }) =>
    side === "ad" ? [{ domain, server }] : [],
  );
}
