/** Writes of which a results file does not say how they ended: they may still land. */
import type { ResultLine } from "./result-line.ts";

/**
 * When the last write of a run that nobody can vouch for was sent: it may still land, so a different value
 * waits until its quarantine is over.
 *
 * @param lines Of a results file, which does not say how an attempt ended: more than one attempt counts, and so
 *   does one that was neither refused nor seen to arrive.
 * @param nowMs Assumed for a write whose time was not recorded, milliseconds since the Unix epoch.
 * @returns Milliseconds since the Unix epoch; `null` when every write is accounted for.
 */
export function lastUnclearWriteMs(lines: readonly ResultLine[], nowMs: number): number | null {
  return listUnclearLines(lines, nowMs).reduce<number | null>(
    (latest, { atMs }) => Math.max(latest ?? atMs, atMs),
    null,
  );
}

/** The lines behind {@link lastUnclearWriteMs}, each with the last moment at which its write can have been sent. */
export function listUnclearLines(
  lines: readonly ResultLine[],
  nowMs: number,
): { readonly line: ResultLine; readonly atMs: number }[] {
  return lines.flatMap((line) => {
    const { status, attempts, writtenAt, verifiedAt } = line;
    if (attempts === 0 || (attempts === 1 && (writtenAt !== null || status === "failed") && status !== "undecided"))
      return [];
    // The lost write of a canary comes after the one that was accepted, and before the read that ended it.
    const seenAt = status === "verified" || status === "taken-over" ? (verifiedAt ?? writtenAt) : null;
    return [{ line, atMs: seenAt === null ? nowMs : Date.parse(seenAt) }];
  });
}
